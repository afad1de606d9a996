// SPDX-License-Identifier: MIT
/* The host's clock, on whatever machine runs the tests: invariants that hold on all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/monotonic.h"
#include "host/clock.h"

static void stamps_never_go_back(void **state)
{
	uint64_t last = tsc__stamp();

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint64_t now = tsc__stamp();

		assert_true(now >= last);
		last = now;
	}
}

static void calibration_agrees_with_the_wall_clock(void **state)
{
	struct host_clock clock;
	struct error err;
	uint64_t begin_ns, begin_tsc;
	double ms;

	(void)state;
	assert_int_equal(host_clock__read(&clock, 0, &err), 0);
	if (clock.exact)
		skip();
	assert_true(clock.tsc_khz > 1e3);
	assert_true(clock.spread_ppm >= 0);
	assert_int_equal(clock.kvm_tsc_khz, 0);
	begin_ns = monotonic__now_ns();
	begin_tsc = tsc__stamp();
	while (monotonic__now_ns() < begin_ns + 50000000)
		;
	ms = (double)(tsc__stamp() - begin_tsc) / clock.tsc_khz;
	/* Loose: the two clocks are read apart and the machine may be busy. */
	assert_true(ms > 49.5 && ms < 80);
}

static void kvm_figure_is_cross_checked(void **state)
{
	struct host_clock clock, wrong;

	(void)state;
	assert_int_equal(host_clock__read(&clock, 0, NULL), 0);
	assert_int_equal(host_clock__read(&wrong, (unsigned)(clock.tsc_khz * 1.01), NULL), 0);
	if (wrong.exact)
		skip();
	assert_true(wrong.kvm_difference_ppm > 5000);
	assert_false(wrong.trusted);
	assert_true(*wrong.distrust);
	assert_int_equal(host_clock__read(&wrong, (unsigned)clock.tsc_khz, NULL), 0);
	assert_true(wrong.kvm_difference_ppm < 2000);
}

static void exactness_is_the_same_every_time(void **state)
{
	bool first = host_clock__is_exact();

	(void)state;
	for (int i = 0; i < 200; i++)
		assert_int_equal(host_clock__is_exact(), first);
}

static void overhead_of_a_pair_is_small_and_positive(void **state)
{
	uint64_t pair = host_clock__stamp_pair_tsc(1000);

	(void)state;
	assert_true(pair > 0 && pair < 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_never_go_back),
		cmocka_unit_test(calibration_agrees_with_the_wall_clock),
		cmocka_unit_test(kvm_figure_is_cross_checked),
		cmocka_unit_test(exactness_is_the_same_every_time),
		cmocka_unit_test(overhead_of_a_pair_is_small_and_positive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
