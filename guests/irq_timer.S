/* SPDX-License-Identifier: MIT */
/*
 * Timers: what arming costs, and when the interrupt comes.
 *
 * A sample of the `late_` entries is the stamp before arming and the stamp first thing in the handler; the
 * host knows the interval and works out how late that was.  arg0: 0 waits busy, 1 in HLT.
 */
#include "apic.h"
#include "guests/hyperv.h"
#include "paced.h"

#define PIT_COUNT0	0x40
#define PIT_CONTROL	0x43
#define PIT_0_ONE_SHOT	0x30 /* counter 0, low then high byte, mode 0: interrupt on terminal count */
#define FAR_FUTURE	0x7fffffff

	.text
	.p2align 4
fired:	STAMP
	mov	%rdx, %r10
	APIC_WRITE_x2apic APIC_EOI, 0
	inc	%ebx
	iretq

.macro init_timer mode
	SET_GATE VECTOR, fired
	APIC_ENABLE_x2apic
	APIC_WRITE_x2apic APIC_TDCR, TDCR_DIVIDE_BY_1
	APIC_WRITE_x2apic APIC_LVTT, (\mode | VECTOR)
	mov	PACED_WORD(PACED_INTERVAL)(%r15), %r11
.endm

/* Arming, with the interval in %r11, at the stamp in %rbp. */
.macro ARM_deadline
	lea	(%rbp, %r11), %rax
	mov	%rax, %rdx
	shr	$32, %rdx
	mov	$IA32_TSC_DEADLINE, %ecx
	wrmsr
.endm
.macro ARM_count
	mov	$X2APIC_MSR(APIC_TMICT), %ecx
	mov	%r11d, %eax
	xor	%edx, %edx
	wrmsr
.endm
.macro ARM_pit
	mov	$PIT_0_ONE_SHOT, %al
	out	%al, $PIT_CONTROL
	mov	%r11d, %eax
	out	%al, $PIT_COUNT0
	mov	%ah, %al
	out	%al, $PIT_COUNT0
.endm

/* Hyper-V's first timer, which the host has configured: it wants the reference time (TLFS, Timers) in units of 100 ns
 * and enables itself. Of the stamp's TSC, so that the deadline is early by less than a unit. */
#define REFERENCE_NS 100
.macro ARM_stimer
	mov	%r11, %rax
	xor	%edx, %edx
	mov	$REFERENCE_NS, %ecx
	div	%rcx
	mov	%rax, %r9
	mov	%rbp, %rax
	mulq	HYPERV_TSC_PAGE + HYPERV_TSC_SCALE
	add	HYPERV_TSC_PAGE + HYPERV_TSC_OFFSET, %rdx
	add	%r9, %rdx
	mov	%edx, %eax
	shr	$32, %rdx
	mov	$HV_X64_MSR_STIMER0_COUNT, %ecx
	wrmsr
.endm
/* The same where its message's slot has to be free. */
.macro ARM_stimer_message
	movl	$0, (HYPERV_MESSAGE_PAGE + HYPERV_SINT * HYPERV_MESSAGE_BYTES)(%r15)
	ARM_stimer
.endm

.macro UNTIL_FIRED
	LOAD_ARG 0, %rax
	test	%eax, %eax
	jnz	2f
	sti
1:	test	%ebx, %ebx
	jz	1b
	jmp	3f
2:	sti
	hlt
	cli
	test	%ebx, %ebx
	jz	2b
3:	cli
.endm

.macro LATE name, mode, how
	ENTRY	late_\name
	mov	%rdi, %r15
	init_timer \mode
	PACED_BEGIN
.Llate_\@:
	inc	%r12
	xor	%ebx, %ebx
	STAMP
	mov	%rdx, %rbp
	ARM_\how
	UNTIL_FIRED
	STORE_SAMPLE %rbp, %r10
	PACED_NEXT .Llate_\@
.endm
	LATE	deadline, TIMER_TSC_DEADLINE, deadline
	LATE	oneshot, TIMER_ONE_SHOT, count
	LATE	pit, TIMER_ONE_SHOT, pit
	LATE	stimer, TIMER_ONE_SHOT, stimer
	LATE	stimer_message, TIMER_ONE_SHOT, stimer_message

/* Armed once: all samples have the same first stamp. */
	ENTRY	late_periodic
	mov	%rdi, %r15
	init_timer TIMER_PERIODIC
	PACED_BEGIN
	STAMP
	mov	%rdx, %rbp
	ARM_count
.Ltick:
	inc	%r12
	xor	%ebx, %ebx
	UNTIL_FIRED
	STORE_SAMPLE %rbp, %r10
	cmp	ABI_OFF_SAMPLES(%r15), %r12
	jne	.Ltick
	APIC_WRITE_x2apic APIC_TMICT, 0 /* stops it */
	sti
	nop
	cli
	jmp	guest_done

/* The cost of arming, for a time that doesn't come. */
.macro init_arm_deadline
	init_timer TIMER_TSC_DEADLINE
	STAMP
	mov	$FAR_FUTURE, %r11d
	lea	(%rdx, %r11, 8), %r11
	xor	%ebp, %ebp
.endm
.macro init_arm_oneshot
	init_timer TIMER_ONE_SHOT
	mov	$FAR_FUTURE, %r11d
.endm
.macro init_arm_periodic
	init_timer TIMER_PERIODIC
	mov	$FAR_FUTURE, %r11d
.endm
.macro init_arm_pit
	mov	$0xffff, %r11d
.endm
.macro body_arm_deadline
	mov	%r11, %rax
	mov	%r11, %rdx
	shr	$32, %rdx
	mov	$IA32_TSC_DEADLINE, %ecx
	wrmsr
.endm
.macro body_arm_oneshot
	ARM_count
.endm
.macro body_arm_periodic
	ARM_count
.endm
.macro body_arm_pit
	ARM_pit
.endm
	MEASURE	arm_deadline, init_arm_deadline
	MEASURE	arm_oneshot, init_arm_oneshot
	MEASURE	arm_periodic, init_arm_periodic
	MEASURE	arm_pit, init_arm_pit

/* A deadline that has passed already: armed, delivered, taken, acknowledged. */
.macro init_expired
	init_timer TIMER_TSC_DEADLINE
	sti
.endm
.macro body_expired
	xor	%ebx, %ebx
	mov	$IA32_TSC_DEADLINE, %ecx
	mov	$1, %eax
	xor	%edx, %edx
	wrmsr
1:	test	%ebx, %ebx
	jz	1b
.endm
	MEASURE	expired, init_expired

/* So that the vCPU has been entered once. */
	ENTRY	nothing
	jmp	guest_done

	.section .note.GNU-stack, "", @progbits
