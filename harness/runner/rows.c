// SPDX-License-Identifier: MIT
#include "runner/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/describe.h"

void row_store__init(struct row_store *store, enum trust trust, double tsc_khz)
{
	*store = (struct row_store){ .trust = trust, .tsc_khz = tsc_khz };
}

void row_store__free(struct row_store *store)
{
	size_t i;

	for (i = 0; i < store->text_count; i++)
		free(store->texts[i].text);
	free(store->texts);
	free(store->rows);
}

static int no_memory(struct error *err)
{
	return error__set(err, EXIT_IO, "no memory for the results");
}

/* The text of a set of flags, which lives as long as the store. NULL without memory. */
static const char *flag_text(struct row_store *store, uint32_t flags)
{
	struct flag_text *grown;
	char text[128];
	size_t i;

	for (i = 0; i < store->text_count; i++)
		if (store->texts[i].flags == flags)
			return store->texts[i].text;
	grown = realloc(store->texts, (store->text_count + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	store->texts = grown;
	grown[store->text_count].flags = flags;
	grown[store->text_count].text = strdup(flags__text(flags, text, sizeof(text)));
	return grown[store->text_count].text ? grown[store->text_count++].text : NULL;
}

struct results_row *row_store__new_row(struct row_store *store)
{
	if (store->count == store->room) {
		size_t room = store->room ? 2 * store->room : 256;
		struct results_row *grown = realloc(store->rows, room * sizeof(*grown));

		if (!grown)
			return NULL;
		store->rows = grown;
		store->room = room;
	}
	memset(&store->rows[store->count], 0, sizeof(store->rows[0]));
	return &store->rows[store->count++];
}

static struct cell_key key_of(const struct cell *cell)
{
	return (struct cell_key){ cell->bench->id, cell->vcpus, cell->vms };
}

static int add_row(struct row_store *store, const struct cell *cell, unsigned run, unsigned vcpu,
	const char *metric, const char *unit, const struct distribution *d, uint32_t flags, struct error *err)
{
	struct results_row *row = row_store__new_row(store);
	const char *text = flag_text(store, flags);

	if (!row || !text)
		return no_memory(err);
	row->key = key_of(cell);
	row->run = run;
	row->vcpu = vcpu;
	row->metric = metric;
	row->unit = unit;
	row->flags = text;
	results_row__take(row, d);
	return 0;
}

/* A figure that is one number for the whole run. */
static int add_single(struct row_store *store, const struct cell *cell, unsigned run, unsigned vcpu,
	const char *metric, const char *unit, double value, uint32_t flags, struct error *err)
{
	struct distribution d;

	distribution__of(&d, &value, 1);
	return add_row(store, cell, run, vcpu, metric, unit, &d, flags, err);
}

static int add_series(struct row_store *store, const struct cell *cell, unsigned run, unsigned vcpu,
	enum metric metric, const struct lane_outcome *lane, double *scratch, struct error *err)
{
	const struct tick_series *s = &lane->series[metric];
	struct distribution d;
	uint32_t i;

	if (!s->count)
		return 0;
	for (i = 0; i < s->count; i++)
		scratch[i] = (double)s->ticks[i] / s->ops;
	distribution__of(&d, scratch, s->count);
	return add_row(store, cell, run, vcpu, metric__name(metric), trust__tick_unit(store->trust), &d,
		lane->flags, err);
}

static int add_lane(struct row_store *store, const struct cell *cell, unsigned run, unsigned vcpu,
	const struct lane_outcome *lane, double *scratch, struct error *err)
{
	enum metric m;

	for (m = 0; m < METRIC_COUNT; m++)
		if (add_series(store, cell, run, vcpu, m, lane, scratch, err) < 0)
			return -1;
	/* An instruction count has no seconds. */
	if (!lane->span_ticks || store->trust == TRUST_MODEL || store->tsc_khz <= 0)
		return 0;
	return add_single(store, cell, run, vcpu, "rate", "op/s",
		lane->operations * store->tsc_khz * 1000 / (double)lane->span_ticks, lane->flags, err);
}

/* What a check without a claim of its own observed; 0 where there is none. */
static double unclaimed(const struct outcome *outcome, const char *statistic)
{
	uint32_t i;

	for (i = 0; i < outcome->check_count; i++)
		if (strcmp(outcome->checks[i].statistic, statistic) == 0 &&
			strcmp(outcome->checks[i].verdict, "info") == 0)
			return outcome->checks[i].observed;
	return 0;
}

/* KVM's count of exits is a figure of its own, and the one that no noise disturbs: without those that the host's
 * interrupts made, which KVM counts, too (checks.csv has both). */
static int add_exits(struct row_store *store, const struct cell *cell, unsigned run,
	const struct outcome *outcome, struct error *err)
{
	uint32_t i;

	for (i = 0; i < outcome->check_count; i++)
		if (strcmp(outcome->checks[i].statistic, "exits") == 0 && !isnan(outcome->checks[i].observed))
			return add_single(store, cell, run, 0, "exits", "count/op",
				fmax(0, outcome->checks[i].observed - unclaimed(outcome, "irq_exits")),
				outcome->lanes[0].flags, err);
	return 0;
}

static int add_counts(struct row_store *store, const struct cell *cell, unsigned run,
	const struct outcome *outcome, struct error *err)
{
	uint32_t i;

	for (i = 0; i < outcome->count_count; i++)
		if (add_single(store, cell, run, 0, store->events->event[outcome->counts[i].event].name,
			    "count/op", outcome->counts[i].per_op, outcome->lanes[0].flags, err) < 0)
			return -1;
	return 0;
}

static void make_checks(
	const struct cell *cell, unsigned run, const struct outcome *outcome, struct check_row *checks)
{
	uint32_t i;

	for (i = 0; i < outcome->check_count; i++)
		checks[i] = (struct check_row){
			.key = key_of(cell),
			.run = run,
			.statistic = outcome->checks[i].statistic,
			.expected = outcome->checks[i].expected,
			.observed = outcome->checks[i].observed,
			.verdict = outcome->checks[i].verdict,
		};
}

static int make_samples(struct row_store *store, const struct cell *cell, unsigned run,
	const struct outcome *outcome, struct sample_row **out, size_t *count, struct error *err)
{
	size_t total = 0, n = 0;
	unsigned lane;
	enum metric m;
	uint32_t i;

	for (lane = 0; lane < outcome->lane_count; lane++)
		for (m = 0; m < METRIC_COUNT; m++)
			total += outcome->lanes[lane].series[m].count;
	*out = calloc(total ? total : 1, sizeof(**out));
	if (!*out)
		return no_memory(err);
	for (lane = 0; lane < outcome->lane_count; lane++) {
		const char *flags = flag_text(store, outcome->lanes[lane].flags);

		if (!flags)
			return no_memory(err);
		for (m = 0; m < METRIC_COUNT; m++) {
			const struct tick_series *s = &outcome->lanes[lane].series[m];

			for (i = 0; i < s->count; i++)
				(*out)[n++] = (struct sample_row){
					.key = key_of(cell),
					.run = run,
					.vcpu = lane,
					.metric = metric__name(m),
					.unit = trust__tick_unit(store->trust),
					.index = i,
					.value = (double)s->ticks[i] / s->ops,
					.flags = flags,
				};
		}
	}
	*count = n;
	return 0;
}

int row_store__add(struct row_store *store, struct run_dir *dir, const struct cell *cell, unsigned run,
	const struct outcome *outcome, bool keep_samples, struct error *err)
{
	struct check_row checks[CHECKS_MAX];
	struct sample_row *samples = NULL;
	struct run_piece piece = { 0 };
	double *scratch = malloc(SERIES_MAX * sizeof(*scratch));
	size_t first = store->count;
	unsigned lane;
	int failed = 0;

	if (!scratch)
		return no_memory(err);
	for (lane = 0; lane < outcome->lane_count && !failed; lane++)
		failed = add_lane(store, cell, run, lane, &outcome->lanes[lane], scratch, err);
	free(scratch);
	if (!failed)
		failed = add_exits(store, cell, run, outcome, err);
	if (!failed)
		failed = add_counts(store, cell, run, outcome, err);
	if (!failed && outcome->core_per_reference > 0)
		failed = add_single(store, cell, run, 0, "core_frequency", "khz",
			outcome->core_per_reference * store->tsc_khz, outcome->lanes[0].flags, err);
	if (!failed && keep_samples)
		failed = make_samples(store, cell, run, outcome, &samples, &piece.sample_count, err);
	if (!failed) {
		make_checks(cell, run, outcome, checks);
		piece.results = store->rows + first;
		piece.result_count = store->count - first;
		piece.checks = checks;
		piece.check_count = outcome->check_count;
		piece.samples = samples;
		failed = run_dir__append(dir, &piece, err);
	}
	free(samples);
	if (failed)
		store->count = first; /* the files don't have them either */
	return failed;
}
