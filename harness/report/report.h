/* SPDX-License-Identifier: MIT */
/*
 * The report: one HTML page that needs nothing else, of one run directory or of several, the first of which is
 * shown and the others compared with it.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "compare/compare.h"
#include "report/pictures.h"
#include "results/text.h"

/* What the program knows of a benchmark and the results files don't say. NULLs where it knows none of that name. */
struct report_words {
	const char *summary; /* one line */
	const char *handled; /* "kernel", "user space"... */
};

struct report {
	char *const *paths;
	size_t count;
	const struct side *sides;  /* one a path */
	struct checks_file checks; /* of the first; empty where it has none */
	const struct pictures *pictures;
	const struct comparison *comparisons; /* [i]: the first against path i; [0] is unused */
	char *const *refused;                 /* [i]: why path i can't be compared, or NULL */
	struct report_words (*describe)(const char *bench);
};

/* Appends the page. */
void report__page(const struct report *r, struct text *t);

/* Its parts. */
void report__host(const struct report *r, struct text *t);    /* who ran what where, and what disturbed it */
void report__figures(const struct report *r, struct text *t); /* every benchmark; then every metric */
void report__kinds(const struct report *r, struct text *t);   /* what the kinds of exits cost, and why */
void report__dearest(const struct report *r, struct text *t); /* the dearest benchmarks of one exit */
void report__proof(const struct report *r, struct text *t);
void report__verdicts(const struct report *r, struct text *t);   /* a line a comparison */
void report__comparison(const struct report *r, struct text *t); /* every row of them */

/* A median with one vCPU in one VM, of a proved row; NAN where there is none. */
double report__median(const struct input *in, const char *bench, const char *metric);

/* The directory that is shown. */
const struct input *report__first(const struct report *r);

#endif
