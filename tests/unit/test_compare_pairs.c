// SPDX-License-Identifier: MIT
// Two run directories: which verdict each benchmark gets, and by what method.
#include "tests/unit/made_up_dirs.h"

/* Noise of 8 %, so that a test alone could not tell. */
static void a_directory_is_the_same_as_itself_and_a_raised_copy_is_not(void **state)
{
	const char *d = DIR("self", .runs = 3, .sd = 0.08),
		   *copy = DIR("copy", .runs = 3, .sd = 0.08, .raise = 1.05);
	struct text junit = { 0 };
	struct trial p;

	(void)state;
	trial__compare(&p, d, d, &options);
	assert_false(p.failed);
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 8);
	assert_int_equal(p.c->by_verdict[VERDICT_ABSENT], 1); /* skipped on both sides */
	assert_int_equal(trial__gated(&p, GATE_AUTO, true, NULL), EXIT_FINE);
	trial__free(&p);
	trial__compare(&p, d, copy, &options);
	assert_false(p.failed);
	assert_true(p.c->copy && trial__noted(&p, "the very same runs"));
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 7);
	assert_string_equal(p.c->rows[0].key.bench, "b/03");
	assert_int_equal(p.c->rows[0].judgement.verdict, VERDICT_SLOWER);
	assert_true(fabs(p.c->rows[0].judgement.ratio - 1.05) < 1e-9);
	assert_int_equal(trial__gated(&p, GATE_AUTO, false, &junit), EXIT_REGRESSION);
	assert_non_null(strstr(junit.data, "failures=\"1\""));
	assert_non_null(
		strstr(junit.data, "name=\"b/03 guest\">\n      <failure message=\"b/03 guest: slower"));
	text__free(&junit);
	trial__free(&p);
}

static void other_runs_are_tested(void **state)
{
	const char *a = DIR("runs-a", .seed = 11), *b = DIR("runs-b", .seed = 12, .raise = 1.05);
	struct trial p;

	(void)state;
	trial__compare(&p, a, b, &options);
	assert_false(p.failed);
	assert_false(p.c->copy);
	assert_int_equal(p.c->tests, 8);
	assert_int_equal(fixture__row(p.c, "b/03")->judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(fixture__row(p.c, "b/03")->judgement.method, METHOD_RUNS);
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 7);
	assert_int_equal(trial__gated(&p, GATE_AUTO, false, NULL), EXIT_REGRESSION);
	trial__free(&p);
}

static void too_few_runs_are_said_to_be_too_few(void **state)
{
	struct trial p;

	(void)state;
	trial__compare(&p, DIR("few-a", .runs = 3, .seed = 21),
		DIR("few-b", .runs = 3, .seed = 22, .raise = 1.2), &options);
	assert_false(p.failed);
	assert_int_equal(p.c->by_verdict[VERDICT_INCONCLUSIVE], 8);
	assert_true(trial__noted(&p, "at least 6 are needed")); /* 8 tests x .0022 */
	assert_int_equal(trial__gated(&p, GATE_AUTO, false, NULL), EXIT_FINE);
	assert_int_equal(trial__gated(&p, GATE_AUTO, true, NULL), EXIT_INCONCLUSIVE);
	trial__free(&p);
}

static void other_kernels_are_compared_and_their_boots_counted(void **state)
{
	struct trial p;

	(void)state;
	trial__compare(&p, DIR("k1", .seed = 41), DIR("k2", .seed = 42, .kernel = "6.12", .boot = "boot-2"),
		&options);
	assert_false(p.failed);
	assert_true(trial__noted(&p, "One boot a side"));
	assert_int_equal(p.c->difference_count, 1);
	assert_string_equal(p.c->differences[0].field, "kernel.release");
	assert_string_equal(p.c->differences[0].b, "6.12");
	trial__free(&p);
}

static void other_tsc_frequencies_become_nanoseconds(void **state)
{
	struct compare_options across = COMPARE_OPTIONS_DEFAULT;
	struct trial p;

	(void)state;
	across.across |= FACTOR_CPU;
	trial__compare(&p, DIR("slow-tsc", .seed = 51),
		DIR("fast-tsc", .seed = 52, .level = 6000, .khz = 4000000, .cpu = "B"), &across);
	assert_false(p.failed);
	assert_true(p.c->nanoseconds && trial__noted(&p, "nanoseconds"));
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 8);
	assert_string_equal(fixture__row(p.c, "b/00")->unit, "ns");
	assert_true(fabs(fixture__row(p.c, "b/00")->judgement.median_a - 1500) < 10);
	trial__free(&p);
}

static void one_instruction_is_a_difference_in_the_exact_clock(void **state)
{
	const char *a = DIR("insn-a", .trust = "model", .unit = "insn", .runs = 1);
	const char *b = DIR("insn-b", .trust = "model", .unit = "insn", .runs = 1, .raise = 3001.0 / 3000);
	struct trial p;

	(void)state;
	trial__compare(&p, a, b, &options);
	assert_false(p.failed);
	assert_true(p.c->exact && p.c->tests == 0);
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 7);
	assert_int_equal(p.c->rows[0].judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(p.c->rows[0].judgement.method, METHOD_EXACT);
	assert_true(p.c->rows[0].judgement.median_b - p.c->rows[0].judgement.median_a == 1);
	assert_int_equal(trial__gated(&p, GATE_AUTO, true, NULL), EXIT_REGRESSION);
	trial__free(&p);
	trial__compare(&p, a, a, &options);
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 8);
	trial__free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_directory_is_the_same_as_itself_and_a_raised_copy_is_not),
		cmocka_unit_test(other_runs_are_tested),
		cmocka_unit_test(too_few_runs_are_said_to_be_too_few),
		cmocka_unit_test(other_kernels_are_compared_and_their_boots_counted),
		cmocka_unit_test(other_tsc_frequencies_become_nanoseconds),
		cmocka_unit_test(one_instruction_is_a_difference_in_the_exact_clock),
	};

	return cmocka_run_group_tests_name("compare/pairs", tests, make_folder, remove_folder);
}
