// SPDX-License-Identifier: MIT
// Writing a run directory: what was finished stays, whatever goes wrong.
#include "tests/unit/temp_folder.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "results/run_dir.h"
#include "results/summary.h"
#include "results/tables.h"

static off_t size_of(const char *path)
{
	struct stat s;

	return stat(path, &s) ? -1 : s.st_size;
}

static struct results_row row(const char *bench, unsigned run, unsigned vcpu, const char *metric, double p50)
{
	return (struct results_row){ .key = { bench, 1, 1 },
		.run = run,
		.vcpu = vcpu,
		.metric = metric,
		.unit = "tsc",
		.n = 100,
		.min = p50 - 5.25,
		.p05 = p50 - 4,
		.p25 = p50 - 1,
		.p50 = p50,
		.p75 = p50 + 1,
		.p95 = p50 + 3,
		.p99 = p50 + 10,
		.p999 = p50 + 40,
		.max = p50 + 400,
		.mean = p50 + 1.0 / 3,
		.stddev = NAN,
		.flags = "" };
}

static void what_is_appended_reads_back(void **state)
{
	struct results_row rows[] = { row("pio/out", 0, 0, "roundtrip", 3448.5),
		row("a,\"b\"", 1, 2, "x", 0.1) };
	struct check_row check = { { "pio/out", 1, 1 }, 0, "kvm:kvm_exit[reason==10,x]", 1, 1.0001, "ok" };
	struct sample_row sample = { { "pio/out", 1, 1 }, 0, 0, "guest", "tsc", 7, 3449, "irq" };
	struct run_piece piece = { rows, 2, &check, 1, &sample, 1 };
	struct results_file results;
	struct checks_file checks;
	struct error err = { 0 };
	struct run_dir d;

	(void)state;
	rows[1].flags = "irq+nivcsw";
	assert_int_equal(run_dir__create(below("x/y/run"), &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	piece.sample_count = piece.check_count = 0;
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(run_dir__close(&d, &err), 0);
	assert_int_equal(results_file__read(below("x/y/run/results.csv"), &results, &err), 0);
	assert_int_equal(results.count, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct results_row *in = &rows[i & 1], *out = &results.rows[i];

		assert_string_equal(out->key.bench, in->key.bench);
		assert_string_equal(out->metric, in->metric);
		assert_string_equal(out->unit, in->unit);
		assert_string_equal(out->flags, in->flags);
		assert_true(out->key.vcpus == 1 && out->key.vms == 1 && out->run == in->run &&
			    out->vcpu == in->vcpu);
		assert_true(
			out->n == in->n && out->min == in->min && out->p05 == in->p05 && out->p25 == in->p25);
		assert_true(out->p50 == in->p50 && out->p75 == in->p75 && out->p95 == in->p95);
		assert_true(out->p99 == in->p99 && out->p999 == in->p999 && out->max == in->max);
		assert_true(out->mean == in->mean && isnan(out->stddev));
	}
	assert_ptr_equal(results.rows[0].key.bench, results.rows[2].key.bench);
	results_file__free(&results);
	assert_int_equal(checks_file__read(below("x/y/run/checks.csv"), &checks, &err), 0);
	assert_int_equal(checks.count, 1);
	assert_string_equal(checks.rows[0].statistic, check.statistic);
	assert_true(checks.rows[0].observed == 1.0001);
	checks_file__free(&checks);
	assert_int_equal(samples_file__describe(below("x/y/run/samples.csv"), &results, &err), 0);
	assert_int_equal(results.count, 1);
	assert_true(results.rows[0].p50 == 3449 && results.rows[0].n == 1);
	results_file__free(&results);
}

static void headers_are_those_of_the_design(void **state)
{
	struct run_piece piece = { .samples = &(struct sample_row){ .key = { "b", 1, 1 }, .metric = "m" },
		.sample_count = 1 };
	static const char *const wanted[][2] = {
		{ "results.csv",
			"bench,vcpus,vms,run,vcpu,metric,unit,n,min,p05,p25,p50,p75,p95,p99,p999,max,mean,"
			"stddev,flags\n" },
		{ "summary.csv",
			"bench,vcpus,vms,metric,unit,runs,median,ci_lo,ci_hi,min,p99,status,reason\n" },
		{ "checks.csv", "bench,vcpus,vms,run,statistic,expected,observed,verdict\n" },
		{ "samples.csv", "bench,vcpus,vms,run,vcpu,metric,unit,index,value,flags\n" },
	};
	char path[128], line[256];
	struct error err;
	struct run_dir d;

	(void)state;
	assert_int_equal(run_dir__create(below("headers"), &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(run_dir__write_summary(&d, NULL, 0, &err), 0);
	assert_int_equal(run_dir__close(&d, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/headers/%s", folder, wanted[i][0]);
		f = fopen(path, "r");
		assert_non_null(f);
		assert_non_null(fgets(line, sizeof(line), f));
		assert_string_equal(line, wanted[i][1]);
		fclose(f);
	}
}

static void a_directory_that_is_used_is_refused(void **state)
{
	struct error err = { 0 };
	struct run_dir d;

	(void)state;
	assert_int_equal(run_dir__create(below("used"), &d, &err), 0);
	run_dir__close(&d, &err);
	assert_int_equal(run_dir__create(below("used"), &d, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(strstr(err.text, "never overwritten"));
	write_below("file", "");
	assert_int_equal(run_dir__create(below("file"), &d, &err), -1);
	assert_non_null(strstr(err.text, "Not a directory"));
	assert_int_equal(run_dir__create(below("file/run"), &d, &err), -1);
	assert_int_equal(err.status, EXIT_IO);
	assert_int_equal(run_dir__create("", &d, &err), -1);
	assert_int_equal(run_dir__create("/proc/none", &d, &err), -1);
	assert_non_null(strstr(err.text, "choose a writable one"));
	assert_int_equal(run_dir__open(below("nothing"), &d, &err), -1);
	assert_non_null(strstr(err.text, "no run directory"));
}

static void what_is_set_aside_is_not_seen_and_goes_with_the_run(void **state)
{
	struct error err;
	struct run_dir d;

	(void)state;
	assert_int_equal(run_dir__create(below("aside"), &d, &err), 0);
	assert_int_equal(run_dir__reserve(&d, 65536, &err), 0);
	assert_int_equal(size_of(below("aside/reserve.tmp")), -1);
	run_dir__release(&d);
	run_dir__release(&d);
	assert_int_equal(run_dir__reserve(&d, 1, &err), 0);
	run_dir__abandon(&d);
	/* Nothing is left in it. */
	assert_int_equal(rmdir(below("aside")), 0);
	assert_int_equal(run_dir__reserve(&d, 1, &err), -1);
	assert_int_equal(err.status, EXIT_IO);
	assert_non_null(strstr(err.text, "No such file or directory"));
}

/* What the program that starts at `flag` gets: 0 the directory, 1 a refusal that names the remedy, 2 another. */
static int race_for(const char *path, const volatile int *flag)
{
	struct run_dir d;
	struct error err;

	while (!*flag)
		;
	if (!run_dir__create(path, &d, &err))
		return 0;
	return err.status == EXIT_USAGE && strstr(err.text, "choose another") ? 1 : 2;
}

static void of_two_that_want_a_directory_one_gets_it(void **state)
{
	volatile int *flag = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int round, i, status, got[3];
	char name[32];
	pid_t pid[2];

	(void)state;
	assert_true(flag != MAP_FAILED);
	for (round = 0; round < 100; round++) {
		*flag = 0;
		memset(got, 0, sizeof(got));
		snprintf(name, sizeof(name), "wanted-%d", round);
		for (i = 0; i < 2; i++) {
			pid[i] = fork();
			if (!pid[i])
				_exit(race_for(below(name), flag));
		}
		*flag = 1;
		for (i = 0; i < 2; i++) {
			assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
			assert_in_range(WEXITSTATUS(status), 0, 2);
			got[WEXITSTATUS(status)]++;
		}
		assert_int_equal(got[0], 1);
		assert_int_equal(got[1], 1);
	}
	munmap((void *)flag, 4096);
}

static void default_names_do_not_collide(void **state)
{
	char before[256];
	struct error err = { 0 };
	struct run_dir a, b;

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(run_dir__create(NULL, &a, &err), 0);
	assert_int_equal(run_dir__create(NULL, &b, &err), 0);
	assert_true(!strncmp(a.path, "results/20", 10) && strcmp(a.path, b.path));
	assert_true(size_of(a.path) > 0 && size_of(b.path) > 0);
	run_dir__close(&a, &err);
	run_dir__close(&b, &err);
	assert_int_equal(chdir(before), 0);
}

static void appending_to_an_existing_one_keeps_what_is_there(void **state)
{
	struct results_row r = row("b", 0, 0, "guest", 10);
	struct run_piece piece = { .results = &r, .result_count = 1 };
	struct results_file f;
	struct error err;
	struct run_dir d;

	(void)state;
	assert_int_equal(run_dir__create(below("more"), &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	run_dir__close(&d, &err);
	r.run = 1;
	assert_int_equal(run_dir__open(below("more"), &d, &err), 0);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	run_dir__close(&d, &err);
	assert_int_equal(results_file__read(below("more/results.csv"), &f, &err), 0);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.rows[1].run, 1);
	results_file__free(&f);
}

/*
 * The file size limit behaves as a full disk does: a short write, then an error. Pieces are appended
 * until it is hit, at a different byte each time; whole pieces stay and nothing else.
 */
static void a_full_disk_leaves_whole_pieces(void **state)
{
	static struct results_row rows[20];
	static struct check_row checks[40];
	struct rlimit before, limit;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = row("family/variant", 0, (unsigned)i, "roundtrip", 1000 + (double)i);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		checks[i] = (struct check_row){ { "family/variant", 1, 1 }, 0, "exits", 1, 1, "ok" };
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	for (unsigned trial = 0; trial < 40; trial++) {
		struct run_piece piece = { rows, ARRAY_SIZE(rows), checks, ARRAY_SIZE(checks) };
		unsigned good = 0;
		struct results_file f;
		struct checks_file c;
		char name[32], path[128];
		struct run_dir d;

		/* Rows of either file may be the first to meet the limit. */
		if (trial & 1)
			piece.check_count = 1;
		limit = (struct rlimit){ 8000 + 97 * trial, before.rlim_max };
		snprintf(name, sizeof(name), "full-%u", trial);
		assert_int_equal(run_dir__create(below(name), &d, &err), 0);
		setrlimit(RLIMIT_FSIZE, &limit);
		while (!run_dir__append(&d, &piece, &err))
			good++;
		setrlimit(RLIMIT_FSIZE, &before);
		assert_true(good > 0);
		assert_int_equal(err.status, EXIT_IO);
		assert_non_null(strstr(err.text, "what was finished before is kept"));
		run_dir__close(&d, &err);
		snprintf(path, sizeof(path), "%s/%s/results.csv", folder, name);
		assert_int_equal(results_file__read(path, &f, &err), 0);
		assert_int_equal(f.count, good * piece.result_count);
		results_file__free(&f);
		snprintf(path, sizeof(path), "%s/%s/checks.csv", folder, name);
		assert_int_equal(checks_file__read(path, &c, &err), 0);
		assert_int_equal(c.count, good * piece.check_count);
		checks_file__free(&c);
	}
}

static void a_summary_that_cannot_be_written_keeps_the_old_one(void **state)
{
	struct summary_row rows[200];
	struct rlimit before, limit;
	struct summary_file f;
	struct error err = { 0 };
	struct run_dir d;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = (struct summary_row){ { "b", 1, 1 }, "guest", "tsc", 6, 10, 9, 11, 8, 12,
			ROW_SUSPECT, "why, then" };
	assert_int_equal(run_dir__create(below("old"), &d, &err), 0);
	assert_int_equal(run_dir__write_summary(&d, rows, 3, &err), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = (struct rlimit){ 4096, before.rlim_max };
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(run_dir__write_summary(&d, rows, ARRAY_SIZE(rows), &err), -1);
	setrlimit(RLIMIT_FSIZE, &before);
	run_dir__close(&d, &err);
	assert_int_equal(size_of(below("old/summary.csv.tmp")), -1);
	assert_int_equal(summary_file__read(below("old/summary.csv"), &f, &err), 0);
	assert_int_equal(f.count, 3);
	assert_string_equal(f.rows[2].reason, "why, then");
	assert_int_equal(f.rows[2].status, ROW_SUSPECT);
	summary_file__free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_appended_reads_back),
		cmocka_unit_test(headers_are_those_of_the_design),
		cmocka_unit_test(a_directory_that_is_used_is_refused),
		cmocka_unit_test(what_is_set_aside_is_not_seen_and_goes_with_the_run),
		cmocka_unit_test(of_two_that_want_a_directory_one_gets_it),
		cmocka_unit_test(default_names_do_not_collide),
		cmocka_unit_test(appending_to_an_existing_one_keeps_what_is_there),
		cmocka_unit_test(a_full_disk_leaves_whole_pieces),
		cmocka_unit_test(a_summary_that_cannot_be_written_keeps_the_old_one),
	};

	return cmocka_run_group_tests_name("results/run_dir", tests, make_folder, remove_folder);
}
