/* SPDX-License-Identifier: MIT */
/* A guest that never exits by itself and shows that it runs: it counts in the first shared word. */
#include "guest.h"

	.text
.macro body_count
	incq	ABI_OFF_SHARED(%r15)
.endm
	MEASURE	count

	.section .note.GNU-stack, "", @progbits
