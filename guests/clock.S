/* SPDX-License-Identifier: MIT */
/* KVM's clock: the page by which a guest turns its TSC into nanoseconds. */
#include "guest.h"

#define MSR_KVM_SYSTEM_TIME_NEW 0x4b564d01

/* struct pvclock_vcpu_time_info, in the part of the shared page that the ABI leaves free. */
#define CLOCK          0x800(%r15)
#define VERSION        (0x800 + 0)(%r15)
#define TSC_TIMESTAMP  (0x800 + 8)(%r15)
#define SYSTEM_TIME    (0x800 + 16)(%r15)
#define SYSTEM_MUL     (0x800 + 24)(%r15)
#define TSC_SHIFT      (0x800 + 28)(%r15)

	.text
.macro init_read
	lea	CLOCK, %rax
	or	$1, %eax
	xor	%edx, %edx
	mov	$MSR_KVM_SYSTEM_TIME_NEW, %ecx
	wrmsr
.endm
.macro body_read
.Lagain_\@:
	mov	VERSION, %esi
	lfence
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	sub	TSC_TIMESTAMP, %rax
	movb	TSC_SHIFT, %cl
	test	%cl, %cl
	js	.Lright_\@
	shl	%cl, %rax
	jmp	.Lscale_\@
.Lright_\@:
	neg	%cl
	shr	%cl, %rax
.Lscale_\@:
	mov	SYSTEM_MUL, %ecx
	mul	%rcx
	shrd	$32, %rdx, %rax
	add	SYSTEM_TIME, %rax
	test	$1, %sil
	jnz	.Lagain_\@
	cmp	VERSION, %esi
	jne	.Lagain_\@
.endm
	MEASURE	read, init_read

	.section .note.GNU-stack, "", @progbits
