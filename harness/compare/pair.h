/* SPDX-License-Identifier: MIT */
/* Two paths compared: both sides and what came of it, held and freed together. */
#ifndef COMPARE_PAIR_H
#define COMPARE_PAIR_H

#include "compare/compare.h"

struct pair {
	struct side a, b;
	struct comparison c; /* points to the sides: a pair stays where it is */
};

/* Reads both paths, each as side__read() does, and compares B with A. 0, or -1 with err; pair__free() either way. */
int pair__compare(struct pair *p, const char *path_a, const char *path_b,
	const struct compare_options *options, struct error *err);

void pair__free(struct pair *p);

#endif
