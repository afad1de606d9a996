// SPDX-License-Identifier: MIT
// Exports, read by the tools they are for where those are installed, and held against their formats.
#include "tests/unit/temp_folder.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report/export.h"
#include "results/run_dir.h"
#include "results/summary.h"

static char dir_a[80], dir_b[80];

static void make_dir(const char *path, double level, const char *started)
{
	struct results_row rows[64];
	struct run_piece piece = { .results = rows };
	struct summary_row *summary;
	struct error err;
	struct run_dir d;
	json_t *root;
	size_t count;

	for (unsigned run = 0; run < 6; run++) {
		const struct {
			const char *bench, *metric, *unit;
			unsigned vcpus;
			double value;
		} series[] = { { "pio/out-user-1b", "roundtrip", "tsc", 1, level + run },
			{ "pio/out-user-1b", "guest", "tsc", 1, level + 60 + run },
			{ "pio/out-user-1b", "exits", "count/op", 1, 1 },
			{ "pio/out-user-1b", "rate", "op/s", 4, 1e6 + run },
			{ "cpuid/leaf0", "guest", "tsc", 1, 1000 + 2 * run } };

		for (size_t i = 0; i < 5; i++)
			rows[piece.result_count++] =
				(struct results_row){ { series[i].bench, series[i].vcpus, 1 }, run, 0,
					series[i].metric, series[i].unit, 10, series[i].value,
					series[i].value, series[i].value, series[i].value, series[i].value,
					series[i].value, series[i].value, series[i].value, series[i].value,
					series[i].value, 0, "" };
	}
	assert_int_equal(run_dir__create(path, &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(summary__compute(rows, piece.result_count, NULL, 0, &summary, &count, &err), 0);
	assert_int_equal(run_dir__write_summary(&d, summary, count, &err), 0);
	free(summary);
	root = json_pack("{ss ss ss ss s{sf} s{ss s{ss ss} s{ss} s{si}}}", "schema", RUN_SCHEMA, "started",
		started, "trust", "hardware", "backend", "svm", "clock", "tsc_khz", 2000000.0, "host",
		"hostname", "h", "kernel", "release", "6.12 \"quoted\"", "machine", "x86_64", "cpu",
		"model_name", "A\\B CPU", "topology", "cpus", 2);
	assert_non_null(root);
	assert_int_equal(run_dir__write_json(&d, root, &err), 0);
	json_decref(root);
	assert_int_equal(run_dir__close(&d, &err), 0);
}

static int make_dirs(void **state)
{
	if (make_folder(state))
		return -1;
	snprintf(dir_a, sizeof(dir_a), "%s/a", folder);
	snprintf(dir_b, sizeof(dir_b), "%s/b", folder);
	make_dir(dir_a, 3000, "2026-01-01T00:00:00Z");
	make_dir(dir_b, 3300, "2026-01-02T00:00:00Z");
	return 0;
}

static const struct exporter *find(const char *name)
{
	for (size_t i = 0; exporter__names()[i]; i++)
		if (!strcmp(exporter__at(i)->name, name))
			return exporter__at(i);
	fail_msg("no exporter %s", name);
	return NULL;
}

static struct text export_to(const char *format, char *const *paths, size_t count)
{
	struct text t = { 0 };
	struct error err = { 0 };

	if (export__write(find(format), paths, count, &t, NULL, &err))
		fail_msg("%s: %s", format, err.text);
	return t;
}

static struct text write_one(const char *format, const char *path)
{
	return export_to(format, (char *const[]){ (char *)path }, 1);
}

static json_t *write_json(const char *format, const char *path)
{
	struct text t = write_one(format, path);
	json_error_t where;
	json_t *root = json_loads(t.data, JSON_REJECT_DUPLICATES, &where);

	if (!root)
		fail_msg("%s: line %d: %s", format, where.line, where.text);
	text__free(&t);
	return root;
}

static void save(const char *name, const struct text *t, char *path, size_t size)
{
	FILE *f;

	snprintf(path, size, "%s/%s", folder, name);
	f = fopen(path, "w");
	fwrite(t->data, 1, t->used, f);
	assert_int_equal(fclose(f), 0);
}

static const json_t *named(const json_t *array, const char *key, const char *name, size_t skip)
{
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
	{
		const char *text = json_string_value(json_object_get(item, key));

		if (text && !strcmp(text, name) && !skip--)
			return item;
	}
	fail_msg("nothing is called %s", name);
	return NULL;
}

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

/* The members that github-action-benchmark's tool "googlecpp" and compare.py read. */
static void google_benchmark_has_what_its_readers_want(void **state)
{
	json_t *root = write_json("google-benchmark", dir_a);
	const json_t *rows = json_object_get(root, "benchmarks"), *row;

	(void)state;
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "context"), "date")),
		"2026-01-01T00:00:00Z");
	row = named(rows, "name", "pio/out-user-1b/roundtrip", 2);
	assert_string_equal(json_string_value(json_object_get(row, "run_type")), "iteration");
	assert_string_equal(json_string_value(json_object_get(row, "time_unit")), "ns");
	assert_true(number(row, "real_time") == 1501); /* 3002 ticks at 2 GHz */
	assert_true(number(row, "cpu_time") == 1501 && number(row, "iterations") == 1 &&
		    number(row, "repetitions") == 6);
	row = named(rows, "name", "pio/out-user-1b/roundtrip_median", 0);
	assert_true(number(row, "real_time") == 1501.25);
	json_decref(root);
}

static void googles_compare_py_reads_it(void **state)
{
	char a[128], b[128], command[512], line[256];
	struct text first = write_one("google-benchmark", dir_a),
		    second = write_one("google-benchmark", dir_b);
	bool seen = false;
	FILE *pipe;

	(void)state;
	save("a.json", &first, a, sizeof(a));
	save("b.json", &second, b, sizeof(b));
	text__free(&first);
	text__free(&second);
	if (system("/usr/bin/python3 -c 'import scipy, numpy' 2>/dev/null") ||
		access("/usr/share/benchmark/compare.py", R_OK)) {
		print_message("no compare.py (libbenchmark-tools), or no scipy for it\n");
		skip();
	}
	snprintf(command, sizeof(command),
		"/usr/bin/python3 /usr/share/benchmark/compare.py --no-color benchmarks %s %s", a, b);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe))
		/* 3002.5 to 3302.5 ticks: +9.99 % */
		seen |= strstr(line, "pio/out-user-1b/roundtrip_median") && strstr(line, "+0.0999") &&
			strstr(line, "1501");
	assert_int_equal(pclose(pipe), 0);
	assert_true(seen);
}

static void bencher_has_measures_with_bounds(void **state)
{
	json_t *root = write_json("bencher", dir_a);
	const json_t *measure = json_object_get(json_object_get(root, "pio/out-user-1b"), "roundtrip_ns");

	(void)state;
	assert_true(number(measure, "value") == 1501.25);
	assert_true(number(measure, "lower_value") == 1500 && number(measure, "upper_value") == 1502.5);
	assert_non_null(json_object_get(json_object_get(root, "pio/out-user-1b/vcpus:4"), "rate_op_s"));
	json_decref(root);
}

static void hyperfine_has_times_in_seconds(void **state)
{
	json_t *root = write_json("hyperfine", dir_a);
	const json_t *row =
		named(json_object_get(root, "results"), "command", "pio/out-user-1b/roundtrip", 0);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(row, "times")), 6);
	assert_int_equal(json_array_size(json_object_get(row, "exit_codes")), 6);
	assert_true(fabs(number(row, "median") - 1.50125e-6) < 1e-18);
	assert_true(number(row, "min") <= number(row, "mean") && number(row, "mean") <= number(row, "max"));
	assert_true(number(row, "user") == 0 && number(row, "system") == 0 && number(row, "stddev") > 0);
	json_decref(root);
}

/* Each line: Benchmark, a capital, the name, -CPUs; an iteration count; pairs of a number and a unit. */
static void benchstat_lines_are_those_of_go(void **state)
{
	struct text t = export_to("benchstat", (char *const[]){ dir_a, dir_b }, 2);
	char *save_line = NULL;
	size_t lines = 0, keys = 0;

	(void)state;
	assert_non_null(strstr(t.data, "BenchmarkPio/out-user-1b-1\t1\t"));
	assert_non_null(strstr(t.data, "\t1500 ns/op"));
	assert_non_null(strstr(t.data, "BenchmarkPio/out-user-1b-4\t1\t1000000 rate-op/s\n"));
	for (char *line = strtok_r(t.data, "\n", &save_line); line; line = strtok_r(NULL, "\n", &save_line)) {
		char *save_word = NULL;
		size_t words = 0;

		if (strncmp(line, "Benchmark", 9)) {
			assert_non_null(strstr(line, ": "));
			keys++;
			continue;
		}
		assert_true(line[9] >= 'A' && line[9] <= 'Z');
		for (char *word = strtok_r(line, " \t", &save_word); word;
			word = strtok_r(NULL, " \t", &save_word), words++) {
			if (words && words % 2 == 0) {
				char *end;

				strtod(word, &end);
				assert_true(*end == '\0');
			}
		}
		/* The name and the count, then pairs. */
		assert_true(words >= 4 && words % 2 == 0);
		lines++;
	}
	assert_int_equal(keys, 12);
	assert_int_equal(lines, 2 * 6 * 3);
	text__free(&t);
}

static void openmetrics_satisfies_promtool(void **state)
{
	struct text t = write_one("openmetrics", dir_a);
	char path[128], command[256];

	(void)state;
	assert_string_equal(t.data + t.used - 6, "# EOF\n");
	assert_non_null(strstr(t.data,
		"vmexit_bench_median{bench=\"cpuid/leaf0\",vcpus=\"1\",vms=\"1\",metric=\"guest\",unit=\"tsc\"} 1005\n"));
	assert_non_null(strstr(t.data, "kernel=\"6.12 \\\"quoted\\\"\",cpu=\"A\\\\B CPU\""));
	assert_non_null(strstr(t.data, "vmexit_bench_run_start_time_seconds 1767225600\n"));
	save("metrics.prom", &t, path, sizeof(path));
	text__free(&t);
	if (system("command -v promtool >/dev/null")) {
		print_message("no promtool (Debian: prometheus)\n");
		skip();
	}
	snprintf(command, sizeof(command), "promtool check metrics <%s", path);
	assert_int_equal(system(command), 0);
}

static void otava_has_a_line_per_directory(void **state)
{
	struct text t = export_to("otava", (char *const[]){ dir_a, dir_b }, 2);
	struct text config = export_to("otava-config", (char *const[]){ dir_a, dir_b }, 2);

	(void)state;
	assert_non_null(strstr(t.data,
		"time,kernel,revision,cpu,trust,cpuid/leaf0.guest,pio/out-user-1b.exits,"
		"pio/out-user-1b.guest,pio/out-user-1b.roundtrip,pio/out-user-1b/vcpus:4.rate\n"));
	assert_non_null(strstr(t.data,
		"\n2026-01-01T00:00:00Z,\"6.12 \"\"quoted\"\"\",,A\\B CPU,hardware,502.5,1,1531.25,"
		"1501.25,1000002.5\n"));
	assert_non_null(strstr(t.data, "\n2026-01-02T00:00:00Z,"));
	assert_non_null(strstr(config.data,
		"      \"pio/out-user-1b/vcpus:4.rate\":\n"
		"        column: \"pio/out-user-1b/vcpus:4.rate\"\n        direction: 1\n"));
	assert_non_null(strstr(config.data, "column: \"cpuid/leaf0.guest\"\n        direction: -1\n"));
	text__free(&t);
	text__free(&config);
}

static void one_directory_formats_refuse_two(void **state)
{
	struct text t = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(
		export__write(find("bencher"), (char *const[]){ dir_a, dir_b }, 2, &t, NULL, &err), -1);
	assert_non_null(strstr(err.text, "holds one directory"));
	assert_int_equal(export__write(find("otava"), (char *const[]){ folder }, 1, &t, NULL, &err), -1);
	assert_non_null(strstr(err.text, "one by one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(google_benchmark_has_what_its_readers_want),
		cmocka_unit_test(googles_compare_py_reads_it),
		cmocka_unit_test(bencher_has_measures_with_bounds),
		cmocka_unit_test(hyperfine_has_times_in_seconds),
		cmocka_unit_test(benchstat_lines_are_those_of_go),
		cmocka_unit_test(openmetrics_satisfies_promtool),
		cmocka_unit_test(otava_has_a_line_per_directory),
		cmocka_unit_test(one_directory_formats_refuse_two),
	};

	return cmocka_run_group_tests_name("export", tests, make_dirs, remove_folder);
}
