// SPDX-License-Identifier: MIT
/*
 * Planted truth on a real VM: a handler in user space that spends c extra ticks, and a guest with five extra
 * instructions, are called slower, by what was planted; the same against the same isn't. Runs where there is a
 * KVM, on whatever backend.
 */
#include "tests/unit/temp_folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "compare/pair.h"
#include "results/run_dir.h"
#include "results/tables.h"
#include "runner/runner.h"

GUEST_DECLARE(pio);
GUEST_DECLARE(null);

#define RUNS 10

/* Set before the measuring processes are forked off. */
static uint64_t planted_ticks;

static uint64_t now_tsc(void)
{
	uint32_t low, high;

	__asm__ __volatile__("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static void spend(struct vcpu *v)
{
	uint64_t end = now_tsc() + planted_ticks;

	(void)v;
	while (now_tsc() < end)
		;
}

#define OUT(variant, handler)                                                                                \
	{                                                                                                    \
		.id = "planted/" variant, .summary = "OUT to user space", .sdm = "vol. 3C 26.1.3",           \
		.apm = "15.10.2", .doc = "Made for a test, and for nothing else.", .guest = GUEST(pio),      \
		.entry = "out1", .arg = { ABI_PORT_MEASURE }, .handled_in = HANDLED_USER,                    \
		.on_exit = handler, .samples_max = 300,                                                      \
		.expect = { .vmx = VMX(IO_INSTRUCTION),                                                      \
			.svm = SVM(IOIO),                                                                    \
			.kvm = KVM_EXIT(IO),                                                                 \
			.exits = 1,                                                                          \
			.stats = { { "io_exits", 1 } } },                                                    \
	}

#define LOOP(variant, guest_entry)                                                                           \
	{                                                                                                    \
		.id = "planted/" variant, .summary = "a guest that doesn't exit",                            \
		.doc = "Made for a test, and for nothing else.", .guest = GUEST(null), .entry = guest_entry, \
		.handled_in = HANDLED_NOWHERE, .samples_max = 300,                                           \
	}

static const struct bench planted[] = {
	OUT("out", NULL),
	OUT("out-again", NULL),
	OUT("out-slow", spend),
	LOOP("loop", "null"),
	LOOP("loop-more", "nop5"),
};
BENCH_FAMILY("planted", "benchmarks of this test alone", planted);

/* Runs the planted benchmarks; their runs are interleaved. Skips the test where there is no KVM. */
static void measure(const char *name, unsigned runs, struct run_report *report)
{
	const struct bench *list[ARRAY_SIZE(planted)];
	char *argv[] = { (char *)"test", NULL };
	struct run_request request = { .benches = list,
		.bench_count = ARRAY_SIZE(planted),
		.runs = runs,
		.samples_per_run = 150,
		.timeout_ms = 20000,
		.seed = 1,
		.directory = below(name),
		.argc = 1,
		.argv = argv };
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(planted); i++)
		list[i] = &planted[i];
	if (!runner__run(&request, NULL, report, &err))
		return;
	if (err.status != EXIT_NO_KVM)
		fail_msg("%s", err.text);
	print_message("%s\n", err.text);
	skip();
}

static double median_of(const struct run_report *report, const char *bench)
{
	for (size_t i = 0; i < report->row_count; i++)
		if (!strcmp(report->rows[i].key.bench, bench) && !strcmp(report->rows[i].metric, "guest"))
			return report->rows[i].median;
	return NAN;
}

/* A run directory that holds one benchmark of another, under another name. */
static const char *extract(const char *from, const char *bench, const char *as, const char *name)
{
	char results[160], command[320];
	struct results_file f;
	struct run_piece piece = { 0 };
	struct results_row *kept;
	struct error err = { 0 };
	struct run_dir d;

	snprintf(results, sizeof(results), "%s/results.csv", below(from));
	assert_int_equal(results_file__read(results, &f, &err), 0);
	kept = calloc(f.count, sizeof(*kept));
	for (size_t i = 0; i < f.count; i++) {
		if (strcmp(f.rows[i].key.bench, bench) || strcmp(f.rows[i].metric, "guest"))
			continue;
		kept[piece.result_count] = f.rows[i];
		kept[piece.result_count++].key.bench = as;
	}
	piece.results = kept;
	assert_int_equal(run_dir__create(below(name), &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(run_dir__close(&d, &err), 0);
	/* The host's facts, but another run's: the figures of one run would be compared as a copy. */
	snprintf(command, sizeof(command),
		"sed 's/\"finished\": \".*\"/\"finished\": \"%s\"/' %s/run.json > %s/run.json", name,
		below(from), below(name));
	assert_int_equal(system(command), 0);
	free(kept);
	results_file__free(&f);
	return below(name);
}

/* Compares two of the benchmarks of a run as if they were one on two hosts. */
static struct judgement compare(const char *from, const char *a, const char *b)
{
	const struct compare_options options = COMPARE_OPTIONS_DEFAULT;
	char name_a[64], name_b[64];
	struct pair pair;
	struct error err = { 0 };
	struct judgement j;

	snprintf(name_a, sizeof(name_a), "%s-against-%s-a", strchr(a, '/') + 1, strchr(b, '/') + 1);
	snprintf(name_b, sizeof(name_b), "%s-against-%s-b", strchr(a, '/') + 1, strchr(b, '/') + 1);
	if (pair__compare(&pair, extract(from, a, "planted/x", name_a), extract(from, b, "planted/x", name_b),
		    &options, &err))
		fail_msg("%s", err.text);
	assert_int_equal(pair.c.count, 1);
	j = pair.c.rows[0].judgement;
	print_message("%s against %s: %s, %.0f -> %.0f, ratio %.4f (%.4f .. %.4f), p %.2g\n", b, a,
		verdict__word(j.verdict, ""), j.median_a, j.median_b, j.ratio, j.low, j.high, j.p);
	pair__free(&pair);
	return j;
}

static void what_was_planted_is_found_at_its_size(void **state)
{
	struct run_report report;
	struct judgement j;
	double plain, added;

	(void)state;
	measure("first", 2, &report);
	plain = median_of(&report, "planted/out");
	run_report__free(&report);
	assert_true(plain > 0);
	/* Half of the figure: other programs may run beside this test, and the verdict is to be certain. */
	planted_ticks = (uint64_t)(plain / 2);
	measure("runs", RUNS, &report);
	run_report__free(&report);

	j = compare("runs", "planted/out", "planted/out-again");
	assert_int_not_equal(j.verdict, VERDICT_SLOWER);
	assert_int_not_equal(j.verdict, VERDICT_FASTER);

	j = compare("runs", "planted/out", "planted/out-slow");
	assert_int_equal(j.verdict, VERDICT_SLOWER);
	/* The stamps around the loop add a little to what it was told to spend; the noise both ways. */
	added = (j.ratio - 1) * j.median_a;
	print_message("planted %.0f ticks, found %.0f\n", (double)planted_ticks, added);
	assert_true(added > 0.7 * (double)planted_ticks && added < 1.5 * (double)planted_ticks);

	j = compare("runs", "planted/loop", "planted/loop-more");
	assert_int_equal(j.verdict, VERDICT_SLOWER);
	if (j.method == METHOD_EXACT)
		assert_true(j.median_b - j.median_a == 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_planted_is_found_at_its_size),
	};

	return cmocka_run_group_tests_name("compare/planted", tests, make_folder, remove_folder);
}
