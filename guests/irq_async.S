/* SPDX-License-Identifier: MIT */
/*
 * Interrupts from elsewhere: the vCPU that receives them, and one that sends them (paced.h).
 *
 * The receiver stamps first thing in its handler, into the ring; it ends after as many interrupts as the
 * round has samples.  The sender's samples are the send alone, or the send and the wait for the answer.
 */
#include "apic.h"
#include "paced.h"

#define HC_SEND_IPI 10 /* KVM_HC_SEND_IPI */

	.text
/* arg0 says how it waits: 0 busy without PAUSE, 1 busy with PAUSE, 2 in HLT.  %rbx counts what arrived. */
.macro RECEIVER mode
	ENTRY	receive_\mode
	mov	%rdi, %r15
	SET_GATE VECTOR, received_\mode
	APIC_ENABLE_\mode
	LOAD_ARG 0, %r11
	lea	ABI_RING_OFFSET(%r15), %r13
	xor	%ebx, %ebx
next_\mode:
	cli
	cmp	ABI_OFF_SAMPLES(%r15), %rbx
	je	guest_done
	lea	1(%rbx), %r10
	mov	%r10, PACED_WORD(PACED_READY)(%r15)
	cmp	$1, %r11
	ja	3f
	je	2f
	sti
1:	cmp	%r10, %rbx
	jb	1b
	jmp	next_\mode
2:	sti
1:	pause
	cmp	%r10, %rbx
	jb	1b
	jmp	next_\mode
3:	sti
	hlt
	jmp	next_\mode

	.p2align 4
received_\mode:
	STAMP
	STORE_SAMPLE %rdx, %rdx
	APIC_WRITE_\mode APIC_EOI, 0
	inc	%rbx
	mov	%rbx, PACED_WORD(PACED_DONE)(%r15)
	iretq
.endm
	IN_BOTH_MODES RECEIVER

/* vCPU 1 has APIC ID 1. */
.macro SEND_x2apic
	mov	$X2APIC_MSR(APIC_ICR), %ecx
	mov	$(ICR_ASSERT | VECTOR), %eax
	mov	$1, %edx
	wrmsr
.endm
.macro SEND_xapic
	movl	$(1 << 24), APIC_ICR_HIGH(%rsi)
	movl	$(ICR_ASSERT | VECTOR), APIC_ICR(%rsi)
.endm
.macro SEND_broadcast
	APIC_WRITE_x2apic APIC_ICR, (ICR_OTHERS | ICR_ASSERT | VECTOR)
.endm
/* A bitmap of APIC IDs from %rdx on, and the ICR. */
.macro PV_ARGUMENTS
	mov	$HC_SEND_IPI, %eax
	mov	$1, %ebx
	xor	%ecx, %ecx
	mov	$1, %edx
	mov	$(ICR_ASSERT | VECTOR), %esi
.endm
.macro SEND_vmcall
	PV_ARGUMENTS
	vmcall
.endm
.macro SEND_vmmcall
	PV_ARGUMENTS
	vmmcall
.endm

.macro SENDER entry, mode, how, answered=0
	ENTRY	\entry
	mov	%rdi, %r15
	APIC_ENABLE_\mode
	sti	/* none comes to a sender; but Bochs exits for the host's interrupts only where IF is set */
	PACED_BEGIN
.Lsend_\@:
	inc	%r12
	AWAIT_PARTNERS PACED_READY
	DELAY
	STAMP
	mov	%rdx, %rbp
	SEND_\how
	.if \answered
	AWAIT_PARTNERS PACED_DONE
	.endif
	STAMP
	STORE_SAMPLE %rbp, %rdx
	.if \answered == 0
	AWAIT_PARTNERS PACED_DONE
	.endif
	PACED_NEXT .Lsend_\@
.endm
	SENDER	send_x2apic, x2apic, x2apic
	SENDER	send_xapic, xapic, xapic
	SENDER	send_broadcast, x2apic, broadcast
	SENDER	send_vmcall, x2apic, vmcall
	SENDER	send_vmmcall, x2apic, vmmcall
	SENDER	ask_x2apic, x2apic, x2apic, 1
	SENDER	ask_xapic, xapic, xapic, 1

	.section .note.GNU-stack, "", @progbits
