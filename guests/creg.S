/* SPDX-License-Identifier: MIT */
/* Moves to and from control and debug registers. */
#include "guest.h"

#define CR0_TS	    (1 << 3)
#define CR0_WP	    (1 << 16)
#define CR0_CD	    (1 << 30)
#define CR4_PSE	    (1 << 4) /* means nothing in 64-bit mode */
#define CR4_MCE	    (1 << 6)
#define CR4_PGE	    (1 << 7)
#define CR4_OSXSAVE (1 << 18)

/* Entries <register>_read and <register>_write; the latter writes the value that is there. */
.macro READ_WRITE register
	.macro init_\register
	mov	%\register, %r8
	.endm
	.macro body_\register\()_read
	mov	%\register, %rax
	.endm
	.macro body_\register\()_write
	mov	%r8, %\register
	.endm
	MEASURE	\register\()_read
	MEASURE	\register\()_write, init_\register
.endm

/* An entry that flips a bit of a control register with every operation. */
.macro TOGGLE name, register, bit
	.macro init_\name
	mov	%\register, %r8
	.endm
	.macro body_\name
	xor	$\bit, %r8
	mov	%r8, %\register
	.endm
	MEASURE	\name, init_\name
.endm

	.text
	READ_WRITE cr0
	READ_WRITE cr3
	READ_WRITE cr4
	READ_WRITE cr8
	READ_WRITE dr0
	READ_WRITE dr7

	TOGGLE	cr0_wp, cr0, CR0_WP
	TOGGLE	cr0_ts, cr0, CR0_TS
	TOGGLE	cr0_cd, cr0, CR0_CD
	TOGGLE	cr4_pge, cr4, CR4_PGE
	TOGGLE	cr4_mce, cr4, CR4_MCE
	TOGGLE	cr4_pse, cr4, CR4_PSE
	TOGGLE	cr4_osxsave, cr4, CR4_OSXSAVE

/* CR8 raised and lowered again. */
.macro init_cr8_lower
	mov	$1, %r8d
	xor	%r9d, %r9d
.endm
.macro body_cr8_lower
	mov	%r8, %cr8
	mov	%r9, %cr8
.endm
	MEASURE	cr8_lower, init_cr8_lower

/* TS set and cleared, by the instructions made for it. */
.macro body_clts
	clts
.endm
	MEASURE	clts

.macro init_lmsw
	smsw	%r8d
.endm
.macro body_lmsw
	lmsw	%r8w
.endm
	MEASURE	lmsw, init_lmsw

/* A debug register just after an exit; leaf 0 as in cpuid/leaf0. */
.macro init_dr_after_exit
	mov	%dr7, %r8
.endm
.macro body_dr_after_exit
	xor	%eax, %eax
	xor	%ecx, %ecx
	cpuid
	mov	%r8, %dr7
.endm
	MEASURE	dr_after_exit, init_dr_after_exit

	.section .note.GNU-stack, "", @progbits
