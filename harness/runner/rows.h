/* SPDX-License-Identifier: MIT */
/* From a job's raw ticks to rows. The rows of all jobs are kept for the summary. */
#ifndef RUNNER_ROWS_H
#define RUNNER_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "measure/events.h"
#include "measure/outcome.h"
#include "measure/trust.h"
#include "results/record.h"
#include "results/run_dir.h"
#include "runner/plan.h"

struct row_store {
	struct results_row *rows;
	size_t count, room;
	/* Texts that rows borrow: one for each set of flags that occurred. */
	struct flag_text {
		uint32_t flags;
		char *text;
	} * texts;
	size_t text_count;
	enum trust trust;
	double tsc_khz;
	const struct events_plan *events; /* whose names the counted rows borrow */
};

void row_store__init(struct row_store *store, enum trust trust, double tsc_khz);
void row_store__free(struct row_store *store);

/* Turns an outcome into rows, keeps them, and writes them as one piece. 0, or -1 with err (disk, memory). */
int row_store__add(struct row_store *store, struct run_dir *dir, const struct cell *cell, unsigned run,
	const struct outcome *outcome, bool keep_samples, struct error *err);

/* Adds what follows from the rows, once, at the end: `net`, each cell's guest figures (round trips, where there are
 * none) less the median of its baseline's over all runs (of as many vCPUs and VMs, else of one); `efficiency`, the
 * rate of several vCPUs against as many times that of one. */
int row_store__add_derived(
	struct row_store *store, struct run_dir *dir, const struct plan *plan, struct error *err);

/* Room for one more row, zeroed; NULL without memory. */
struct results_row *row_store__new_row(struct row_store *store);

#endif
