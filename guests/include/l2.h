/* SPDX-License-Identifier: MIT */
/*
 * What runs as L2, whichever hypervisor L1 is.  `L2 name` is an entry that starts in L1 like any other, has
 * L1 launch an L2 that goes on behind the call, and then measures body_l2_<name> there: stamps, loop and
 * body are L2's, and its figures compare with the same body's in another guest, which runs it as L1.
 *
 * L1 provides l2_launch, a function that returns as L2 with all registers but %rax, %rcx and %r11 kept;
 * %r11 is L1's from then on.  %r8 and %r9 have the first two arguments.
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

	L2	null
	L2	cpuid
	L2	rdmsr
	L2	out
	L2	read
	L2	walk

/*
 * Four levels that map 4 GiB one to one by 2 MiB pages but for the GiB at NESTED_HOLE.  `table` and `leaf`
 * are the bits of an entry that points to a table and of one that maps a page.
 */
.macro IDENTITY_MAP_WITH_HOLE name, table, leaf
	.pushsection .data
	.p2align 12
\name:	.quad	1f + \table
	.p2align 12
1:	.quad	2f + \table, 2f + 0x1000 + \table, 0, 2f + 0x3000 + \table
	.p2align 12
2:	page = 0
	.rept 2048
	.quad	page * 0x200000 + \leaf
	page = page + 1
	.endr
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
