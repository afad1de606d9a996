/* SPDX-License-Identifier: MIT */
/* Linked in front of every guest: the header that the host reads, the exception stubs, the ways to end. */
#include "guest.h"

	.section .header, "a"
	.globl guest_header
guest_header:
	.ascii	"VMXBENCH"
	.quad	entries_start
	.quad	entries_end
	.quad	vectors

	.text
/* The round is over: say so, leave for user space.  The host sets all registers before the next round. */
	.globl guest_done
guest_done:
	mov	%gs:ABI_OFF_SAMPLES, %rax
	mov	%rax, %gs:ABI_OFF_TAKEN
	movq	$ABI_STATUS_DONE, %gs:ABI_OFF_STATUS
leave:
	mov	$ABI_PORT_DONE, %edx
	out	%al, (%dx)
	jmp	leave

	.globl guest_assert
guest_assert:
	movq	$ABI_STATUS_ASSERT, %gs:ABI_OFF_STATUS
	jmp	leave

	.globl guest_assert_failed
guest_assert_failed:
	mov	%rsi, %gs:ABI_OFF_LINE
	mov	%rdx, %gs:ABI_OFF_VALUE
	mov	%rcx, %gs:ABI_OFF_WANTED
	jmp	guest_assert

/* The stub of vector v is vectors + 16 * v.  Those for which the CPU pushes no error code push 0
 * (SDM vol. 3A table 6-1). */
	.p2align 4
vectors:
	vector = 0
	.rept 256
	.p2align 4
	.if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
	push	$0
	.endif
	push	$vector
	jmp	unexpected
	vector = vector + 1
	.endr

unexpected:
	pop	%rax
	mov	%rax, %gs:ABI_OFF_VECTOR
	pop	%rax
	mov	%rax, %gs:ABI_OFF_ERROR
	mov	(%rsp), %rax
	mov	%rax, %gs:ABI_OFF_RIP
	mov	%cr2, %rax
	mov	%rax, %gs:ABI_OFF_CR2
	movq	$ABI_STATUS_EXCEPTION, %gs:ABI_OFF_STATUS
	jmp	leave

	.section .note.GNU-stack, "", @progbits
