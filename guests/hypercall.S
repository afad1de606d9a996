/* SPDX-License-Identifier: MIT */
/*
 * KVM's hypercalls: arg0 the number, arg1 to arg4 its parameters (Documentation/virt/kvm/x86/hypercalls.rst).
 * Each entry exists for either vendor's instruction, as vmcall_<name> and vmmcall_<name>.
 */
#include "apic.h"
#include "skip.h"

#define UD_VECTOR 6
/* Both are 0F 01 and one more byte. */
#define VMCALL_BYTE  0xc1
#define VMMCALL_BYTE 0xd9

	.text
/* The number and the first and third parameter are loaded anew each time: KVM returns in %rax, the stamps
 * use %rdx. */
.macro init_hypercall
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %rbx
	LOAD_ARG 2, %rcx
	LOAD_ARG 3, %r9
	LOAD_ARG 4, %rsi
.endm
.macro init_with_apic
	APIC_ENABLE_x2apic
	init_hypercall
.endm
.macro init_foreign
	SET_GATE UD_VECTOR, skip_3
	init_hypercall
.endm

/* `instruction` executes here; the other one is `foreign`, its third byte `own_byte` or `foreign_byte`. */
.macro HYPERCALLS instruction, foreign, own_byte, foreign_byte
.macro hypercall_\instruction
	mov	%r8, %rax
	mov	%r9, %rdx
	\instruction
.endm
.macro body_\instruction\()_plain
	hypercall_\instruction
.endm
.macro body_\instruction\()_apic
	hypercall_\instruction
.endm
	MEASURE	\instruction\()_plain, init_hypercall
	MEASURE	\instruction\()_apic, init_with_apic

/* Once, outside any measurement: the answer goes to shared[0]. */
	ENTRY	\instruction\()_once
	mov	%rdi, %r15
	init_hypercall
	hypercall_\instruction
	mov	%rax, ABI_OFF_SHARED(%r15)
	jmp	guest_done

/* The other vendor's instruction, where KVM was asked not to mend it: #UD. */
.macro body_\instruction\()_foreign
	mov	%r8, %rax
	\foreign
.endm
	MEASURE	\instruction\()_foreign, init_foreign

/* The same where KVM does mend it, by writing this vendor's over it; each time anew. */
.macro body_\instruction\()_mended
	mov	%r8, %rax
	movb	$\foreign_byte, (1f + 2)(%rip)
1:	.byte	0x0f, 0x01, \own_byte
.endm
	MEASURE	\instruction\()_mended, init_hypercall
.endm
	HYPERCALLS vmcall, vmmcall, VMCALL_BYTE, VMMCALL_BYTE
	HYPERCALLS vmmcall, vmcall, VMMCALL_BYTE, VMCALL_BYTE

	SKIP_HANDLER skip_3, 3

	.section .note.GNU-stack, "", @progbits
