/* SPDX-License-Identifier: MIT */
/*
 * Points at which a series of figures changed its level: E-divisive (Matteson and James, 2014). A split is the
 * point that sets two stretches farthest apart in energy distance, and stands where that distance is larger
 * than nearly all that the same figures give in random order. Seeded, so that a series has one answer.
 */
#ifndef STATS_CHANGE_H
#define STATS_CHANGE_H

#include <stddef.h>
#include <stdint.h>

struct change_options {
	double alpha;          /* chance of a split in a series without any: 0.01 */
	size_t shortest;       /* points between changes, and at either end, at least: 3 */
	unsigned permutations; /* orders tried: 499 */
	uint64_t seed;
};

#define CHANGE_OPTIONS_DEFAULT                                                                               \
	{                                                                                                    \
		.alpha = 0.01, .shortest = 3, .permutations = 499, .seed = 1                                 \
	}

struct change {
	size_t index; /* first point of the new level */
	double p;
	double before, after; /* medians of the stretches on either side */
};

/*
 * Finds the changes in values[0..n) and writes them, ascending, to a malloc'ed array. Costs O(n^2) for each
 * permutation of a stretch. 0, or -1 without memory.
 */
int stats__changes(const double *values, size_t n, const struct change_options *options, struct change **out,
	size_t *count);

#endif
