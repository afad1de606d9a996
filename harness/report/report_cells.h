/* SPDX-License-Identifier: MIT */
/* What the tables of the report share: the rows of one benchmark, its figure, and how figures are written. */
#ifndef REPORT_CELLS_H
#define REPORT_CELLS_H

#include "report/report.h"
#include "results/summary.h"

/* The rows of one benchmark with one number of vCPUs and VMs. */
struct report_cell {
	const struct summary_row *rows;
	size_t count;
};

/* The first where `c` is zeroed, else the one after it; false where there is none. */
bool report_cell__next(const struct input *in, struct report_cell *c);

/* NULL where it has no such metric. */
const struct summary_row *report_cell__metric(const struct report_cell *c, const char *metric);

/* The figure that stands for the benchmark; its first row where it has none. */
const struct summary_row *report_cell__figure(const struct report_cell *c);

/* The heading of a column of figures. */
const char *report_cell__ticks_title(const struct input *in);

/* A value of that row in nanoseconds; NAN where ticks are no time. */
double report_cell__ns(const struct input *in, const struct summary_row *row, double value);

/* A time, three digits of it, in a unit of its size, into WORDS_SIZE bytes; "" of NAN. */
char *report_cell__time_words(char *buf, double ns);

/* A cell with it. */
void report_cell__put_time(struct text *t, double ns);

/* A cell with a median that is in ticks or a count; empty of NULL, and of what is in ns: it stands among the times. */
void report_cell__put_figure(struct text *t, const struct summary_row *row);

#endif
