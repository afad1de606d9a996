/* SPDX-License-Identifier: MIT */
/* A guest that misbehaves on purpose: for the tests of the guest-host protocol. */
#include "guest.h"

	.text
	ENTRY	fail_assertion
	mov	%rdi, %r15
	mov	$7, %rax
	ASSERT_EQUAL 8, %rax
	jmp	guest_done

	ENTRY	undefined_opcode
	ud2

	ENTRY	page_fault
	mov	$0x500000000, %rax /* beyond the identity map */
	mov	%rax, (%rax)

	ENTRY	hang
1:	pause
	jmp	1b

/* Says that it is done without having taken a sample. */
	ENTRY	wrong_port
	mov	$0x5e4, %edx
	out	%al, (%dx)
	jmp	guest_done

	.section .note.GNU-stack, "", @progbits
