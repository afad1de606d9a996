// SPDX-License-Identifier: MIT
#include "tests/unit/temp_folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "results/run_dir.h"
#include "results/summary.h"
#include "results/tables.h"
#include "stats/random.h"

static struct results_row row(const char *bench, unsigned vcpus, unsigned run, unsigned vcpu,
	const char *metric, const char *unit, double p50)
{
	return (struct results_row){ .key = { bench, vcpus, 1 },
		.run = run,
		.vcpu = vcpu,
		.metric = metric,
		.unit = unit,
		.n = 10,
		.min = p50 - 1,
		.p50 = p50,
		.p99 = p50 + 100,
		.flags = "" };
}

static void the_value_of_a_run_is_the_median_over_its_vcpus(void **state)
{
	struct results_row rows[] = {
		row("b", 3, 1, 2, "guest", "tsc", 12),
		row("b", 3, 0, 0, "guest", "tsc", 10),
		row("b", 3, 0, 2, "guest", "tsc", 50),
		row("b", 3, 1, 0, "guest", "tsc", 13),
		row("b", 3, 0, 1, "guest", "tsc", 11),
		row("b", 3, 1, 1, "guest", "tsc", 90),
		row("b", 3, 0, 0, "rate", "op/s", 100),
		row("b", 3, 0, 1, "rate", "op/s", 101),
		row("b", 3, 0, 2, "rate", "op/s", 102),
	};
	struct summary_row *out;
	struct error err;
	size_t count;

	(void)state;
	assert_int_equal(summary__compute(rows, ARRAY_SIZE(rows), NULL, 0, &out, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_string_equal(out[0].metric, "guest");
	assert_int_equal(out[0].runs, 2);
	assert_true(out[0].median == 12); /* of 11 and 13 */
	assert_true(out[0].min == 9);
	assert_true(out[0].p99 == 112);
	assert_true(isnan(out[0].ci_lo) && isnan(out[0].ci_hi));
	assert_int_equal(out[0].status, ROW_OK);
	/* Operations a second of three vCPUs add up. */
	assert_true(out[1].median == 303 && out[1].runs == 1);
	free(out);
}

static void cells_carry_their_status(void **state)
{
	struct results_row rows[] = { row("m/b", 1, 0, 0, "guest", "tsc", 10),
		row("m/c", 1, 0, 0, "guest", "tsc", 10) };
	struct cell_status cells[] = {
		{ { "z/skipped", 1, 1 }, ROW_SKIPPED, "no 1 GiB pages" },
		{ { "m/b", 1, 1 }, ROW_SUSPECT, "exits: expected 1, observed 0" },
		{ { "a/gone", 2, 1 }, ROW_TIMEOUT, "the guest did not come back" },
		{ { "a/gone", 1, 1 }, ROW_FAILED, NULL },
	};
	struct summary_row *out;
	struct error err;
	size_t count;

	(void)state;
	assert_int_equal(summary__compute(rows, 2, cells, ARRAY_SIZE(cells), &out, &count, &err), 0);
	assert_int_equal(count, 5);
	assert_string_equal(out[0].key.bench, "a/gone");
	assert_true(out[0].key.vcpus == 1 && out[0].status == ROW_FAILED && out[1].status == ROW_TIMEOUT);
	assert_string_equal(out[0].reason, "");
	assert_string_equal(out[1].metric, "");
	assert_true(isnan(out[1].median) && out[1].runs == 0);
	assert_true(out[2].status == ROW_SUSPECT && out[2].median == 10);
	assert_string_equal(out[2].reason, cells[1].reason);
	assert_true(out[3].status == ROW_OK);
	assert_string_equal(out[4].reason, "no 1 GiB pages");
	free(out);
}

static void nothing_gives_nothing(void **state)
{
	struct summary_row *out;
	struct error err;
	size_t count;

	(void)state;
	assert_int_equal(summary__compute(NULL, 0, NULL, 0, &out, &count, &err), 0);
	assert_int_equal(count, 0);
	free(out);
}

/* summary.csv is a function of results.csv: what the files say is recomputed by other means. */
static void summary_csv_recomputes_from_results_csv(void **state)
{
	char command[512], line[256];
	static struct results_row rows[2 * 9 * 2];
	struct cell_status skipped = { { "z/none", 1, 1 }, ROW_SKIPPED, "not here" };
	struct run_piece piece = { .results = rows };
	struct results_file results;
	struct summary_file summary;
	struct summary_row *out;
	struct error err;
	struct run_dir d;
	struct random r;
	size_t count;
	FILE *pipe;

	(void)state;
	random__seed(&r, 5);
	for (unsigned run = 0; run < 9; run++) {
		for (unsigned i = 0; i < 4; i++)
			rows[piece.result_count++] = row(i & 1 ? "x/one" : "x/two", 1, run, 0,
				i & 2 ? "guest" : "roundtrip", "tsc", 1000 + 10 * random__normal(&r));
	}
	assert_int_equal(run_dir__create(folder, &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(summary__compute(rows, piece.result_count, &skipped, 1, &out, &count, &err), 0);
	assert_int_equal(count, 5);
	assert_int_equal(run_dir__write_summary(&d, out, count, &err), 0);
	free(out);
	assert_int_equal(run_dir__close(&d, &err), 0);

	/* The same through the files. */
	assert_int_equal(results_file__read(below("results.csv"), &results, &err), 0);
	assert_int_equal(summary__compute(results.rows, results.count, &skipped, 1, &out, &count, &err), 0);
	assert_int_equal(summary_file__read(below("summary.csv"), &summary, &err), 0);
	assert_int_equal(summary.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(summary.rows[i].key.bench, out[i].key.bench);
		assert_string_equal(summary.rows[i].metric, out[i].metric);
		assert_int_equal(summary.rows[i].runs, out[i].runs);
		assert_int_equal(summary.rows[i].status, out[i].status);
		assert_memory_equal(&summary.rows[i].median, &out[i].median, 5 * sizeof(double));
	}
	free(out);

	/* And by sort(1): of 9 runs the median is the 5th, its interval the 2nd and the 8th (R: qbinom). */
	snprintf(command, sizeof(command),
		"awk -F, '$1==\"x/one\" && $6==\"guest\" {print $12}' %s/results.csv | LC_ALL=C sort -n | sed -n '2p;5p;8p'",
		folder);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_string_equal(summary.rows[0].key.bench, "x/one");
	assert_non_null(fgets(line, sizeof(line), pipe));
	assert_true(strtod(line, NULL) == summary.rows[0].ci_lo);
	assert_non_null(fgets(line, sizeof(line), pipe));
	assert_true(strtod(line, NULL) == summary.rows[0].median);
	assert_non_null(fgets(line, sizeof(line), pipe));
	assert_true(strtod(line, NULL) == summary.rows[0].ci_hi);
	pclose(pipe);
	results_file__free(&results);
	summary_file__free(&summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_value_of_a_run_is_the_median_over_its_vcpus),
		cmocka_unit_test(cells_carry_their_status),
		cmocka_unit_test(nothing_gives_nothing),
		cmocka_unit_test_setup_teardown(
			summary_csv_recomputes_from_results_csv, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("results/summary", tests, NULL, NULL);
}
