/* SPDX-License-Identifier: MIT */
/* Writes by which a guest tells a device something: arg0 where (a port or an address), arg1 what. */
#include "paced.h"

	.text
.macro init_device
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
.endm

.macro body_port
	mov	%r8d, %edx
	mov	%r9d, %eax
	out	%eax, (%dx)
.endm
.macro body_memory
	mov	%r9d, (%r8)
.endm
	MEASURE	port, init_device
	MEASURE	memory, init_device

/* So many that the last doesn't fit into the ring of coalesced writes: arg2. */
.macro init_until_full
	init_device
	LOAD_ARG 2, %r10
.endm
.macro body_port_until_full
	mov	%r10d, %ecx
.Lwrite_\@:
	body_port
	dec	%ecx
	jnz	.Lwrite_\@
.endm
.macro body_memory_until_full
	mov	%r10d, %ecx
.Lwrite_\@:
	body_memory
	dec	%ecx
	jnz	.Lwrite_\@
.endm
	MEASURE	port_until_full, init_until_full
	MEASURE	memory_until_full, init_until_full

/* A notification at a time, when the host's thread waits for it (paced.h); a sample is the write. */
.macro NOTIFY name
	ENTRY	notify_\name
	mov	%rdi, %r15
	init_device
	PACED_BEGIN
.Lnotify_\name:
	inc	%r12
	AWAIT	PACED_READY, %r15
	DELAY
	STAMP
	mov	%rdx, %rbp
	body_\name
	STAMP
	STORE_SAMPLE %rbp, %rdx
	PACED_NEXT .Lnotify_\name
.endm
	NOTIFY	port
	NOTIFY	memory

	.section .note.GNU-stack, "", @progbits
