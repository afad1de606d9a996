// SPDX-License-Identifier: MIT
/* Which samples of several vCPUs count: those from the time in which all of them ran. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "measure/round.h"

#define SAMPLES 10
#define LANES   2

/* Two lanes that have just run a round; nobody needs KVM for it. */
struct fixture {
	struct bench bench;
	struct machine machine;
	struct vcpu vcpus[LANES];
	struct abi_sample rings[LANES][SAMPLES];
	struct run_stamps stamps[LANES][SAMPLES];
	struct lane lanes[LANES];
	struct outcome *outcome;
	struct pass pass;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	unsigned i;

	assert_non_null(f);
	f->outcome = calloc(1, outcome__bytes(LANES));
	assert_non_null(f->outcome);
	f->machine.shared_tsc = true;
	f->pass = (struct pass){ .bench = &f->bench,
		.lanes = f->lanes,
		.lane_count = LANES,
		.kind = ROUND_GUEST,
		.samples = SAMPLES };
	for (i = 0; i < LANES; i++) {
		f->vcpus[i].ring = f->rings[i];
		f->lanes[i] = (struct lane){ .pass = &f->pass,
			.machine = &f->machine,
			.vcpu = &f->vcpus[i],
			.out = &f->outcome->lanes[i],
			.stamps = f->stamps[i] };
	}
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->outcome);
	free(f);
	return 0;
}

/* A sample every 100 ticks from `start_tsc`, each 80 long: in the guest's ring and in the host's stamps. */
static void ran(struct fixture *f, unsigned lane, uint64_t start_tsc)
{
	uint32_t i;

	for (i = 0; i < SAMPLES; i++) {
		uint64_t at = start_tsc + 100 * i;

		f->rings[lane][i] = (struct abi_sample){ at, at + 80 };
		f->stamps[lane][i] = (struct run_stamps){ at, at + 80 };
	}
}

static uint32_t count(const struct fixture *f, unsigned lane, enum metric metric)
{
	return f->outcome->lanes[lane].series[metric].count;
}

static void only_samples_from_the_common_time_count(void **state)
{
	struct fixture *f = *state;

	ran(f, 0, 1000);
	ran(f, 1, 1450); /* common: 1450 ... 1980 */
	assert_true(round__collect(&f->pass));
	assert_int_equal(count(f, 0, METRIC_GUEST), 5); /* 1500 ... 1900 */
	assert_int_equal(count(f, 1, METRIC_GUEST), 5); /* 1450 ... 1850 */
	assert_int_equal(f->pass.flags, 0);
	assert_int_equal(f->outcome->lanes[0].series[METRIC_GUEST].ticks[0], 80);
}

/* Or a round of few samples would give too low a rate, and one with a long sample at an end too high a one. */
static void a_rate_is_over_the_common_time_with_parts_of_samples(void **state)
{
	struct fixture *f = *state;
	uint32_t i;

	ran(f, 0, 1000);
	ran(f, 1, 1460);
	f->rings[1][4].after_tsc =
		1860 + 3200; /* waited for a CPU: its sample is 3200 long, and 120 of it are common time */
	for (i = 5; i < SAMPLES; i++)
		f->rings[1][i] = (struct abi_sample){ 5000 + 100 * i, 5080 + 100 * i };
	assert_true(round__collect(&f->pass));
	/* Common: 1460 ... 1980. Lane 0 is in the last quarter of a sample when it begins. */
	assert_float_equal(f->outcome->lanes[0].operations, 5.25, 1e-6);
	assert_float_equal(f->outcome->lanes[1].operations, 4 + 120 / 3200.0, 1e-6);
	assert_int_equal(f->outcome->lanes[0].span_ticks, 1980 - 1460);
	assert_int_equal(f->outcome->lanes[1].span_ticks, 1980 - 1460);
}

static void host_timed_samples_count_only_then_too(void **state)
{
	struct fixture *f = *state;

	f->pass.kind = ROUND_HOST;
	f->machine.shared_tsc = false; /* no matter: these stamps are the host's */
	ran(f, 0, 1000);
	ran(f, 1, 1450);
	assert_true(round__collect(&f->pass));
	assert_int_equal(count(f, 0, METRIC_ROUNDTRIP), 5);
	assert_int_equal(count(f, 1, METRIC_ROUNDTRIP), 5);
	assert_int_equal(count(f, 0, METRIC_GUEST), 0);
	assert_float_equal(f->outcome->lanes[0].operations, 0, 0);
}

static void a_round_without_common_time_moves_nothing(void **state)
{
	struct fixture *f = *state;

	ran(f, 0, 1000);
	ran(f, 1, 5000);
	assert_false(round__collect(&f->pass));
	assert_int_equal(count(f, 0, METRIC_GUEST), 0);
	assert_int_equal(count(f, 1, METRIC_GUEST), 0);
}

/* The other lane's samples would be of that time, but there is nothing to hold them against. */
static void a_lane_without_samples_in_the_common_time_spoils_the_round(void **state)
{
	struct fixture *f = *state;

	ran(f, 0, 1000);
	ran(f, 1, 1890);
	f->rings[1][0].after_tsc = 3000; /* its first sample outlasts the other lane */
	assert_false(round__collect(&f->pass));
	assert_int_equal(count(f, 0, METRIC_GUEST), 0);
}

static void without_one_clock_the_common_time_is_unknown(void **state)
{
	struct fixture *f = *state;

	ran(f, 0, 1000);
	ran(f, 1, 1000);
	f->machine.shared_tsc = false;
	assert_false(round__collect(&f->pass));
}

static void lanes_apart_have_rows_with_a_flag(void **state)
{
	struct fixture *f = *state;
	unsigned i;

	ran(f, 0, 1000);
	ran(f, 1, 5000);
	round__collect_apart(&f->pass);
	for (i = 0; i < LANES; i++) {
		assert_int_equal(count(f, i, METRIC_GUEST), SAMPLES);
		assert_int_equal(f->outcome->lanes[i].span_ticks, 0); /* no rate */
	}
	assert_int_equal(f->pass.flags, FLAG_APART);
}

static void one_lane_needs_no_clock_in_common(void **state)
{
	struct fixture *f = *state;

	f->pass.lane_count = 1;
	f->machine.shared_tsc = false;
	ran(f, 0, 1000);
	assert_true(round__collect(&f->pass));
	assert_int_equal(count(f, 0, METRIC_GUEST), SAMPLES);
	assert_int_equal(f->outcome->lanes[0].span_ticks, 980);
	assert_int_equal(f->pass.flags, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_samples_from_the_common_time_count),
		TEST(a_rate_is_over_the_common_time_with_parts_of_samples),
		TEST(host_timed_samples_count_only_then_too),
		TEST(a_round_without_common_time_moves_nothing),
		TEST(a_lane_without_samples_in_the_common_time_spoils_the_round),
		TEST(without_one_clock_the_common_time_is_unknown),
		TEST(lanes_apart_have_rows_with_a_flag),
		TEST(one_lane_needs_no_clock_in_common),
	};

	return cmocka_run_group_tests_name("measure/round", tests, NULL, NULL);
}
