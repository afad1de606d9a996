// SPDX-License-Identifier: MIT
/* An exit's way by KVM's tracepoints: lines of ftrace, and samples cut at them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/array.h"
#include "measure/trace_split.h"
#include "measure/trace_text.h"

/* As Linux 6.12's kvm_intel and kvm_amd print them. */
static void lines_of_our_thread_are_events(void **state)
{
	struct trace_event e;

	(void)state;
	assert_true(trace_text__parse(
		"    vmexit-bench-231     [000] d..1.    2164733412: kvm_exit: vcpu 0 reason "
		"IO_INSTRUCTION rip 0x100234 info1 0x0000000005e80000\n",
		231, &e));
	assert_int_equal(e.tsc, 2164733412);
	assert_int_equal(e.point, TRACE_EXIT);
	assert_true(trace_text__parse(
		"    vmexit-bench-231     [013] d....    2164733500: kvm_entry: vcpu 0, rip 0x100235\n", 231,
		&e));
	assert_int_equal(e.point, TRACE_ENTRY);
	assert_true(trace_text__parse(
		"    vmexit-bench-231     [000] .....    18446744073709551615: kvm_userspace_exit: reason KVM_EXIT_IO "
		"(2)\n",
		231, &e));
	assert_int_equal(e.point, TRACE_USERSPACE_EXIT);
	assert_true(e.tsc == UINT64_MAX);
	/* A name that means to confuse. */
	assert_true(trace_text__parse(" a [7] d-5 [1] b-231 [002] d..1. 77: kvm_entry: vcpu 0\n", 231, &e));
	assert_int_equal(e.tsc, 77);
}

static void other_lines_are_none(void **state)
{
	static const char *const lines[] = {
		"# tracer: nop\n",
		"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n",
		"",
		"\n",
		/* another thread; one whose number only ends like ours; one without the dash */
		"    vmexit-bench-232     [000] d..1.    1: kvm_exit: vcpu 0\n",
		"    vmexit-bench-1231    [000] d..1.    1: kvm_exit: vcpu 0\n",
		"231 [000] d..1.    1: kvm_exit: vcpu 0\n",
		/* another tracepoint, one whose name only begins like ours */
		"    vmexit-bench-231     [000] d..1.    1: kvm_pio: pio_write\n",
		"    vmexit-bench-231     [000] d..1.    1: kvm_exit_foo: vcpu 0\n",
		/* seconds: another trace clock */
		"    vmexit-bench-231     [000] d..1.    12.345678: kvm_exit: vcpu 0\n",
		/* cut lines */
		"    vmexit-bench-231     [000]",
		"    vmexit-bench-231     [000] d..1.",
		"    vmexit-bench-231     [000] d..1.    1: ",
		"    vmexit-bench-231     [000] d..1.    1",
		"CPU:0 [LOST 12 EVENTS]\n",
	};
	struct trace_event e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_false(trace_text__parse(lines[i], 231, &e));
}

#define AT(when, what)                                                                                       \
	{                                                                                                    \
		.tsc = (when), .point = (what)                                                               \
	}

static void legs_are(const uint64_t *legs, const uint64_t *wanted, uint64_t whole)
{
	uint64_t sum = 0;

	for (int i = 0; i < TRACE_LEGS; i++) {
		assert_int_equal(legs[i], wanted[i]);
		sum += legs[i];
	}
	assert_int_equal(sum, whole);
}

static void an_exit_to_user_space_has_six_legs(void **state)
{
	/* Two samples with the entry before the first and the end of the round behind the last. */
	static const struct abi_sample samples[] = { { 1000, 2000 }, { 2010, 3020 } };
	static const struct run_stamps stamps[] = { { 10, 1400 }, { 1450, 2400 }, { 2460, 3500 } };
	static const struct trace_event events[] = { AT(900, TRACE_ENTRY), AT(1100, TRACE_EXIT),
		AT(1300, TRACE_USERSPACE_EXIT), AT(1900, TRACE_ENTRY), AT(2100, TRACE_EXIT),
		AT(2300, TRACE_USERSPACE_EXIT), AT(2900, TRACE_ENTRY), AT(3100, TRACE_EXIT),
		AT(3300, TRACE_USERSPACE_EXIT) };
	static const uint64_t wanted[2][TRACE_LEGS] = { { 100, 200, 100, 50, 450, 100, 0 },
		{ 90, 200, 100, 60, 440, 120, 0 } };
	uint64_t legs[TRACE_LEGS];
	size_t next = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(trace_split__sample(
			&samples[i], stamps + i, 1, events, ARRAY_SIZE(events), &next, legs));
		legs_are(legs, wanted[i], samples[i].after_tsc - samples[i].before_tsc);
	}
	assert_int_equal(next, 7);
}

static void an_exit_that_kvm_handles_has_three(void **state)
{
	static const struct abi_sample sample = { 100, 600 };
	static const struct trace_event events[] = { AT(150, TRACE_EXIT), AT(500, TRACE_ENTRY) };
	static const uint64_t wanted[TRACE_LEGS] = {
		[TRACE_LEG_VMEXIT] = 50, [TRACE_LEG_HANDLER] = 350, [TRACE_LEG_VMENTER] = 100
	};
	uint64_t legs[TRACE_LEGS];
	size_t next = 0;

	(void)state;
	assert_true(trace_split__sample(&sample, NULL, 0, events, ARRAY_SIZE(events), &next, legs));
	legs_are(legs, wanted, 500);
}

/* A host's interrupt takes the CPU: another exit in the same sample. Or an operation of several exits. */
static void several_exits_have_the_guest_between_them(void **state)
{
	static const struct abi_sample sample = { 100, 1000 };
	static const struct run_stamps stamps[] = { { 0, 350 }, { 380, 0 } };
	static const struct trace_event events[] = { AT(110, TRACE_EXIT), AT(200, TRACE_ENTRY),
		AT(240, TRACE_EXIT), AT(300, TRACE_USERSPACE_EXIT), AT(800, TRACE_ENTRY) };
	static const uint64_t wanted[TRACE_LEGS] = { 10, 90 + 60, 50, 30, 420, 200, 40 };
	uint64_t legs[TRACE_LEGS];
	size_t next = 0;

	(void)state;
	assert_true(trace_split__sample(&sample, stamps, 1, events, ARRAY_SIZE(events), &next, legs));
	legs_are(legs, wanted, 900);
}

/* An access that crosses a page leaves twice, the second time without the guest having been entered. */
static void a_call_may_leave_again_without_entering(void **state)
{
	static const struct abi_sample sample = { 100, 1000 };
	static const struct run_stamps stamps[] = { { 0, 350 }, { 380, 520 }, { 560, 0 } };
	static const struct trace_event events[] = { AT(110, TRACE_EXIT), AT(300, TRACE_USERSPACE_EXIT),
		AT(450, TRACE_USERSPACE_EXIT), AT(800, TRACE_ENTRY) };
	static const uint64_t wanted[TRACE_LEGS] = { 10, 190 + 70, 50 + 70, 30 + 40, 240, 200, 0 };
	uint64_t legs[TRACE_LEGS];
	size_t next = 0;

	(void)state;
	assert_true(trace_split__sample(&sample, stamps, 2, events, ARRAY_SIZE(events), &next, legs));
	legs_are(legs, wanted, 900);
}

static void what_the_trace_does_not_tell_has_no_legs(void **state)
{
	static const struct abi_sample sample = { 100, 1000 };
	static const struct run_stamps stamps[] = { { 0, 350 }, { 380, 0 } };
	static const struct {
		struct trace_event events[4];
		size_t count;
		unsigned exits;
	} cases[] = {
		{ .count = 0 },                                          /* no exit at all */
		{ { AT(110, TRACE_EXIT) }, 1, 0 },                       /* way back untraced */
		{ { AT(110, TRACE_ENTRY), AT(200, TRACE_EXIT) }, 2, 0 }, /* entered twice */
		{ { AT(110, TRACE_EXIT), AT(120, TRACE_EXIT), AT(130, TRACE_ENTRY) }, 3, 0 },
		{ { AT(110, TRACE_USERSPACE_EXIT), AT(800, TRACE_ENTRY) }, 2, 1 }, /* exit lost */
		{ { AT(110, TRACE_EXIT), AT(200, TRACE_ENTRY) }, 2, 1 },           /* never left KVM_RUN */
		{ { AT(110, TRACE_EXIT), AT(300, TRACE_USERSPACE_EXIT) }, 2, 1 },
		{ { AT(110, TRACE_EXIT), AT(300, TRACE_USERSPACE_EXIT), AT(800, TRACE_ENTRY) }, 3, 0 },
		/* not on the host's clock: behind KVM_RUN's return, before its call */
		{ { AT(110, TRACE_EXIT), AT(360, TRACE_USERSPACE_EXIT), AT(800, TRACE_ENTRY) }, 3, 1 },
		{ { AT(110, TRACE_EXIT), AT(300, TRACE_USERSPACE_EXIT), AT(370, TRACE_ENTRY) }, 3, 1 },
	};
	uint64_t legs[TRACE_LEGS];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t next = 0;

		assert_false(trace_split__sample(
			&sample, stamps, cases[i].exits, cases[i].events, cases[i].count, &next, legs));
		assert_int_equal(next, cases[i].count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_our_thread_are_events),
		cmocka_unit_test(other_lines_are_none),
		cmocka_unit_test(an_exit_to_user_space_has_six_legs),
		cmocka_unit_test(an_exit_that_kvm_handles_has_three),
		cmocka_unit_test(several_exits_have_the_guest_between_them),
		cmocka_unit_test(a_call_may_leave_again_without_entering),
		cmocka_unit_test(what_the_trace_does_not_tell_has_no_legs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
