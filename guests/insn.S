/* SPDX-License-Identifier: MIT */
/* Single instructions that exit, or that look as if they might. */
#include "guest.h"

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

	.section .note.GNU-stack, "", @progbits
