// SPDX-License-Identifier: MIT
// Reading the files of a run directory: mistakes are named by line and column; and how long much of it takes.
#include "tests/unit/temp_folder.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "results/json_file.h"
#include "results/tables.h"
#include "stats/random.h"

static void malformed(const char *text, const char *wanted)
{
	struct results_file f;
	struct error err = { 0 };

	write_below("bad.csv", text);
	assert_int_equal(results_file__read(below("bad.csv"), &f, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	if (!strstr(err.text, wanted))
		fail_msg("'%s' does not say '%s'", err.text, wanted);
	assert_null(f.rows);
}

#define HEADER                                                                                               \
	"bench,vcpus,vms,run,vcpu,metric,unit,n,min,p05,p25,p50,p75,p95,p99,p999,max,mean,stddev,flags\n"

static void malformed_files_are_named_by_line_and_column(void **state)
{
	(void)state;
	malformed("", "bad.csv:1:1: nothing there");
	malformed("bench,vcpus\n", "column 'vms' is missing");
	malformed("time,value\n", "bad.csv:1:1: a results.csv has no column 'time'");
	malformed("bench,vcpus,bench\n", "bad.csv:1:13: column 'bench' is there twice");
	malformed(HEADER "a,1,1,0,0,m,tsc,1,1,1,1,1,1,1,1,1,1,1,1\n",
		"bad.csv:2:39: 19 fields instead of the 20");
	malformed(HEADER "a,1,1,0,0,m,tsc,1,1,1,1,1,1,1,1,1,1,1,1,,\n", "21 fields instead of the 20");
	malformed(HEADER "a,1,1,0,0,m,tsc,1,1,1,1,x,1,1,1,1,1,1,1,\n",
		"bad.csv:2:25: 'x' is not a decimal number (column p50)");
	malformed(HEADER "a,-1,1,0,0,m,tsc,1,1,1,1,1,1,1,1,1,1,1,1,\n",
		"bad.csv:2:3: '-1' is not a whole number");
	malformed(HEADER "a,1,1,0,0,m,tsc,1,1,1,1,1,1,1,1,1,1,1,1,", "the file was cut short");
	malformed(HEADER "a,1,1,0,0,m,tsc,1,1,1,1,1,1,1,1,1,1,1,1,\n\n", "bad.csv:3:1: 1 fields");
}

static void columns_may_come_in_any_order(void **state)
{
	struct results_file f;
	struct error err;

	(void)state;
	write_below("order.csv",
		"p50,bench,vms,vcpus,run,vcpu,metric,unit,n,min,p05,p25,p75,p95,p99,p999,max,mean,stddev,flags\r\n"
		"7.5,a/b,3,2,1,0,m,tsc,9,1,,,,,,,,,,irq\r\n");
	assert_int_equal(results_file__read(below("order.csv"), &f, &err), 0);
	assert_true(f.rows[0].p50 == 7.5 && f.rows[0].key.vms == 3 && f.rows[0].key.vcpus == 2);
	assert_true(isnan(f.rows[0].p05) && f.rows[0].n == 9);
	assert_string_equal(f.rows[0].flags, "irq");
	results_file__free(&f);
}

static void json_errors_have_line_and_column(void **state)
{
	struct error err = { 0 };
	json_t *root;

	(void)state;
	write_below("bad.json", "{\n \"a\": 1,\n}\n");
	assert_null(json_file__read(below("bad.json"), &err));
	assert_non_null(strstr(err.text, "bad.json:3:1: not JSON"));
	write_below("bad.json", "[1]\n");
	assert_null(json_file__read(below("bad.json"), &err));
	assert_non_null(strstr(err.text, "an object") ?: strstr(err.text, "JSON object"));
	root = json_pack("{s:{s:s, s:i}}", "host", "kvm.param", "Y", "n", 3);
	assert_int_equal(json_file__write(below("good.json"), root, &err), 0);
	json_decref(root);
	root = json_file__read(below("good.json"), &err);
	assert_string_equal(json__string(root, "host.kvm.param", "?"), "Y");
	assert_string_equal(json__string(root, "host.none", "?"), "?");
	assert_string_equal(json__string(root, "host.n", "?"), "?");
	assert_int_equal(json_integer_value(json__get(root, "host.n")), 3);
	json_decref(root);
}

/* The time is told, not tested; it should stay below a second. */
static void a_million_samples_are_described_in_little_memory(void **state)
{
	FILE *f = fopen(below("samples.csv"), "w");
	struct timespec start, end;
	struct results_file results;
	struct rusage usage;
	struct error err = { 0 };
	struct random r;
	double seconds;

	(void)state;
	random__seed(&r, 1);
	fputs("bench,vcpus,vms,run,vcpu,metric,unit,index,value,flags\n", f);
	for (unsigned i = 0; i < 1000000; i++)
		fprintf(f, "pio/out-user-1b,1,1,%u,0,roundtrip,tsc,%u,%u,\n", i / 100000, i % 100000,
			3000 + (unsigned)random__below(&r, 1000));
	assert_int_equal(fclose(f), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	assert_int_equal(samples_file__describe(below("samples.csv"), &results, &err), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	getrusage(RUSAGE_SELF, &usage);
	seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
	print_message("a million samples: %.2f s of CPU, at most %ld KiB\n", seconds, usage.ru_maxrss);
	assert_int_equal(results.count, 10);
	assert_int_equal(results.rows[9].n, 100000);
	assert_true(fabs(results.rows[3].p50 - 3499.5) < 5);
#if !defined(__SANITIZE_ADDRESS__)
	assert_true(usage.ru_maxrss < 100 * 1024);
#endif
	results_file__free(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_files_are_named_by_line_and_column),
		cmocka_unit_test(columns_may_come_in_any_order),
		cmocka_unit_test(json_errors_have_line_and_column),
		cmocka_unit_test(a_million_samples_are_described_in_little_memory),
	};

	return cmocka_run_group_tests_name("results/files", tests, make_folder, remove_folder);
}
