/* SPDX-License-Identifier: MIT */
/* What the families share that measure faults in the second-level tables. */
#ifndef BENCH_EPT_H
#define BENCH_EPT_H

#include "bench/paging.h"
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(memory);

#define KIB 1024ul
#define MIB (1024 * KIB)
#define RET 0xc3 /* at the start of a page, so that it can be called */

#define FAULT_MANUALS .sdm = "vol. 3C 29.3.3.2", .apm = "15.25.6"
#define FAULT_EXITS   .vmx = VMX(EPT_VIOLATION), .svm = SVM(NPF)

/* For `supported`, of walks from page to page of 4 KiB whose host pages are there. */
static inline const char *faults_page_by_page(const struct kvm_host *host)
{
	(void)host;
	if (parameter_is_off("kvm.tdp_mmu"))
		return "each page is to fault, and with kvm.tdp_mmu=N a fault maps up to eight neighbours";
	return NULL;
}

/* The arena's mappings go; its slot, the tables and the host's pages stay. */
static inline void zap_arena(struct machine *m)
{
	host_memory__unmap_from_guest(&m->arena);
}

#endif
