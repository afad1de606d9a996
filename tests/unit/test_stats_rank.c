// SPDX-License-Identifier: MIT
// Golden values: tests/golden/rank.R
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "stats/distributions.h"
#include "stats/random.h"
#include "stats/rank.h"

struct golden_rank {
	size_t m, n;
	double a[49], b[49];
	double p, u, estimate, low, high;
	int ties;
};

struct golden_t {
	double t, df, p;
};

#include "tests/golden/rank.h"

static void near(double a, double b, double relative, size_t where)
{
	if (isinf(b) ? a != b : !(fabs(a - b) <= relative * fmax(fabs(b), 1e-12)))
		fail_msg("case %zu: %.17g is not %.17g", where, a, b);
}

static void agrees_with_r_to_1e_9(void **state)
{
	struct u_distribution cache = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(golden_ranks); i++) {
		const struct golden_rank *g = &golden_ranks[i];
		struct rank_test test;
		struct shift shift;

		assert_int_equal(stats__rank_test(g->a, g->m, g->b, g->n, &cache, &test), 0);
		assert_true(test.exact);
		assert_int_equal(test.ties, g->ties);
		near(test.p, g->p, 1e-9, i);
		near(test.u, g->u, 1e-12, i);
		assert_int_equal(stats__shift(g->a, g->m, g->b, g->n, 0.95, &cache, &shift), 0);
		near(shift.estimate, g->estimate, 1e-9, i);
		if (isnan(g->low))
			continue;
		near(shift.low, g->low, 1e-9, i);
		near(shift.high, g->high, 1e-9, i);
	}
	u_distribution__free(&cache);
}

static void both_sides_give_the_same_p(void **state)
{
	struct u_distribution cache = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(golden_ranks); i++) {
		const struct golden_rank *g = &golden_ranks[i];
		struct rank_test ab, ba;

		assert_int_equal(stats__rank_test(g->a, g->m, g->b, g->n, &cache, &ab), 0);
		assert_int_equal(stats__rank_test(g->b, g->n, g->a, g->m, &cache, &ba), 0);
		near(ab.p, ba.p, 1e-12, i);
		near(ab.u, (double)(g->m * g->n) - ba.u, 1e-12, i);
	}
	u_distribution__free(&cache);
}

static void many_values_are_approximated_as_r_does(void **state)
{
	double a[120], b[120];
	struct u_distribution cache = { 0 };
	struct rank_test test;

	(void)state;
	for (int i = 0; i < 120; i++) {
		a[i] = i * 7919 % 60;
		b[i] = i * 104729 % 60 + 5;
	}
	assert_int_equal(stats__rank_test(a, 120, b, 120, &cache, &test), 0);
	assert_false(test.exact);
	near(test.p, GOLDEN_LARGE_P, 1e-9, 0);
	u_distribution__free(&cache);
}

/* Below the limit the exact answer and its approximation are close: neither is off. */
static void exact_and_approximate_meet(void **state)
{
	double a[90], b[90];
	struct u_distribution cache = { 0 };
	struct rank_test test;
	struct random r;
	double z, p;

	(void)state;
	random__seed(&r, 9);
	for (int i = 0; i < 90; i++) {
		a[i] = random__normal(&r);
		b[i] = random__normal(&r) + 0.3;
	}
	assert_int_equal(stats__rank_test(a, 90, b, 90, &cache, &test), 0);
	assert_true(test.exact);
	z = (fabs(test.u - 4050) - 0.5) / sqrt(8100.0 / 12 * 181);
	p = 2 * stats__normal_above(z);
	assert_true(fabs(test.p / p - 1) < 0.05);
	u_distribution__free(&cache);
}

static void the_smallest_p_is_that_of_full_separation(void **state)
{
	static const double a[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, b[] = { 11, 12, 13, 14, 15, 16, 17, 18 };
	struct u_distribution cache = { 0 };
	struct rank_test test;

	(void)state;
	for (size_t n = 1; n <= 8; n++) {
		assert_int_equal(stats__rank_test(a, n, b, n, &cache, &test), 0);
		near(test.p, stats__smallest_p(n, n), 1e-12, n);
	}
	near(stats__smallest_p(5, 5), 2.0 / 252, 1e-12, 0);
	assert_true(stats__smallest_p(0, 5) == 1);
	u_distribution__free(&cache);
}

static void equal_values_are_no_difference(void **state)
{
	static const double a[] = { 7, 7, 7, 7 };
	struct u_distribution cache = { 0 };
	struct rank_test test;
	struct shift shift;

	(void)state;
	assert_int_equal(stats__rank_test(a, 4, a, 4, &cache, &test), 0);
	assert_true(test.p == 1);
	assert_int_equal(stats__shift(a, 4, a, 4, 0.95, &cache, &shift), 0);
	assert_true(shift.estimate == 0 && shift.low == 0 && shift.high == 0);
	assert_int_equal(stats__rank_test(a, 0, a, 4, &cache, &test), 0);
	assert_true(isnan(test.p));
	u_distribution__free(&cache);
}

static void students_distribution_agrees_with_r(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(golden_ts); i++) {
		near(stats__t_two_sided(golden_ts[i].t, golden_ts[i].df), golden_ts[i].p, 1e-9, i);
		near(stats__t_critical(golden_ts[i].p, golden_ts[i].df), golden_ts[i].t, 1e-9, i);
	}
	near(stats__normal_quantile(0.975), 1.9599639845400545, 1e-12, 0);
	near(stats__normal_quantile(0.001), -3.0902323061678132, 1e-12, 0);
}

static void holm_agrees_with_r(void **state)
{
	double p[ARRAY_SIZE(golden_holm) + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(golden_holm); i++)
		p[i] = golden_holm[i][0];
	p[ARRAY_SIZE(golden_holm)] = NAN;
	assert_int_equal(stats__holm(p, ARRAY_SIZE(p), p), 0);
	for (size_t i = 0; i < ARRAY_SIZE(golden_holm); i++)
		near(p[i], golden_holm[i][1], 1e-12, i);
	assert_true(isnan(p[ARRAY_SIZE(golden_holm)]));
}

/* The interval covers the planted shift as often as it says. */
static void intervals_cover_the_truth(void **state)
{
	static const size_t sizes[] = { 6, 10, 20 };
	struct u_distribution cache = { 0 };
	struct shift shift;
	struct random r;

	(void)state;
	random__seed(&r, 4);
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		unsigned covered = 0, trials = 4000;
		double a[20], b[20];

		for (unsigned t = 0; t < trials; t++) {
			for (size_t i = 0; i < sizes[s]; i++) {
				a[i] = random__normal(&r) * 0.008;
				b[i] = random__normal(&r) * 0.008 + 0.01;
			}
			assert_int_equal(stats__shift(a, sizes[s], b, sizes[s], 0.95, &cache, &shift), 0);
			covered += shift.low <= 0.01 && 0.01 <= shift.high;
		}
		print_message("%zu + %zu: the 95 %% interval covered %.1f %% of %u\n", sizes[s], sizes[s],
			100.0 * covered / trials, trials);
		/* At least 95 % by construction, and not wastefully more; 4000 trials have an SD of 0.35 %. */
		assert_in_range(covered, trials * 940 / 1000, trials * 980 / 1000);
	}
	u_distribution__free(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_r_to_1e_9),
		cmocka_unit_test(both_sides_give_the_same_p),
		cmocka_unit_test(many_values_are_approximated_as_r_does),
		cmocka_unit_test(exact_and_approximate_meet),
		cmocka_unit_test(the_smallest_p_is_that_of_full_separation),
		cmocka_unit_test(equal_values_are_no_difference),
		cmocka_unit_test(students_distribution_agrees_with_r),
		cmocka_unit_test(holm_agrees_with_r),
		cmocka_unit_test(intervals_cover_the_truth),
	};

	return cmocka_run_group_tests_name("stats/rank", tests, NULL, NULL);
}
