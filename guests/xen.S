/* SPDX-License-Identifier: MIT */
/*
 * A Xen guest in small: calls through the hypercall page, and takes events as Xen's upcall.
 *
 * Registers: %r11 the hypercall's place in the page, %r9 the shared page (its first vcpu_info is vCPU 0's).
 * Handlers change %rax, %rcx and %rdx, and count in %rbx.
 */
#include "apic.h"
#include "guests/xen.h"
#include "paced.h"

/* A place in the page is 32 bytes: MOV EAX, number; VMCALL or VMMCALL; RET. */
#define PLACE_BYTES 32

	.text
/* arg0 the hypercall's number, arg1 its first argument; the second points to what some have to say. */
.macro init_call argument=0
	LOAD_ARG 0, %r11
	imul	$PLACE_BYTES, %r11
	add	$entry_hypercall_page, %r11
	LOAD_ARG 1, %rdi
	mov	$\argument, %esi
.endm
.macro init_send
	init_call evtchn_send
.endm
.macro init_poll
	init_call sched_poll
.endm
.macro body_call
	call	*%r11
.endm
.macro body_send
	body_call
.endm
.macro body_poll
	body_call
.endm
	MEASURE	call, init_call
	MEASURE	send, init_send
	MEASURE	poll, init_poll

.macro init_write_page
	mov	$entry_hypercall_page, %r8d
.endm
.macro body_write_page
	mov	%r8d, %eax
	xor	%edx, %edx
	mov	$XEN_HYPERCALL_MSR, %ecx
	wrmsr
.endm
	MEASURE	write_page, init_write_page

	ENTRY	prepare
	init_write_page
	body_write_page
	jmp	guest_done

/* What a guest does on an upcall: which words have events, which events; here there is one. */
.macro CLEAR_EVENT
	movb	$0, VCPU_INFO_UPCALL_PENDING(%r9)
	xor	%eax, %eax
	xchg	%rax, VCPU_INFO_PENDING_SEL(%r9)
	lock btrq $XEN_PORT, SHARED_INFO_EVTCHN_PENDING(%r9)
.endm

/* By a vector of the whole VM, which has no APIC to acknowledge. */
	.p2align 4
upcall:	CLEAR_EVENT
	inc	%ebx
	iretq
.macro init_self
	mov	$entry_shared_info, %r9d
	SET_GATE VECTOR, upcall
	init_send
	sti
.endm
.macro body_self
	xor	%ebx, %ebx
	body_call
.Luntil_taken_\@:
	test	%ebx, %ebx
	jz	.Luntil_taken_\@
.endm
	MEASURE	self, init_self

/* By a vector of the vCPU's, through its local APIC. */
	.p2align 4
upcall_and_eoi:
	CLEAR_EVENT
	APIC_WRITE_x2apic APIC_EOI, 0
	inc	%ebx
	iretq
.macro init_self_apic
	APIC_ENABLE_x2apic
	init_self
	SET_GATE VECTOR, upcall_and_eoi
.endm
.macro body_self_apic
	body_self
.endm
	MEASURE	self_apic, init_self_apic

/* Events from elsewhere, as interrupts in irq_async.S: arg0 says how it waits, busy or in HLT. */
	ENTRY	receive
	mov	%rdi, %r15
	mov	$entry_shared_info, %r9d
	SET_GATE VECTOR, received
	LOAD_ARG 0, %r11
	lea	ABI_RING_OFFSET(%r15), %r13
	xor	%ebx, %ebx
.Lreceive:
	cli
	cmp	ABI_OFF_SAMPLES(%r15), %rbx
	je	guest_done
	lea	1(%rbx), %r10
	mov	%r10, PACED_WORD(PACED_READY)(%r15)
	test	%r11, %r11
	jnz	2f
	sti
1:	cmp	%r10, %rbx
	jb	1b
	jmp	.Lreceive
2:	sti
	hlt
	jmp	.Lreceive

	.p2align 4
received:
	STAMP
	STORE_SAMPLE %rdx, %rdx
	CLEAR_EVENT
	inc	%rbx
	mov	%rbx, PACED_WORD(PACED_DONE)(%r15)
	iretq

/* The timer, set to a time on Xen's clock that is an interval after the stamp in %rbp. */
	.p2align 4
fired:	STAMP
	mov	%rdx, %r10
	CLEAR_EVENT
	inc	%ebx
	iretq

	ENTRY	late
	mov	%rdi, %r15
	mov	$entry_shared_info, %r9d
	SET_GATE VECTOR, fired
	mov	$(entry_hypercall_page + XEN_SET_TIMER_OP * PLACE_BYTES), %r11d
	LOAD_ARG 0, %r8
	PACED_BEGIN
.Llate:
	inc	%r12
	xor	%ebx, %ebx
	STAMP
	mov	%rdx, %rbp
	/* ns = ((TSC - tsc_timestamp) << tsc_shift) * mul >> 32, + system_time. */
1:	mov	VCPU_INFO_TIME + PVCLOCK_VERSION(%r9), %esi
	mov	%rbp, %rax
	sub	VCPU_INFO_TIME + PVCLOCK_TSC_TIMESTAMP(%r9), %rax
	movb	VCPU_INFO_TIME + PVCLOCK_TSC_SHIFT(%r9), %cl
	test	%cl, %cl
	js	2f
	shl	%cl, %rax
	jmp	3f
2:	neg	%cl
	shr	%cl, %rax
3:	mov	VCPU_INFO_TIME + PVCLOCK_TSC_TO_SYSTEM_MUL(%r9), %ecx
	mul	%rcx
	shrd	$32, %rdx, %rax
	add	VCPU_INFO_TIME + PVCLOCK_SYSTEM_TIME(%r9), %rax
	test	$1, %sil
	jnz	1b
	cmp	VCPU_INFO_TIME + PVCLOCK_VERSION(%r9), %esi
	jne	1b
	add	PACED_WORD(PACED_INTERVAL)(%r15), %rax
	mov	%rax, %rdi
	call	*%r11
	test	%r8, %r8
	jnz	5f
	sti
4:	test	%ebx, %ebx
	jz	4b
	jmp	6f
5:	sti
	hlt
	cli
	test	%ebx, %ebx
	jz	5b
6:	cli
	STORE_SAMPLE %rbp, %r10
	PACED_NEXT .Llate

/* Not entries but addresses that the host looks up. */
	.data
	.p2align 12
	ENTRY	hypercall_page
	.zero	4096
	ENTRY	shared_info
	.zero	4096
	.p2align 6
	ENTRY	runstate
	.zero	64
evtchn_send: /* struct evtchn_send: the port */
	.quad	XEN_PORT
sched_poll: /* struct sched_poll: the ports, how many, no timeout */
	.quad	evtchn_send, 1, 0

	.section .note.GNU-stack, "", @progbits
