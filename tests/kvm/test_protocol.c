// SPDX-License-Identifier: MIT
/* The guest-host protocol: a good guest's samples arrive, and each way to misbehave has its own sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "open_kvm.h"
#include "runner/spawn.h"

GUEST_DECLARE(null);
GUEST_DECLARE(selftest);
GUEST_DECLARE(pio);

#define SAMPLES 100

static struct outcome *run_samples(
	const struct bench *b, unsigned vcpus, unsigned vms, uint32_t samples, unsigned timeout_ms)
{
	struct job_spec spec = {
		.bench = b,
		.host = &kvm,
		.vcpus = vcpus,
		.vms = vms,
		.emulated = true, /* the figures don't matter here */
		.budget = { .samples = samples },
	};
	struct outcome *o = outcome__share(vcpus * vms);
	struct error err;

	assert_non_null(o);
	assert_int_equal(spawn__job(&spec, o, timeout_ms, &err), 0);
	return o;
}

static struct outcome *run(const struct bench *b, unsigned vcpus, unsigned vms, unsigned timeout_ms)
{
	return run_samples(b, vcpus, vms, SAMPLES, timeout_ms);
}

static void a_good_guest_delivers_every_sample(void **state)
{
	const struct bench b = { .id = "test/null", .guest = GUEST(null), .entry = "null" };
	struct outcome *o;
	uint32_t i;

	(void)state;
	need_kvm();
	o = run(&b, 1, 1, 20000);
	assert_int_equal(o->state, OUTCOME_DONE);
	assert_int_equal(o->lanes[0].series[METRIC_GUEST].count, SAMPLES);
	assert_int_equal(o->lanes[0].series[METRIC_ROUNDTRIP].count, 0);
	for (i = 0; i < SAMPLES; i++)
		assert_in_range(o->lanes[0].series[METRIC_GUEST].ticks[i], 1, UINT32_MAX);
	outcome__release(o, 1);
}

static void an_exit_to_user_space_is_seen_from_both_sides(void **state)
{
	const struct bench b = {
		.id = "test/out",
		.guest = GUEST(pio),
		.entry = "out1",
		.arg = { ABI_PORT_MEASURE },
		.handled_in = HANDLED_USER,
		.expect = { .kvm = KVM_EXIT(IO), .exits = 1 },
	};
	const struct lane_outcome *lane;
	struct outcome *o;
	uint32_t i;

	(void)state;
	need_kvm();
	o = run(&b, 1, 1, 20000);
	lane = &o->lanes[0];
	assert_int_equal(o->state, OUTCOME_DONE);
	assert_int_equal(lane->series[METRIC_ROUNDTRIP].count, SAMPLES);
	assert_int_equal(lane->series[METRIC_GUEST].count, SAMPLES);
	if (lane->flags & FLAG_SPLIT_TSC) {
		print_message("# no legs: guest and host are not on one clock here\n");
	} else {
		assert_int_equal(lane->series[METRIC_EXIT_LEG].count, SAMPLES);
		assert_int_equal(lane->series[METRIC_ENTRY_LEG].count, SAMPLES);
		/* On one clock the legs are parts of the whole. */
		for (i = 0; i < SAMPLES; i++)
			assert_true(lane->series[METRIC_EXIT_LEG].ticks[i] +
					    lane->series[METRIC_ENTRY_LEG].ticks[i] <=
				    lane->series[METRIC_GUEST].ticks[i]);
	}
	outcome__release(o, 1);
}

static void several_vcpus_in_several_vms_are_lanes_of_their_own(void **state)
{
	const struct bench b = { .id = "test/null", .guest = GUEST(null), .entry = "null" };
	struct outcome *o;
	unsigned i, with_samples = 0;

	(void)state;
	need_kvm();
	/* Long enough that four of them on two CPUs must overlap: only samples from when all ran count. */
	o = run_samples(&b, 2, 2, ABI_RING_SLOTS, 20000);
	assert_int_equal(o->state, OUTCOME_DONE);
	assert_int_equal(o->lane_count, 4);
	for (i = 0; i < 4; i++)
		with_samples += o->lanes[i].series[METRIC_GUEST].count > 0;
	assert_int_equal(with_samples, 4);
	outcome__release(o, 4);
}

/* Runs an entry of the misbehaving guest and checks how it ended and what is said of it. */
static void expect_ending(
	const char *entry, enum outcome_state wanted, const char *words, unsigned timeout_ms)
{
	const struct bench b = { .id = "test/selftest", .guest = GUEST(selftest), .entry = entry };
	struct outcome *o;

	need_kvm();
	o = run(&b, 1, 1, timeout_ms);
	if (o->state != wanted || !strstr(o->reason, words))
		fail_msg("%s: ended with state %d, \"%s\"; wanted state %d, \"...%s...\"", entry, o->state,
			o->reason, wanted, words);
	outcome__release(o, 1);
}

static void a_failed_guest_assertion_reaches_the_host(void **state)
{
	(void)state;
	expect_ending("fail_assertion", OUTCOME_FAILED, "saw 0x7, wanted 0x8", 20000);
}

static void an_undefined_opcode_is_the_backends_refusal(void **state)
{
	(void)state;
	expect_ending("undefined_opcode", OUTCOME_BACKEND, "exception 6", 20000);
}

static void an_unexpected_exception_says_where(void **state)
{
	(void)state;
	expect_ending("page_fault", OUTCOME_FAILED, "CR2 0x500000000", 20000);
}

static void a_guest_that_hangs_is_ended_by_the_watchdog(void **state)
{
	(void)state;
	expect_ending("hang", OUTCOME_TIMEOUT, "did not come back within 300 ms", 300);
}

static void an_exit_nobody_wanted_is_described(void **state)
{
	(void)state;
	expect_ending("wrong_port", OUTCOME_FAILED, "out port 0x5e4", 20000);
}

static void an_entry_that_does_not_exist_is_said(void **state)
{
	(void)state;
	expect_ending("no_such_entry", OUTCOME_FAILED, "has no entry no_such_entry", 20000);
}

static void crash(struct machine *m)
{
	(void)m;
	abort(); /* cmocka catches the signals of other crashes, in children too */
}

static void a_crash_of_the_measuring_process_loses_only_itself(void **state)
{
	const struct bench b = { .id = "test/crash", .guest = GUEST(null), .entry = "null", .setup = crash };
	struct outcome *o;

	(void)state;
	need_kvm();
	o = run(&b, 1, 1, 20000);
	assert_int_equal(o->state, OUTCOME_FAILED);
	assert_non_null(strstr(o->reason, "ended by signal"));
	outcome__release(o, 1);
}

static void the_probe_gathers_evidence(void **state)
{
	struct trust_evidence e;
	struct error err;

	(void)state;
	need_kvm();
	assert_int_equal(spawn__probe(&kvm, &e, 20000, &err), 0);
	assert_true(e.complete);
	assert_true(e.null_ticks > 0);
	assert_true(e.control_ticks >= e.null_ticks / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_guest_delivers_every_sample),
		cmocka_unit_test(an_exit_to_user_space_is_seen_from_both_sides),
		cmocka_unit_test(several_vcpus_in_several_vms_are_lanes_of_their_own),
		cmocka_unit_test(a_failed_guest_assertion_reaches_the_host),
		cmocka_unit_test(an_undefined_opcode_is_the_backends_refusal),
		cmocka_unit_test(an_unexpected_exception_says_where),
		cmocka_unit_test(a_guest_that_hangs_is_ended_by_the_watchdog),
		cmocka_unit_test(an_exit_nobody_wanted_is_described),
		cmocka_unit_test(an_entry_that_does_not_exist_is_said),
		cmocka_unit_test(a_crash_of_the_measuring_process_loses_only_itself),
		cmocka_unit_test(the_probe_gathers_evidence),
	};

	return cmocka_run_group_tests_name("kvm/protocol", tests, open_kvm, NULL);
}
