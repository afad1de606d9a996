/* SPDX-License-Identifier: MIT */
/* HLT: alone, and with an interrupt of the vCPU's own that is pending when it executes. */
#include "apic.h"

	.text
.macro body_hlt
	hlt
.endm
	MEASURE	hlt

/* x2APIC: interrupts by MSR, so that no instruction has to be decoded. The TPR is left as the reset leaves it: three
 * exits before the loop, no more. */
.macro init_x2apic
	SET_GATE VECTOR, end_of_interrupt
	APIC_SWITCH_ON_x2apic
	cli
.endm

/* The vCPU interrupts itself while interrupts are off, so that one is pending when HLT executes: STI takes
 * effect after the next instruction (SDM vol. 2B, STI). */
.macro pend_and instruction
	SELF_IPI_x2apic
	sti
	\instruction
	nop
	cli
.endm
.macro body_pending_hlt
	pend_and hlt
.endm
.macro body_pending_nop
	pend_and nop
.endm
	MEASURE	pending_hlt, init_x2apic
	MEASURE	pending_nop, init_x2apic

	.p2align 4
end_of_interrupt:
	push	%rax
	push	%rcx
	push	%rdx
	mov	$X2APIC_MSR(APIC_EOI), %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

	.section .note.GNU-stack, "", @progbits
