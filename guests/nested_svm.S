/* SPDX-License-Identifier: MIT */
/*
 * A hypervisor for AMD CPUs, as small as it can be (APM vol. 2, chapter 15): one VMCB, an L2 that shares its
 * address space and page tables, and an exit handler that answers what the flags in nested.h have L1 want.
 */
#include "guest.h"
#include "guests/nested.h"
#include "svm.h"

.macro L1_CALL
	vmmcall
.endm
#include "l2.h"

/* Entries of L1's nested tables. */
#define NPT_TABLE 0x27 /* P RW US A; the walk is a user's, 15.25.5 */
#define NPT_PAGE  0x67 /* and D */
#define NPT_LEAF  0xe7 /* and PS */

	.text
/* Run once, before any round: SVM on, the VMCB filled in, one trip to L2 and back to see that it works. */
	ENTRY	prepare
	mov	%rdi, %r15
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_SVME, %eax
	wrmsr
	mov	%eax, vmcb + VMCB_EFER
	mov	$MSR_VM_HSAVE_PA, %ecx
	mov	$host_save, %eax
	xor	%edx, %edx
	wrmsr
	mov	%cr0, %rax
	mov	%rax, vmcb + VMCB_CR0
	mov	%cr3, %rax
	mov	%rax, vmcb + VMCB_CR3
	mov	%cr4, %rax
	mov	%rax, vmcb + VMCB_CR4

	LOAD_ARG NESTED_ARG_FLAGS, %rbx
.macro WHEN flag, bit, field
	test	$\flag, %ebx
	jz	.Lnot_\@
	orl	$\bit, vmcb + \field
.Lnot_\@:
.endm
	WHEN	NESTED_PAGING, 1, VMCB_NP_ENABLE
	WHEN	NESTED_CATCH_CPUID, INTERCEPT_CPUID, VMCB_INTERCEPT_3
	WHEN	NESTED_CATCH_IO, INTERCEPT_IOIO, VMCB_INTERCEPT_3
	WHEN	NESTED_CATCH_MSR, INTERCEPT_MSR, VMCB_INTERCEPT_3

	mov	$vmcb, %eax
	vmrun
	mov	VMCB_EXITCODE(%rax), %rcx
	ASSERT_EQUAL SVM_EXIT_VMMCALL, %rcx
	jmp	guest_done

/* What L2 is for the trips that L1 measures: RIP stays on the VMMCALL, L1 doesn't step over it. */
l2_hypercall:
	vmmcall

/* Returns as L2. What stays behind is L1, which comes back behind its VMRUN at every #VMEXIT it asked for;
 * %rax then is what it was before VMRUN (15.6), the other registers are L2's. */
l2_launch:
	pop	%rcx
	mov	$vmcb, %eax
	mov	%rcx, VMCB_RIP(%rax)
	mov	%rsp, VMCB_RSP(%rax)
enter_l2:
	vmrun
l2_exit:
	mov	VMCB_EXITCODE(%rax), %rcx
	cmp	$SVM_EXIT_VMMCALL, %rcx
	je	hypercall
	cmp	$SVM_EXIT_CPUID, %rcx
	je	cpuid
	cmp	$SVM_EXIT_MSR, %rcx
	je	rdmsr
	cmp	$SVM_EXIT_IOIO, %rcx
	je	io
	ASSERT_EQUAL SVM_EXIT_NPF, %rcx
	testb	$NESTED_SWAP, %gs:ABI_OFF_ARG + 8 * NESTED_ARG_FLAGS
	jnz	map
	addq	$L2_READ_BYTES, VMCB_RIP(%rax)
	jmp	enter_l2
map:	movq	$(swapped_page + NPT_PAGE), nested_tables_swapped
	jmp	enter_l2
hypercall:
	addq	$3, VMCB_RIP(%rax)
	testb	$NESTED_SWAP, %gs:ABI_OFF_ARG + 8 * NESTED_ARG_FLAGS
	jz	enter_l2
	movq	$0, nested_tables_swapped
	movb	$TLB_CONTROL_FLUSH_GUEST, VMCB_TLB_CONTROL(%rax)
	vmrun
	movb	$TLB_CONTROL_NOTHING, VMCB_TLB_CONTROL(%rax)
	jmp	l2_exit
cpuid:	movq	$0, VMCB_RAX(%rax)
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	xor	%edx, %edx
	addq	$2, VMCB_RIP(%rax)
	jmp	enter_l2
rdmsr:	movq	$0, VMCB_RAX(%rax)
	xor	%edx, %edx
	addq	$2, VMCB_RIP(%rax)
	jmp	enter_l2
io:	mov	VMCB_EXITINFO2(%rax), %rcx /* the address behind the instruction, 15.10.2 */
	mov	%rcx, VMCB_RIP(%rax)
	testb	$NESTED_RELAY_IO, %gs:ABI_OFF_ARG + 8 * NESTED_ARG_FLAGS
	jz	enter_l2
	mov	VMCB_RAX(%rax), %rax
	out	%al, (%dx)
	mov	$vmcb, %eax
	jmp	enter_l2

/* ---- what L1 measures --------------------------------------------------------------------------------- */

.macro init_vmcb
	mov	$vmcb, %eax
	movq	$l2_hypercall, VMCB_RIP(%rax)
.endm
.macro body_vmrun
	mov	$vmcb, %eax
	vmrun
.endm
	MEASURE	vmrun, init_vmcb

/* What KVM does around its VMRUN (__svm_vcpu_run): no interrupt in between, the state that VMRUN leaves alone
 * (FS, GS, TR, LDTR, the system-call MSRs; 15.5.2) changed by hand. */
.macro body_vmrun_full
	clgi
	mov	$vmcb, %eax
	vmload
	vmrun
	vmsave
	mov	$host_state, %eax
	vmload
	stgi
.endm
.macro init_vmrun_full
	mov	$host_state, %eax
	vmsave
	mov	$vmcb, %eax
	vmsave
	init_vmcb
.endm
	MEASURE	vmrun_full, init_vmrun_full

.macro init_host_state
	mov	$host_state, %eax
	vmsave
.endm
.macro body_vmload
	mov	$host_state, %eax
	vmload
.endm
	MEASURE	vmload, init_host_state
.macro body_vmsave
	mov	$host_state, %eax
	vmsave
.endm
	MEASURE	vmsave

.macro body_stgi
	stgi
.endm
	MEASURE	stgi
/* GIF stays clear: what is measured is the instruction, whatever GIF was. */
.macro body_clgi
	clgi
.endm
	MEASURE	clgi

/* A page and an ASID that L2 doesn't use. */
.macro init_invlpga
	mov	$NESTED_HOLE, %r8d
.endm
.macro body_invlpga
	mov	%r8, %rax
	mov	$2, %ecx
	invlpga	%rax, %ecx
.endm
	MEASURE	invlpga, init_invlpga

/* ---- the VMCB ----------------------------------------------------------------------------------------- */

	IDENTITY_MAP_WITH_HOLE nested_tables, NPT_TABLE, NPT_LEAF
	BITMAP	io_permissions, IOPM_BYTES, ABI_PORT_MEASURE
	BITMAP	msr_permissions, MSRPM_BYTES, (NESTED_MSR*2) /* two bits an MSR: read, write */

.macro AT offset
	.org	vmcb + \offset
.endm
.macro SEGMENT offset, selector, attributes
	AT	\offset
	.short	\selector, \attributes
	.long	0xffffffff
	.quad	0
.endm
	.data
	.p2align 12
vmcb:
	AT	VMCB_INTERCEPT_3
	.long	INTERCEPT_SHUTDOWN
	AT	VMCB_INTERCEPT_4
	.long	INTERCEPT_VMRUN | INTERCEPT_VMMCALL
	AT	VMCB_IOPM_BASE_PA
	.quad	io_permissions
	AT	VMCB_MSRPM_BASE_PA
	.quad	msr_permissions
	AT	VMCB_GUEST_ASID
	.long	1
	AT	VMCB_N_CR3
	.quad	nested_tables
	SEGMENT	VMCB_ES, ABI_DATA_SELECTOR, 0xc93
	SEGMENT	VMCB_CS, ABI_CODE_SELECTOR, 0xa9b
	SEGMENT	VMCB_SS, ABI_DATA_SELECTOR, 0xc93
	SEGMENT	VMCB_DS, ABI_DATA_SELECTOR, 0xc93
	AT	VMCB_GDTR
	.short	0, 0
	.long	ABI_TSS_SELECTOR + 15
	.quad	ABI_GDT
	AT	VMCB_IDTR
	.short	0, 0
	.long	256 * 16 - 1
	.quad	ABI_IDT
	AT	VMCB_DR7
	.quad	0x400 /* as at reset: bit 10 is always set */
	AT	VMCB_DR6
	.quad	0xffff0ff0
	AT	VMCB_RFLAGS
	.quad	2
	AT	VMCB_RIP
	.quad	l2_hypercall
	AT	VMCB_G_PAT
	.quad	0x0007040600070406 /* as at reset, 7.8.2 */
	AT	VMCB_SIZE

	.bss
	.p2align 12
host_save:
	.zero	4096
host_state:
	.zero	4096

	.section .note.GNU-stack, "", @progbits
