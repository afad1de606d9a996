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

/* The heading of a column of figures. */
static const char *ticks_title(const struct input *in)
{
	return strcmp(input__fact(in, "clock.unit", "tsc"), "insn") ? "#ticks" : "#instructions";
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

/* Which columns have anything in them: an exact clock has neither times nor intervals. */
struct shown {
	bool time, interval;
};

static struct shown shown_of(const struct input *in)
{
	struct shown shown = { false, false };

	for (size_t i = 0; i < in->summary.count; i++) {
		const struct summary_row *row = &in->summary.rows[i];

		shown.time |= !isnan(to_ns(in, row, row->median));
		shown.interval |= !isnan(row->ci_lo);
	}
	return shown;
}

static void figure_row(
	const struct report *r, const struct cell *c, const struct shown *shown, struct text *t)
{
	const struct input *in = report__first(r);
	const struct summary_row *row = figure_of(c);
	struct report_words words = r->describe(row->key.bench);
	char buf[WORDS_SIZE];

	text__puts(t, "<tr>");
	html__cell(t, words__point(buf, &row->key));
	html__cell(t, words.handled ? words.handled : "");
	figure_cell(t, row);
	if (shown->time)
		time_cell(t, to_ns(in, row, row->median));
	if (shown->interval)
		interval_cell(t, row);
	figure_cell(t, metric_of(c, "net"));
	figure_cell(t, metric_of(c, "exits"));
	html__cell(t, row->metric);
	html__number(t, row->runs, words__figure(buf, row->runs, ""));
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

static bool is_measured(const struct cell *c)
{
	return *figure_of(c)->metric != '\0';
}

/* What gave no figure, and why: between the figures it would only be in the way. */
static void not_measured(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "benchmark", "status", "why", "what it is", NULL };
	struct cell c = { 0 };
	size_t n = 0;
	char buf[WORDS_SIZE];

	while (next_cell(report__first(r), &c))
		n += !is_measured(&c);
	if (!n)
		return;
	text__printf(t, "<details><summary>%zu without a figure, and why</summary><div>\n", n);
	html__table_begin(t, "unmeasured", columns);
	c = (struct cell){ 0 };
	while (next_cell(report__first(r), &c)) {
		const struct summary_row *row = figure_of(&c);
		struct report_words words = r->describe(row->key.bench);

		if (is_measured(&c))
			continue;
		text__puts(t, "<tr>");
		html__cell(t, words__point(buf, &row->key));
		status_cell(t, row);
		html__cell(t, row->reason);
		html__cell(t, words.summary ? words.summary : "");
		text__puts(t, "</tr>\n");
	}
	html__table_end(t);
	text__puts(t, "</div></details>\n");
}

static void every_metric(const struct input *in, struct text *t)
{
	static const char *const columns[] = { "benchmark", "metric", "unit", "#runs", "#median",
		"#95 % interval", "#smallest sample", "#99th percentile", NULL };

	text__puts(t, "<details class=bulk><summary>Every metric</summary><div>\n");
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
	const struct input *in = report__first(r);
	const struct shown shown = shown_of(in);
	const char *columns[12];
	struct cell c = { 0 };
	size_t n = 0;

	columns[n++] = "benchmark";
	columns[n++] = "handled in";
	columns[n++] = ticks_title(in);
	if (shown.time)
		columns[n++] = "#time";
	if (shown.interval)
		columns[n++] = "#95 % interval";
	columns[n++] = "#net";
	columns[n++] = "#exits";
	columns[n++] = "metric";
	columns[n++] = "#runs";
	columns[n++] = "status";
	columns[n++] = "what it is";
	columns[n] = NULL;
	html__section(t, "figures", "Figures");
	counts(in, t);
	not_measured(r, t);
	text__puts(t, "<div>\n");
	html__table_begin(t, "benchmarks", columns);
	while (next_cell(in, &c))
		if (is_measured(&c))
			figure_row(r, &c, &shown, t);
	html__table_end(t);
	text__puts(t, "</div>\n");
	every_metric(in, t);
	html__section_end(t);
}

/* An exit and what it costs: without its baseline where that was measured, so that a walk through memory after an
 * exit doesn't count as the exit's. */
struct dear {
	const struct summary_row *row;
	double cost;
};

static int dearer(const void *a, const void *b)
{
	const struct dear *x = a, *y = b;

	return (y->cost > x->cost) - (y->cost < x->cost);
}

static double cost_of(const struct cell *c)
{
	const struct summary_row *net = metric_of(c, "net"), *row = figure_of(c);

	return net && !isnan(net->median) ? net->median : row->median;
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
	const struct input *in = report__first(r);
	const char *columns[7] = { "benchmark", "handled in", ticks_title(in) };
	struct dear *list = calloc(in->summary.count + 1, sizeof(*list));
	bool has_time = shown_of(in).time;
	double cpuid = report__median(in, "cpuid/leaf0", "net");
	struct cell c = { 0 };
	size_t n = 0, column = 3;

	if (has_time)
		columns[column++] = "#time";
	if (cpuid > 0)
		columns[column++] = "#times a CPUID exit";
	columns[column] = "what it is";
	if (!list) {
		t->failed = true;
		return;
	}
	while (next_cell(in, &c))
		if (is_one_exit(&c))
			list[n++] = (struct dear){ figure_of(&c), cost_of(&c) };
	qsort(list, n, sizeof(*list), dearer);
	if (n) {
		text__puts(t,
			"<h3>The dearest operations of one exit</h3>\n<p class=soft>Without their baselines, as "
			"far as these were measured.</p>\n<div>\n");
		html__table_begin(t, "dearest", columns);
	}
	for (size_t i = 0; i < n && i < 12; i++) {
		struct report_words words = r->describe(list[i].row->key.bench);
		double ratio = list[i].cost / cpuid;
		char buf[WORDS_SIZE], many[32];

		snprintf(many, sizeof(many), "%.*f", ratio < 10, ratio);
		text__puts(t, "<tr>");
		html__cell(t, list[i].row->key.bench);
		html__cell(t, words.handled ? words.handled : "");
		html__number(t, list[i].cost, words__figure(buf, list[i].cost, ""));
		if (has_time)
			time_cell(t, to_ns(in, list[i].row, list[i].cost));
		if (cpuid > 0)
			html__number(t, ratio, many);
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
