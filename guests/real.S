/* SPDX-License-Identifier: MIT */
/*
 * Real mode with data segments of 4 GiB. The host copies what is between `begin` and `end` to where a real-mode IP
 * reaches it; jumps are relative.
 *
 * The measured loop is that of guest.h with 32-bit registers: %edi the shared page, %ebp samples left, %esi the ring,
 * %ebx the parameter. No LFENCE around the stamps: KVM's instruction emulator, which may have to run all of this,
 * doesn't know it.
 */
#include "guest.h"

.macro REAL name
	ENTRY	\name
	mov	ABI_OFF_ARG(%edi), %ebx
	cmpl	$ABI_MODE_GUEST, ABI_OFF_MODE(%edi)
	je	2f
1:	body_\name
	jmp	1b
2:	mov	ABI_OFF_SAMPLES(%edi), %ebp
	lea	ABI_RING_OFFSET(%edi), %esi
3:	rdtsc
	mov	%eax, (%esi)
	mov	%edx, 4(%esi)
	body_\name
	rdtsc
	mov	%eax, 8(%esi)
	mov	%edx, 12(%esi)
	add	$16, %esi
	dec	%ebp
	jnz	3b
	jmp	done
.endm

	.text
	.code16
	ENTRY	begin
done:	mov	ABI_OFF_SAMPLES(%edi), %eax
	mov	%eax, ABI_OFF_TAKEN(%edi)
	movl	$ABI_STATUS_DONE, ABI_OFF_STATUS(%edi)
	mov	$ABI_PORT_DONE, %dx
1:	out	%al, %dx
	jmp	1b

.macro body_null
.endm
.macro body_cpuid
	mov	%ebx, %eax
	xor	%ecx, %ecx
	cpuid
.endm
.macro body_out
	mov	%bx, %dx
	out	%al, %dx
.endm
	REAL	null
	REAL	cpuid
	REAL	out
	ENTRY	end

	.code64
	.section .note.GNU-stack, "", @progbits
