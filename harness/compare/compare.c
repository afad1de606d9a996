// SPDX-License-Identifier: MIT
#include "compare/compare.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/notes.h"
#include "results/json_file.h"
#include "results/summary.h"
#include "stats/distributions.h"

/* TSC frequencies that differ by more than calibration does. */
#define TSC_TOLERANCE 1e-3

static int no_memory(struct error *err)
{
	return error__set_errno(err, EXIT_IO, ENOMEM, "comparing");
}

static void add_pair(struct comparison *c, const struct series *a, const struct series *b)
{
	const struct series *any = a && *a->metric ? a : b ? b : a;

	c->rows[c->count++] = (struct comparison_row){
		.key = any->key, .metric = any->metric, .unit = any->unit, .a = a, .b = b
	};
}

static size_t cell_length(const struct side *s, size_t first)
{
	size_t n = 1;

	while (first + n < s->series_count &&
		!cell_key__compare(&s->series[first].key, &s->series[first + n].key))
		n++;
	return n;
}

/* Series of one cell; one without a metric says why the cell has none. */
static void pair_cell(
	struct comparison *c, const struct series *a, size_t m, const struct series *b, size_t n)
{
	const struct series *no_a = m && !*a[0].metric ? &a[0] : NULL,
			    *no_b = n && !*b[0].metric ? &b[0] : NULL;
	size_t i = no_a ? 1 : 0, j = no_b ? 1 : 0;

	if (i == m && j == n) {
		add_pair(c, no_a, no_b);
		return;
	}
	while (i < m || j < n) {
		int order = i == m ? 1 : j == n ? -1 : strcmp(a[i].metric, b[j].metric);

		if (order < 0)
			add_pair(c, &a[i++], no_b);
		else if (order > 0)
			add_pair(c, no_a, &b[j++]);
		else
			add_pair(c, &a[i++], &b[j++]);
	}
}

static void pair_all(struct comparison *c)
{
	const struct side *a = c->a, *b = c->b;
	size_t i = 0, j = 0;

	while (i < a->series_count || j < b->series_count) {
		int order = i == a->series_count   ? 1
			    : j == b->series_count ? -1
						   : cell_key__compare(&a->series[i].key, &b->series[j].key);
		size_t m = order <= 0 ? cell_length(a, i) : 0, n = order >= 0 ? cell_length(b, j) : 0;

		pair_cell(c, a->series + i, m, b->series + j, n);
		i += m;
		j += n;
	}
}

/* How well a metric stands for its benchmark; the lowest does. */
static int rank_of(const char *metric)
{
	static const char *const order[] = { "roundtrip", "guest", "exit_leg", "entry_leg", "rate", "net" };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (!strcmp(metric, order[i]))
			return (int)i;
	return 100;
}

static void mark_primaries(struct comparison *c)
{
	for (size_t first = 0, next; first < c->count; first = next) {
		size_t best = first;

		for (next = first;
			next < c->count && !cell_key__compare(&c->rows[first].key, &c->rows[next].key);
			next++)
			if (rank_of(c->rows[next].metric) < rank_of(c->rows[best].metric))
				best = next;
		c->rows[best].primary = true;
	}
}

/* What a host's A/A runs have shown for a benchmark, or for the host; 0 where it made none. */
static double noise_floor(const struct side *s, const char *bench)
{
	double largest = 0;

	for (size_t i = 0; i < s->input_count; i++) {
		const json_t *noise = json_object_get(s->inputs[i].run, "noise_floor");
		const json_t *here = json_object_get(json_object_get(noise, "benches"), bench);

		largest = fmax(largest, json_number_value(here ? here : json_object_get(noise, "ratio")));
	}
	return largest;
}

static void set_limits(struct comparison *c, const struct compare_options *options)
{
	for (size_t i = 0; i < c->count; i++) {
		struct comparison_row *r = &c->rows[i];
		const struct threshold *t = thresholds__find(options->thresholds, r->key.bench, r->metric);
		double noise = fmax(noise_floor(c->a, r->key.bench), noise_floor(c->b, r->key.bench));

		r->deterministic = c->exact || series__is_deterministic(r->a ? r->a : r->b);
		r->excluded = t && t->off;
		/* A limit from the file is somebody's decision; the default one gives way to the host's noise. */
		r->judgement.delta = t && !t->off ? t->limit : fmax(options->delta, noise);
		c->noise = fmax(c->noise, noise);
	}
}

static bool in_family(const struct comparison_row *r, bool primary)
{
	return !r->excluded && r->primary == primary;
}

static bool is_trust(const struct side *s, const char *trust)
{
	return !strcmp(side__fact(s, "trust", ""), trust);
}

/* Measures and decides one family of comparisons: the primary figures, or the rest. */
static int judge_family(struct comparison *c, bool primary, const struct compare_options *options, double *p,
	struct error *err)
{
	const struct judge_rules rules = { .exact_clock = c->exact,
		.copy = c->copy,
		.alpha = options->alpha,
		.strays = judge__strays(is_trust(c->a, "emulated") || is_trust(c->b, "emulated")) };
	size_t tests = 0;

	for (size_t i = 0; i < c->count; i++)
		tests += in_family(&c->rows[i], primary) &&
			 judge__needs_test(c->rows[i].a, c->rows[i].b, &rules);
	for (size_t i = 0; i < c->count; i++) {
		struct comparison_row *r = &c->rows[i];

		p[i] = NAN;
		if (r->primary != primary)
			continue;
		if (judge__measure(
			    r->a, r->b, &rules, r->judgement.delta, tests, &c->cache, &r->judgement, err))
			return -1;
		/* What isn't gated has its verdict too, but takes no part in the correction. */
		if (!r->excluded)
			p[i] = r->judgement.p;
	}
	if (stats__holm(p, c->count, p))
		return no_memory(err);
	for (size_t i = 0; i < c->count; i++) {
		struct comparison_row *r = &c->rows[i];

		if (r->primary != primary)
			continue;
		r->judgement.p_holm = r->excluded ? r->judgement.p : p[i];
		judge__decide(&r->judgement, &rules, tests);
	}
	if (primary)
		c->tests = tests;
	return 0;
}

/* How far from 1 a ratio is, whichever side of it. */
static double distance(const struct comparison_row *r)
{
	double ratio = r->judgement.ratio;

	return ratio > 0 ? fabs(log(ratio)) : 0;
}

static int by_importance(const void *a, const void *b)
{
	const struct comparison_row *x = a, *y = b;
	int order;

	if (x->judgement.verdict != y->judgement.verdict)
		return (int)x->judgement.verdict - (int)y->judgement.verdict;
	if (x->primary != y->primary)
		return x->primary ? -1 : 1;
	if (x->judgement.verdict != VERDICT_SAME && distance(x) != distance(y))
		return distance(x) > distance(y) ? -1 : 1;
	order = cell_key__compare(&x->key, &y->key);
	return order ? order : strcmp(x->metric, y->metric);
}

/* Ticks of clocks that run at different speeds are no common unit. */
static int agree_on_unit(struct comparison *c, struct error *err)
{
	double a = c->a->tsc_khz, b = c->b->tsc_khz;

	c->nanoseconds = !c->exact && a > 0 && b > 0 && fabs(a / b - 1) > TSC_TOLERANCE;
	if (!c->nanoseconds)
		return 0;
	return side__index(c->a, true, err) || side__index(c->b, true, err) ? -1 : 0;
}

static int run(struct comparison *c, const struct compare_options *options, struct error *err)
{
	double *p;
	int failed;

	if (agree_on_unit(c, err))
		return -1;
	c->rows = malloc((c->a->series_count + c->b->series_count + 1) * sizeof(*c->rows));
	p = malloc((c->a->series_count + c->b->series_count + 1) * sizeof(*p));
	if (!c->rows || !p) {
		free(p);
		return no_memory(err);
	}
	pair_all(c);
	mark_primaries(c);
	set_limits(c, options);
	failed = judge_family(c, true, options, p, err) || judge_family(c, false, options, p, err) ? -1 : 0;
	free(p);
	if (failed)
		return -1;
	qsort(c->rows, c->count, sizeof(*c->rows), by_importance);
	for (size_t i = 0; i < c->count; i++)
		c->by_verdict[c->rows[i].judgement.verdict] += c->rows[i].primary;
	if (identity__differences(c->a, c->b, &c->differences, &c->difference_count))
		return no_memory(err);
	return notes__add_all(c, options, err);
}

int compare__run(struct side *a, struct side *b, const struct compare_options *options, struct comparison *c,
	struct error *err)
{
	*c = (struct comparison){ .a = a, .b = b };
	if (identity__check(a, b, options->across, err))
		return -1;
	c->exact = is_trust(a, "model") && is_trust(b, "model");
	c->copy = identity__same_runs(a, b);
	if (run(c, options, err)) {
		comparison__free(c);
		return -1;
	}
	return 0;
}

void comparison__free(struct comparison *c)
{
	for (size_t i = 0; i < c->note_count; i++)
		free(c->notes[i]);
	free(c->notes);
	free(c->rows);
	identity__free(c->differences, c->difference_count);
	u_distribution__free(&c->cache);
	*c = (struct comparison){ 0 };
}
