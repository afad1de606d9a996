/* SPDX-License-Identifier: MIT */
/* Exceptions that the guest raises and handles itself. */
#include "guest.h"
#include "skip.h"

#define DE_VECTOR 0
#define DB_VECTOR 1
#define BP_VECTOR 3
#define UD_VECTOR 6
#define GP_VECTOR 13
#define RFLAGS_TF 0x100
#define FREE_VECTOR 0x41
#define SCRATCH ABI_OFF_SHARED(%r15)

/* An entry whose body is an instruction that ends in `handler`. */
.macro TRAP name, vector, handler, instruction:vararg
	.macro init_\name
	SET_GATE \vector, \handler
	xor	%ecx, %ecx
	mov	$1, %r8
	ror	%r8 /* the top bit alone: no canonical address */
	.endm
	.macro body_\name
	\instruction
	.endm
	MEASURE	\name, init_\name
.endm

	.text
	TRAP	ud2, UD_VECTOR, skip_2, ud2
	TRAP	de, DE_VECTOR, skip_2, div %cl
	TRAP	gp, GP_VECTOR, skip_3_with_error, mov (%r8), %al
	TRAP	bp, BP_VECTOR, return, int3
	TRAP	int_n, FREE_VECTOR, return, int $FREE_VECTOR
	TRAP	icebp, DB_VECTOR, return, .byte 0xf1

/* Does this CPU know ICEBP? shared[0] becomes 1 if it raises #UD. */
	ENTRY	icebp_once
	mov	%rdi, %r15
	SET_GATE DB_VECTOR, return
	SET_GATE UD_VECTOR, note_ud
	movq	$0, ABI_OFF_SHARED(%r15)
	.byte	0xf1
	jmp	guest_done
note_ud:
	movq	$1, ABI_OFF_SHARED(%r15)
	jmp	guest_done

/* Instructions of VMX and SVM; in a guest that hasn't enabled them, or on the other vendor's CPU, #UD. */
	TRAP	vmread, UD_VECTOR, skip_3, vmread %rax, %rbx
	TRAP	vmlaunch, UD_VECTOR, skip_3, vmlaunch
/* RAX must be the address of a page, or VMRUN raises #GP before it could exit (APM vol. 3). */
.macro vmrun_page_0
	xor	%eax, %eax
	vmrun
.endm
	TRAP	vmrun, UD_VECTOR, skip_3, vmrun_page_0
	TRAP	clgi, UD_VECTOR, skip_3, clgi

/* KVM's prefix for "emulate the next instruction" (parameter force_emulation_prefix). */
.macro EMULATED instruction:vararg
	.byte	0x0f, 0x0b, 0x6b, 0x76, 0x6d
	\instruction
.endm
	TRAP	fep_nop, UD_VECTOR, skip_2, EMULATED nop
	TRAP	fep_mov, UD_VECTOR, skip_2, EMULATED mov SCRATCH, %eax
	TRAP	fep_alu, UD_VECTOR, skip_2, EMULATED add %eax, %ebx
	TRAP	fep_rmw, UD_VECTOR, skip_2, EMULATED incl SCRATCH
	TRAP	fep_lock, UD_VECTOR, skip_2, EMULATED lock incl SCRATCH
	TRAP	fep_sse, UD_VECTOR, skip_2, EMULATED movdqu SCRATCH, %xmm0
.macro fep_div_by_8
	mov	$1000, %eax
	xor	%edx, %edx
	mov	$8, %ebx
	EMULATED div %ebx
.endm
	TRAP	fep_div, UD_VECTOR, skip_2, fep_div_by_8

/* One instruction stepped: the trap comes after the NOP that follows POPF; the handler ends the stepping. */
.macro init_step
	SET_GATE DB_VECTOR, end_stepping
.endm
.macro body_step
	pushfq
	orq	$RFLAGS_TF, (%rsp)
	popfq
	nop
.endm
	MEASURE	step, init_step

	SKIP_HANDLER return, 0
	SKIP_HANDLER skip_2, 2
	SKIP_HANDLER skip_3, 3
	SKIP_HANDLER skip_3_with_error, 3, 8

	.p2align 4
end_stepping:
	andq	$~RFLAGS_TF, 16(%rsp)
	iretq

	.section .note.GNU-stack, "", @progbits
