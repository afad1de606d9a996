// SPDX-License-Identifier: MIT
#include "tests/unit/temp_folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "compare/history.h"
#include "stats/change.h"
#include "stats/random.h"

static const struct change_options options = CHANGE_OPTIONS_DEFAULT;

static void find(const double *x, size_t n, struct change **changes, size_t *count)
{
	assert_int_equal(stats__changes(x, n, &options, changes, count), 0);
}

static void a_step_is_found_where_it_is(void **state)
{
	double x[40];
	struct random r;
	struct change *c;
	size_t count;

	(void)state;
	random__seed(&r, 1);
	for (size_t i = 0; i < 40; i++)
		x[i] = (i < 23 ? 1000 : 1020) * (1 + 0.004 * random__normal(&r));
	find(x, 40, &c, &count);
	assert_int_equal(count, 1);
	assert_in_range(c[0].index, 22, 24);
	assert_true(fabs(c[0].after / c[0].before - 1.02) < 0.005 && c[0].p <= 0.01);
	free(c);
}

/* One percent at a time, each lost in the noise of its neighbours, is two steps and eight percent in the end. */
static void slow_drift_becomes_visible(void **state)
{
	double x[48];
	struct random r;
	struct change *c;
	size_t count;

	(void)state;
	random__seed(&r, 2);
	for (size_t i = 0; i < 48; i++)
		x[i] = 1000 * pow(1.01, (double)(i / 6)) * (1 + 0.005 * random__normal(&r));
	find(x, 48, &c, &count);
	assert_true(count >= 2);
	assert_true(c[count - 1].after / c[0].before > 1.05);
	for (size_t i = 0; i < count; i++)
		assert_true(c[i].after > c[i].before);
	free(c);
}

static void noise_has_no_changes(void **state)
{
	size_t wrong = 0, trials = 300, count;
	struct change *c;
	struct random r;
	double x[30];

	(void)state;
	random__seed(&r, 3);
	for (size_t t = 0; t < trials; t++) {
		for (size_t i = 0; i < 30; i++)
			x[i] = 1000 * (1 + 0.01 * random__normal(&r));
		find(x, 30, &c, &count);
		wrong += count > 0;
		free(c);
	}
	print_message("E-divisive at 1 %%: %zu of %zu series of noise had a change\n", wrong, trials);
	assert_true(wrong <= 9); /* 3 expected, SD 1.7 */
}

static void a_short_spike_is_no_change(void **state)
{
	double x[21];
	struct random r;
	struct change *c;
	size_t count;

	(void)state;
	random__seed(&r, 4);
	for (size_t i = 0; i < 21; i++)
		x[i] = (i == 10 ? 2000 : 1000) * (1 + 0.003 * random__normal(&r));
	find(x, 21, &c, &count);
	assert_int_equal(count, 0);
	free(c);
}

static void short_and_constant_series_have_none(void **state)
{
	double x[12];
	struct change *c;
	size_t count;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		x[i] = 7;
	for (size_t n = 0; n <= 12; n++) {
		find(x, n, &c, &count);
		assert_int_equal(count, 0);
		free(c);
	}
	/* The exact clock: levels without noise, three points each. */
	for (size_t i = 0; i < 12; i++)
		x[i] = i < 6 ? 3448 : 3449;
	find(x, 12, &c, &count);
	assert_int_equal(count, 1);
	assert_true(c[0].index == 6 && c[0].before == 3448 && c[0].after == 3449);
	free(c);
}

static void several_levels_are_told_apart(void **state)
{
	static const double levels[] = { 1, 9, 4, 9 };
	double x[40];
	struct change *c;
	size_t count;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(x); i++)
		x[i] = levels[i / 10];
	find(x, ARRAY_SIZE(x), &c, &count);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(c[i].index == 10 * (i + 1) && c[i].before == levels[i] &&
			    c[i].after == levels[i + 1]);
	free(c);
}

static struct input make_input(const char *started, double value, struct summary_row *rows)
{
	struct input in = { .path = (char *)"d" };

	in.run = json_pack("{ss ss s{ss s{ss}}}", "started", started, "trust", "hardware", "host", "hostname",
		"h", "kernel", "release", "6.1");
	rows[0] = (struct summary_row){ { "pio/out", 1, 1 }, "guest", "tsc", 6, value, NAN, NAN, 1, 2, ROW_OK,
		"" };
	rows[1] = (struct summary_row){ { "pio/in", 1, 1 }, "guest", "tsc", 6, 500, NAN, NAN, 1, 2, ROW_OK,
		"" };
	rows[2] = (struct summary_row){ { "pio/bad", 1, 1 }, "guest", "tsc", 6, 500, NAN, NAN, 1, 2,
		ROW_SUSPECT, "x" };
	in.summary.rows = rows;
	in.summary.count = 3;
	return in;
}

/* Labs of two vendors share a name. */
static void another_cpu_is_another_host(void **state)
{
	char folder[] = "/tmp/history-XXXXXX", path[64], command[64];
	struct summary_row rows[3];
	struct input in = make_input("2026-01-01T00:00:00Z", 1000, rows);
	struct history h;
	struct trends t;
	struct error err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/history.csv", folder);
	for (int i = 0; i < 2; i++) {
		json_object_set_new(json_object_get(in.run, "host"), "cpu",
			json_pack("{ss}", "model_name", i ? "An AMD" : "An Intel"));
		assert_int_equal(history__append(path, &in, &err), 2);
	}
	assert_int_equal(history__read(path, &h, &err), 0);
	assert_string_equal(h.rows[0].host, "h, An Intel");
	assert_int_equal(trends__of(&h, "pio/out", NULL, &options, &t, &err), 0);
	assert_int_equal(t.count, 2);
	trends__free(&t);
	history__free(&h);
	json_decref(in.run);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

static void runs_are_appended_once_and_trends_found(void **state)
{
	const char *path = below("history.csv");
	char started[32];
	struct summary_row rows[3];
	struct history h;
	struct trends t;
	struct error err = { 0 };

	(void)state;
	for (int i = 0; i < 24; i++) {
		struct input in;

		snprintf(started, sizeof(started), "2026-01-%02dT00:00:00Z", i + 1);
		in = make_input(started, i < 12 ? 1000 + i % 3 : 1050 + i % 3, rows);
		assert_int_equal(history__append(path, &in, &err), 2); /* the suspect row stays out */
		assert_int_equal(history__append(path, &in, &err), 0); /* it is there already */
		json_decref(in.run);
	}
	assert_int_equal(history__read(path, &h, &err), 0);
	assert_int_equal(h.count, 48);
	assert_int_equal(trends__of(&h, NULL, NULL, &options, &t, &err), 0);
	assert_int_equal(t.count, 2);
	assert_string_equal(t.list[0].first->key.bench, "pio/out");
	assert_int_equal(t.list[0].change_count, 1);
	assert_int_equal(t.list[0].changes[0].index, 12);
	assert_string_equal(t.list[0].points[12]->time, "2026-01-13T00:00:00Z");
	assert_true(fabs(t.list[0].total - 1051.0 / 1001) < 1e-12);
	assert_int_equal(t.list[1].change_count, 0);
	trends__free(&t);
	assert_int_equal(trends__of(&h, "*/in", "guest", &options, &t, &err), 0);
	assert_int_equal(t.count, 1);
	trends__free(&t);
	history__free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_found_where_it_is),
		cmocka_unit_test(another_cpu_is_another_host),
		cmocka_unit_test(slow_drift_becomes_visible),
		cmocka_unit_test(noise_has_no_changes),
		cmocka_unit_test(a_short_spike_is_no_change),
		cmocka_unit_test(short_and_constant_series_have_none),
		cmocka_unit_test(several_levels_are_told_apart),
		cmocka_unit_test_setup_teardown(
			runs_are_appended_once_and_trends_found, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
