// SPDX-License-Identifier: MIT
/* The tables: every benchmark, every metric, and the proof. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/words.h"
#include "report/html.h"
#include "report/report.h"
#include "results/json_file.h"
#include "results/summary.h"

/* The rows of one benchmark with one number of vCPUs and VMs. */
struct cell {
	const struct summary_row *rows;
	size_t count;
};

static bool next_cell(const struct input *in, struct cell *c)
{
	const struct summary_row *end = in->summary.rows + in->summary.count;

	c->rows = c->rows ? c->rows + c->count : in->summary.rows;
	for (c->count = 0;
		c->rows + c->count < end && !cell_key__compare(&c->rows[c->count].key, &c->rows[0].key);
		c->count++)
		;
	return c->count > 0;
}

static const struct summary_row *metric_of(const struct cell *c, const char *metric)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->rows[i].metric, metric))
			return &c->rows[i];
	return NULL;
}

/* The figure that stands for the benchmark; its first row where it has none. */
static const struct summary_row *figure_of(const struct cell *c)
{
	static const char *const order[] = { "roundtrip", "guest", "latency", "lateness", "process" };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct summary_row *row = metric_of(c, order[i]);

		if (row)
			return row;
	}
	return &c->rows[0];
}

static double to_ns(const struct input *in, const struct summary_row *row, double value)
{
	double khz = json_number_value(json__get(in->run, "clock.tsc_khz"));

	if (!strcmp(row->unit, "ns"))
		return value;
	return !strcmp(row->unit, "tsc") && khz > 0 ? value * 1e6 / khz : NAN;
}

static void time_cell(struct text *t, double ns)
{
	char buf[WORDS_SIZE] = "";

	if (ns >= 1e7)
		snprintf(buf, sizeof(buf), "%.0f ms", ns / 1e6);
	else if (ns >= 1e5)
		snprintf(buf, sizeof(buf), "%.0f µs", ns / 1e3);
	else if (!isnan(ns))
		snprintf(buf, sizeof(buf), "%.0f ns", ns);
	html__number(t, ns, buf);
}

static void figure_cell(struct text *t, const struct summary_row *row)
{
	char buf[WORDS_SIZE] = "";

	html__number(t, row ? row->median : NAN, row ? words__figure(buf, row->median, "") : "");
}

static void interval_cell(struct text *t, const struct summary_row *row)
{
	char low[WORDS_SIZE], high[WORDS_SIZE], both[2 * WORDS_SIZE + 8] = "";

	if (!isnan(row->ci_lo) && !isnan(row->ci_hi))
		snprintf(both, sizeof(both), "%s .. %s", words__figure(low, row->ci_lo, ""),
			words__figure(high, row->ci_hi, ""));
	html__number(t, (row->ci_hi - row->ci_lo) / row->median, both);
}

static void status_cell(struct text *t, const struct summary_row *row)
{
	static const char *const kinds[ROW_STATUS_COUNT] = { [ROW_OK] = "good",
		[ROW_SUSPECT] = "bad",
		[ROW_SKIPPED] = "quiet",
		[ROW_TIMEOUT] = "bad",
		[ROW_FAILED] = "bad" };

	html__badge(t, kinds[row->status], row_status__name(row->status));
}

static void figure_row(const struct report *r, const struct cell *c, struct text *t)
{
	const struct input *in = report__first(r);
	const struct summary_row *row = figure_of(c);
	struct report_words words = r->describe(row->key.bench);
	char buf[WORDS_SIZE];
	bool any = *row->metric != '\0';

	text__puts(t, "<tr>");
	html__cell(t, words__point(buf, &row->key));
	html__cell(t, words.handled ? words.handled : "");
	figure_cell(t, any ? row : NULL);
	time_cell(t, any ? to_ns(in, row, row->median) : NAN);
	if (any)
		interval_cell(t, row);
	else
		html__cell(t, "");
	figure_cell(t, metric_of(c, "net"));
	figure_cell(t, metric_of(c, "exits"));
	html__cell(t, row->metric);
	html__number(t, row->runs, any ? words__figure(buf, row->runs, "") : "");
	status_cell(t, row);
	text__puts(t, "<td>");
	html__text(t, words.summary ? words.summary : "");
	if (*row->reason) {
		text__puts(t, "<br><span class=doubt>");
		html__text(t, row->reason);
		text__puts(t, "</span>");
	}
	text__puts(t, "</td></tr>\n");
}

static void every_metric(const struct input *in, struct text *t)
{
	static const char *const columns[] = { "benchmark", "metric", "unit", "#runs", "#median",
		"#95 % interval", "#smallest sample", "#99th percentile", NULL };

	text__puts(t, "<details><summary>Every metric</summary><div>\n");
	html__table_begin(t, "metrics", columns);
	for (size_t i = 0; i < in->summary.count; i++) {
		const struct summary_row *row = &in->summary.rows[i];
		char buf[WORDS_SIZE];

		if (!*row->metric)
			continue;
		text__puts(t, "<tr>");
		html__cell(t, words__point(buf, &row->key));
		html__cell(t, row->metric);
		html__cell(t, row->unit);
		html__number(t, row->runs, words__figure(buf, row->runs, ""));
		figure_cell(t, row);
		interval_cell(t, row);
		html__number(t, row->min, words__figure(buf, row->min, ""));
		html__number(t, row->p99, words__figure(buf, row->p99, ""));
		text__puts(t, "</tr>\n");
	}
	html__table_end(t);
	text__puts(t, "</div></details>\n");
}

static void counts(const struct input *in, struct text *t)
{
	size_t by_status[ROW_STATUS_COUNT] = { 0 }, all = 0;
	struct cell c = { 0 };

	while (next_cell(in, &c)) {
		by_status[figure_of(&c)->status]++;
		all++;
	}
	text__printf(t, "<p>%zu benchmarks: ", all);
	for (size_t i = 0, first = 1; i < ROW_STATUS_COUNT; i++) {
		if (!by_status[i])
			continue;
		text__printf(
			t, "%s%zu %s", first ? "" : ", ", by_status[i], row_status__name((enum row_status)i));
		first = 0;
	}
	text__puts(t,
		". Medians of the runs' medians; times are for one operation. ‘Exits’ is what KVM itself counted "
		"for one operation. ‘Suspect’ means that KVM's statistics don't confirm what was to be measured."
		"</p>\n");
}

void report__figures(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "benchmark", "handled in", "#ticks", "#time", "#95 % interval",
		"#net", "#exits", "metric", "#runs", "status", "what it is", NULL };
	static const char *const exact_columns[] = { "benchmark", "handled in", "#instructions", "#time",
		"#95 % interval", "#net", "#exits", "metric", "#runs", "status", "what it is", NULL };
	const struct input *in = report__first(r);
	bool exact = !strcmp(input__fact(in, "clock.unit", "tsc"), "insn");
	struct cell c = { 0 };

	html__section(t, "figures", "Figures");
	counts(in, t);
	text__puts(t, "<div>\n");
	html__table_begin(t, "benchmarks", exact ? exact_columns : columns);
	while (next_cell(in, &c))
		figure_row(r, &c, t);
	html__table_end(t);
	text__puts(t, "</div>\n");
	every_metric(in, t);
	html__section_end(t);
}

static int dearer(const void *a, const void *b)
{
	const struct summary_row *const *x = a, *const *y = b;

	return ((*y)->median > (*x)->median) - ((*y)->median < (*x)->median);
}

/* Only what one exit or one round trip costs: benchmarks with many exits an operation would lead the list. */
static bool is_one_exit(const struct cell *c)
{
	const struct summary_row *exits = metric_of(c, "exits"), *row = figure_of(c);

	return row->key.vcpus == 1 && row->key.vms == 1 && row->status == ROW_OK && exits &&
	       exits->median > 0.5 && exits->median < 1.5 &&
	       (!strcmp(row->metric, "roundtrip") || !strcmp(row->metric, "guest"));
}

void report__dearest(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "benchmark", "handled in", "#figure", "#time", "what it is",
		NULL };
	const struct input *in = report__first(r);
	const struct summary_row **list = calloc(in->summary.count + 1, sizeof(*list));
	struct cell c = { 0 };
	size_t n = 0;

	if (!list) {
		t->failed = true;
		return;
	}
	while (next_cell(in, &c))
		if (is_one_exit(&c))
			list[n++] = figure_of(&c);
	qsort(list, n, sizeof(*list), dearer);
	if (n) {
		text__puts(t, "<h3>The dearest operations of one exit</h3>\n<div>\n");
		html__table_begin(t, "dearest", columns);
	}
	for (size_t i = 0; i < n && i < 10; i++) {
		struct report_words words = r->describe(list[i]->key.bench);

		text__puts(t, "<tr>");
		html__cell(t, list[i]->key.bench);
		html__cell(t, words.handled ? words.handled : "");
		figure_cell(t, list[i]);
		time_cell(t, to_ns(in, list[i], list[i]->median));
		html__cell(t, words.summary ? words.summary : "");
		text__puts(t, "</tr>\n");
	}
	if (n) {
		html__table_end(t);
		text__puts(t, "</div>\n");
	} else {
		text__puts(t, "<p class=soft>No operation of just one proved exit was measured.</p>\n");
	}
	free(list);
}

static void check_rows(const struct checks_file *f, bool fine, struct text *t)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct check_row *row = &f->rows[i];
		bool is_fine = !strcmp(row->verdict, "ok");
		char buf[WORDS_SIZE];

		if (is_fine != fine)
			continue;
		text__puts(t, "<tr>");
		html__cell(t, words__point(buf, &row->key));
		html__number(t, row->run, *words__figure(buf, row->run, "") ? buf : "");
		html__cell(t, row->statistic);
		html__number(t, row->expected, words__figure(buf, row->expected, ""));
		html__number(t, row->observed, words__figure(buf, row->observed, ""));
		html__badge(t,
			is_fine                            ? "good"
			: !strcmp(row->verdict, "suspect") ? "bad"
							   : "quiet",
			row->verdict);
		text__puts(t, "</tr>\n");
	}
}

void report__proof(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "benchmark", "#run", "statistic", "#expected", "#observed",
		"verdict", NULL };

	html__section(t, "proof", "Proof");
	text__puts(t,
		"<p>How many exits of which kind one operation should make, and how many KVM's own statistics "
		"counted. What disagrees comes first.</p>\n");
	if (r->checks.count) {
		text__printf(t, "<details><summary>%zu checks</summary><div>\n", r->checks.count);
		html__table_begin(t, "checks", columns);
		check_rows(&r->checks, false, t);
		check_rows(&r->checks, true, t);
		html__table_end(t);
		text__puts(t, "</div></details>\n");
	} else {
		text__puts(t, "<p class=doubt>There is no checks.csv: nothing proves these figures.</p>\n");
	}
	html__section_end(t);
}
