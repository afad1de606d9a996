/* SPDX-License-Identifier: MIT */
/*
 * Touches memory page by page: arg0 the first address, arg1 the distance to the next, arg2 how far the vCPUs
 * of a VM start apart; the host may move the start by the first shared word. A round has at most as many
 * samples as there are pages; the host prepares them anew between rounds.
 */
#include "guest.h"

	.text
.macro init_walk
	LOAD_ARG 0, %rbx
	LOAD_ARG 1, %rsi
	LOAD_ARG 2, %rax
	imul	ABI_OFF_INDEX(%r15), %rax
	add	%rax, %rbx
	add	ABI_OFF_SHARED(%r15), %rbx
.endm

.macro body_read
	mov	(%rbx), %al
	add	%rsi, %rbx
.endm
.macro body_write
	movb	$1, (%rbx)
	add	%rsi, %rbx
.endm
/* The host may go on at RAX instead of making the write possible. */
.macro body_write_or_skip
	lea	1f(%rip), %rax
	movb	$1, (%rbx)
1:	add	%rsi, %rbx
.endm
/* The host has put a RET at the start of each page. */
.macro body_execute
	call	*%rbx
	add	%rsi, %rbx
.endm
	MEASURE	read, init_walk
	MEASURE	write, init_walk
	MEASURE	write_or_skip, init_walk
	MEASURE	execute, init_walk

/* Touches all that a round needs besides what it measures, so that no other fault falls into it: this vCPU's
 * area (shared page, ring, stack) and the image. */
	ENTRY	warm
	mov	$(ABI_VCPU_SIZE / 4096), %ecx
	mov	%rdi, %rbx
1:	orb	$0, (%rbx)
	add	$4096, %rbx
	dec	%ecx
	jnz	1b
	mov	$ABI_IMAGE, %ebx
	orb	$0, (%rbx)
	mov	(entry_read), %al
	jmp	guest_done

	.section .note.GNU-stack, "", @progbits
