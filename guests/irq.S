/* SPDX-License-Identifier: MIT */
/*
 * Interrupts that a vCPU takes while it runs: its own (self-IPI), and those that user space injects.
 *
 * A handler counts in %rbx; a body that expects an interrupt clears %rbx first and doesn't end before the
 * handler has run, whenever the hypervisor delivers.
 */
#include "apic.h"

	.text
.macro UNTIL_TAKEN
.Luntil_taken_\@:
	test	%ebx, %ebx
	jz	.Luntil_taken_\@
.endm

.macro HANDLER_AND_INIT mode
	.p2align 4
count_and_eoi_\mode:
	inc	%ebx
	APIC_WRITE_\mode APIC_EOI, 0
	iretq

.macro init_\mode
	SET_GATE VECTOR, count_and_eoi_\mode
	APIC_ENABLE_\mode
.endm
.macro init_\mode\()_open
	init_\mode
	sti
.endm
.endm
	IN_BOTH_MODES HANDLER_AND_INIT

.macro MASK_BY_CR8
	mov	$0xf, %eax
	mov	%rax, %cr8
.endm
.macro UNMASK_BY_CR8
	xor	%eax, %eax
	mov	%rax, %cr8
.endm

/* The five variants that kvm-unit-tests' vmexit.c measures, in either mode. */
.macro SELF_IPIS mode
.macro body_\mode\()_sti_nop
	cli
	xor	%ebx, %ebx
	SELF_IPI_\mode
	sti
	nop
	UNTIL_TAKEN
.endm
.macro body_\mode\()_sti_hlt
	cli
	xor	%ebx, %ebx
	SELF_IPI_\mode
	sti
	hlt
	UNTIL_TAKEN
.endm
.macro body_\mode\()_tpr
	xor	%ebx, %ebx
	MASK_BY_CR8
	SELF_IPI_\mode
	UNMASK_BY_CR8
	UNTIL_TAKEN
.endm
.macro body_\mode\()_tpr_sti_nop
	cli
	xor	%ebx, %ebx
	MASK_BY_CR8
	SELF_IPI_\mode
	UNMASK_BY_CR8
	sti
	nop
	UNTIL_TAKEN
.endm
.macro body_\mode\()_tpr_sti_hlt
	cli
	xor	%ebx, %ebx
	MASK_BY_CR8
	SELF_IPI_\mode
	UNMASK_BY_CR8
	sti
	hlt
	UNTIL_TAKEN
.endm
	MEASURE	\mode\()_sti_nop, init_\mode
	MEASURE	\mode\()_sti_hlt, init_\mode
	MEASURE	\mode\()_tpr, init_\mode\()_open
	MEASURE	\mode\()_tpr_sti_nop, init_\mode
	MEASURE	\mode\()_tpr_sti_hlt, init_\mode

/* Interrupts on all the time: taken on the way back from the exit that asked for it. */
.macro body_\mode\()_open
	xor	%ebx, %ebx
	SELF_IPI_\mode
	UNTIL_TAKEN
.endm
	MEASURE	\mode\()_open, init_\mode\()_open

/* Single registers. */
.macro body_\mode\()_eoi
	APIC_WRITE_\mode APIC_EOI, 0
.endm
.macro body_\mode\()_tpr_write
	APIC_WRITE_\mode APIC_TPR, 0
.endm
	MEASURE	\mode\()_eoi, init_\mode
	MEASURE	\mode\()_tpr_write, init_\mode
.endm
	IN_BOTH_MODES SELF_IPIS

/* Every vCPU to all others, at once: interrupts of the others come whenever they come, between stamps too, so that
 * the handler leaves every register as it was. */
	.p2align 4
eoi_preserving:
	push	%rax
	push	%rcx
	push	%rdx
	APIC_WRITE_x2apic APIC_EOI, 0
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq
.macro init_all_to_all
	SET_GATE VECTOR, eoi_preserving
	APIC_ENABLE_x2apic
	sti
.endm
.macro body_all_to_all
	APIC_WRITE_x2apic APIC_ICR, (ICR_OTHERS | ICR_ASSERT | VECTOR)
.endm
	MEASURE	all_to_all, init_all_to_all

/* A level-triggered interrupt of its own: at its EOI the IOAPIC has to be told. */
.macro body_level
	xor	%ebx, %ebx
	APIC_WRITE_x2apic APIC_ICR, (ICR_SELF | ICR_LEVEL | ICR_ASSERT | VECTOR)
	UNTIL_TAKEN
.endm
	MEASURE	level, init_x2apic_open

/* The same for rounds that the host ends: what enabling the APIC exits for is done before. */
	ENTRY	prepare
	init_x2apic
	jmp	guest_done
.macro init_open
	sti
.endm
.macro body_level_prepared
	body_level
.endm
	MEASURE	level_prepared, init_open

.macro init_nmi
	SET_GATE 2, count
.endm

/* An NMI to itself by its physical APIC ID 0 (the shorthand is for fixed vectors only). */
.macro init_nmi_x2apic
	init_x2apic
	init_nmi
.endm
.macro SELF_NMI
	APIC_WRITE_x2apic APIC_ICR, (ICR_ASSERT | ICR_NMI)
.endm
.macro body_nmi_self
	xor	%ebx, %ebx
	SELF_NMI
	UNTIL_TAKEN
.endm
	MEASURE	nmi_self, init_nmi_x2apic

/* A second one from the handler of the first: blocked until its IRET. */
.macro body_nmi_window
	mov	$-1, %ebx
	SELF_NMI
.Luntil_both_\@:
	cmp	$1, %ebx
	jne	.Luntil_both_\@
.endm
.macro init_nmi_window
	init_x2apic
	SET_GATE 2, count_and_repeat
.endm
	MEASURE	nmi_window, init_nmi_window
	.p2align 4
count_and_repeat:
	inc	%ebx
	jnz	1f
	SELF_NMI
1:	iretq

/* Injected by user space, which the guest asks for with an OUT to port arg0; no APIC in the kernel. */
.macro init_injected
	LOAD_ARG 0, %r8
	SET_GATE VECTOR, count
	init_nmi
.endm
.macro init_injected_open
	init_injected
	sti
.endm
.macro ASK
	xor	%ebx, %ebx
	mov	%r8d, %edx
	out	%al, (%dx)
.endm
.macro body_injected
	ASK
	UNTIL_TAKEN
.endm
.macro body_nmi_injected
	body_injected
.endm
	MEASURE	injected, init_injected_open
	MEASURE	nmi_injected, init_injected
	.p2align 4
count:	inc	%ebx
	iretq

/* User space waits for the window that STI opens; the handler closes it again. */
.macro init_window
	SET_GATE VECTOR, count_and_close
.endm
.macro body_window
	xor	%ebx, %ebx
	sti
	nop
	UNTIL_TAKEN
.endm
	MEASURE	window, init_window
	.p2align 4
count_and_close:
	inc	%ebx
	andq	$~0x200, 16(%rsp) /* IF in the RFLAGS that IRETQ loads */
	iretq

	.section .note.GNU-stack, "", @progbits
