/* SPDX-License-Identifier: MIT */
/* What a debugger in user space sees (KVM_SET_GUEST_DEBUG). */
#include "guest.h"

	.text
/* INT3: user space steps over it. */
.macro body_int3
	int3
.endm
	MEASURE	int3

/* Outside any measurement: shared[0] becomes 1 if INT3 gets to the guest's own handler. */
	ENTRY	int3_once
	mov	%rdi, %r15
	SET_GATE 3, note_bp
	movq	$0, ABI_OFF_SHARED(%r15)
	int3
	jmp	guest_done
note_bp:
	movq	$1, ABI_OFF_SHARED(%r15)
	jmp	guest_done

/* The instruction at `site` has an execution breakpoint in the benchmarks that set one; user space steps over
 * it: one byte. */
	ENTRY	site
	nop
	ret
.macro body_call_site
	call	entry_site
.endm
	MEASURE	call_site

/* A store to shared[0], on which a data breakpoint may lie: a trap, after the store. */
.macro body_store
	mov	%r8, ABI_OFF_SHARED(%r15)
.endm
	MEASURE	store

/* Outside any measurement: both kinds of hardware breakpoint. */
	ENTRY	call_site_once
	mov	%rdi, %r15
	body_call_site
	jmp	guest_done
	ENTRY	store_once
	mov	%rdi, %r15
	body_store
	jmp	guest_done

.macro body_cpuid
	xor	%eax, %eax
	xor	%ecx, %ecx
	cpuid
.endm
	MEASURE	cpuid

/* For single steps by user space: the loop's own jump is the instruction. */
.macro body_nothing
.endm
	MEASURE	nothing

	.section .note.GNU-stack, "", @progbits
