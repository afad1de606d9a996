/* SPDX-License-Identifier: MIT */
/*
 * Code in ring 3, where the host starts it; handlers run in ring 0 on the stack that the TSS names. All ports are
 * denied to ring 3: the round's last OUT raises #GP and is repeated in ring 0.
 */
#include "guest.h"
#include "guests/ring3.h"
#include "skip.h"

#define AC_VECTOR    17
#define RFLAGS_AC    (1 << 18)
#define GP_VECTOR    13

#define VMWARE_PORT  0x5658
#define VMWARE_MAGIC 0x564d5868

	.text
	.p2align 4
done_in_ring_0:
	jmp	guest_done
.macro init_ring3
	SET_GATE GP_VECTOR, done_in_ring_0
.endm

/* #AC: alignment checks are on (CR0.AM by the host), and this load isn't aligned. */
.macro init_ac
	init_ring3
	SET_GATE AC_VECTOR, skip_4_with_error
	pushfq
	orl	$RFLAGS_AC, (%rsp)
	popfq
	lea	ABI_OFF_SHARED(%r15), %r8
.endm
.macro body_ac
	mov	1(%r8), %rax
.endm
	MEASURE	ac, init_ac
	SKIP_HANDLER skip_4_with_error, 4, 8

/* Does this CPU check? shared[0] becomes 1 if it does. */
	ENTRY	ac_once
	mov	%rdi, %r15
	init_ac
	SET_GATE AC_VECTOR, note_ac
	movq	$0, ABI_OFF_SHARED(%r15)
	body_ac
	jmp	guest_done
	.p2align 4
note_ac:
	movq	$1, ABI_OFF_SHARED(%r15)
	jmp	guest_done

/* #GP, unless a hypervisor knows better. */
.macro init_backdoor
	init_ring3
	mov	$VMWARE_MAGIC, %r8d
.endm
.macro body_backdoor
	mov	%r8d, %eax
	mov	$VMWARE_PORT, %edx
	in	(%dx), %eax
.endm
	MEASURE	backdoor, init_backdoor

	.section .note.GNU-stack, "", @progbits
