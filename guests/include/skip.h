/* SPDX-License-Identifier: MIT */
/* Exception handlers that step over the instruction that raised, and gates' handlers that just return. */
#ifndef GUESTS_INCLUDE_SKIP_H
#define GUESTS_INCLUDE_SKIP_H

/* A handler `name` that goes on `bytes` after the instruction; `error` 8 where the CPU pushes an error code
 * (SDM vol. 3A table 6-1). With 0 bytes it returns to where a trap points: behind the instruction. */
.macro SKIP_HANDLER name, bytes, error=0
	.p2align 4
\name:
	.if \error
	add	$\error, %rsp
	.endif
	.if \bytes
	addq	$\bytes, (%rsp)
	.endif
	iretq
.endm

#endif
