/* SPDX-License-Identifier: MIT */
/* The loop with nothing in it: what stamps and loop cost themselves; and controls of a known length. */
#include "guest.h"

	.text
.macro body_null
.endm
	MEASURE	null

/* The stamps alone: no loop over operations between them. */
	ENTRY	stamp
	mov	%rdi, %r15
	mov	ABI_OFF_SAMPLES(%r15), %r12
	lea	ABI_RING_OFFSET(%r15), %r13
	.p2align 4
1:	STAMP
	mov	%rdx, %rbp
	STAMP_AND_STORE 1b

/* Five instructions that never exit: under an instruction-counting clock this reads 5 more than null. */
.macro body_nop5
	.rept 5
	nop
	.endr
.endm
	MEASURE	nop5

/* `arg0` more turns of a two-instruction loop: a difference of known size, planted. */
.macro init_spin
	LOAD_ARG 0, %rsi
.endm
.macro body_spin
	mov	%rsi, %rcx
.Lspin_\@:
	dec	%rcx
	jnz	.Lspin_\@
.endm
	MEASURE	spin, init_spin

	.section .note.GNU-stack, "", @progbits
