/* SPDX-License-Identifier: MIT */
/*
 * A walk over pages that the host has yet to bring, with interrupts on: KVM may let the guest go on meanwhile
 * (Documentation/virt/kvm/x86/msr.rst, MSR_KVM_ASYNC_PF_EN). arg0 the first address, arg1 the distance to the next.
 */
#include "apic.h"

#define PF_VECTOR                   14
#define MSR_KVM_ASYNC_PF_EN         0x4b564d02
#define MSR_KVM_ASYNC_PF_INT        0x4b564d06
#define MSR_KVM_ASYNC_PF_ACK        0x4b564d07
#define KVM_ASYNC_PF_ENABLED        (1 << 0)
#define KVM_ASYNC_PF_SEND_ALWAYS    (1 << 1)
#define KVM_ASYNC_PF_AS_INT         (1 << 3)
#define KVM_PV_REASON_NOT_PRESENT   1

/* struct kvm_vcpu_pv_apf_data, in the part of the shared page that the ABI leaves free. */
#define AREA_AT 0x880
#define REASON  %gs:AREA_AT
#define TOKEN   %gs:(AREA_AT + 4)

	.text
.macro WRITE_MSR msr
	xor	%edx, %edx
	mov	$\msr, %ecx
	wrmsr
.endm

.macro init_walk
	LOAD_ARG 0, %rbx
	LOAD_ARG 1, %rsi
.endm
.macro body_write
	movb	$1, (%rbx)
	add	%rsi, %rbx
.endm

/* The guest isn't told: KVM halts the vCPU on its behalf. */
.macro init_halted
	init_walk
	sti
.endm
.macro body_halted
	body_write
.endm
	MEASURE	halted, init_halted

/* The guest is told, by #PF that a page is to come and by an interrupt that it is there. */
.macro init_told
	APIC_ENABLE_x2apic
	SET_GATE PF_VECTOR, to_come
	SET_GATE VECTOR, come
	mov	$VECTOR, %eax
	WRITE_MSR MSR_KVM_ASYNC_PF_INT
	lea	AREA_AT(%r15), %rax
	movq	$0, (%rax)
	or	$(KVM_ASYNC_PF_ENABLED | KVM_ASYNC_PF_SEND_ALWAYS | KVM_ASYNC_PF_AS_INT), %eax
	WRITE_MSR MSR_KVM_ASYNC_PF_EN
	init_walk
	xor	%edi, %edi
	sti
.endm
.macro body_told
	body_write
.endm
	MEASURE	told, init_told

/* Where another guest would have another thread run, this one halts. %edi counts the pages that have come and
 * haven't been waited for. */
	.p2align 4
to_come:
	cmpl	$KVM_PV_REASON_NOT_PRESENT, REASON
	jne	2f
	movl	$0, REASON
1:	sti
	hlt
	cli
	test	%edi, %edi
	jz	1b
	dec	%edi
	add	$8, %rsp
	iretq
2:	push	$PF_VECTOR
	pop	%gs:ABI_OFF_VECTOR
	movq	$ABI_STATUS_EXCEPTION, %gs:ABI_OFF_STATUS
	mov	$ABI_PORT_DONE, %edx
	out	%al, (%dx)
	jmp	2b

	.p2align 4
come:	movl	$0, TOKEN
	push	%rax
	push	%rcx
	push	%rdx
	APIC_WRITE_x2apic APIC_EOI, 0
	mov	$1, %eax
	WRITE_MSR MSR_KVM_ASYNC_PF_ACK
	pop	%rdx
	pop	%rcx
	pop	%rax
	inc	%edi
	iretq

	.section .note.GNU-stack, "", @progbits
