/* SPDX-License-Identifier: MIT */
/* The normal and Student's distribution: tails and quantiles. */
#ifndef STATS_DISTRIBUTIONS_H
#define STATS_DISTRIBUTIONS_H

#include <stddef.h>

/* P(Z > z), accurate in both tails. */
double stats__normal_above(double z);

/* z with P(Z <= z) = p, 0 < p < 1. */
double stats__normal_quantile(double p);

/* P(|T| > |t|) with `df` degrees of freedom (any positive number). */
double stats__t_two_sided(double t, double df);

/* t with P(|T| > t) = p, 0 < p < 1. */
double stats__t_critical(double p, double df);

/*
 * Holm's correction (1979): adjusted[i] is the smallest level at which hypothesis i is rejected while the
 * chance of one false rejection in the whole set stays below that level. NAN entries are no hypotheses and
 * stay NAN. 0, or -1 without memory. The arrays may be one.
 */
int stats__holm(const double *p, size_t n, double *adjusted);

#endif
