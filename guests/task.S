/* SPDX-License-Identifier: MIT */
/*
 * Task switches by hardware: 32-bit protected mode without paging, as long mode has none (SDM vol. 3A 8.7).
 * The host lays out descriptors and TSSes.
 *
 * The measured loop is that of guest.h with 32-bit registers, for one operation a sample: %edi the shared
 * page, %ecx samples left, %esi the ring.  A TSS keeps them while the other task runs.
 */
#include "guest.h"
#include "guests/task.h"

.macro STAMP32
	lfence
	rdtsc
	lfence
.endm

	.text
	.code32
/* There and back: two switches an operation. */
	ENTRY	task_switch
	mov	ABI_OFF_SAMPLES(%edi), %ecx
	lea	ABI_RING_OFFSET(%edi), %esi
	.p2align 4
1:	STAMP32
	mov	%eax, (%esi)
	mov	%edx, 4(%esi)
	ljmp	$TASK_OTHER_SELECTOR, $0
	STAMP32
	mov	%eax, 8(%esi)
	mov	%edx, 12(%esi)
	add	$16, %esi
	dec	%ecx
	jnz	1b
	mov	ABI_OFF_SAMPLES(%edi), %eax
	mov	%eax, ABI_OFF_TAKEN(%edi)
	movl	$ABI_STATUS_DONE, ABI_OFF_STATUS(%edi)
	mov	$ABI_PORT_DONE, %edx
2:	out	%al, (%dx)
	jmp	2b

/* The other task goes back at once, whenever it is switched to. */
	ENTRY	other_task
3:	ljmp	$TASK_MAIN_SELECTOR, $0
	jmp	3b

	.code64
	.section .note.GNU-stack, "", @progbits
