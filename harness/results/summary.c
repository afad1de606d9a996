// SPDX-License-Identifier: MIT
#include "results/summary.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/describe.h"
#include "stats/sort.h"

int cell_key__compare(const struct cell_key *a, const struct cell_key *b)
{
	int order = a->bench == b->bench ? 0 : strcmp(a->bench, b->bench);

	if (order)
		return order;
	if (a->vcpus != b->vcpus)
		return a->vcpus < b->vcpus ? -1 : 1;
	return a->vms < b->vms ? -1 : a->vms > b->vms;
}

int results_row__compare(const void *a, const void *b)
{
	const struct results_row *x = *(const struct results_row *const *)a,
				 *y = *(const struct results_row *const *)b;
	int order = cell_key__compare(&x->key, &y->key);

	if (!order)
		order = x->metric == y->metric ? 0 : strcmp(x->metric, y->metric);
	if (!order)
		order = x->run < y->run ? -1 : x->run > y->run;
	if (!order)
		order = x->vcpu < y->vcpu ? -1 : x->vcpu > y->vcpu;
	return order;
}

static int compare_cells(const void *a, const void *b)
{
	return cell_key__compare(
		&((const struct cell_status *)a)->key, &((const struct cell_status *)b)->key);
}

static int compare_summaries(const void *a, const void *b)
{
	const struct summary_row *x = a, *y = b;
	int order = cell_key__compare(&x->key, &y->key);

	return order ? order : strcmp(x->metric, y->metric);
}

/* The value of one run from its vCPUs' rows. */
static double over_vcpus(
	const struct results_row *const *rows, size_t count, size_t offset, bool adds_up, double *scratch)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		scratch[i] = *(const double *)((const char *)rows[i] + offset);
		if (isnan(scratch[i]))
			return NAN;
		sum += scratch[i];
	}
	return adds_up ? sum : stats__median(scratch, count);
}

size_t summary__run_values(
	const struct results_row *const *rows, size_t count, double *values, double *p99s, double *scratch)
{
	bool adds_up = count && !strcmp(rows[0]->unit, "op/s");
	size_t runs = 0;

	for (size_t first = 0, next; first < count; first = next) {
		double value;

		for (next = first + 1; next < count && rows[next]->run == rows[first]->run; next++)
			;
		value = over_vcpus(
			rows + first, next - first, offsetof(struct results_row, p50), adds_up, scratch);
		/* A run without a median (no samples) is no run of this metric. */
		if (isnan(value))
			continue;
		if (p99s)
			p99s[runs] = over_vcpus(rows + first, next - first, offsetof(struct results_row, p99),
				adds_up, scratch);
		values[runs++] = value;
	}
	return runs;
}

static double median_of_known(double *values, size_t count)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		if (!isnan(values[i]))
			values[known++] = values[i];
	}
	return stats__median(values, known);
}

/* One metric of one cell: `count` rows sorted by run. `scratch` has room for 3 * count. */
static void summarise(struct summary_row *out, const struct results_row *const *rows, size_t count,
	const struct cell_status *cell, double *scratch)
{
	double *values = scratch, *p99s = scratch + count;
	size_t runs = summary__run_values(rows, count, values, p99s, scratch + 2 * count);

	*out = (struct summary_row){
		.key = rows[0]->key,
		.metric = rows[0]->metric,
		.unit = rows[0]->unit,
		.runs = (unsigned)runs,
		.min = NAN,
		.status = cell ? cell->status : ROW_OK,
		.reason = cell && cell->reason ? cell->reason : "",
	};
	out->median = stats__median(values, runs);
	stats__median_interval(values, runs, &out->ci_lo, &out->ci_hi);
	out->p99 = median_of_known(p99s, runs);
	for (size_t i = 0; i < count; i++)
		out->min = fmin(out->min, rows[i]->min);
}

static void summarise_missing(struct summary_row *out, const struct cell_status *cell)
{
	*out = (struct summary_row){
		.key = cell->key,
		.metric = "",
		.unit = "",
		.median = NAN,
		.ci_lo = NAN,
		.ci_hi = NAN,
		.min = NAN,
		.p99 = NAN,
		.status = cell->status,
		.reason = cell->reason ? cell->reason : "",
	};
}

static bool same_metric(const struct results_row *a, const struct results_row *b)
{
	return !cell_key__compare(&a->key, &b->key) &&
	       (a->metric == b->metric || !strcmp(a->metric, b->metric));
}

struct work {
	const struct results_row **sorted;
	struct cell_status *cells;
	double *scratch;
	struct summary_row *out;
};

static size_t fill(struct work *w, size_t row_count, size_t cell_count)
{
	size_t used = 0;

	for (size_t first = 0, next; first < row_count; first = next) {
		struct cell_status wanted = { .key = w->sorted[first]->key };
		const struct cell_status *cell =
			bsearch(&wanted, w->cells, cell_count, sizeof(wanted), compare_cells);

		for (next = first + 1; next < row_count && same_metric(w->sorted[first], w->sorted[next]);)
			next++;
		summarise(&w->out[used++], w->sorted + first, next - first, cell, w->scratch);
	}
	for (size_t i = 0, with_figures = used; i < cell_count; i++) {
		const struct cell_status *cell = &w->cells[i];
		size_t low = 0, high = with_figures;

		/* A row of this cell, if there is one, by bisection. */
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (cell_key__compare(&w->out[middle].key, &cell->key) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		if (low == with_figures || cell_key__compare(&w->out[low].key, &cell->key))
			summarise_missing(&w->out[used++], cell);
	}
	qsort(w->out, used, sizeof(*w->out), compare_summaries);
	return used;
}

int summary__compute(const struct results_row *rows, size_t row_count, const struct cell_status *cells,
	size_t cell_count, struct summary_row **out, size_t *out_count, struct error *err)
{
	struct work w = {
		.sorted = malloc((row_count + 1) * sizeof(*w.sorted)),
		.cells = malloc((cell_count + 1) * sizeof(*w.cells)),
		.scratch = malloc((3 * row_count + 1) * sizeof(*w.scratch)),
		.out = malloc((row_count + cell_count + 1) * sizeof(*w.out)),
	};

	*out = NULL;
	*out_count = 0;
	if (w.sorted && w.cells && w.scratch && w.out) {
		for (size_t i = 0; i < row_count; i++)
			w.sorted[i] = &rows[i];
		qsort(w.sorted, row_count, sizeof(*w.sorted), results_row__compare);
		if (cell_count)
			memcpy(w.cells, cells, cell_count * sizeof(*cells));
		qsort(w.cells, cell_count, sizeof(*w.cells), compare_cells);
		*out_count = fill(&w, row_count, cell_count);
		*out = w.out;
	}
	free(w.sorted);
	free(w.cells);
	free(w.scratch);
	if (*out)
		return 0;
	free(w.out);
	return error__set_errno(err, EXIT_IO, ENOMEM, "summarising %zu rows", row_count);
}
