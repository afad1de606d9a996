/* SPDX-License-Identifier: MIT */
/* What the families share that measure faults in the second-level tables. */
#ifndef BENCH_EPT_H
#define BENCH_EPT_H

#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(memory);

#define KIB 1024ul
#define MIB (1024 * KIB)
#define RET 0xc3 /* at the start of a page, so that it can be called */

#define FAULT_MANUALS .sdm = "vol. 3C 29.3.3.2", .apm = "15.25.6"
#define FAULT_EXITS   .vmx = VMX(EPT_VIOLATION), .svm = SVM(NPF)

/* The arena's mappings go; its slot, the tables and the host's pages stay. */
static inline void zap_arena(struct machine *m)
{
	host_memory__unmap_from_guest(&m->arena);
}

#endif
