// SPDX-License-Identifier: MIT
/* vmexit-bench report: a run directory, or several compared, as one page for a browser. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "measure/bench.h"
#include "report/report.h"
#include "results/whole_file.h"

struct settings {
	const char *output;
	bool no_plots;
};

static const struct option_spec specs[] = {
	OPTION_ROW_OUTPUT(
		struct settings, output, "FILE", "write there; default: report.html in the first directory"),
	{ .name = "no-plots",
		.type = OPTION_FLAG,
		.offset = offsetof(struct settings, no_plots),
		.help = "without the pictures that gnuplot draws" },
};

static const struct option_table table = {
	.command = "report",
	.operands = "DIR...",
	.about =
		"Writes one HTML page that needs nothing else: what the figures are worth, the ladder, the execution model, "
		"tables that sort and filter, every picture, the proof, and the host. With further directories, their "
		"comparison with the first. Prints the page's path.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after =
		"The pictures are drawn by plots/draw, which needs gnuplot and jq; without them the page says so. "
		"VMEXIT_BENCH_PLOTS names another folder than the program's own plots.",
};

static struct report_words describe(const char *bench)
{
	static const char *const handled[] = { [HANDLED_NOWHERE] = "nowhere (control)",
		[HANDLED_FASTPATH] = "fast path",
		[HANDLED_KERNEL] = "kernel",
		[HANDLED_USER] = "user space",
		[HANDLED_HOST] = "host (no guest)" };
	const struct bench *b = bench__find(bench);
	struct report_words words = { NULL, NULL };

	if (b) {
		words.summary = b->summary;
		words.handled = handled[b->handled_in];
	}
	return words;
}

/* Everything that the page is made of; freed in one place. */
struct material {
	struct side *sides,
		*references; /* a reference per comparison: its unit may differ from one to the next */
	struct comparison *comparisons;
	char **refused;
	struct pictures pictures;
	struct report report;
};

static int compare_one(struct material *m, size_t i, const char *first, struct error *err)
{
	struct compare_options options = COMPARE_OPTIONS_DEFAULT;

	/* A page is for looking: other CPUs and backends may stand beside each other, and it says what differs. */
	options.across = FACTOR_ALL;
	if (side__read(first, &m->references[i], err))
		return -1;
	if (!compare__run(&m->references[i], &m->sides[i], &options, &m->comparisons[i], err))
		return 0;
	m->refused[i] = strdup(err->text);
	return m->refused[i] ? 0 : error__set_errno(err, EXIT_IO, ENOMEM, "comparing");
}

static int read_all(struct material *m, char *const *paths, size_t count, struct error *err)
{
	char checks[PATH_MAX];

	m->sides = calloc(count, sizeof(*m->sides));
	m->references = calloc(count, sizeof(*m->references));
	m->comparisons = calloc(count, sizeof(*m->comparisons));
	m->refused = calloc(count, sizeof(*m->refused));
	if (!m->sides || !m->references || !m->comparisons || !m->refused)
		return error__set_errno(err, EXIT_IO, ENOMEM, "the report");
	m->report = (struct report){ .paths = paths,
		.count = count,
		.sides = m->sides,
		.pictures = &m->pictures,
		.comparisons = m->comparisons,
		.refused = m->refused,
		.describe = describe };
	for (size_t i = 0; i < count; i++)
		if (side__read(paths[i], &m->sides[i], err))
			return -1;
	for (size_t i = 1; i < count; i++)
		if (compare_one(m, i, paths[0], err))
			return -1;
	snprintf(checks, sizeof(checks), "%s/checks.csv", m->sides[0].inputs[0].path);
	/* Without the file, as in a baseline, the page says that there is no proof. */
	if (access(checks, F_OK) && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	return checks_file__read(checks, &m->report.checks, err);
}

/* The directories among the paths: plots read no baseline files. */
static int draw(struct material *m, bool no_plots, struct error *err)
{
	const struct report *r = &m->report;
	char **paths = calloc(r->count, sizeof(*paths));
	size_t n = 0;
	int failed;

	if (!paths)
		return error__set_errno(err, EXIT_IO, ENOMEM, "the report");
	for (size_t i = 0; i < r->count; i++)
		if (input__is_run_directory(r->paths[i]))
			paths[n++] = r->paths[i];
	if (no_plots || !n) {
		m->pictures.notes = strdup("");
		m->pictures.why =
			strdup(no_plots ? "--no-plots was given." : "baseline files are not drawn.");
		failed = m->pictures.notes && m->pictures.why
				 ? 0
				 : error__set_errno(err, EXIT_IO, ENOMEM, "the report");
	} else {
		failed = pictures__draw(paths, n, &m->pictures, err);
	}
	free(paths);
	return failed;
}

static void material__free(struct material *m)
{
	for (size_t i = 0; i < m->report.count; i++) {
		comparison__free(&m->comparisons[i]);
		side__free(&m->sides[i]);
		side__free(&m->references[i]);
		free(m->refused[i]);
	}
	free(m->comparisons);
	free(m->sides);
	free(m->references);
	free(m->refused);
	checks_file__free(&m->report.checks);
	pictures__free(&m->pictures);
}

static int write_page(const struct material *m, const char *output, struct error *err)
{
	char path[PATH_MAX];
	struct text page = { 0 };
	int failed;

	if (!output) {
		if (!input__is_run_directory(m->report.paths[0]))
			return error__set(err, EXIT_USAGE,
				"%s is no run directory: say with -o where the page shall be",
				m->report.paths[0]);
		snprintf(path, sizeof(path), "%s/report.html", m->report.paths[0]);
		output = path;
	}
	report__page(&m->report, &page);
	failed = page.failed ? error__set_errno(err, EXIT_IO, ENOMEM, "the report")
			     : whole_file__write(output, &page, err);
	text__free(&page);
	if (!failed)
		printf("%s\n", output);
	return failed;
}

static int cmd_report(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct material m = { 0 };
	struct error err;
	int status, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (first == argc)
		return command__fail_with(
			EXIT_USAGE, "report takes a run directory, or several to compare with the first");
	if (read_all(&m, argv + first, (size_t)(argc - first), &err) || draw(&m, settings.no_plots, &err) ||
		write_page(&m, settings.output, &err))
		status = command__fail(&err);
	else
		status = EXIT_FINE;
	if (!status && m.pictures.why)
		fprintf(stderr, "vmexit-bench: no plots on the page: %s\n", m.pictures.why);
	material__free(&m);
	return status ? status : command__finish(EXIT_FINE);
}

COMMAND(report, .summary = "one HTML page: tables, pictures, comparison", .options = &table, .order = 9,
	.run = cmd_report);
