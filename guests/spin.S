/* SPDX-License-Identifier: MIT */
/* Spinning with PAUSE: for a fixed number of turns, and until another vCPU has passed the turn on. */
#include "guest.h"

/* In the first vCPU's page, for all of them: whose turn it is, and how many take turns. */
#define TURN  (ABI_VCPU + ABI_OFF_SHARED)
#define COUNT (ABI_VCPU + ABI_OFF_SHARED + 8)

	.text
/* arg0 PAUSEs in a row. */
.macro init_pauses
	LOAD_ARG 0, %r8
.endm
.macro body_pauses
	mov	%r8d, %ecx
1:	pause
	dec	%ecx
	jnz	1b
.endm
	MEASURE	pauses, init_pauses

/* Waits for the turn and passes it on: all vCPUs do this equally often, so it ends where it began. */
.macro init_round_robin
	mov	ABI_OFF_INDEX(%r15), %r8d
	lea	1(%r8), %r9d
	xor	%ecx, %ecx
	cmp	COUNT, %r9d
	cmovae	%ecx, %r9d
.endm
.macro body_round_robin
1:	pause
	cmp	%r8d, TURN
	jne	1b
	mov	%r9d, TURN
.endm
	MEASURE	round_robin, init_round_robin

	.section .note.GNU-stack, "", @progbits
