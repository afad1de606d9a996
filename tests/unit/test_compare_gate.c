// SPDX-License-Identifier: MIT
// What continuous integration sees: the gate, thresholds, and a Markdown table that is not too long.
#include "tests/unit/made_up_dirs.h"

#include "base/array.h"

static void noisy_hosts_gate_on_what_is_counted(void **state)
{
	struct trial p;

	(void)state;
	trial__compare(&p, DIR("vm-a", .trust = "nested", .seed = 61),
		DIR("vm-b", .trust = "nested", .seed = 62, .raise = 1.5), &options);
	assert_false(p.failed);
	assert_int_equal(fixture__row(p.c, "b/03")->judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(trial__gated(&p, GATE_AUTO, true, NULL), EXIT_FINE);
	assert_int_equal(trial__gated(&p, GATE_ALL, true, NULL), EXIT_REGRESSION);
	trial__free(&p);
}

/* An exit or two of a round itself are no regression; an operation that exits again in every tenth case is, where the
 * guest ran on the CPU. */
static void whole_exits_are_gated_strays_are_not(void **state)
{
	static const struct {
		const char *trust;
		double exits;
		enum exit_status status;
	} cases[] = { { "nested", 1.04, EXIT_FINE }, { "nested", 1.1, EXIT_REGRESSION },
		{ "nested", 2, EXIT_REGRESSION }, { "emulated", 1.1, EXIT_FINE },
		{ "emulated", 2, EXIT_REGRESSION } };
	struct trial p;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char a[16], b[16];

		snprintf(a, sizeof(a), "e-a%zu", i);
		snprintf(b, sizeof(b), "e-b%zu", i);
		trial__compare(&p, DIR(a, .trust = cases[i].trust, .seed = 71),
			DIR(b, .trust = cases[i].trust, .seed = 72, .exits = cases[i].exits), &options);
		assert_false(p.failed);
		assert_int_equal(trial__gated(&p, GATE_AUTO, true, NULL), cases[i].status);
		trial__free(&p);
	}
}

static void thresholds_decide_per_benchmark(void **state)
{
	static const char good[] =
		"# comment\nversion 1\n*  *  1%\nb/03 guest 10% # generous\nb/0[45] * off\n";
	struct compare_options with = COMPARE_OPTIONS_DEFAULT;
	struct thresholds t;
	struct error err = { 0 };
	struct trial p;

	(void)state;
	assert_int_equal(thresholds__parse("t", good, strlen(good), &t, &err), 0);
	assert_int_equal(t.count, 3);
	assert_true(fabs(thresholds__find(&t, "b/03", "guest")->limit - 0.1) < 1e-12);
	assert_true(fabs(thresholds__find(&t, "b/03", "exits")->limit - 0.01) < 1e-12);
	assert_true(thresholds__find(&t, "b/04", "guest")->off);
	with.thresholds = &t;
	trial__compare(&p, DIR("t-a", .seed = 91), DIR("t-b", .seed = 92, .raise = 1.05), &with);
	assert_false(p.failed);
	assert_int_equal(fixture__row(p.c, "b/03")->judgement.verdict, VERDICT_SAME);
	assert_int_equal(p.c->tests, 6);
	assert_int_equal(trial__gated(&p, GATE_AUTO, true, NULL), EXIT_FINE);
	trial__free(&p);
	thresholds__free(&t);
}

static void malformed_thresholds_are_named_by_line_and_column(void **state)
{
	static const char *const cases[][2] = {
		{ "", "t:1:1: no line 'version 1'" },
		{ "version 2\n", "t:1:1: the first line must be" },
		{ "version 1\n* * 2\n", "t:2:5: '2' is no limit" },
		{ "version 1\n# x\n  * 2%\n", "t:3:3: 2 words" },
		{ "version 1\na b -1%\n", "t:2:5: '-1%' is no limit" },
		{ "version 1\na b nan%\n", "t:2:5: 'nan%' is no limit" },
	};
	struct thresholds t;
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(thresholds__parse("t", cases[i][0], strlen(cases[i][0]), &t, &err), -1);
		if (!strstr(err.text, cases[i][1]))
			fail_msg("'%s' does not say '%s'", err.text, cases[i][1]);
	}
}

/* The table of a big comparison stays below what GitHub takes. */
static void markdown_stays_below_its_limit(void **state)
{
	struct text t = { 0 };
	struct trial p;

	(void)state;
	trial__compare(&p, DIR("md-a", .benches = 60, .seed = 1),
		DIR("md-b", .benches = 60, .seed = 2, .raise = 1.1), &options);
	assert_false(p.failed);
	render__markdown(p.c, NULL, RENDER_MARKDOWN_MOST, &t);
	assert_non_null(strstr(t.data, "slower"));
	assert_null(strstr(t.data, "left out"));
	text__free(&t);
	render__markdown(p.c, NULL, 6000, &t);
	assert_non_null(strstr(t.data, "left out"));
	assert_true(t.used < 6000);
	text__free(&t);
	trial__free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noisy_hosts_gate_on_what_is_counted),
		cmocka_unit_test(whole_exits_are_gated_strays_are_not),
		cmocka_unit_test(thresholds_decide_per_benchmark),
		cmocka_unit_test(malformed_thresholds_are_named_by_line_and_column),
		cmocka_unit_test(markdown_stays_below_its_limit),
	};

	return cmocka_run_group_tests_name("compare/gate", tests, make_folder, remove_folder);
}
