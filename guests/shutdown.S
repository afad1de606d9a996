/* SPDX-License-Identifier: MIT */
/*
 * Operations after which the vCPU can't go on by itself: user space has to put it right.
 */
#include "guest.h"

	.text
#define UNMAPPED 0x200000000 /* above the identity map */

/*
 * A triple fault: a divide error, and an IDT that isn't mapped, so that the page fault's and the double fault's
 * handlers aren't found either.  None of these exits by itself (as #UD or #GP might).  The vCPU's state is undefined afterwards, so what the loop needs is left in shared[] for the host to restore:
 * RIP to go on at, RSP, RBP, R12, R13, R14.
 */
.macro init_triple_fault
	movw	$0xfff, (ABI_OFF_SHARED + 48)(%r15)
	mov	$UNMAPPED, %rax
	mov	%rax, (ABI_OFF_SHARED + 50)(%r15)
.endm
.macro body_triple_fault
	lea	1f(%rip), %rax
	mov	%rax, ABI_OFF_SHARED(%r15)
	mov	%rsp, (ABI_OFF_SHARED + 8)(%r15)
	mov	%rbp, (ABI_OFF_SHARED + 16)(%r15)
	mov	%r12, (ABI_OFF_SHARED + 24)(%r15)
	mov	%r13, (ABI_OFF_SHARED + 32)(%r15)
	mov	%r14, (ABI_OFF_SHARED + 40)(%r15)
	lidt	(ABI_OFF_SHARED + 48)(%r15)
	xor	%ecx, %ecx
	div	%cl
1:
.endm
	MEASURE	triple_fault, init_triple_fault

/* POPCNT of a word that is MMIO (arg0): four bytes of an instruction that KVM's emulator doesn't know. */
.macro init_emulation_failure
	LOAD_ARG 0, %rcx
.endm
.macro body_emulation_failure
	popcnt	(%rcx), %eax
.endm
	MEASURE	emulation_failure, init_emulation_failure

	.section .note.GNU-stack, "", @progbits
