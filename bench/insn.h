/* SPDX-License-Identifier: MIT */
/* What the descriptors of the family insn have in common; the rest follows as further designators. A file that
 * uses these says INSN_MANUALS. */
#ifndef BENCH_INSN_H
#define BENCH_INSN_H

#include "measure/bench.h"

#define INSN_IDENTITY(variant, image, guest_entry, what, why)                                                \
	.id = "insn/" variant, .summary = what, .doc = why, .guest = GUEST(image), .entry = guest_entry,     \
	INSN_MANUALS

/* An instruction that exits once and is handled in the kernel. */
#define INSN(variant, image, guest_entry, what, why)                                                         \
	INSN_IDENTITY(variant, image, guest_entry, what, why),                                               \
		.handled_in = HANDLED_KERNEL, .expect.exits = 1, .baseline = "floor/null-loop"

/* One that must not exit. */
#define INSN_CONTROL(variant, image, guest_entry, what, why)                                                 \
	INSN_IDENTITY(variant, image, guest_entry, what, why), .handled_in = HANDLED_NOWHERE, .ops = 64,     \
							       .baseline = "floor/null-loop-64"

/* One that the hardware takes over on most hosts: in batches, as it is short there. */
#define INSN_SOMETIMES(variant, image, guest_entry, what, why)                                               \
	INSN_IDENTITY(variant, image, guest_entry, what, why),                                               \
		.handled_in = HANDLED_KERNEL, .ops = 64, .expect.exits = 1, .expect.may_not_exit = true,     \
		.baseline = "floor/null-loop-64"

#define INSN_EXITS(vmx_exit, svm_exit) .expect.vmx = VMX(vmx_exit), .expect.svm = SVM(svm_exit)

/* An exception: one basic exit reason on VMX, an exit code for each vector on SVM. */
#define SVM_EXCEPTION(vector_name, vector)                                                                   \
	{                                                                                                    \
		"EXCP_BASE + " #vector_name, SVM_EXIT_EXCP_BASE + (vector)                                   \
	}

#define DB_VECTOR 1
#define UD_VECTOR 6
#define GP_VECTOR 13

#endif
