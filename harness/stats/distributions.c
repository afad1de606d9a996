// SPDX-License-Identifier: MIT
#include "stats/distributions.h"

#include <math.h>
#include <stdlib.h>

double stats__normal_above(double z)
{
	return erfc(z * M_SQRT1_2) / 2;
}

/* x in [low, high] where the falling function f crosses `target`, to the last bit or nearly. */
static double bisect(
	double (*f)(double x, double parameter), double parameter, double target, double low, double high)
{
	for (int i = 0; i < 200 && high - low > 1e-15 * fabs(high); i++) {
		double middle = (low + high) / 2;

		if (f(middle, parameter) > target)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

double stats__normal_quantile(double p)
{
	double tail = p < 0.5 ? p : 1 - p, z = 0;

	/* Newton's method on the logarithm of the tail, which is concave: after the first step it comes down
	 * on the root from above. */
	for (int i = 0; i < 60; i++) {
		double above = stats__normal_above(z), density = exp(-z * z / 2) / sqrt(2 * M_PI);
		double step = above * log(above / tail) / density;

		z += step;
		if (fabs(step) < 1e-15 * fabs(z))
			break;
	}
	return p < 0.5 ? -z : z;
}

/* Continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22). */
static double beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), result;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	result = d;
	for (int m = 1; m < 10000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double change = 1;

		for (int step = 0; step < 2; step++) {
			double term = step ? odd : even;

			d = 1 + term * d;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = 1 + term / c;
			if (fabs(c) < tiny)
				c = tiny;
			change = c * d;
			result *= change;
		}
		if (fabs(change - 1) < 1e-16)
			break;
	}
	return result;
}

/* Regularised incomplete beta function I_x(a, b). */
static double incomplete_beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x > 0;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	/* The fraction converges fast on one side of the mean; the symmetry gives the other. */
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double stats__t_two_sided(double t, double df)
{
	return incomplete_beta(df / 2, 0.5, df / (df + t * t));
}

double stats__t_critical(double p, double df)
{
	double high = 1;

	while (stats__t_two_sided(high, df) > p)
		high *= 2;
	return bisect(stats__t_two_sided, df, p, 0, high);
}

struct hypothesis {
	double p;
	size_t index;
};

static int compare_hypotheses(const void *a, const void *b)
{
	const struct hypothesis *x = a, *y = b;

	return x->p < y->p ? -1 : x->p > y->p;
}

int stats__holm(const double *p, size_t n, double *adjusted)
{
	struct hypothesis *sorted = malloc((n + 1) * sizeof(*sorted));
	double largest = 0;
	size_t count = 0;

	if (!sorted)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (isnan(p[i]))
			adjusted[i] = NAN;
		else
			sorted[count++] = (struct hypothesis){ p[i], i };
	}
	qsort(sorted, count, sizeof(*sorted), compare_hypotheses);
	for (size_t i = 0; i < count; i++) {
		/* Never below that of a smaller p. */
		largest = fmax(largest, fmin(1, sorted[i].p * (double)(count - i)));
		adjusted[sorted[i].index] = largest;
	}
	free(sorted);
	return 0;
}
