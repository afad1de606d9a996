/* SPDX-License-Identifier: MIT */
/* What will be run: cells (benchmark x vCPU count x VM count) and their order. */
#ifndef RUNNER_PLAN_H
#define RUNNER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/cpus.h"
#include "kvm/host.h"
#include "results/record.h"
#include "results/summary.h"
#include "runner/cell.h"
#include "runner/runner.h"

struct plan {
	struct cell *cells;
	size_t count;
	size_t runnable; /* not known beforehand to be skipped */
	size_t *order;   /* of the cells in the run that is next */
	unsigned runs;
	double seconds; /* for all runs together */
	uint64_t job_ns_max;
	unsigned timeout_ms;
};

/* Selected benchmarks, their baselines (and theirs), times vCPU and VM counts; those that this host can't run
 * are marked skipped with the reason. -1 with err on bad CPUs or no memory. */
int plan__make(struct plan *plan, const struct run_request *request, const struct kvm_host *host,
	bool emulated, struct error *err);
void plan__free(struct plan *plan);

/* Whether more samples a run are wanted than are kept; then says so in buf. */
bool plan__keeps_fewer(const struct run_request *request, char *buf, size_t size);

/* Cells that further runs are made of. */
size_t plan__live(const struct plan *plan);

/* What became of the cells, into statuses[] (room for plan->count); returns how many. Those that a signal or an error kept
 * from their first run are not among them: nothing is known of them. */
size_t plan__statuses(const struct plan *plan, struct cell_status *statuses);

/* Shuffles `order` for run number `run`: the same seed gives the same orders. */
void plan__shuffle(struct plan *plan, uint64_t seed, unsigned run);

#endif
