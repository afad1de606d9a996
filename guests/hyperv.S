/* SPDX-License-Identifier: MIT */
/*
 * A guest of Hyper-V's interface, which the host has switched on: hypercalls by the hypercall page, interrupts
 * that are ended in its three ways, the reference TSC page.
 */
#include "apic.h"
#include "guests/hyperv.h"
#include "paced.h"

#define GAP_TICKS 500 /* more than the receiver's loop takes, less than any exit */

	.text
/*
 * Hypercalls (TLFS, Hypercall Interface): arg0 the control word, arg1 and arg2 the two parameters of a register-based ("fast")
 * one; a memory-based one's input was laid at HYPERV_INPUT by the host. The page has the vendor's instruction and
 * a RET. Result in %rax. The first parameter is loaded anew each time, as the stamps use %rdx.
 */
.macro HYPERCALL
	mov	%r9, %rdx
	call	HYPERV_HYPERCALL_PAGE
.endm
.macro init_fast
	LOAD_ARG 0, %rcx
	LOAD_ARG 1, %r9
	LOAD_ARG 2, %r8
.endm
.macro init_memory
	LOAD_ARG 0, %rcx
	lea	HYPERV_INPUT(%r15), %r9
	xor	%r8d, %r8d
.endm
.macro init_memory_apic
	APIC_ENABLE_x2apic
	init_memory
.endm
.macro init_fast_apic
	APIC_ENABLE_x2apic
	init_fast
.endm
/* The second parameter is a mask of virtual processors: this one alone. */
.macro init_fast_self
	init_fast_apic
	mov	ABI_OFF_INDEX(%r15), %rax
	xor	%r8d, %r8d
	bts	%rax, %r8
.endm

/* The measured entry, and the same once and outside any measurement, with the result in shared[0]. */
.macro CALLS name
.macro body_\name
	HYPERCALL
.endm
	MEASURE	\name, init_\name
	ENTRY	once_\name
	mov	%rdi, %r15
	init_\name
	HYPERCALL
	mov	%rax, ABI_OFF_SHARED(%r15)
	jmp	guest_done
.endm
	CALLS	fast
	CALLS	memory
	CALLS	fast_apic
	CALLS	memory_apic
	CALLS	fast_self

/* vCPU 0 calls what concerns the others, too; they are in their loops then (paced.h, whose own are the first two
 * arguments). IF is set in all loops: nothing is injected but what is meant, and the host's interrupts exit without
 * it, too (SDM vol. 3C 26.2), but for Bochs. */
.macro init_send_fast
	LOAD_ARG 2, %rcx
	LOAD_ARG 3, %r9
	LOAD_ARG 4, %r8
.endm
.macro init_send_memory
	init_memory
	LOAD_ARG 2, %rcx
.endm
.macro CALLER name, init
	ENTRY	send_\name
	mov	%rdi, %r15
	APIC_ENABLE_x2apic
	sti
	PACED_BEGIN
.Lcall_\@:
	inc	%r12
	AWAIT_PARTNERS PACED_READY
	DELAY
	\init
	STAMP
	mov	%rdx, %rbp
	HYPERCALL
	STAMP
	STORE_SAMPLE %rbp, %rdx
	mov	%r12, PACED_WORD(PACED_DONE)(%r15)
	AWAIT_PARTNERS PACED_DONE
	PACED_NEXT .Lcall_\@
.endm
	CALLER	flush, init_send_memory
	CALLER	ipi, init_send_fast

/* One whose TLB is flushed: it has no part in it but that it was away for a while, and stamps when it was back. */
	ENTRY	receive_flush
	mov	%rdi, %r15
	sti
	PACED_BEGIN
1:	inc	%r12
	mov	%r12, PACED_WORD(PACED_READY)(%r15)
	STAMP
	mov	%rdx, %rbp
	mov	%rdx, %r10
/* The look at the word first: the flush may come anywhere, and the caller go on before this vCPU does. */
2:	mov	ABI_VCPU + PACED_WORD(PACED_DONE), %r11
	STAMP
	mov	%rdx, %rcx
	sub	%rbp, %rcx
	mov	%rdx, %rbp
	cmp	$GAP_TICKS, %rcx
	cmovae	%rdx, %r10
	cmp	%r12, %r11
	jb	2b
	STORE_SAMPLE %r10, %r10
	mov	%r12, PACED_WORD(PACED_DONE)(%r15)
	PACED_NEXT 1b

/* One that is interrupted. */
	ENTRY	receive_ipi
	mov	%rdi, %r15
	SET_GATE VECTOR, received
	APIC_ENABLE_x2apic
	PACED_BEGIN
	sti
1:	inc	%r12
	mov	%r12, PACED_WORD(PACED_READY)(%r15)
2:	cmp	%r12, PACED_WORD(PACED_DONE)(%r15)
	jb	2b
	PACED_NEXT 1b

	.p2align 4
received:
	STAMP
	STORE_SAMPLE %rdx, %rdx
	APIC_WRITE_x2apic APIC_EOI, 0
	mov	%r12, PACED_WORD(PACED_DONE)(%r15)
	iretq

/* An interrupt to itself by Hyper-V's ICR; how it ends is the handler's. */
.macro body_self_ipi
	xor	%ebx, %ebx
	mov	$HV_X64_MSR_ICR, %ecx
	mov	$(ICR_SELF | ICR_ASSERT | VECTOR), %eax
	xor	%edx, %edx
	wrmsr
.Luntil_taken_\@:
	test	%ebx, %ebx
	jz	.Luntil_taken_\@
.endm
.macro EOI_BY_MSR
	mov	$HV_X64_MSR_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
.endm

	.p2align 4
end_by_msr:
	inc	%ebx
	EOI_BY_MSR
	iretq

/* Bit 0 of the assist page says that no EOI is required: then clearing it is one. */
	.p2align 4
end_by_assist:
	inc	%ebx
	btrl	$0, HYPERV_ASSIST_PAGE(%r15)
	jc	1f
	EOI_BY_MSR
1:	iretq

	.p2align 4
end_by_itself:
	inc	%ebx
	iretq

.macro SELF_IPI_ENDED how
.macro init_eoi_\how
	SET_GATE VECTOR, end_by_\how
	APIC_ENABLE_x2apic
	sti
.endm
.macro body_eoi_\how
	body_self_ipi
.endm
	MEASURE	eoi_\how, init_eoi_\how
.endm
	SELF_IPI_ENDED msr
	SELF_IPI_ENDED assist
	SELF_IPI_ENDED itself

/* The reference time in %rdx, in units of 100 ns: TSC * scale / 2^64 + offset (TLFS, Timers). */
.macro init_reference_time
	mov	$HYPERV_TSC_PAGE, %r8d
.endm
.macro body_reference_time
.Lchanged_\@:
	mov	HYPERV_TSC_SEQUENCE(%r8), %r10d
	lfence
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	mulq	HYPERV_TSC_SCALE(%r8)
	add	HYPERV_TSC_OFFSET(%r8), %rdx
	cmp	HYPERV_TSC_SEQUENCE(%r8), %r10d
	jne	.Lchanged_\@
.endm
	MEASURE	reference_time, init_reference_time

	.section .note.GNU-stack, "", @progbits
