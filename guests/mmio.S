/* SPDX-License-Identifier: MIT */
/* Memory accesses to one address: arg0 the address, arg1 the value that is written. */
#include "guest.h"

	.text
.macro init_address
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
.endm

.macro body_read1
	mov	(%r8), %al
.endm
.macro body_read2
	mov	(%r8), %ax
.endm
.macro body_read4
	mov	(%r8), %eax
.endm
.macro body_read8
	mov	(%r8), %rax
.endm
.macro body_write1
	mov	%r9b, (%r8)
.endm
.macro body_write2
	mov	%r9w, (%r8)
.endm
.macro body_write4
	mov	%r9d, (%r8)
.endm
.macro body_write8
	mov	%r9, (%r8)
.endm
	MEASURE	read1, init_address
	MEASURE	read2, init_address
	MEASURE	read4, init_address
	MEASURE	read8, init_address
	MEASURE	write1, init_address
	MEASURE	write2, init_address
	MEASURE	write4, init_address
	MEASURE	write8, init_address

/* 16 bytes by SSE, which the instruction emulator knows. */
.macro body_read16
	movdqu	(%r8), %xmm0
.endm
.macro body_write16
	movdqu	%xmm0, (%r8)
.endm
	MEASURE	read16, init_address
	MEASURE	write16, init_address

/* 32 bytes by AVX, which newer ones know; the host enables it. */
.macro body_read32
	vmovdqu	(%r8), %ymm0
.endm
.macro body_write32
	vmovdqu	%ymm0, (%r8)
.endm
	MEASURE	read32, init_address
	MEASURE	write32, init_address

/* A copy from memory, arg1 times 4 bytes. */
.macro body_rep_movs
	mov	$source, %esi
	mov	%r8, %rdi
	mov	%r9d, %ecx
	rep movsl
.endm
	MEASURE	rep_movs, init_address

	.data
	.p2align 12
source:	.zero 4096

	.section .note.GNU-stack, "", @progbits
