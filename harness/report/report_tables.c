// SPDX-License-Identifier: MIT
/* The tables: every benchmark, every metric, and the proof. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/words.h"
#include "report/html.h"
#include "report/report_cells.h"
#include "results/json_file.h"
#include "results/summary.h"

static void interval_cell(struct text *t, const struct summary_row *row, bool scaled)
{
	char low[WORDS_SIZE], high[WORDS_SIZE], both[2 * WORDS_SIZE + 8] = "";

	if (!isnan(row->ci_lo) && !isnan(row->ci_hi)) {
		if (scaled && !strcmp(row->unit, "ns"))
			snprintf(both, sizeof(both), "%s .. %s", report_cell__time_words(low, row->ci_lo),
				report_cell__time_words(high, row->ci_hi));
		else
			snprintf(both, sizeof(both), "%s .. %s", words__figure(low, row->ci_lo, ""),
				words__figure(high, row->ci_hi, ""));
	}
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

		shown.time |= !isnan(report_cell__ns(in, row, row->median));
		shown.interval |= !isnan(row->ci_lo);
	}
	return shown;
}

static void figure_row(
	const struct report *r, const struct report_cell *c, const struct shown *shown, struct text *t)
{
	const struct input *in = report__first(r);
	const struct summary_row *row = report_cell__figure(c);
	struct report_words words = r->describe(row->key.bench);
	char buf[WORDS_SIZE];

	text__puts(t, "<tr>");
	html__cell(t, words__point(buf, &row->key));
	html__cell(t, words.handled ? words.handled : "");
	report_cell__put_figure(t, row);
	if (shown->time)
		report_cell__put_time(t, report_cell__ns(in, row, row->median));
	if (shown->interval)
		interval_cell(t, row, true);
	report_cell__put_figure(t, report_cell__metric(c, "net"));
	report_cell__put_figure(t, report_cell__metric(c, "exits"));
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

static bool is_measured(const struct report_cell *c)
{
	return *report_cell__figure(c)->metric != '\0';
}

/* What gave no figure, and why: between the figures it would only be in the way. */
static void not_measured(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "benchmark", "status", "why", "what it is", NULL };
	struct report_cell c = { 0 };
	size_t n = 0;
	char buf[WORDS_SIZE];

	while (report_cell__next(report__first(r), &c))
		n += !is_measured(&c);
	if (!n)
		return;
	text__printf(t, "<details><summary>%zu without a figure, and why</summary><div>\n", n);
	html__table_begin(t, "unmeasured", columns);
	c = (struct report_cell){ 0 };
	while (report_cell__next(report__first(r), &c)) {
		const struct summary_row *row = report_cell__figure(&c);
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
		html__number(t, row->median, words__figure(buf, row->median, ""));
		interval_cell(t, row, false);
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
	struct report_cell c = { 0 };

	while (report_cell__next(in, &c)) {
		by_status[report_cell__figure(&c)->status]++;
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
	struct report_cell c = { 0 };
	size_t n = 0;

	columns[n++] = "benchmark";
	columns[n++] = "handled in";
	columns[n++] = report_cell__ticks_title(in);
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
	while (report_cell__next(in, &c))
		if (is_measured(&c))
			figure_row(r, &c, &shown, t);
	html__table_end(t);
	text__puts(t, "</div>\n");
	every_metric(in, t);
	html__section_end(t);
}
