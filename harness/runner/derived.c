// SPDX-License-Identifier: MIT
/* Rows that follow from other rows, when all of them are there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/rows.h"
#include "stats/describe.h"

/* The metric from which overhead is subtracted: the guest's view where there is one. */
static const char *primary_metric(const struct row_store *store, const struct cell *cell, size_t rows)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < rows; i++) {
		const struct results_row *r = &store->rows[i];

		if (strcmp(r->key.bench, cell->bench->id) != 0)
			continue;
		if (strcmp(r->metric, "guest") == 0)
			return "guest";
		if (strcmp(r->metric, "roundtrip") == 0)
			found = "roundtrip";
	}
	return found;
}

static bool is_row_of(
	const struct results_row *r, const char *bench, const struct cell *cell, const char *metric)
{
	return strcmp(r->key.bench, bench) == 0 && r->key.vcpus == cell->vcpus && r->key.vms == cell->vms &&
	       strcmp(r->metric, metric) == 0;
}

static double median_of(const struct row_store *store, const char *bench, const struct cell *cell,
	const char *metric, size_t rows)
{
	double *values = malloc((rows + 1) * sizeof(*values)), median;
	size_t n = 0, i;

	if (!values)
		return NAN;
	for (i = 0; i < rows; i++)
		if (is_row_of(&store->rows[i], bench, cell, metric))
			values[n++] = store->rows[i].p50;
	median = stats__median(values, n);
	free(values);
	return median;
}

/* Where the baseline has not been run with as many vCPUs (it needs fewer than the benchmark, or has none at all), that
 * of one is what an operation costs without the thing measured. */
static double baseline_median(
	const struct row_store *store, const struct cell *cell, const char *metric, size_t rows)
{
	static const struct cell one = { .vcpus = 1, .vms = 1 };
	double median = median_of(store, cell->bench->baseline, cell, metric, rows);

	return isnan(median) ? median_of(store, cell->bench->baseline, &one, metric, rows) : median;
}

static int add_net_of_cell(struct row_store *store, const struct cell *cell, size_t rows, struct error *err)
{
	const char *metric = primary_metric(store, cell, rows);
	double less;
	size_t i;

	if (!metric)
		return 0;
	less = baseline_median(store, cell, metric, rows);
	if (isnan(less))
		return 0;
	for (i = 0; i < rows; i++) {
		struct results_row *net;

		if (!is_row_of(&store->rows[i], cell->bench->id, cell, metric))
			continue;
		net = row_store__new_row(store);
		if (!net)
			return error__set(err, EXIT_IO, "no memory for the results");
		*net = store->rows[i];
		net->metric = "net";
		net->min -= less;
		net->p05 -= less;
		net->p25 -= less;
		net->p50 -= less;
		net->p75 -= less;
		net->p95 -= less;
		net->p99 -= less;
		net->p999 -= less;
		net->max -= less;
		net->mean -= less;
	}
	return 0;
}

/* Operations a second of all vCPUs in run `run`, with that run's flags; NAN where there are none. */
static double rate_of_run(
	const struct row_store *store, const struct cell *cell, unsigned run, size_t rows, const char **flags)
{
	double sum = NAN;
	size_t i;

	for (i = 0; i < rows; i++) {
		const struct results_row *r = &store->rows[i];

		if (r->run != run || !is_row_of(r, cell->bench->id, cell, "rate"))
			continue;
		sum = isnan(sum) ? r->p50 : sum + r->p50;
		*flags = r->flags;
	}
	return sum;
}

/* The rate of n vCPUs against n times that of one: 1 is perfect scaling. */
static int add_efficiency(struct row_store *store, const struct cell *cell, size_t rows, struct error *err)
{
	static const struct cell alone = { .vcpus = 1, .vms = 1 };
	unsigned lanes = cell->vcpus * cell->vms, run;
	double one;

	if (lanes == 1)
		return 0;
	one = median_of(store, cell->bench->id, &alone, "rate", rows);
	for (run = 0; run < cell->finished_runs && one > 0; run++) {
		const char *flags = "";
		double rate = rate_of_run(store, cell, run, rows, &flags), value = rate / (lanes * one);
		struct results_row *row;
		struct distribution d;

		if (isnan(rate))
			continue;
		row = row_store__new_row(store);
		if (!row)
			return error__set(err, EXIT_IO, "no memory for the results");
		*row = (struct results_row){ .key = { cell->bench->id, cell->vcpus, cell->vms },
			.run = run,
			.metric = "efficiency",
			.unit = "ratio",
			.flags = flags };
		distribution__of(&d, &value, 1);
		results_row__take(row, &d);
	}
	return 0;
}

int row_store__add_derived(
	struct row_store *store, struct run_dir *dir, const struct plan *plan, struct error *err)
{
	size_t rows = store->count, i;
	struct run_piece piece = { 0 };

	for (i = 0; i < plan->count; i++) {
		const struct cell *cell = &plan->cells[i];

		if (cell->bench->baseline && add_net_of_cell(store, cell, rows, err) < 0)
			return -1;
		if (add_efficiency(store, cell, rows, err) < 0)
			return -1;
	}
	piece.results = store->rows + rows;
	piece.result_count = store->count - rows;
	if (!piece.result_count || run_dir__append(dir, &piece, err) == 0)
		return 0;
	store->count = rows; /* the file doesn't have them either */
	return -1;
}
