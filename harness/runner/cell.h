/* SPDX-License-Identifier: MIT */
/* A cell of the plan, benchmark x vCPU count x VM count, and what its runs have made of it. */
#ifndef RUNNER_CELL_H
#define RUNNER_CELL_H

#include <stdbool.h>

#include "measure/bench.h"
#include "measure/outcome.h"
#include "results/record.h"

struct cell {
	const struct bench *bench;
	unsigned vcpus, vms;
	enum row_status status; /* the worst of its runs so far */
	char reason[512];
	bool over; /* no further runs: skipped, failed or timed out */
	unsigned finished_runs;
	unsigned *cpus; /* one for each vCPU, VM by VM; with spare_cpu one more */
	bool spare_cpu;
	bool overcommitted;
};

/* Takes over a status that is worse than what the cell has, with its reason. */
void cell__worsen(struct cell *cell, enum row_status status, const char *reason);

/* What a finished job means for its cell. On a backend that emulates guests (`emulated`) what it can't execute is
 * skipped; elsewhere that is a failure. */
void cell__settle(struct cell *cell, const struct outcome *o, bool emulated);

/* The watchdog's limit for a job of it, where one vCPU has `ms`: vCPUs that share a CPU take turns. */
unsigned cell__timeout_ms(const struct cell *cell, unsigned ms);

#endif
