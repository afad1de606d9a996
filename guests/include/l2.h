/* SPDX-License-Identifier: MIT */
/*
 * What runs as L2, whichever hypervisor L1 is.  `L2 name` is an entry that starts in L1 like any other, has
 * L1 launch an L2 that goes on behind the call, and then measures body_l2_<name> there: stamps, loop and
 * body are L2's, and its figures compare with the same body's in another guest, which runs it as L1.
 *
 * L1 provides l2_launch, a function that returns as L2 with all registers but %rax, %rcx and %r11 kept;
 * %r11 is L1's from then on.  %r8 and %r9 have the first two arguments.  L1_CALL is L2's call of L1.
 */
#ifndef GUESTS_INCLUDE_L2_H
#define GUESTS_INCLUDE_L2_H

.macro init_l2
	call	l2_launch
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
.endm

.macro L2 name
	MEASURE	l2_\name, init_l2
.endm

.macro body_l2_null
.endm

.macro body_l2_cpuid
	mov	%r8d, %eax
	mov	%r9d, %ecx
	cpuid
.endm

.macro body_l2_rdmsr
	mov	%r8d, %ecx
	rdmsr
.endm

.macro body_l2_out
	mov	%r8d, %edx
	out	%al, (%dx)
.endm

/* Three bytes: L1 skips them where the access is to its hole. */
#define L2_READ_BYTES 3
.macro body_l2_read
	mov	(%r8), %eax
.endm

.macro body_l2_walk
	mov	(%r8), %al
	add	%r9, %r8
.endm

/* A page that L1 maps when L2 faults on it, and takes away when L2 asks for that. */
.macro body_l2_swap
	mov	(%r8), %eax
	L1_CALL
.endm

.macro body_l2_hypercall
	L1_CALL
.endm

	L2	null
	L2	cpuid
	L2	rdmsr
	L2	out
	L2	read
	L2	walk
	L2	swap
	L2	hypercall

/*
 * Not an operation but what happens to the guest from outside: stamps as fast as they come, and a sample is a
 * gap of more than arg0 ticks between two of them. IF is set as in a guest that runs: nothing is injected, and
 * the host's interrupts exit without it, too (SDM vol. 3C 26.2), but for Bochs.
 */
.macro GAPS name, init
	ENTRY	\name
	mov	%rdi, %r15
	\init
	LOAD_ARG 0, %r8
	mov	ABI_OFF_SAMPLES(%r15), %r12
	lea	ABI_RING_OFFSET(%r15), %r13
	sti
	STAMP
	mov	%rdx, %rbp
	.p2align 4
1:	STAMP
	mov	%rdx, %rcx
	sub	%rbp, %rcx
	mov	%rbp, %rbx
	mov	%rdx, %rbp
	cmp	%r8, %rcx
	jbe	1b
	mov	%rbx, (%r13)
	mov	%rdx, 8(%r13)
	add	$16, %r13
	STAMP
	mov	%rdx, %rbp
	dec	%r12
	jnz	1b
	jmp	guest_done
.endm
	GAPS	l1_gaps, no_init
	GAPS	l2_gaps, init_l2

/*
 * Four levels that map 4 GiB one to one by 2 MiB pages but for the GiB at NESTED_HOLE: of that there are only
 * tables down to the entry of its first page, \name\()_swapped, which is absent, too.  `table` and `leaf` are the
 * bits of an entry that points to a table and of one that maps a page of 2 MiB. swapped_page is to be mapped there.
 */
.macro IDENTITY_MAP_WITH_HOLE name, table, leaf
	.pushsection .data
	.p2align 12
\name:	.quad	1f + \table
	.p2align 12
1:	.quad	2f + \table, 2f + 0x1000 + \table, 3f + \table, 2f + 0x3000 + \table
	.p2align 12
2:	page = 0
	.rept 2048
	.quad	page * 0x200000 + \leaf
	page = page + 1
	.endr
3:	.quad	\name\()_swapped + \table
	.p2align 12
\name\()_swapped:
	.zero	4096
swapped_page:
	.zero	4096
	.popsection
.endm

/* A page or more of zeros, or with one bit set. */
.macro BITMAP name, bytes, bit=-1
	.pushsection .data
	.p2align 12
\name:
	.if \bit >= 0
	.zero	\bit / 8
	.byte	1 << (\bit % 8)
	.zero	\bytes - \bit / 8 - 1
	.else
	.zero	\bytes
	.endif
	.popsection
.endm

#endif
