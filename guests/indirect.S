/* SPDX-License-Identifier: MIT */
/*
 * What an exit leaves behind: one sample is a walk along all lines of a working set, each load giving the
 * address of the next, with an exit in front of it, outside the stamps. arg0 the first line, arg1 the number
 * of lines, arg2 the port. The host has linked the lines.
 */
#include "guest.h"

	.text
.macro chase
	mov	%rsi, %rcx
.Lchase_\@:
	mov	(%rbx), %rbx
	dec	%rcx
	jnz	.Lchase_\@
.endm

.macro exit_none
.endm
.macro exit_cpuid
	/* CPUID overwrites what the walk needs. */
	mov	%rbx, %rdi
	xor	%eax, %eax
	xor	%ecx, %ecx
	cpuid
	mov	%rdi, %rbx
.endm
.macro exit_user
	LOAD_ARG 2, %rdx
	out	%al, (%dx)
.endm

/* Samples of `timed`, each after an untimed `first`; only the guest's loop is there, one operation a sample. */
.macro SAMPLES_AFTER name, first, timed
	ENTRY	\name
	mov	%rdi, %r15
	LOAD_ARG 0, %rbx
	LOAD_ARG 1, %rsi
	mov	ABI_OFF_SAMPLES(%r15), %r12
	lea	ABI_RING_OFFSET(%r15), %r13
	.p2align 4
.Lsample_\@:
	\first
	STAMP
	mov	%rdx, %rbp
	\timed
	STAMP_AND_STORE .Lsample_\@
.endm
	SAMPLES_AFTER chase_after_nothing, exit_none, chase
	SAMPLES_AFTER chase_after_cpuid, exit_cpuid, chase
	SAMPLES_AFTER chase_after_user, exit_user, chase

/* The other way round: the walk takes the caches from the host, and the exit that follows is timed. */
	SAMPLES_AFTER cpuid_after_chase, chase, exit_cpuid

	.section .note.GNU-stack, "", @progbits
