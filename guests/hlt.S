/* SPDX-License-Identifier: MIT */
/* HLT: alone, and with an interrupt of the vCPU's own that is pending when it executes. */
#include "guest.h"

#define IA32_APIC_BASE	    0x1b
#define APIC_BASE_EXTD	    (1 << 10) /* x2APIC mode, SDM vol. 3A 11.12.1 */
#define X2APIC_EOI	    0x80b
#define X2APIC_SIVR	    0x80f
#define X2APIC_SELF_IPI	    0x83f
#define SIVR_ENABLE_SPURIOUS 0x1ff
#define VECTOR		    0x40

	.text
.macro body_hlt
	hlt
.endm
	MEASURE	hlt

/* x2APIC: interrupts by MSR, so that no instruction has to be decoded. */
.macro init_x2apic
	SET_GATE VECTOR, end_of_interrupt
	mov	$IA32_APIC_BASE, %ecx
	rdmsr
	or	$APIC_BASE_EXTD, %eax
	wrmsr
	mov	$X2APIC_SIVR, %ecx
	mov	$SIVR_ENABLE_SPURIOUS, %eax
	xor	%edx, %edx
	wrmsr
	cli
.endm

/* The vCPU interrupts itself while interrupts are off, so that one is pending when HLT executes: STI takes
 * effect after the next instruction (SDM vol. 2B, STI). */
.macro pend_and instruction
	mov	$X2APIC_SELF_IPI, %ecx
	mov	$VECTOR, %eax
	xor	%edx, %edx
	wrmsr
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
	mov	$X2APIC_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

	.section .note.GNU-stack, "", @progbits
