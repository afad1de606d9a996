// SPDX-License-Identifier: MIT
// Comparing run directories: pooling, refusals, baselines, thresholds, the gate and what it writes.
#include "tests/unit/compare_fixture.h"
#include "tests/unit/temp_folder.h"

#include <sys/stat.h>
#include <time.h>

#include "base/array.h"
#include "compare/gate.h"
#include "compare/matrix.h"
#include "compare/render.h"
#include "results/json_file.h"
#include "results/run_dir.h"
#include "results/summary.h"
#include "stats/random.h"

static const struct compare_options options = COMPARE_OPTIONS_DEFAULT;

/* What a made-up run directory holds. */
struct plan {
	const char *trust, *boot, *kernel, *cpu, *unit;
	size_t benches, runs;
	double level, sd, raise; /* `raise` multiplies b/03 */
	double khz;
	uint64_t seed;
};

/* What isn't said is as on a quiet machine; instructions have no spread and no clock. */
static void fill_in(struct plan *p)
{
	bool exact;

	p->trust = p->trust ? p->trust : "hardware";
	p->boot = p->boot ? p->boot : "boot-1";
	p->kernel = p->kernel ? p->kernel : "6.1";
	p->cpu = p->cpu ? p->cpu : "CPU 1";
	p->unit = p->unit ? p->unit : "tsc";
	exact = !strcmp(p->unit, "insn");
	p->benches = p->benches ? p->benches : 8;
	p->runs = p->runs ? p->runs : 10;
	p->level = p->level > 0 ? p->level : 3000;
	p->sd = exact ? 0 : p->sd > 0 ? p->sd : 0.002;
	p->raise = p->raise > 0 ? p->raise : 1;
	p->khz = exact ? 0 : p->khz > 0 ? p->khz : 2000000;
	p->seed = p->seed ? p->seed : 1;
}

static void write_run_json(struct run_dir *d, const struct plan *p)
{
	struct error err;
	json_t *root = json_pack("{ss ss ss ss ss s{sI} s{sf} s{ss s{ss ss} s{ss} s{s{ss}}}}", "schema",
		RUN_SCHEMA, "started", "2026-01-01T00:00:00Z", "finished", "2026-01-01T00:01:00Z", "trust",
		p->trust, "backend", "svm", "plan", "seed", (json_int_t)p->seed, "clock", "tsc_khz", p->khz,
		"host", "hostname", "h", "kernel", "release", p->kernel, "boot_id", p->boot, "cpu",
		"model_name", p->cpu, "kvm", "parameters", "kvm_amd.npt", "Y");

	assert_non_null(root);
	assert_int_equal(run_dir__write_json(d, root, &err), 0);
	json_decref(root);
}

static const char *make_dir(const char *name, struct plan p)
{
	static struct results_row rows[64 * 64];
	static char names[64][24];
	struct cell_status skipped = { { "z/skipped", 1, 1 }, ROW_SKIPPED, "no huge pages" };
	struct run_piece piece = { .results = rows };
	const char *path = below(name);
	struct summary_row *summary;
	struct error err = { 0 };
	struct run_dir d;
	struct random r;
	size_t count;

	fill_in(&p);
	random__seed(&r, p.seed);
	for (unsigned run = 0; run < p.runs; run++) {
		for (size_t b = 0; b < p.benches; b++) {
			double v = p.level * exp(p.sd * random__normal(&r)) * (b == 3 ? p.raise : 1);

			snprintf(names[b], sizeof(names[b]), "b/%02zu", b);
			if (!strcmp(p.unit, "insn"))
				v = round(v);
			rows[piece.result_count++] = (struct results_row){ { names[b], 1, 1 }, run, 0,
				"guest", p.unit, 100, v, v, v, v, v, v, v, v, v, v, 0, "" };
			rows[piece.result_count++] = (struct results_row){ { names[b], 1, 1 }, run, 0,
				"exits", "count/op", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, NAN, "" };
		}
	}
	if (run_dir__create(path, &d, &err))
		fail_msg("%s", err.text);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(summary__compute(rows, piece.result_count, &skipped, 1, &summary, &count, &err), 0);
	assert_int_equal(run_dir__write_summary(&d, summary, count, &err), 0);
	free(summary);
	write_run_json(&d, &p);
	assert_int_equal(run_dir__close(&d, &err), 0);
	return path;
}

#define DIR(name, ...) make_dir(name, (struct plan){ __VA_ARGS__ })

struct pair {
	struct side a, b;
	struct comparison c;
	struct error err;
	int failed;
};

static void compare(struct pair *p, const char *a, const char *b, const struct compare_options *o)
{
	memset(p, 0, sizeof(*p));
	p->failed = side__read(a, &p->a, &p->err) || side__read(b, &p->b, &p->err) ||
		    compare__run(&p->a, &p->b, o, &p->c, &p->err);
}

static void release(struct pair *p)
{
	comparison__free(&p->c);
	side__free(&p->a);
	side__free(&p->b);
}

static void expect_refusal(const char *a, const char *b, const char *words)
{
	struct pair p;

	compare(&p, a, b, &options);
	assert_true(p.failed);
	assert_int_equal(p.err.status, EXIT_USAGE);
	if (!strstr(p.err.text, words))
		fail_msg("'%s' does not say '%s'", p.err.text, words);
	release(&p);
}

static bool noted(const struct comparison *c, const char *words)
{
	for (size_t i = 0; i < c->note_count; i++)
		if (strstr(c->notes[i], words))
			return true;
	return false;
}

static enum exit_status gated(
	const struct comparison *c, enum gate_mode mode, bool strict, struct text *junit)
{
	struct gate_options o = { .mode = mode, .fail_on = GATE_FAIL_ON_DEFAULT, .strict = strict };
	struct gate g;
	struct error err;
	enum exit_status status;

	assert_int_equal(gate__decide(c, &o, &g, &err), 0);
	status = g.status;
	if (junit)
		render__junit(&g, junit);
	gate__free(&g);
	return status;
}

/* Noise of 8 %, so that a test alone could not tell. */
static void a_directory_is_the_same_as_itself_and_a_raised_copy_is_not(void **state)
{
	const char *d = DIR("self", .runs = 3, .sd = 0.08),
		   *copy = DIR("copy", .runs = 3, .sd = 0.08, .raise = 1.05);
	struct text junit = { 0 };
	struct pair p;

	(void)state;
	compare(&p, d, d, &options);
	assert_false(p.failed);
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 8);
	assert_int_equal(p.c.by_verdict[VERDICT_ABSENT], 1); /* skipped on both sides */
	assert_int_equal(gated(&p.c, GATE_AUTO, true, NULL), EXIT_FINE);
	release(&p);
	compare(&p, d, copy, &options);
	assert_false(p.failed);
	assert_true(p.c.copy && noted(&p.c, "the very same runs"));
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 7);
	assert_string_equal(p.c.rows[0].key.bench, "b/03");
	assert_int_equal(p.c.rows[0].judgement.verdict, VERDICT_SLOWER);
	assert_true(fabs(p.c.rows[0].judgement.ratio - 1.05) < 1e-9);
	assert_int_equal(gated(&p.c, GATE_AUTO, false, &junit), EXIT_REGRESSION);
	assert_non_null(strstr(junit.data, "failures=\"1\""));
	assert_non_null(
		strstr(junit.data, "name=\"b/03 guest\">\n      <failure message=\"b/03 guest: slower"));
	text__free(&junit);
	release(&p);
}

static void other_runs_are_tested(void **state)
{
	const char *a = DIR("runs-a", .seed = 11), *b = DIR("runs-b", .seed = 12, .raise = 1.05);
	struct pair p;

	(void)state;
	compare(&p, a, b, &options);
	assert_false(p.failed);
	assert_false(p.c.copy);
	assert_int_equal(p.c.tests, 8);
	assert_int_equal(fixture__row(&p.c, "b/03")->judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(fixture__row(&p.c, "b/03")->judgement.method, METHOD_RUNS);
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 7);
	assert_int_equal(gated(&p.c, GATE_AUTO, false, NULL), EXIT_REGRESSION);
	release(&p);
}

static void too_few_runs_are_said_to_be_too_few(void **state)
{
	struct pair p;

	(void)state;
	compare(&p, DIR("few-a", .runs = 3, .seed = 21), DIR("few-b", .runs = 3, .seed = 22, .raise = 1.2),
		&options);
	assert_false(p.failed);
	assert_int_equal(p.c.by_verdict[VERDICT_INCONCLUSIVE], 8);
	assert_true(noted(&p.c, "at least 6 are needed")); /* 8 tests x .0022 */
	assert_int_equal(gated(&p.c, GATE_AUTO, false, NULL), EXIT_FINE);
	assert_int_equal(gated(&p.c, GATE_AUTO, true, NULL), EXIT_INCONCLUSIVE);
	release(&p);
}

static void what_cannot_be_compared_is_refused(void **state)
{
	const char *hardware = DIR("hw", .seed = 31);
	struct compare_options across = COMPARE_OPTIONS_DEFAULT;
	struct pair p;

	(void)state;
	expect_refusal(hardware, DIR("emulated", .trust = "emulated"), "trust class 'hardware'");
	expect_refusal(hardware, DIR("model", .trust = "model", .unit = "insn"), "mean different things");
	expect_refusal(
		hardware, DIR("cpu", .cpu = "CPU 2"), "host.cpu.model_name is 'CPU 1' against 'CPU 2'");
	expect_refusal(hardware, below("nowhere"), "No such file");
	across.across |= FACTOR_CPU;
	compare(&p, hardware, below("cpu"), &across);
	assert_false(p.failed);
	release(&p);
	across.across = FACTOR_ALL;
	compare(&p, hardware, below("emulated"), &across);
	assert_true(p.failed); /* whatever is said */
	release(&p);
}

static void other_kernels_are_compared_and_their_boots_counted(void **state)
{
	struct pair p;

	(void)state;
	compare(&p, DIR("k1", .seed = 41), DIR("k2", .seed = 42, .kernel = "6.12", .boot = "boot-2"),
		&options);
	assert_false(p.failed);
	assert_true(noted(&p.c, "One boot a side"));
	assert_int_equal(p.c.difference_count, 1);
	assert_string_equal(p.c.differences[0].field, "kernel.release");
	assert_string_equal(p.c.differences[0].b, "6.12");
	release(&p);
}

static void other_tsc_frequencies_become_nanoseconds(void **state)
{
	struct compare_options across = COMPARE_OPTIONS_DEFAULT;
	struct pair p;

	(void)state;
	across.across |= FACTOR_CPU;
	compare(&p, DIR("slow-tsc", .seed = 51),
		DIR("fast-tsc", .seed = 52, .level = 6000, .khz = 4000000, .cpu = "B"), &across);
	assert_false(p.failed);
	assert_true(p.c.nanoseconds && noted(&p.c, "nanoseconds"));
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 8);
	assert_string_equal(fixture__row(&p.c, "b/00")->unit, "ns");
	assert_true(fabs(fixture__row(&p.c, "b/00")->judgement.median_a - 1500) < 10);
	release(&p);
}

static void one_instruction_is_a_difference_in_the_exact_clock(void **state)
{
	const char *a = DIR("insn-a", .trust = "model", .unit = "insn", .runs = 1);
	const char *b = DIR("insn-b", .trust = "model", .unit = "insn", .runs = 1, .raise = 3001.0 / 3000);
	struct pair p;

	(void)state;
	compare(&p, a, b, &options);
	assert_false(p.failed);
	assert_true(p.c.exact && p.c.tests == 0);
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 7);
	assert_int_equal(p.c.rows[0].judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(p.c.rows[0].judgement.method, METHOD_EXACT);
	assert_true(p.c.rows[0].judgement.median_b - p.c.rows[0].judgement.median_a == 1);
	assert_int_equal(gated(&p.c, GATE_AUTO, true, NULL), EXIT_REGRESSION);
	release(&p);
	compare(&p, a, a, &options);
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 8);
	release(&p);
}

static void noisy_hosts_gate_on_what_is_counted(void **state)
{
	struct pair p;

	(void)state;
	compare(&p, DIR("vm-a", .trust = "nested", .seed = 61),
		DIR("vm-b", .trust = "nested", .seed = 62, .raise = 1.5), &options);
	assert_false(p.failed);
	assert_int_equal(fixture__row(&p.c, "b/03")->judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(gated(&p.c, GATE_AUTO, true, NULL), EXIT_FINE);
	assert_int_equal(gated(&p.c, GATE_ALL, true, NULL), EXIT_REGRESSION);
	release(&p);
}

static void folders_of_directories_are_pooled_by_boot(void **state)
{
	const char *kernels[] = { "6.1", "6.12" };
	char *paths[2];
	struct matrix m;
	struct error err = { 0 };
	struct pair p;
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
	compare(&p, below("pool/6.1"), below("pool/6.12"), &options);
	assert_false(p.failed);
	assert_true(p.a.boot_count == 5 && p.b.boot_count == 5 && noted(&p.c, "boots are compared"));
	assert_int_equal(fixture__row(&p.c, "b/03")->judgement.verdict, VERDICT_SLOWER);
	assert_int_equal(fixture__row(&p.c, "b/03")->judgement.units_a, 5);
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 7);
	release(&p);
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
	struct pair p;

	(void)state;
	assert_int_equal(input__read(d, &in, &err), 0);
	assert_int_equal(input__save(&in, below("base.baseline"), &err), 0);
	input__free(&in);
	compare(&p, below("base.baseline"), d, &options);
	assert_false(p.failed);
	assert_true(p.c.copy);
	assert_int_equal(p.c.by_verdict[VERDICT_SAME], 8);
	release(&p);
	/* A line in the middle of the results, spoiled: the error names the line of the baseline file. */
	assert_int_equal(system("cd /tmp; true"), 0);
	text__printf(&text, "sed -i '/^b.02,1,1,4,0,guest/s/tsc,100/tsc,many/' %s", below("base.baseline"));
	assert_int_equal(system(text.data), 0);
	text__free(&text);
	assert_int_equal(input__read(below("base.baseline"), &in, &err), -1);
	assert_non_null(strstr(err.text, "base.baseline:"));
	assert_non_null(strstr(err.text, "'many' is not a whole number"));
}

static void thresholds_decide_per_benchmark(void **state)
{
	static const char good[] =
		"# comment\nversion 1\n*  *  1%\nb/03 guest 10% # generous\nb/0[45] * off\n";
	struct compare_options with = COMPARE_OPTIONS_DEFAULT;
	struct thresholds t;
	struct error err = { 0 };
	struct pair p;

	(void)state;
	assert_int_equal(thresholds__parse("t", good, strlen(good), &t, &err), 0);
	assert_int_equal(t.count, 3);
	assert_true(fabs(thresholds__find(&t, "b/03", "guest")->limit - 0.1) < 1e-12);
	assert_true(fabs(thresholds__find(&t, "b/03", "exits")->limit - 0.01) < 1e-12);
	assert_true(thresholds__find(&t, "b/04", "guest")->off);
	with.thresholds = &t;
	compare(&p, DIR("t-a", .seed = 91), DIR("t-b", .seed = 92, .raise = 1.05), &with);
	assert_false(p.failed);
	assert_int_equal(fixture__row(&p.c, "b/03")->judgement.verdict, VERDICT_SAME);
	assert_int_equal(p.c.tests, 6);
	assert_int_equal(gated(&p.c, GATE_AUTO, true, NULL), EXIT_FINE);
	release(&p);
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

static void a_foreign_run_json_is_refused(void **state)
{
	FILE *f;

	(void)state;
	DIR("foreign", .seed = 1);
	f = fopen(below("foreign/run.json"), "w");
	fputs("{\"schema\": \"other/1\"}", f);
	fclose(f);
	expect_refusal(below("foreign"), below("foreign"), "run.json: schema is 'other/1'");
}

/* The table of a big comparison stays below what GitHub takes. */
static void markdown_stays_below_its_limit(void **state)
{
	struct text t = { 0 };
	struct pair p;

	(void)state;
	compare(&p, DIR("md-a", .benches = 60, .seed = 1),
		DIR("md-b", .benches = 60, .seed = 2, .raise = 1.1), &options);
	assert_false(p.failed);
	render__markdown(&p.c, NULL, RENDER_MARKDOWN_MOST, &t);
	assert_non_null(strstr(t.data, "slower"));
	assert_null(strstr(t.data, "left out"));
	text__free(&t);
	render__markdown(&p.c, NULL, 6000, &t);
	assert_non_null(strstr(t.data, "left out"));
	assert_true(t.used < 6000);
	text__free(&t);
	release(&p);
}

/* 500 benchmarks x 20 runs, two metrics, both directories: read, paired and judged. */
static void large_directories_are_compared_quickly(void **state)
{
	struct timespec start, end;
	double seconds;
	struct pair p;
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
	compare(&p, below("big-a"), below("big-b"), &options);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_false(p.failed);
	assert_int_equal(p.c.count, 1000);
	seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
	print_message("500 benchmarks x 20 runs x 2 metrics: %.3f s of CPU\n", seconds);
#if !defined(__SANITIZE_ADDRESS__)
	assert_true(seconds < 0.2);
#endif
	release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_directory_is_the_same_as_itself_and_a_raised_copy_is_not),
		cmocka_unit_test(other_runs_are_tested),
		cmocka_unit_test(too_few_runs_are_said_to_be_too_few),
		cmocka_unit_test(what_cannot_be_compared_is_refused),
		cmocka_unit_test(other_kernels_are_compared_and_their_boots_counted),
		cmocka_unit_test(other_tsc_frequencies_become_nanoseconds),
		cmocka_unit_test(one_instruction_is_a_difference_in_the_exact_clock),
		cmocka_unit_test(noisy_hosts_gate_on_what_is_counted),
		cmocka_unit_test(folders_of_directories_are_pooled_by_boot),
		cmocka_unit_test(baselines_hold_what_directories_hold),
		cmocka_unit_test(thresholds_decide_per_benchmark),
		cmocka_unit_test(malformed_thresholds_are_named_by_line_and_column),
		cmocka_unit_test(a_foreign_run_json_is_refused),
		cmocka_unit_test(markdown_stays_below_its_limit),
		cmocka_unit_test(large_directories_are_compared_quickly),
	};

	return cmocka_run_group_tests_name("compare/files", tests, make_folder, remove_folder);
}
