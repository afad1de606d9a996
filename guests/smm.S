/* SPDX-License-Identifier: MIT */
/*
 * System management mode: SMIs that the vCPU sends itself or is sent, and the handlers that the host copies to
 * where SMM starts. A handler has no registers of its own to hand anything over: RSM restores all of them.
 */
#include "apic.h"
#include "guests/smm.h"
#include "paced.h"
#include "skip.h"

#define ICR_SMI (2 << 8)

	.text
/* An SMI to itself by its physical APIC ID 0 (the shorthand is for fixed vectors only). */
.macro init_self
	APIC_ENABLE_x2apic
.endm
.macro body_self
	APIC_WRITE_x2apic APIC_ICR, (ICR_ASSERT | ICR_SMI)
.endm
	MEASURE	self, init_self

/* The same after a word that only the handler clears: it must have run when the next instruction does. */
	ENTRY	self_once
	mov	%rdi, %r15
	init_self
	movq	$1, ABI_OFF_SHARED(%r15)
	body_self
	mov	ABI_OFF_SHARED(%r15), %rax
	ASSERT_EQUAL 0, %rax
	jmp	guest_done

/* User space answers this with an SMI. */
.macro init_out
	LOAD_ARG 0, %r8
.endm
.macro body_out
	mov	%r8d, %edx
	out	%al, (%dx)
.endm
	MEASURE	out, init_out

.macro init_rsm
	SET_GATE 6, skip_2
.endm
.macro body_rsm
	rsm
.endm
	MEASURE	rsm, init_rsm
	SKIP_HANDLER skip_2, 2

/* Waits for SMIs from elsewhere as irq_async.S does for interrupts: arg0 says how, PACED_BUSY or PACED_HALT. Nothing masks an SMI,
 * so that one may come between the word that asks for it and HLT: then the handler steps over HLT. */
	ENTRY	receive
	mov	%rdi, %r15
	APIC_ENABLE_x2apic
	LOAD_ARG 0, %r11
	xor	%ebx, %ebx
	sti	/* none comes; but Bochs exits for the host's interrupts only where IF is set */
.Lnext:
	cmp	ABI_OFF_SAMPLES(%r15), %rbx
	je	guest_done
	inc	%rbx
	test	%r11, %r11
	jnz	2f
	mov	%rbx, PACED_WORD(PACED_READY)(%r15)
1:	cmp	%rbx, PACED_WORD(PACED_DONE)(%r15)
	jb	1b
	jmp	.Lnext
2:	mov	%rbx, PACED_WORD(PACED_READY)(%r15)
.Lhalt:	hlt
	jmp	.Lnext

/* In SMM: 16-bit code at CS base SMBASE, data segments from 0 to 4 GiB (SDM vol. 3C 32.5.1). */
	.code16
	ENTRY	smm_rsm
	rsm

	ENTRY	smm_clear
	mov	$(ABI_VCPU + ABI_OFF_SHARED), %ebx
	movl	$0, (%ebx)
	rsm

	ENTRY	smm_out
	mov	$ABI_PORT_MEASURE, %dx
	out	%al, %dx
	rsm

	ENTRY	smm_cpuid
	xor	%eax, %eax
	cpuid
	rsm

	ENTRY	smm_received
	lfence
	rdtsc
	lfence
	mov	$ABI_VCPU, %ebx
	mov	PACED_WORD(PACED_DONE)(%ebx), %ecx
	mov	%ecx, %esi
	shl	$4, %esi
	mov	%eax, (ABI_RING_OFFSET + 0)(%ebx, %esi)
	mov	%edx, (ABI_RING_OFFSET + 4)(%ebx, %esi)
	mov	%eax, (ABI_RING_OFFSET + 8)(%ebx, %esi)
	mov	%edx, (ABI_RING_OFFSET + 12)(%ebx, %esi)
	mov	$SMM_SAVED_RIP, %esi
	cmpl	$.Lhalt, (%esi)
	jne	1f
	incl	(%esi)
1:	inc	%ecx
	mov	%ecx, PACED_WORD(PACED_DONE)(%ebx)
	rsm
	.code64

	.section .note.GNU-stack, "", @progbits
