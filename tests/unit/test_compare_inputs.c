// SPDX-License-Identifier: MIT
// What compare takes: directories, folders of them, baseline files; what it refuses, and how long much of it takes.
#include "tests/unit/made_up_dirs.h"

#include <sys/stat.h>
#include <time.h>

#include "compare/matrix.h"

static void expect_refusal(const char *a, const char *b, const char *words)
{
	struct trial p;

	trial__compare(&p, a, b, &options);
	assert_true(p.failed);
	assert_int_equal(p.err.status, EXIT_USAGE);
	if (!strstr(p.err.text, words))
		fail_msg("'%s' does not say '%s'", p.err.text, words);
	trial__free(&p);
}

static void what_cannot_be_compared_is_refused(void **state)
{
	const char *hardware = DIR("hw", .seed = 31);
	struct compare_options across = COMPARE_OPTIONS_DEFAULT;
	struct trial p;

	(void)state;
	expect_refusal(hardware, DIR("emulated", .trust = "emulated"), "trust class 'hardware'");
	expect_refusal(hardware, DIR("model", .trust = "model", .unit = "insn"), "mean different things");
	expect_refusal(
		hardware, DIR("cpu", .cpu = "CPU 2"), "host.cpu.model_name is 'CPU 1' against 'CPU 2'");
	expect_refusal(hardware, below("nowhere"), "No such file");
	across.across |= FACTOR_CPU;
	trial__compare(&p, hardware, below("cpu"), &across);
	assert_false(p.failed);
	trial__free(&p);
	across.across = FACTOR_ALL;
	trial__compare(&p, hardware, below("emulated"), &across);
	assert_true(p.failed); /* whatever is said */
	trial__free(&p);
}

static void a_foreign_run_json_is_refused(void **state)
{
	(void)state;
	DIR("foreign", .seed = 1);
	write_below("foreign/run.json", "{\"schema\": \"other/1\"}");
	expect_refusal(below("foreign"), below("foreign"), "run.json: schema is 'other/1'");
}

static void folders_of_directories_are_pooled_by_boot(void **state)
{
	const char *kernels[] = { "6.1", "6.12" };
	char *paths[2];
	struct matrix m;
	struct error err = { 0 };
	struct trial p;
	char name[64], boot[16];

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		for (unsigned i = 0; i < 5; i++) {
			snprintf(name, sizeof(name), "pool/%s/boot-%u", kernels[k], i);
			snprintf(boot, sizeof(boot), "boot-%u-%u", k, i);
			DIR(name, .kernel = kernels[k], .boot = boot, .seed = 70 + 10 * k + i,
				.raise = k ? 1.05 : 1);
		}
	}
	trial__compare(&p, below("pool/6.1"), below("pool/6.12"), &options);
	assert_false(p.failed);
	assert_true(p.pair.a.boot_count == 5 && p.pair.b.boot_count == 5 &&
		    trial__noted(&p, "boots are compared"));
	assert_int_equal(fixture__row(p.c, "b/03")->judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(fixture__row(p.c, "b/03")->judgement.units_a, 5);
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 7);
	trial__free(&p);
	paths[0] = (char *)below("pool/6.1");
	paths[1] = (char *)below("pool/6.12");
	assert_int_equal(matrix__run(paths, 2, "kernel", &options, &m, &err), 0);
	assert_int_equal(m.count, 2);
	assert_string_equal(m.groups[1].label, "6.12");
	assert_int_equal(m.comparisons[1].by_verdict[VERDICT_SLOWER], 1);
	matrix__free(&m);
	assert_int_equal(matrix__run(paths, 1, "kernel", &options, &m, &err), -1);
	assert_non_null(strstr(err.text, "nothing to compare"));
	assert_int_equal(matrix__run(paths, 2, "host.nothing", &options, &m, &err), -1);
	assert_non_null(strstr(err.text, "no member"));
	assert_int_equal(matrix__run(paths, 2, "kvm.parameters.kvm_amd.npt", &options, &m, &err), -1);
	/* Kernels mixed in one side are an error, not an average. */
	expect_refusal(below("pool/6.1"), below("pool"), "neither a run directory");
}

static void baselines_hold_what_directories_hold(void **state)
{
	const char *d = DIR("base", .seed = 81);
	struct input in;
	struct error err = { 0 };
	struct text text = { 0 };
	struct trial p;

	(void)state;
	assert_int_equal(input__read(d, &in, &err), 0);
	assert_int_equal(input__save(&in, below("base.baseline"), &err), 0);
	input__free(&in);
	trial__compare(&p, below("base.baseline"), d, &options);
	assert_false(p.failed);
	assert_true(p.c->copy);
	assert_int_equal(p.c->by_verdict[VERDICT_SAME], 8);
	trial__free(&p);
	/* A line in the middle of the results, spoiled: the error names the line of the baseline file. */
	assert_int_equal(system("cd /tmp; true"), 0);
	text__printf(&text, "sed -i '/^b.02,1,1,4,0,guest/s/tsc,100/tsc,many/' %s", below("base.baseline"));
	assert_int_equal(system(text.data), 0);
	text__free(&text);
	assert_int_equal(input__read(below("base.baseline"), &in, &err), -1);
	assert_non_null(strstr(err.text, "base.baseline:"));
	assert_non_null(strstr(err.text, "'many' is not a whole number"));
}

/* 500 benchmarks x 20 runs, two metrics, both directories: read, paired and judged. The time is told, not tested: a busy
 * machine has another. It should stay below 0.2 s. */
static void large_directories_are_compared(void **state)
{
	struct timespec start, end;
	double seconds;
	struct trial p;
	FILE *f;
	struct random r;

	(void)state;
	random__seed(&r, 5);
	for (int d = 0; d < 2; d++) {
		assert_int_equal(mkdir(below(d ? "big-b" : "big-a"), 0777), 0);
		f = fopen(below(d ? "big-b/results.csv" : "big-a/results.csv"), "w");
		fputs("bench,vcpus,vms,run,vcpu,metric,unit,n,min,p05,p25,p50,p75,p95,p99,p999,max,mean,stddev,flags\n",
			f);
		for (int run = 0; run < 20; run++)
			for (int b = 0; b < 500; b++)
				for (int m = 0; m < 2; m++) {
					/* In steps of 26 ticks: most series have ties. */
					unsigned v = 26 * (unsigned)(115 + random__below(&r, 5));

					fprintf(f,
						"family/b%03d,1,1,%d,0,%s,tsc,1000,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u.5,12.25,\n",
						b, run, m ? "roundtrip" : "guest", v, v, v, v, v, v, v, v, v,
						v);
				}
		fclose(f);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	trial__compare(&p, below("big-a"), below("big-b"), &options);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_false(p.failed);
	assert_int_equal(p.c->count, 1000);
	seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
	print_message("500 benchmarks x 20 runs x 2 metrics: %.3f s of CPU\n", seconds);
	trial__free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_compared_is_refused),
		cmocka_unit_test(a_foreign_run_json_is_refused),
		cmocka_unit_test(folders_of_directories_are_pooled_by_boot),
		cmocka_unit_test(baselines_hold_what_directories_hold),
		cmocka_unit_test(large_directories_are_compared),
	};

	return cmocka_run_group_tests_name("compare/inputs", tests, make_folder, remove_folder);
}
