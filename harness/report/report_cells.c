// SPDX-License-Identifier: MIT
#include "report/report_cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compare/words.h"
#include "report/html.h"
#include "results/json_file.h"

bool report_cell__next(const struct input *in, struct report_cell *c)
{
	const struct summary_row *end = in->summary.rows + in->summary.count;

	c->rows = c->rows ? c->rows + c->count : in->summary.rows;
	for (c->count = 0;
		c->rows + c->count < end && !cell_key__compare(&c->rows[c->count].key, &c->rows[0].key);
		c->count++)
		;
	return c->count > 0;
}

const struct summary_row *report_cell__metric(const struct report_cell *c, const char *metric)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->rows[i].metric, metric))
			return &c->rows[i];
	return NULL;
}

const struct summary_row *report_cell__figure(const struct report_cell *c)
{
	static const char *const order[] = { "roundtrip", "guest", "latency", "lateness", "process" };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct summary_row *row = report_cell__metric(c, order[i]);

		if (row)
			return row;
	}
	return &c->rows[0];
}

const char *report_cell__ticks_title(const struct input *in)
{
	return strcmp(input__fact(in, "clock.unit", "tsc"), "insn") ? "#ticks" : "#instructions";
}

double report_cell__ns(const struct input *in, const struct summary_row *row, double value)
{
	double khz = json_number_value(json__get(in->run, "clock.tsc_khz"));

	if (!strcmp(row->unit, "ns"))
		return value;
	return !strcmp(row->unit, "tsc") && khz > 0 ? value * 1e6 / khz : NAN;
}

char *report_cell__time_words(char *buf, double ns)
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	double size = fabs(ns);
	size_t unit = 0;

	for (; size >= 999.5 && unit < 3; unit++) {
		size /= 1000;
		ns /= 1000;
	}
	buf[0] = '\0';
	if (!isnan(ns))
		snprintf(buf, WORDS_SIZE, "%.*f %s",
			size < 9.995   ? 2
			: size < 99.95 ? 1
				       : 0,
			ns, units[unit]);
	return buf;
}

void report_cell__put_time(struct text *t, double ns)
{
	char buf[WORDS_SIZE];

	html__number(t, ns, report_cell__time_words(buf, ns));
}

void report_cell__put_figure(struct text *t, const struct summary_row *row)
{
	char buf[WORDS_SIZE] = "";

	if (row && !strcmp(row->unit, "ns"))
		row = NULL;
	html__number(t, row ? row->median : NAN, row ? words__figure(buf, row->median, "") : "");
}
