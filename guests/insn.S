/* SPDX-License-Identifier: MIT */
/* Single instructions that exit, or that look as if they might. */
#include "guest.h"
#include "skip.h"

#define CR4_OSXSAVE (1 << 18)
#define SCRATCH	    ABI_OFF_SHARED(%r15)

/* An entry whose body is one instruction. */
.macro PLAIN name, instruction:vararg
	.macro body_\name
	\instruction
	.endm
	MEASURE	\name
.endm

	.text
/* CPUID: arg0 leaf, arg1 subleaf.  Both are reloaded each time as the instruction overwrites them. */
.macro init_cpuid
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
.endm
.macro body_cpuid
	mov	%r8d, %eax
	mov	%r9d, %ecx
	cpuid
.endm
	MEASURE	cpuid, init_cpuid

	PLAIN	invd, invd
	PLAIN	wbinvd, wbinvd
	PLAIN	rdtsc, rdtsc
	PLAIN	rdtscp, rdtscp
	PLAIN	rdrand, rdrand %eax
	PLAIN	rdseed, rdseed %eax
	PLAIN	pause, pause

/* A locked access that crosses the end of the cache line of the shared words. */
	PLAIN	split_lock, lock incl (ABI_OFF_SHARED + 8 * ABI_SHARED - 2)(%r15)

/* XCR0 = arg0 ^ arg1 and arg0 in turn: the same value where arg1 is 0. XGETBV stays out: all that counts is what
 * the loop writes. */
.macro init_xsetbv
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
	mov	%cr4, %rax
	or	$CR4_OSXSAVE, %rax
	mov	%rax, %cr4
	xor	%edx, %edx
	xor	%ecx, %ecx
.endm
.macro body_xsetbv
	xor	%r9d, %r8d
	mov	%r8d, %eax
	xor	%edx, %edx
	xsetbv
.endm
	MEASURE	xsetbv, init_xsetbv

/* RDPMC of counter 0; without a virtual PMU it raises #GP, which the handler steps over. */
.macro init_rdpmc
	SET_GATE 13, skip_2_with_error
	xor	%ecx, %ecx
.endm
.macro body_rdpmc
	rdpmc
.endm
	MEASURE	rdpmc, init_rdpmc

/* RDRAND that the guest's CPUID denies: #UD where the hypervisor can enforce that. */
.macro init_rdrand_denied
	SET_GATE 6, skip_3
.endm
.macro body_rdrand_denied
	.byte	0x0f, 0xc7, 0xf0
.endm
	MEASURE	rdrand_denied, init_rdrand_denied

/* MONITOR of the shared page's cache line; MWAIT alone: with nothing armed it doesn't wait (SDM vol. 2B). */
.macro init_monitor
	lea	SCRATCH, %r8
	xor	%ecx, %ecx
.endm
.macro body_monitor
	mov	%r8, %rax
	xor	%edx, %edx
	monitor
.endm
.macro body_mwait
	xor	%eax, %eax
	mwait
.endm
	MEASURE	monitor, init_monitor
	MEASURE	mwait, init_monitor

/* One MWAIT, outside any measurement: how long it takes goes to shared[0]. */
	ENTRY	mwait_once
	mov	%rdi, %r15
	xor	%ecx, %ecx
	STAMP
	mov	%rdx, %rbp
	xor	%eax, %eax
	mwait
	STAMP
	sub	%rbp, %rdx
	mov	%rdx, SCRATCH
	jmp	guest_done

/* The descriptor tables: those stored first serve as operands of the loads. */
.macro init_gdt
	sgdt	SCRATCH
.endm
.macro init_idt
	sidt	SCRATCH
.endm
	PLAIN	sgdt, sgdt SCRATCH
	PLAIN	sidt, sidt SCRATCH
	PLAIN	sldt, sldt %eax
	PLAIN	str, str %eax
.macro body_lgdt
	lgdt	SCRATCH
.endm
.macro body_lidt
	lidt	SCRATCH
.endm
	MEASURE	lgdt, init_gdt
	MEASURE	lidt, init_idt

	PLAIN	invlpg, invlpg SCRATCH

/* INVPCID of everything, global translations too (type 2); its descriptor must be zero. */
.macro init_invpcid
	movq	$0, ABI_OFF_SHARED(%r15)
	movq	$0, (ABI_OFF_SHARED + 8)(%r15)
	mov	$2, %r8
.endm
.macro body_invpcid
	invpcid	SCRATCH, %r8
.endm
	MEASURE	invpcid, init_invpcid

	SKIP_HANDLER skip_3, 3
	SKIP_HANDLER skip_2_with_error, 2, 8

	.section .note.GNU-stack, "", @progbits
