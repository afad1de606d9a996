/* SPDX-License-Identifier: MIT */
/*
 * The Wilcoxon-Mann-Whitney test and the shift that belongs to it. The functions allocate scratch memory
 * and return -1 where there is none.
 */
#ifndef STATS_RANK_H
#define STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Null distribution of U (pairs a > b) for m and n values without ties, kept between calls: all cells of a
 * comparison mostly have the same numbers of runs. A zeroed one is empty.
 */
struct u_distribution {
	size_t m, n;
	double *cumulative; /* P(U <= u) for u = 0 .. m n */
};

void u_distribution__free(struct u_distribution *d);

struct rank_test {
	double p;   /* two-sided: twice the smaller tail, at most 1 */
	double u;   /* pairs with a > b, ties counting a half */
	bool exact; /* the permutation distribution itself; else its normal approximation */
	bool ties;  /* midranks were used */
};

/*
 * Do a (m values) and b (n values) come from one distribution? Exact without ties, and exact over all
 * permutations of the midranks with ties (Streitberg and Roehmel's shift algorithm, 1986), up to about
 * 100 + 100 values; above that the normal approximation with corrections for ties and continuity.
 * p is NAN where m or n is 0.
 */
int stats__rank_test(const double *a, size_t m, const double *b, size_t n, struct u_distribution *cache,
	struct rank_test *out);

/* Smallest p that m + n values can reach: 2 / (m + n over m), at most 1. */
double stats__smallest_p(size_t m, size_t n);

struct shift {
	double estimate;  /* median of all differences b - a (Hodges and Lehmann, 1963) */
	double low, high; /* interval from inverting the test; -INFINITY, INFINITY where m + n is too few */
};

/* The shift from a to b with an interval of at least `confidence` (0.95). NAN where m or n is 0. */
int stats__shift(const double *a, size_t m, const double *b, size_t n, double confidence,
	struct u_distribution *cache, struct shift *out);

#endif
