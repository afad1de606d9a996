/* SPDX-License-Identifier: MIT */
/*
 * Limits per benchmark, in a small file that is kept beside the code:
 *
 *   # what may change by how much
 *   version 1
 *   # benchmark   metric      limit
 *   *             *           2%
 *   hlt*          guest       5%
 *   ept*-thp*     *           off
 *
 * Patterns are globs ('*' matches '/'); where several lines match, the last one counts.
 */
#ifndef COMPARE_THRESHOLDS_H
#define COMPARE_THRESHOLDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct threshold {
	char *bench, *metric; /* patterns */
	double limit;         /* 0.02 for 2 % */
	bool off;             /* not gated */
};

struct thresholds {
	struct threshold *list;
	size_t count;
};

int thresholds__read(const char *path, struct thresholds *t, struct error *err);

/* The same from memory. 0, or -1 with name:line:column in err and nothing to free. */
int thresholds__parse(
	const char *name, const char *text, size_t length, struct thresholds *t, struct error *err);

/* The line that counts; NULL where none matches. */
const struct threshold *thresholds__find(const struct thresholds *t, const char *bench, const char *metric);

void thresholds__free(struct thresholds *t);

#endif
