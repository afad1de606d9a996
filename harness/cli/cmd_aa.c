// SPDX-License-Identifier: MIT
/*
 * vmexit-bench aa: the same benchmarks as A and as B.  What differs then is noise: how small a change this host
 * can show, and how often it would cry wolf.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/array.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "cli/run_view.h"
#include "cli/select.h"
#include "cli/table.h"
#include "compare/pair.h"
#include "host/fingerprint.h"
#include "results/json_file.h"
#include "results/noise_floor.h"
#include "runner/metadata.h"
#include "runner/runner.h"

struct settings {
	unsigned runs, count;
	double seconds;
	const char *cpus, *directory;
	bool quiet;
};

#define AT(field) .offset = offsetof(struct settings, field)

static const struct option_spec specs[] = {
	{ .name = "runs",
		.letter = 'r',
		.type = OPTION_UNSIGNED,
		AT(runs),
		.argument = "N",
		.min = 2,
		.max = 100,
		.help = "runs a side (default 8); they alternate A B B A" },
	OPTION_ROW_COUNT(struct settings, count),
	OPTION_ROW_TIME(struct settings, seconds, "time for everything (default 60)"),
	OPTION_ROW_CPUS(struct settings, cpus, "CPUs to pin to (2-3,8)"),
	OPTION_ROW_OUTPUT(struct settings, directory, "DIR",
		"folder for the run directories DIR/a/N and DIR/b/N; default: below results/"),
	{ .name = "quiet", .type = OPTION_FLAG, AT(quiet), .help = "no progress, no warnings" },
};

static const struct option_table table = {
	.command = "aa",
	.operands = "[PATTERN...]",
	.about =
		"Runs the same benchmarks as A and as B, alternately, and compares them as `compare` would. Whatever "
		"differs is this host's noise. The result is kept, and every later run.json on this CPU and kernel "
		"carries it, so that comparisons know what this host can tell apart.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after = "Exit status: as for run.",
};

static int make_folder(const char *path, struct error *err)
{
	if (mkdir(path, 0755) < 0)
		return error__set_errno(err, EXIT_IO, errno, "making the folder %s", path);
	return 0;
}

static int make_folders(const struct settings *s, char *root, size_t size, struct error *err)
{
	char path[PATH_MAX + 2];
	time_t now = time(NULL);
	struct tm utc;

	if (s->directory) {
		snprintf(root, size, "%s", s->directory);
	} else {
		gmtime_r(&now, &utc);
		mkdir("results", 0755);
		strftime(root, size, "results/aa-%Y-%m-%dT%H:%M:%SZ", &utc);
	}
	if (make_folder(root, err))
		return -1;
	snprintf(path, sizeof(path), "%s/a", root);
	if (make_folder(path, err))
		return -1;
	snprintf(path, sizeof(path), "%s/b", root);
	return make_folder(path, err);
}

/* One run of everything into root/side/number; the status that the program should end with, or 0. */
static int run_once(const struct settings *s, const struct selection *selected, const char *root, char side,
	unsigned number, struct run_view *view)
{
	char path[PATH_MAX];
	struct run_report report = { 0 };
	struct run_request request = {
		.benches = (const struct bench *const *)selected->benches,
		.bench_count = selected->count,
		.preset = PRESET_DEFAULT,
		.runs = 1,
		.seconds = s->seconds / (2 * s->runs),
		.samples_per_run = s->count,
		.cpus = s->cpus,
		.directory = path,
	};
	struct error err;
	int status = 0;

	snprintf(path, sizeof(path), "%s/%c/%03u", root, side, number);
	if (runner__run(&request, &view->observer, &report, &err))
		status = command__fail(&err);
	else if (report.signal)
		status = EXIT_SIGNAL_BASE + report.signal;
	else if (!report.by_status[ROW_OK] && !report.by_status[ROW_SUSPECT])
		status = EXIT_NOTHING_RAN;
	run_report__free(&report);
	run_view__end(view);
	/* One announcement is enough. */
	view->observer.planned = NULL;
	view->observer.warning = NULL;
	return status;
}

static int run_all(const struct settings *s, const struct selection *selected, const char *root)
{
	struct run_view view;
	unsigned pair;
	int status = 0;

	run_view__init(&view, s->quiet);
	for (pair = 0; pair < s->runs && !status; pair++) {
		char first = pair % 2 ? 'b' : 'a', second = pair % 2 ? 'a' : 'b';

		status = run_once(s, selected, root, first, pair, &view);
		if (!status)
			status = run_once(s, selected, root, second, pair, &view);
	}
	return status;
}

static void percent(char *text, size_t size, double ratio)
{
	if (!isfinite(ratio))
		snprintf(text, size, "-");
	else
		snprintf(text, size, "%.2f %%", 100 * ratio);
}

static int show(const struct comparison *c, const char *root)
{
	static const struct table_column columns[] = {
		{ "benchmark", ALIGN_LEFT, 0, 20 },
		{ "metric", ALIGN_LEFT, 1, 0 },
		{ "smallest change seen", ALIGN_RIGHT, 0, 0 },
		{ "A/A shift", ALIGN_RIGHT, 2, 0 },
		{ "verdict", ALIGN_LEFT, 0, 0 },
	};
	struct table *t = table__new(columns, ARRAY_SIZE(columns));
	struct terminal terminal = terminal__of(stdout);
	size_t i, judged = 0, wrong = 0;

	for (i = 0; i < c->count; i++) {
		const struct comparison_row *r = &c->rows[i];
		const struct judgement *j = &r->judgement;
		char smallest[32], shift[32];
		bool is_wrong = j->verdict == VERDICT_SLOWER || j->verdict == VERDICT_FASTER;
		const char *cells[] = { r->key.bench, r->metric, smallest, shift,
			verdict__word(j->verdict, r->unit) };

		if (!r->primary || !r->a || !r->b)
			continue;
		judged++;
		wrong += is_wrong;
		percent(smallest, sizeof(smallest), j->detectable);
		percent(shift, sizeof(shift), j->ratio - 1);
		table__row(t, is_wrong ? COLOUR_RED : COLOUR_NONE, cells);
	}
	table__print(t, stdout, &terminal);
	table__free(t);
	printf("\n%zu of %zu benchmarks were called different, though nothing was (%.2g %%)\n", wrong, judged,
		judged ? 100.0 * (double)wrong / (double)judged : 0);
	printf("runs: %s\n", root);
	return command__finish(EXIT_FINE);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The host's own ratio is the median over the benchmarks: half of them can tell smaller changes. */
static int keep(const struct comparison *c, struct error *err)
{
	json_t *floor = json_object(), *benches = json_object(), *host = host__fingerprint("");
	double *values = calloc(c->count + 1, sizeof(*values));
	char name[256], now[32];
	time_t t = time(NULL);
	size_t i, n = 0;
	struct tm utc;
	int failed;

	gmtime_r(&t, &utc);
	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &utc);
	for (i = 0; values && i < c->count; i++) {
		const struct comparison_row *r = &c->rows[i];

		if (!r->primary || !isfinite(r->judgement.detectable))
			continue;
		json_object_set_new(benches, r->key.bench, json_real(r->judgement.detectable));
		values[n++] = r->judgement.detectable;
	}
	if (n)
		qsort(values, n, sizeof(*values), compare_doubles);
	json_object_set_new(floor, "measured", json_string(now));
	json_object_set_new(floor, "host", json_string(metadata__host_name(host, name, sizeof(name))));
	json_object_set_new(floor, "ratio", n ? json_real(values[n / 2]) : json_null());
	json_object_set_new(floor, "benches", benches);
	if (!n)
		fprintf(stderr,
			"vmexit-bench: too few runs for a noise floor, nothing is kept: give --runs 4 or more\n");
	failed = n ? noise_floor__save(floor, err) : 0;
	json_decref(floor);
	json_decref(host);
	free(values);
	return failed;
}

static int judge(const char *root)
{
	struct compare_options options = COMPARE_OPTIONS_DEFAULT;
	struct pair pair;
	char path_a[PATH_MAX + 2], path_b[PATH_MAX + 2];
	struct error err;
	int status;

	snprintf(path_a, sizeof(path_a), "%s/a", root);
	snprintf(path_b, sizeof(path_b), "%s/b", root);
	if (pair__compare(&pair, path_a, path_b, &options, &err)) {
		status = command__fail(&err);
	} else {
		status = show(&pair.c, root);
		/* What took minutes to measure is shown, wherever it can't be kept. */
		if (keep(&pair.c, &err))
			status = command__fail(&err);
	}
	pair__free(&pair);
	return status;
}

static int cmd_aa(int argc, char **argv)
{
	struct settings settings = { .runs = 8, .seconds = 60 };
	char root[PATH_MAX];
	struct selection selected;
	struct error err;
	int status, first;

	first = command__parse(&table, &settings, argc, argv, &status);
	if (first < 0)
		return status;
	if (select__benches(argv + first, (size_t)(argc - first), &selected, &err))
		return command__fail(&err);
	if (make_folders(&settings, root, sizeof(root), &err))
		status = command__fail(&err);
	else
		status = run_all(&settings, &selected, root);
	if (!status)
		status = judge(root);
	selection__free(&selected);
	return status;
}

COMMAND(aa, .summary = "how small a change this host can show: the same as A and B", .options = &table,
	.order = 8, .run = cmd_aa);
