// SPDX-License-Identifier: MIT
/* What is dear here, and why: the kinds of exits beside each other, and the dearest benchmarks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/words.h"
#include "report/html.h"
#include "report/model.h"
#include "report/report_cells.h"
#include "results/json_file.h"

double report__median(const struct input *in, const char *bench, const char *metric)
{
	return model__median(in->summary.rows, in->summary.count, bench, metric);
}

/* "2.1" of a CPUID exit, the yardstick; an empty cell where either is lost in noise. */
static void ratio_cell(struct text *t, double cost, double cpuid)
{
	double ratio = cost / cpuid;
	char many[32] = "";

	if (cpuid > 0 && cost > 0)
		snprintf(many, sizeof(many), ratio < 0.095 ? "%.2f" : ratio < 9.95 ? "%.1f" : "%.0f", ratio);
	html__number(t, *many ? ratio : NAN, many);
}

/* Noise can make an exit look cheaper than the loop without it: then that is what there is to say. */
static void cost_cells(const struct input *in, double cost, double cpuid, bool has_time, struct text *t)
{
	double khz = json_number_value(json__get(in->run, "clock.tsc_khz"));
	char buf[WORDS_SIZE];

	html__number(t, cost > 0 ? cost : NAN, cost > 0 ? words__figure(buf, cost, "") : "lost in noise");
	if (has_time)
		report_cell__put_time(t, cost > 0 ? cost * 1e6 / khz : NAN);
	if (cpuid > 0)
		ratio_cell(t, cost, cpuid);
}

/* Columns of a table of costs, `columns` with room for seven. */
static void cost_columns(const struct input *in, const char **columns, size_t used, bool has_time,
	double cpuid, const char *last)
{
	columns[used++] = report_cell__ticks_title(in);
	if (has_time)
		columns[used++] = "#time";
	if (cpuid > 0)
		columns[used++] = "#times a CPUID exit";
	columns[used++] = last;
	columns[used] = NULL;
}

/* An exact clock counts instructions, which are no time. */
static bool ticks_are_time(const struct input *in)
{
	return strcmp(input__fact(in, "clock.unit", "tsc"), "insn") &&
	       json_number_value(json__get(in->run, "clock.tsc_khz")) > 0;
}

void report__kinds(const struct report *r, struct text *t)
{
	static const struct {
		const char *bench, *metric, *what, *why;
		const char *less; /* what surrounds a round trip, as in the model and the ladder */
	} kinds[] = {
		{ "floor/syscall", "roundtrip", "a system call", "no exit: to compare with",
			"floor/call-host" },
		{ "cpuid/leaf0", "net", "an exit that the kernel handles",
			"the CPU saves the guest and loads the host; KVM finds out why, does the work, and enters again" },
		{ "pio/out-user-1b", "roundtrip", "an exit to user space",
			"and KVM_RUN, a system call, returns and is called again", "floor/stamp-host" },
		{ "mmio/read-user-4b", "roundtrip", "an exit to user space for MMIO",
			"and KVM has to find and decode the instruction that touched the address",
			"floor/stamp-host" },
		{ "ept/first-write-4k-absent", "net", "the first write to a page",
			"the kernel finds memory, clears it and maps it for the guest" },
	};
	const struct input *in = report__first(r);
	bool has_time = ticks_are_time(in);
	double cpuid = report__median(in, "cpuid/leaf0", "net");
	const char *columns[7] = { "what" };
	size_t shown = 0;

	text__puts(t,
		"<p>A VM's code runs on the CPU itself until something makes the CPU leave it: an exit (VMEXIT). The "
		"host's kernel (KVM) handles it, or hands it to user space, and enters the guest again (VMENTER). What "
		"one exit of each kind costs here:</p>\n");
	cost_columns(in, columns, 1, has_time, cpuid, "why");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		double cost = report__median(in, kinds[i].bench, kinds[i].metric);

		if (kinds[i].less)
			cost -= report__median(in, kinds[i].less, "roundtrip");
		if (isnan(cost))
			continue;
		if (!shown++)
			html__table_begin(t, "kinds", columns);
		text__puts(t, "<tr><td>");
		html__text(t, kinds[i].what);
		text__puts(t, " <span class=soft>");
		html__text(t, kinds[i].bench);
		text__puts(t, "</span></td>");
		cost_cells(in, cost, cpuid, has_time, t);
		html__cell(t, kinds[i].why);
		text__puts(t, "</tr>\n");
	}
	if (shown)
		html__table_end(t);
	else
		text__puts(t, "<p class=soft>None of the kinds of exits was measured.</p>\n");
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

static double cost_of(const struct report_cell *c)
{
	const struct summary_row *net = report_cell__metric(c, "net"), *row = report_cell__figure(c);

	return net && !isnan(net->median) ? net->median : row->median;
}

/* Only what one exit or one round trip costs: benchmarks with many exits an operation would lead the list. */
static bool is_one_exit(const struct report_cell *c)
{
	const struct summary_row *exits = report_cell__metric(c, "exits"), *row = report_cell__figure(c);

	return row->key.vcpus == 1 && row->key.vms == 1 && row->status == ROW_OK && exits &&
	       exits->median > 0.5 && exits->median < 1.5 &&
	       (!strcmp(row->metric, "roundtrip") || !strcmp(row->metric, "guest"));
}

void report__dearest(const struct report *r, struct text *t)
{
	const struct input *in = report__first(r);
	const char *columns[7] = { "benchmark", "handled in" };
	struct dear *list = calloc(in->summary.count + 1, sizeof(*list));
	bool has_time = ticks_are_time(in);
	double cpuid = report__median(in, "cpuid/leaf0", "net");
	struct report_cell c = { 0 };
	size_t n = 0;

	if (!list) {
		t->failed = true;
		return;
	}
	cost_columns(in, columns, 2, has_time, cpuid, "what it is");
	while (report_cell__next(in, &c))
		if (is_one_exit(&c))
			list[n++] = (struct dear){ report_cell__figure(&c), cost_of(&c) };
	qsort(list, n, sizeof(*list), dearer);
	text__puts(t, "<h3>The dearest exits</h3>\n");
	if (!n)
		text__puts(t, "<p class=soft>No operation of just one proved exit was measured.</p>\n");
	else
		text__puts(t,
			"<p class=soft>Of the benchmarks whose operation makes one exit; what else is in the measured loop "
			"is taken off, as far as it was measured.</p>\n<div>\n");
	if (n)
		html__table_begin(t, "dearest", columns);
	for (size_t i = 0; i < n && i < 12; i++) {
		struct report_words words = r->describe(list[i].row->key.bench);

		text__puts(t, "<tr>");
		html__cell(t, list[i].row->key.bench);
		html__cell(t, words.handled ? words.handled : "");
		cost_cells(in, list[i].cost, cpuid, has_time, t);
		html__cell(t, words.summary ? words.summary : "");
		text__puts(t, "</tr>\n");
	}
	if (n) {
		html__table_end(t);
		text__puts(t, "</div>\n");
	}
	free(list);
}
