// SPDX-License-Identifier: MIT
/* vmexit-bench run: measures, shows the table, and ends with the status that says how far to trust it. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/option_rows.h"
#include "cli/run_matrix.h"
#include "cli/run_table.h"
#include "cli/run_view.h"
#include "cli/select.h"

enum run_format {
	RUN_TEXT,
	RUN_CSV,
	RUN_JSON
};
static const char *const placements[] = { "spread", "compact", "smt", "numa", NULL };
static const char *const formats[] = { "text", "csv", "json", NULL };

struct run_settings {
	enum preset preset;
	unsigned runs, count, timeout_ms;
	double seconds;
	uint64_t seed;
	struct unsigned_list vcpus, vms;
	enum placement placement;
	const char *cpus, *directory;
	bool samples, trace, tune, change_host, quiet;
	struct string_list matrix, events;
	enum run_format format;
};

#define AT(field) .offset = offsetof(struct run_settings, field)

/* "a,b" or several times: a filter in brackets keeps its commas. The words live as long as the program. */
static int add_events(const struct option_spec *spec, const char *value, void *settings, struct error *err)
{
	struct string_list *list = &((struct run_settings *)settings)->events;
	char *text = strdup(value), *start = text, *c;
	int depth = 0;

	(void)spec;
	for (c = text; c; c++) {
		bool end = !*c;

		depth += (*c == '[') - (*c == ']');
		if (!end && (*c != ',' || depth > 0))
			continue;
		*c = '\0';
		if (!*start || list->count == OPTION_LIST_MAX)
			return error__set(
				err, EXIT_USAGE, *start ? "names too many events" : "has an empty name");
		list->items[list->count++] = start;
		start = c + 1;
		if (end)
			break;
	}
	return text ? 0 : error__set(err, EXIT_IO, "is too long for the memory left");
}

/* 'none' counts nothing; without the option the runner decides. */
static bool is_none(const struct string_list *events)
{
	return events->count == 1 && strcmp(events->items[0], "none") == 0;
}

static const struct option_spec specs[] = {
	{ .name = "quick",
		.letter = 'q',
		.type = OPTION_SET,
		AT(preset),
		.value = PRESET_QUICK,
		.help = "within 10 seconds: fewer runs and samples; without patterns a fixed choice of each family" },
	{ .name = "thorough",
		.type = OPTION_SET,
		AT(preset),
		.value = PRESET_THOROUGH,
		.help = "more runs and samples: figures to publish" },
	{ .name = "runs",
		.letter = 'r',
		.type = OPTION_UNSIGNED,
		AT(runs),
		.argument = "N",
		.min = 1,
		.max = 1000,
		.help = "runs of each benchmark, each in a fresh process with a fresh VM" },
	OPTION_ROW_TIME(struct run_settings, seconds,
		"time for everything (90, 1.5s, 2m); samples are as many as it allows"),
	OPTION_ROW_COUNT(struct run_settings, count),
	{ .name = "timeout",
		.type = OPTION_MS,
		AT(timeout_ms),
		.argument = "MS",
		.help = "a run that takes longer is ended (milliseconds, or 2s)" },
	{ .name = "seed",
		.type = OPTION_U64,
		AT(seed),
		.argument = "N",
		.help = "seed of the order of the runs; run.json records the one used" },
	{ .name = "vcpus",
		.type = OPTION_LIST,
		AT(vcpus),
		.argument = "LIST",
		.min = 1,
		.max = 4096,
		.help = "numbers of vCPUs to run each benchmark with (1,2,4)" },
	{ .name = "vms",
		.type = OPTION_LIST,
		AT(vms),
		.argument = "LIST",
		.min = 1,
		.max = 1024,
		.help = "numbers of VMs side by side (1,2,4)" },
	OPTION_ROW_CPUS(
		struct run_settings, cpus, "CPUs to pin to (2-3,8); default: those the process may use"),
	{ .name = "placement",
		.type = OPTION_CHOICE,
		AT(placement),
		.argument = "HOW",
		.choices = placements,
		.help = "vCPUs to CPUs: spread (caches, cores first), compact, smt (siblings first), numa (nodes in turn)" },
	{ .name = "tune",
		.type = OPTION_FLAG,
		AT(tune),
		.help = "for the run's length: performance governor, no turbo, no deep idle... (as root); put back after" },
	{ .name = "events",
		.letter = 'e',
		.type = OPTION_HANDLER,
		AT(events),
		.argument = "LIST",
		.handler = add_events,
		.help = "perf events to count an operation, apart from timing (list --events); 'default', 'none'" },
	{ .name = "matrix",
		.type = OPTION_STRINGS,
		AT(matrix),
		.argument = "NAME=V,V",
		.help = "a run per value of a setting of KVM or prctl (halt-poll=0,200000); may be repeated" },
	{ .name = "change-host",
		.type = OPTION_FLAG,
		AT(change_host),
		.help = "let --matrix change files of /sys and /proc/sys (/sys/module/...=V,V); put back after" },
	{ .name = "samples",
		.type = OPTION_FLAG,
		AT(samples),
		.help = "also write every sample: samples.csv" },
	{ .name = "trace",
		.type = OPTION_FLAG,
		AT(trace),
		.help = "also the inner arrows of each exit, by KVM's tracepoints in rounds of their own (as root): model --trace" },
	OPTION_ROW_OUTPUT(struct run_settings, directory, "DIR",
		"the run directory; default: a new one below results/"),
	OPTION_ROW_FORMAT(struct run_settings, format, formats, "of the final table: text, csv or json"),
	{ .name = "quiet",
		.type = OPTION_FLAG,
		AT(quiet),
		.help = "only errors on stderr; with --format text, stdout is the run directory alone" },
};

static const struct option_table table = {
	.command = "run",
	.operands = "[PATTERN...]",
	.about =
		"Measures the benchmarks and writes a run directory. Patterns are globs ('pio/*'), a family's name means "
		"all of it, '!PATTERN' takes away; without any, everything runs.",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.after =
		"Exit status: 0 fine, 1 usage, 3 no usable KVM, 4 nothing ran, 5 a benchmark failed or timed out, "
		"6 results could not be written, 7 a figure lacks its proof, 130 or 143 ended by Ctrl-C or SIGTERM "
		"(what was finished is in the files).",
};

/* The worst thing first: a failed benchmark outranks a suspect figure. */
static int status_of(const struct run_report *r, const struct run_settings *settings)
{
	if (r->signal)
		return EXIT_SIGNAL_BASE + r->signal;
	if (r->by_status[ROW_FAILED])
		return EXIT_BENCH_FAILED;
	/* A backend that emulates guests may hang on what it doesn't know: that is no failure of the suite, unless
	 * somebody set the limit. */
	if (r->by_status[ROW_TIMEOUT] && (strcmp(r->trust, "emulated") != 0 || settings->timeout_ms))
		return EXIT_BENCH_FAILED;
	if (r->by_status[ROW_SUSPECT])
		return EXIT_UNTRUSTWORTHY;
	return r->by_status[ROW_OK] ? EXIT_FINE : EXIT_NOTHING_RAN;
}

/* Which of two comes first in the manual page's order: a signal, 3, 6, 5, 7, 4; usage ends before all of them. */
static int worse_status(int a, int b)
{
	static const int order[] = { EXIT_USAGE, EXIT_NO_KVM, EXIT_IO, EXIT_BENCH_FAILED, EXIT_UNTRUSTWORTHY,
		EXIT_NOTHING_RAN };

	if (a >= EXIT_SIGNAL_BASE || b >= EXIT_SIGNAL_BASE)
		return a >= EXIT_SIGNAL_BASE ? a : b;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a ? a : b;
}

static void show(
	const struct run_report *report, const char *trust_words, const struct run_settings *settings)
{
	struct terminal terminal = terminal__of(stdout);

	if (settings->format == RUN_CSV)
		run_table__csv(report, stdout);
	else if (settings->format == RUN_JSON)
		run_table__json(report, stdout);
	else if (settings->quiet)
		printf("%s\n", report->directory);
	else
		run_table__print(report, trust_words, stdout, &terminal);
	if (settings->format != RUN_TEXT && !settings->quiet)
		fprintf(stderr, "results: %s\n", report->directory);
}

static int run_once(const struct run_request *request, const struct run_settings *settings)
{
	struct run_report report = { 0 };
	struct run_view view;
	struct error err;
	int failed, status;

	run_view__init(&view, settings->quiet);
	failed = runner__run(request, &view.observer, &report, &err);
	run_view__end(&view);
	if (report.row_count)
		show(&report, view.trust_words, settings);
	else if (report.signal && report.directory[0])
		fprintf(stderr, "vmexit-bench: ended by a signal before anything was finished\n");
	status = command__finish(status_of(&report, settings));
	if (failed)
		status = worse_status(status, command__fail(&err));
	run_report__free(&report);
	return status;
}

/* Every combination in a directory of its own below -o. A benchmark that failed or is suspect in one doesn't stop
 * the others; a signal, a full disk or a setting that is refused does. */
static int run_combinations(
	const struct run_matrix *matrix, struct run_request *request, const struct run_settings *settings)
{
	int worst = EXIT_FINE;
	size_t i;

	for (i = 0; i < matrix->combinations; i++) {
		struct matrix_choices choices;
		char directory[PATH_MAX];
		int status;

		run_matrix__choose(matrix, i, &choices, request);
		snprintf(directory, sizeof(directory), "%s/%s", settings->directory, choices.name);
		request->directory = directory;
		if (!settings->quiet)
			fprintf(stderr, "\n%s (%zu of %zu)\n", choices.name, i + 1, matrix->combinations);
		status = run_once(request, settings);
		if (status && status != EXIT_BENCH_FAILED && status != EXIT_UNTRUSTWORTHY &&
			status != EXIT_NOTHING_RAN)
			return status;
		worst = worse_status(worst, status);
	}
	fprintf(stderr, "\ncompare: vmexit-bench compare --by settings %s/*\n", settings->directory);
	return worst;
}

static int run_all(struct run_request *request, const struct run_settings *settings)
{
	struct run_matrix matrix;
	struct error err;
	int status;

	if (!settings->matrix.count)
		return run_once(request, settings);
	if (!settings->directory)
		return command__fail_with(EXIT_USAGE,
			"--matrix makes a directory for each combination: give -o DIR to hold them");
	if (run_matrix__parse(&settings->matrix, settings->change_host, &matrix, &err))
		return command__fail(&err);
	status = run_combinations(&matrix, request, settings);
	run_matrix__free(&matrix);
	return status;
}

static int cmd_run(int argc, char **argv)
{
	struct run_settings settings = { .preset = PRESET_DEFAULT };
	struct run_request request;
	struct selection selected;
	struct error err;
	int status, first;

	/* options__parse() reorders argv; run.json gets the command line in that order, too. */
	first = command__parse(&table, &settings, argc, argv, &status);
	if (first < 0)
		return status;
	if (select__benches(argv + first, (size_t)(argc - first), &selected, &err))
		return command__fail(&err);
	request = (struct run_request){
		.benches = (const struct bench *const *)selected.benches,
		.bench_count = selected.count,
		.vcpus = settings.vcpus.count ? settings.vcpus.items : NULL,
		.vcpus_count = settings.vcpus.count,
		.vms = settings.vms.count ? settings.vms.items : NULL,
		.vms_count = settings.vms.count,
		.preset = settings.preset,
		.runs = settings.runs,
		.seconds = settings.seconds,
		.samples_per_run = settings.count,
		.timeout_ms = settings.timeout_ms,
		.seed = settings.seed,
		.placement = settings.placement,
		.cpus = settings.cpus,
		.events = settings.events.count ? settings.events.items : NULL,
		.event_count = is_none(&settings.events) ? 0 : settings.events.count,
		.tune = settings.tune,
		.keep_samples = settings.samples,
		.trace = settings.trace,
		.directory = settings.directory,
		.argc = argc,
		.argv = argv,
	};
	/* Ten seconds are not enough for everything: a fixed choice can be compared with the next one. */
	if (settings.preset == PRESET_QUICK && first == argc) {
		size_t left_out = select__headlines(&selected);

		request.bench_count = selected.count;
		if (!settings.quiet)
			fprintf(stderr,
				"--quick without patterns: the first of each kind, %zu benchmarks; %zu others are left out\n",
				selected.count, left_out);
	}
	status = run_all(&request, &settings);
	selection__free(&selected);
	return status;
}

COMMAND(run, .summary = "measure, and write a run directory", .options = &table, .order = 2, .run = cmd_run);
