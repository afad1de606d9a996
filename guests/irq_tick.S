/* SPDX-License-Identifier: MIT */
/* A busy guest that looks at the clock all the time and notes when it was kept from it (paced.h's words). */
#include "paced.h"

	.text
/* Runs for PACED_DELAY ticks; a sample is a gap of at least PACED_INTERVAL, PACED_DONE their number. */
	ENTRY	gaps
	mov	%rdi, %r15
	PACED_BEGIN
	mov	PACED_WORD(PACED_INTERVAL)(%r15), %r11
	STAMP
	mov	%rdx, %rbp
	mov	%rdx, %r10
	add	PACED_WORD(PACED_DELAY)(%r15), %r10
1:	STAMP
	mov	%rdx, %rcx
	sub	%rbp, %rcx
	cmp	%r11, %rcx
	jb	2f
	STORE_SAMPLE %rbp, %rdx
	inc	%r12
	mov	%r12, PACED_WORD(PACED_DONE)(%r15)
	cmp	ABI_OFF_SAMPLES(%r15), %r12
	je	guest_done
2:	mov	%rdx, %rbp
	cmp	%r10, %rdx
	jb	1b
	jmp	guest_done

	.section .note.GNU-stack, "", @progbits
