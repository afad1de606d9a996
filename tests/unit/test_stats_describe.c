// SPDX-License-Identifier: MIT
// Golden values: tests/golden/stats.R
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "stats/describe.h"
#include "stats/random.h"
#include "stats/sort.h"

static const double golden_x[] = { 1203, 1188, 1190.5, 1421, 1188, 1199, 9120, 1186, 1201, 1193, 1188.25 };

static void near(double a, double b, double relative)
{
	if (!(fabs(a - b) <= relative * fmax(1, fabs(b))))
		fail_msg("%.17g is not %.17g", a, b);
}

static void quantiles_agree_with_r(void **state)
{
	double x[ARRAY_SIZE(golden_x)];
	struct distribution d;

	(void)state;
	memcpy(x, golden_x, sizeof(x));
	distribution__of(&d, x, ARRAY_SIZE(x));
	assert_int_equal(d.n, 11);
	assert_true(d.min == 1186 && d.max == 9120);
	near(d.p05, 1187, 1e-12);
	near(d.p25, 1188.125, 1e-12);
	near(d.p50, 1193, 1e-12);
	near(d.p75, 1202, 1e-12);
	near(d.p95, 5270.5, 1e-12);
	near(d.p99, 8350.1, 1e-12);
	near(d.p999, 9043.01, 1e-12);
	near(d.mean, 1934.34090909090901, 1e-12);
	near(d.stddev, 2384.20198460807660, 1e-12);
}

static void nothing_and_one_value(void **state)
{
	struct distribution d;
	double one = 42;

	(void)state;
	distribution__of(&d, NULL, 0);
	assert_true(d.n == 0 && isnan(d.min) && isnan(d.p50) && isnan(d.mean) && isnan(d.stddev));
	distribution__of(&d, &one, 1);
	assert_true(d.n == 1 && d.min == 42 && d.p05 == 42 && d.p999 == 42 && d.mean == 42);
	assert_true(isnan(d.stddev));
	assert_true(isnan(stats__quantile(NULL, 0, 0.5)));
}

static void small_spread_on_a_large_mean_keeps_its_digits(void **state)
{
	double x[] = { 1e12 + 4, 1e12 + 7, 1e12 + 13, 1e12 + 16 };
	struct distribution d;

	(void)state;
	distribution__of(&d, x, ARRAY_SIZE(x));
	near(d.stddev, sqrt(30), 1e-9);
}

/* Ranks from R: qbinom(0.025, n, 0.5); the interval is x[k], x[n+1-k]. */
static void median_interval_has_the_binomial_ranks(void **state)
{
	static const struct {
		size_t n, low, high; /* from 1; 0: none */
	} cases[] = { { 5, 0, 0 }, { 6, 1, 6 }, { 8, 1, 8 }, { 9, 2, 8 }, { 10, 2, 9 }, { 12, 3, 10 },
		{ 20, 6, 15 }, { 50, 18, 33 }, { 100, 40, 61 }, { 1000, 469, 532 } };
	double x[1000], low, high;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(x); i++)
		x[i] = (double)i + 1;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		stats__median_interval(x, cases[i].n, &low, &high);
		if (!cases[i].low) {
			assert_true(isnan(low) && isnan(high));
			continue;
		}
		assert_int_equal((size_t)low, cases[i].low);
		assert_int_equal((size_t)high, cases[i].high);
	}
}

static void is_sorted(const double *x, size_t n)
{
	for (size_t i = 1; i < n; i++)
		assert_true(x[i - 1] <= x[i]);
}

static void sorts_every_shape(void **state)
{
	static double x[50000];
	struct random r;
	double sum = 0, after = 0;

	(void)state;
	random__seed(&r, 1);
	for (int shape = 0; shape < 6; shape++) {
		for (size_t n = 0; n < ARRAY_SIZE(x); n = n * 3 + 1) {
			sum = after = 0;
			for (size_t i = 0; i < n; i++) {
				x[i] = shape == 0   ? (double)random__below(&r, 1000000)
				       : shape == 1 ? (double)random__below(&r, 4)
				       : shape == 2 ? (double)i
				       : shape == 3 ? (double)(n - i)
				       : shape == 4 ? 7
						    : (double)(i < n / 2 ? i : n - i);
				sum += x[i];
			}
			stats__sort(x, n);
			is_sorted(x, n);
			for (size_t i = 0; i < n; i++)
				after += x[i];
			assert_true(sum == after);
		}
	}
}

/* First outputs of the reference implementation for the state that splitmix64 fills from 42. */
static void the_random_sequence_is_the_published_one(void **state)
{
	struct random r;

	(void)state;
	random__seed(&r, 42);
	assert_true(r.state[0] == 13679457532755275413u);
	assert_true(r.state[1] == 2949826092126892291u);
	assert_true(random__next(&r) == 1546998764402558742u);
	assert_true(random__next(&r) == 6990951692964543102u);
}

static void shuffles_are_fair_and_repeatable(void **state)
{
	unsigned counts[6] = { 0 };
	struct random r;

	(void)state;
	random__seed(&r, 7);
	for (int i = 0; i < 60000; i++) {
		unsigned char order[] = { 0, 1, 2 };

		random__shuffle(&r, order, 3, 1);
		assert_int_equal(order[0] + order[1] + order[2], 3);
		counts[order[0] * 2 + (order[1] > order[2])]++;
	}
	/* 10000 each with a standard deviation of 91. */
	for (int i = 0; i < 6; i++)
		assert_in_range(counts[i], 9500, 10500);
}

static void normal_numbers_are_normal(void **state)
{
	static double x[100000];
	struct distribution d;
	struct random r;

	(void)state;
	random__seed(&r, 3);
	for (size_t i = 0; i < ARRAY_SIZE(x); i++)
		x[i] = random__normal(&r);
	distribution__of(&d, x, ARRAY_SIZE(x));
	assert_true(fabs(d.mean) < 0.02 && fabs(d.stddev - 1) < 0.02 && fabs(d.p95 - 1.6449) < 0.03);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_agree_with_r),
		cmocka_unit_test(nothing_and_one_value),
		cmocka_unit_test(small_spread_on_a_large_mean_keeps_its_digits),
		cmocka_unit_test(median_interval_has_the_binomial_ranks),
		cmocka_unit_test(sorts_every_shape),
		cmocka_unit_test(the_random_sequence_is_the_published_one),
		cmocka_unit_test(shuffles_are_fair_and_repeatable),
		cmocka_unit_test(normal_numbers_are_normal),
	};

	return cmocka_run_group_tests_name("stats/describe", tests, NULL, NULL);
}
