/* SPDX-License-Identifier: MIT */
/* Quantiles and the description of one distribution. */
#ifndef STATS_DESCRIBE_H
#define STATS_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Quantile of an ascending array, 0 <= q <= 1, interpolated between the neighbours of (n - 1) q: type 7 of
 * Hyndman and Fan (1996), the default of R and NumPy. NAN where n is 0.
 */
double stats__quantile(const double *sorted, size_t n, double q);

/* Median of an array in any order, which it leaves sorted. NAN where n is 0. */
double stats__median(double *values, size_t n);

struct distribution {
	uint64_t n;
	double min, p05, p25, p50, p75, p95, p99, p999, max;
	double mean;
	double stddev; /* of the sample (n - 1); NAN below 2 values */
};

/* Describes `values`, which it leaves sorted. All NAN where n is 0. No value may be NAN. */
void distribution__of(struct distribution *d, double *values, size_t n);

/*
 * The 95 % interval of the median of an ascending array from its order statistics, without assumptions
 * about the distribution: the narrowest symmetric pair of ranks that covers the median with a
 * probability of at least 0.95 (binomial).  There is none below 6 values: NAN.
 */
void stats__median_interval(const double *sorted, size_t n, double *low, double *high);

#endif
