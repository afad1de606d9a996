/* SPDX-License-Identifier: MIT */
/* RDMSR and WRMSR: arg0 the MSR, arg1 the value that is written. */
#include "apic.h"
#include "skip.h"

#define SPEC_CTRL      0x48
#define SPEC_CTRL_IBRS 1

	.text
/* The MSR's number survives in %ecx, the value's halves in %r8 and %r9. */
.macro init_msr
	LOAD_ARG 0, %rcx
	LOAD_ARG 1, %r8
	mov	%r8, %r9
	shr	$32, %r9
.endm
.macro body_rdmsr
	rdmsr
.endm
.macro body_wrmsr
	mov	%r8d, %eax
	mov	%r9d, %edx
	wrmsr
.endm
	MEASURE	rdmsr, init_msr
	MEASURE	wrmsr, init_msr

/* Writes what the MSR holds. */
.macro init_msr_back
	LOAD_ARG 0, %rcx
	rdmsr
	mov	%eax, %r8d
	mov	%edx, %r9d
.endm
.macro body_wrmsr_back
	body_wrmsr
.endm
	MEASURE	wrmsr_back, init_msr_back

/* Writes the address of a part of the vCPU's own area, with arg1's low bits as flags. */
.macro init_msr_area
	LOAD_ARG 0, %rcx
	LOAD_ARG 1, %r8
	lea	(%r15, %r8), %r8
	xor	%r9d, %r9d
.endm
.macro body_wrmsr_area
	body_wrmsr
.endm
	MEASURE	wrmsr_area, init_msr_area

/* An MSR that KVM refuses. */
.macro init_msr_gp
	SET_GATE 13, skip_2_with_error
	init_msr
.endm
.macro body_rdmsr_gp
	rdmsr
.endm
.macro body_wrmsr_gp
	body_wrmsr
.endm
	MEASURE	rdmsr_gp, init_msr_gp
	MEASURE	wrmsr_gp, init_msr_gp

/* The local APIC by its MSRs. Its timer is masked: armed or not, it doesn't interrupt. */
.macro init_x2apic
	APIC_ENABLE_x2apic
	mov	$X2APIC_MSR(APIC_LVTT), %ecx
	LOAD_ARG 2, %rax
	xor	%edx, %edx
	wrmsr
	init_msr
.endm
.macro body_x2apic_read
	rdmsr
.endm
.macro body_x2apic_write
	body_wrmsr
.endm
	MEASURE	x2apic_read, init_x2apic
	MEASURE	x2apic_write, init_x2apic

/* A deadline of the TSC timer, arg1 ticks from now. */
.macro write_deadline
	rdtsc
	add	%r8d, %eax
	adc	%r9d, %edx
	wrmsr
.endm
.macro body_deadline
	write_deadline
.endm
	MEASURE	deadline, init_x2apic

/* The same until its interrupt has been handled. */
.macro init_deadline_irq
	SET_GATE VECTOR, count_and_eoi
	init_x2apic
	sti
.endm
.macro body_deadline_irq
	xor	%ebx, %ebx
	mov	$IA32_TSC_DEADLINE, %ecx
	write_deadline
.Luntil_taken_\@:
	test	%ebx, %ebx
	jz	.Luntil_taken_\@
.endm
	MEASURE	deadline_irq, init_deadline_irq
	.p2align 4
count_and_eoi:
	inc	%ebx
	APIC_WRITE_x2apic APIC_EOI, 0
	iretq

/* SPEC_CTRL: set for good, then an exit; and set and cleared in turn. */
.macro init_spec_ctrl
	mov	$SPEC_CTRL, %ecx
	mov	$SPEC_CTRL_IBRS, %eax
	xor	%edx, %edx
	wrmsr
	mov	$SPEC_CTRL_IBRS, %r8d
	xor	%r9d, %r9d
.endm
.macro body_spec_ctrl_toggle
	xor	$SPEC_CTRL_IBRS, %r8d
	body_wrmsr
.endm
.macro body_spec_ctrl_cpuid
	xor	%eax, %eax
	xor	%ecx, %ecx
	cpuid
.endm
	MEASURE	spec_ctrl_toggle, init_spec_ctrl
	MEASURE	spec_ctrl_cpuid, init_spec_ctrl

	SKIP_HANDLER skip_2_with_error, 2, 8

	.section .note.GNU-stack, "", @progbits
