/* SPDX-License-Identifier: MIT */
/*
 * Guests that work hand in hand with another thread or vCPU, one operation at a time: the words by which
 * they wait for each other (in abi_page.shared), and the loop around the operation.
 *
 * Registers: %r15 the shared page, %r13 the ring, %r12 the number of the operation, from 1.
 */
#ifndef GUESTS_INCLUDE_PACED_H
#define GUESTS_INCLUDE_PACED_H

#include "guests/abi.h"

/* Words of abi_page.shared. */
#define PACED_READY    0 /* of who gets the operation: it waits for the one of this number */
#define PACED_DONE     1 /* of who gets it: this many have arrived */
#define PACED_DELAY    2 /* ticks to leave it alone before the operation, so that it is really waiting */
#define PACED_PARTNERS 3 /* vCPUs that get the operation: those after this one */
#define PACED_INTERVAL 4 /* timers: the interval, in the timer's units */

#ifdef __ASSEMBLER__
/* clang-format off */

#include "guest.h"

#define PACED_WORD(n) (ABI_OFF_SHARED + 8 * (n))

/* Until a word of the page in `page` has reached the number of the operation. With PAUSE, so that the partner
 * gets on: benchmarks whose guest waits long want KVM_X86_DISABLE_EXITS_PAUSE. */
.macro AWAIT word, page
	jmp	.Llook_\@
.Lawait_\@:
	pause
.Llook_\@:
	cmp	%r12, PACED_WORD(\word)(\page)
	jb	.Lawait_\@
.endm

/* The same of all partners. Clobbers %r8, %r9. */
.macro AWAIT_PARTNERS word
	mov	PACED_WORD(PACED_PARTNERS)(%r15), %r8
	lea	ABI_VCPU_SIZE(%r15), %r9
.Lpartner_\@:
	AWAIT	\word, %r9
	add	$ABI_VCPU_SIZE, %r9
	dec	%r8
	jnz	.Lpartner_\@
.endm

/* Clobbers %rax, %rdx, %rbp. */
.macro DELAY
	STAMP
	mov	%rdx, %rbp
	add	PACED_WORD(PACED_DELAY)(%r15), %rbp
.Ldelay_\@:
	STAMP
	cmp	%rbp, %rdx
	jb	.Ldelay_\@
.endm

.macro STORE_SAMPLE before, after
	mov	\before, (%r13)
	mov	\after, 8(%r13)
	add	$16, %r13
.endm

.macro PACED_BEGIN
	lea	ABI_RING_OFFSET(%r15), %r13
	xor	%r12d, %r12d
.endm

/* Back to `again` for the next operation, or the round is done. */
.macro PACED_NEXT again
	cmp	ABI_OFF_SAMPLES(%r15), %r12
	jne	\again
	jmp	guest_done
.endm

/* clang-format on */
#endif
#endif
