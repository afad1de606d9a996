/* SPDX-License-Identifier: MIT */
/*
 * A hypervisor for Intel CPUs, as small as it can be (SDM vol. 3C, chapters 24 to 28): one VMCS, an L2 that
 * shares its address space and page tables, and an exit handler that answers what the flags in nested.h have
 * L1 want.
 *
 * At a VM exit the CPU goes on at HOST_RIP; %r11, which L2 leaves alone, says where L1 really wants to be.
 */
#include "guest.h"
#include "guests/nested.h"
#include "vmx.h"

.macro L1_CALL
	vmcall
.endm
#include "l2.h"

/* Entries of L1's nested tables, and the pointer to them. */
#define EPT_TABLE 0x07 /* read, write, execute; SDM vol. 3C 29.3.2 */
#define EPT_PAGE  0x37 /* and write-back */
#define EPT_LEAF  0xb7 /* and 2 MiB */
#define EPTP_WB_4_LEVELS 0x1e

	.text
.macro FIELD field, value:vararg
	mov	$\field, %eax
	mov	\value, %rdx
	vmwrite	%rdx, %rax
	jbe	vmx_failed
.endm

/* Writes the controls that `wanted` asks for and the CPU insists on: the MSR's lower half must be set, the upper
 * may be (SDM vol. 3D A.3). */
.macro CONTROLS field, msr, wanted
	mov	$\msr, %ecx
	rdmsr
	or	\wanted, %eax
	and	%eax, %edx
	mov	%edx, %ecx
	and	\wanted, %ecx
	cmp	\wanted, %ecx
	jne	control_missing
	mov	%edx, %edx
	mov	$\field, %eax
	vmwrite	%rdx, %rax
	jbe	vmx_failed
.endm

/* Run once, before any round: VMX on, the VMCS filled in, one trip to L2 and back to see that it works. */
	ENTRY	prepare
	mov	%rdi, %r15
	mov	$IA32_FEATURE_CONTROL, %ecx
	rdmsr
	test	$FEATURE_CONTROL_LOCK, %eax
	jnz	1f
	or	$(FEATURE_CONTROL_LOCK | FEATURE_CONTROL_VMX), %eax
	wrmsr
1:	mov	%cr4, %rax
	or	$CR4_VMXE, %rax
	mov	%rax, %cr4
	mov	$IA32_VMX_BASIC, %ecx
	rdmsr
	and	$VMX_BASIC_TRUE_CTLS, %edx
	ASSERT_EQUAL VMX_BASIC_TRUE_CTLS, %rdx
	/* The revision identifier heads each region, SDM vol. 3C 25.2. */
	mov	%eax, vmxon_region
	mov	%eax, vmcs
	mov	%eax, other_vmcs
	vmxon	vmxon_pointer
	jbe	vmx_failed
	vmclear	other_vmcs_pointer
	vmclear	vmcs_pointer
	vmptrld	vmcs_pointer
	jbe	vmx_failed

	mov	$fields, %esi
2:	mov	(%rsi), %rax
	mov	8(%rsi), %rdx
	vmwrite	%rdx, %rax
	jbe	vmx_failed
	add	$16, %rsi
	cmp	$fields_end, %esi
	jb	2b

	mov	%cr0, %rcx
	FIELD	GUEST_CR0, %rcx
	FIELD	HOST_CR0, %rcx
	mov	%cr3, %rcx
	FIELD	GUEST_CR3, %rcx
	FIELD	HOST_CR3, %rcx
	mov	%cr4, %rcx
	FIELD	GUEST_CR4, %rcx
	FIELD	HOST_CR4, %rcx
	FIELD	GUEST_GS_BASE, %r15
	FIELD	HOST_GS_BASE, %r15
	/* Where l2_launch leaves its return address. */
	lea	ABI_STACK_TOP - 8(%r15), %rcx
	FIELD	GUEST_RSP, %rcx

	LOAD_ARG NESTED_ARG_FLAGS, %rbx
	mov	$pass_all, %ecx
	test	$NESTED_CATCH_IO, %ebx
	jz	3f
	mov	$catch_io, %ecx
3:	FIELD	IO_BITMAP_A, %rcx
	mov	$pass_all, %ecx
	test	$NESTED_CATCH_MSR, %ebx
	jz	4f
	mov	$catch_msr, %ecx
4:	FIELD	MSR_BITMAP, %rcx

	mov	$0, %esi
	CONTROLS PIN_BASED_VM_EXEC_CONTROL, IA32_VMX_TRUE_PINBASED_CTLS, %esi
	mov	$VM_EXIT_HOST_ADDR_SPACE_SIZE, %esi
	CONTROLS VM_EXIT_CONTROLS, IA32_VMX_TRUE_EXIT_CTLS, %esi
	mov	$VM_ENTRY_IA32E_MODE, %esi
	CONTROLS VM_ENTRY_CONTROLS, IA32_VMX_TRUE_ENTRY_CTLS, %esi
	mov	$(CPU_BASED_USE_IO_BITMAPS | CPU_BASED_USE_MSR_BITMAPS), %esi
	test	$NESTED_PAGING, %ebx
	jz	5f
	mov	$SECONDARY_EXEC_ENABLE_EPT, %esi
	CONTROLS SECONDARY_VM_EXEC_CONTROL, IA32_VMX_PROCBASED_CTLS2, %esi
	mov	$(CPU_BASED_USE_IO_BITMAPS | CPU_BASED_USE_MSR_BITMAPS | CPU_BASED_SECONDARY), %esi
5:	CONTROLS CPU_BASED_VM_EXEC_CONTROL, IA32_VMX_TRUE_PROCBASED_CTLS, %esi

	FIELD	GUEST_RIP, $l2_hypercall
	mov	$6f, %r11d
	vmlaunch
	jmp	vmx_failed
6:	mov	$VM_EXIT_REASON, %eax
	vmread	%rax, %rcx
	ASSERT_EQUAL EXIT_REASON_VMCALL, %rcx
	FIELD	GUEST_RIP, $l2_return
	jmp	guest_done

/* The host prints VM_INSTRUCTION_ERROR (SDM vol. 3C 31.4) as what was seen; ~0 where there is no current VMCS. */
vmx_failed:
	mov	$VM_INSTRUCTION_ERROR, %eax
	mov	$-1, %rcx
	vmread	%rax, %rcx
	ASSERT_EQUAL 0, %rcx
	jmp	guest_assert
/* In %ecx those of the controls in %esi that this CPU has. */
control_missing:
	ASSERT_EQUAL 0, %rcx
	jmp	guest_assert

host_rip:
	jmp	*%r11

/* What L2 is for the trips that L1 measures: RIP stays on the VMCALL, L1 doesn't step over it. */
l2_hypercall:
	vmcall

/* Where L2 begins for l2_launch: it returns. */
l2_return:
	ret

/* Returns as L2. What stays behind is L1, which comes back at l1_exit. */
l2_launch:
	mov	$l1_exit, %r11d
	vmresume
	jmp	vmx_failed

l1_exit:
	mov	$VM_EXIT_REASON, %eax
	vmread	%rax, %rcx
	cmp	$EXIT_REASON_VMCALL, %ecx
	je	hypercall
	cmp	$EXIT_REASON_CPUID, %ecx
	je	cpuid
	cmp	$EXIT_REASON_MSR_READ, %ecx
	je	rdmsr
	cmp	$EXIT_REASON_IO_INSTRUCTION, %ecx
	je	io
	ASSERT_EQUAL EXIT_REASON_EPT_VIOLATION, %rcx
	testb	$NESTED_SWAP, %gs:ABI_OFF_ARG + 8 * NESTED_ARG_FLAGS
	jnz	map
	/* The length is that of an instruction only where an instruction caused the exit (SDM vol. 3C 28.2.5). */
	mov	$L2_READ_BYTES, %ecx
	jmp	skip
map:	movq	$(swapped_page + EPT_PAGE), nested_tables_swapped
	vmresume
	jmp	vmx_failed
hypercall:
	testb	$NESTED_SWAP, %gs:ABI_OFF_ARG + 8 * NESTED_ARG_FLAGS
	jz	step
	movq	$0, nested_tables_swapped
	mov	$INVEPT_SINGLE_CONTEXT, %eax
	invept	ept_descriptor, %rax
	jmp	step
rdmsr:	xor	%edx, %edx
	jmp	step
cpuid:	xor	%ebx, %ebx
	xor	%edx, %edx
step:	mov	$VM_EXIT_INSTRUCTION_LEN, %eax
	vmread	%rax, %rcx
skip:	mov	$GUEST_RIP, %r10d
	vmread	%r10, %rax
	add	%rcx, %rax
	vmwrite	%rax, %r10
	xor	%eax, %eax
	xor	%ecx, %ecx
	vmresume
	jmp	vmx_failed
io:	testb	$NESTED_RELAY_IO, %gs:ABI_OFF_ARG + 8 * NESTED_ARG_FLAGS
	jz	step
	out	%al, (%dx)
	jmp	step

/* ---- what L1 measures --------------------------------------------------------------------------------- */

.macro init_l2_hypercall
	FIELD	GUEST_RIP, $l2_hypercall
.endm
.macro body_vmresume
	mov	$.Lback_\@, %r11d
	vmresume
	jmp	vmx_failed
.Lback_\@:
.endm
	MEASURE	vmresume, init_l2_hypercall

.macro body_vmlaunch
	vmclear	vmcs_pointer
	vmptrld	vmcs_pointer
	mov	$.Lback_\@, %r11d
	vmlaunch
	jmp	vmx_failed
.Lback_\@:
.endm
	MEASURE	vmlaunch, init_l2_hypercall

/* arg0 the field, arg1 what is written to it. */
.macro init_field
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
.endm
.macro body_vmread
	vmread	%r8, %rcx
.endm
.macro body_vmwrite
	vmwrite	%r9, %r8
.endm
	MEASURE	vmread, init_field
	MEASURE	vmwrite, init_field

.macro body_vmptrld
	vmptrld	vmcs_pointer
.endm
	MEASURE	vmptrld
/* Two regions by turns, so that neither is current. */
.macro body_vmptrld_other
	xchg	%rsi, %rdi
	vmptrld	(%rsi)
.endm
.macro init_two_vmcs
	mov	$vmcs_pointer, %esi
	mov	$other_vmcs_pointer, %edi
.endm
	MEASURE	vmptrld_other, init_two_vmcs
.macro body_vmptrst
	vmptrst	stored_pointer
.endm
	MEASURE	vmptrst
/* Of a VMCS that isn't current; of the current one it is in vmlaunch. */
.macro body_vmclear
	vmclear	other_vmcs_pointer
.endm
	MEASURE	vmclear
.macro body_vmxon
	vmxoff
	vmxon	vmxon_pointer
.endm
	MEASURE	vmxon

/* arg0 the type; the descriptor names L1's tables, or VPID 1. */
.macro init_invalidate
	LOAD_ARG 0, %r8
.endm
.macro body_invept
	invept	ept_descriptor, %r8
.endm
.macro body_invvpid
	invvpid	vpid_descriptor, %r8
.endm
	MEASURE	invept, init_invalidate
	MEASURE	invvpid, init_invalidate

/* ---- the VMCS ----------------------------------------------------------------------------------------- */

	IDENTITY_MAP_WITH_HOLE nested_tables, EPT_TABLE, EPT_LEAF
	BITMAP	catch_io, 4096, ABI_PORT_MEASURE
	BITMAP	catch_msr, 4096, NESTED_MSR
	BITMAP	pass_all, 4096

	.data
	.p2align 3
vmxon_pointer:		.quad	vmxon_region
vmcs_pointer:		.quad	vmcs
other_vmcs_pointer:	.quad	other_vmcs
stored_pointer:		.quad	0
ept_descriptor:		.quad	nested_tables + EPTP_WB_4_LEVELS, 0
vpid_descriptor:	.quad	1, 0

/* Those that are the same in every run; what is missing here is 0. */
fields:
	.quad	GUEST_ES_SELECTOR, ABI_DATA_SELECTOR, HOST_ES_SELECTOR, ABI_DATA_SELECTOR
	.quad	GUEST_CS_SELECTOR, ABI_CODE_SELECTOR, HOST_CS_SELECTOR, ABI_CODE_SELECTOR
	.quad	GUEST_SS_SELECTOR, ABI_DATA_SELECTOR, HOST_SS_SELECTOR, ABI_DATA_SELECTOR
	.quad	GUEST_DS_SELECTOR, ABI_DATA_SELECTOR, HOST_DS_SELECTOR, ABI_DATA_SELECTOR
	.quad	GUEST_FS_SELECTOR, ABI_DATA_SELECTOR, HOST_FS_SELECTOR, ABI_DATA_SELECTOR
	.quad	GUEST_GS_SELECTOR, ABI_DATA_SELECTOR, HOST_GS_SELECTOR, ABI_DATA_SELECTOR
	.quad	GUEST_TR_SELECTOR, ABI_TSS_SELECTOR, HOST_TR_SELECTOR, ABI_TSS_SELECTOR
	limit = GUEST_ES_LIMIT
	.rept	6
	.quad	limit, 0xffffffff
	limit = limit + 2
	.endr
	.quad	GUEST_TR_LIMIT, 0x67, GUEST_TR_BASE, ABI_TSS, HOST_TR_BASE, ABI_TSS
	.quad	GUEST_GDTR_LIMIT, ABI_TSS_SELECTOR + 15, GUEST_GDTR_BASE, ABI_GDT, HOST_GDTR_BASE, ABI_GDT
	.quad	GUEST_IDTR_LIMIT, 256 * 16 - 1, GUEST_IDTR_BASE, ABI_IDT, HOST_IDTR_BASE, ABI_IDT
	/* Access rights as in the descriptor, SDM vol. 3C 25.4.1: flat data, 64-bit code, no LDT, a busy TSS. */
	.quad	GUEST_ES_AR_BYTES, 0xc093, GUEST_CS_AR_BYTES, 0xa09b, GUEST_SS_AR_BYTES, 0xc093
	.quad	GUEST_DS_AR_BYTES, 0xc093, GUEST_FS_AR_BYTES, 0xc093, GUEST_GS_AR_BYTES, 0xc093
	.quad	GUEST_LDTR_AR_BYTES, 0x10000, GUEST_TR_AR_BYTES, 0x8b
	.quad	GUEST_RFLAGS, 2, GUEST_DR7, 0x400
	.quad	HOST_RIP, host_rip, HOST_RSP, l1_stack_top
	.quad	IO_BITMAP_B, pass_all, EPT_POINTER, nested_tables + EPTP_WB_4_LEVELS, VMCS_LINK_POINTER, -1
fields_end:

	.bss
	.p2align 12
vmxon_region:
	.zero	4096
vmcs:	.zero	4096
other_vmcs:
	.zero	4096
/* For a failed assertion's sake only: an exit pushes nothing. */
l1_stack:
	.zero	256
l1_stack_top:

	.section .note.GNU-stack, "", @progbits
