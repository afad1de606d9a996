/* SPDX-License-Identifier: MIT */
/*
 * From the rows of all runs to one row per benchmark, vCPU count, VM count and metric.
 *
 * The value of a run is its p50; where it has several vCPUs, the median over them, except for rates
 * (unit op/s), which add up. `median` is the median of the runs' values with the interval of order
 * statistics, `min` the smallest sample of all, `p99` the median of the runs' p99 (of several vCPUs the median).
 */
#ifndef RESULTS_SUMMARY_H
#define RESULTS_SUMMARY_H

#include <stddef.h>

#include "base/error.h"
#include "results/record.h"

/* What the runner knows of a cell besides its figures. */
struct cell_status {
	struct cell_key key;
	enum row_status status;
	const char *reason; /* one sentence; NULL or "" for ok */
};

/*
 * Rows sorted by bench, vcpus, vms, metric into a malloc'ed array, whose strings are those of the input. A
 * cell without figures gives one row with metric "", 0 runs and its status and reason; a cell with figures
 * carries its status on all its rows, `ok` where `cells` doesn't name it. 0, or -1 with err (no memory).
 */
int summary__compute(const struct results_row *rows, size_t row_count, const struct cell_status *cells,
	size_t cell_count, struct summary_row **out, size_t *out_count, struct error *err);

/* By bench (bytes), vcpus, vms: below 0, 0 or above 0, as for strcmp(). */
int cell_key__compare(const struct cell_key *a, const struct cell_key *b);

/*
 * The value of each run of one metric of one cell: `rows` are count rows sorted by run. Fills values[] and,
 * where wanted, p99s[] (room for count each), in the order of the runs; returns how many.
 */
size_t summary__run_values(
	const struct results_row *const *rows, size_t count, double *values, double *p99s, double *scratch);

/* Pointers to the rows by cell, metric, run, vcpu; as qsort wants it. */
int results_row__compare(const void *a, const void *b);

#endif
