// SPDX-License-Identifier: MIT
#include "stats/describe.h"

#include <math.h>

#include "stats/sort.h"

double stats__quantile(const double *sorted, size_t n, double q)
{
	double position, fraction;
	size_t below;

	if (!n)
		return NAN;
	position = (double)(n - 1) * q;
	below = (size_t)position;
	if (below + 1 >= n)
		return sorted[n - 1];
	fraction = position - (double)below;
	if (fraction == 0)
		return sorted[below];
	return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

double stats__median(double *values, size_t n)
{
	stats__sort(values, n);
	return stats__quantile(values, n, 0.5);
}

static void moments(struct distribution *d, const double *values, size_t n)
{
	double sum = 0, squares = 0, correction = 0;

	for (size_t i = 0; i < n; i++)
		sum += values[i];
	d->mean = sum / (double)n;
	/* Two passes: the corrected sum of squares keeps its digits where stddev << mean. */
	for (size_t i = 0; i < n; i++) {
		double delta = values[i] - d->mean;

		squares += delta * delta;
		correction += delta;
	}
	squares -= correction * correction / (double)n;
	d->stddev = n > 1 ? sqrt(fmax(squares, 0) / (double)(n - 1)) : NAN;
}

void distribution__of(struct distribution *d, double *values, size_t n)
{
	d->n = n;
	if (!n) {
		d->min = d->p05 = d->p25 = d->p50 = d->p75 = d->p95 = d->p99 = d->p999 = d->max = NAN;
		d->mean = d->stddev = NAN;
		return;
	}
	stats__sort(values, n);
	d->min = values[0];
	d->p05 = stats__quantile(values, n, 0.05);
	d->p25 = stats__quantile(values, n, 0.25);
	d->p50 = stats__quantile(values, n, 0.50);
	d->p75 = stats__quantile(values, n, 0.75);
	d->p95 = stats__quantile(values, n, 0.95);
	d->p99 = stats__quantile(values, n, 0.99);
	d->p999 = stats__quantile(values, n, 0.999);
	d->max = values[n - 1];
	moments(d, values, n);
}

void stats__median_interval(const double *sorted, size_t n, double *low, double *high)
{
	double log_half_n = (double)n * log(0.5), below = 0;
	size_t rank = 0; /* how many values may be cut off at each end */

	*low = *high = NAN;
	/* P(fewer than k+1 values lie below the median) grows with k; keep the largest k with <= 2.5 %. */
	for (size_t k = 0; k < n / 2; k++) {
		double log_choose =
			lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);

		below += exp(log_choose + log_half_n);
		if (below > 0.025)
			break;
		rank = k + 1;
	}
	if (!rank)
		return;
	*low = sorted[rank - 1];
	*high = sorted[n - rank];
}
