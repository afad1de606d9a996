// SPDX-License-Identifier: MIT
/* vmexit-bench export: results for the tools that people already have. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "report/export.h"
#include "results/whole_file.h"

struct settings {
	int format;
	const char *output;
};

/* Filled by the table of exporters at start, before anything reads it. */
static struct option_spec specs[] = {
	OPTION_ROW_FORMAT(struct settings, format, NULL,
		"google-benchmark (default), bencher, benchstat, openmetrics, hyperfine, otava, otava-config"),
	OPTION_ROW_OUTPUT(struct settings, output, "FILE",
		"write there, through a temporary file that is renamed; default: standard output"),
};

__attribute__((constructor)) static void fill_choices(void)
{
	specs[0].choices = exporter__names();
}

static const struct option_table table = {
	.command = "export",
	.operands = "DIR...",
	.about =
		"Writes a run directory, or a baseline file, in the format of another tool: google-benchmark (Google's "
		"compare.py, github-action-benchmark), bencher (Bencher Metric Format), benchstat (Go), openmetrics (node "
		"exporter's textfile collector), hyperfine (its plotting scripts), otava and otava-config (Apache Otava). "
		"benchstat and otava take several directories. Ticks become nanoseconds where the TSC's frequency is known.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
};

static int cmd_export(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct text t = { 0 }, warnings = { 0 };
	const char *line, *end;
	struct error err;
	int failed, status, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (first == argc)
		return command__fail_with(EXIT_USAGE, "export takes a run directory");
	failed = export__write(exporter__at((size_t)settings.format), argv + first, (size_t)(argc - first),
		&t, &warnings, &err);
	for (line = warnings.data; line && *line && !failed; line = end + 1) {
		end = strchr(line, '\n');
		fprintf(stderr, "vmexit-bench: %.*s\n", (int)(end - line), line);
	}
	text__free(&warnings);
	if (failed || (settings.output && whole_file__write(settings.output, &t, &err))) {
		text__free(&t);
		return command__fail(&err);
	}
	if (!settings.output)
		return command__finish(command__print(&t));
	text__free(&t);
	return command__finish(EXIT_FINE);
}

COMMAND(export, .summary = "results in the formats of other tools", .options = &table, .order = 8,
	.run = cmd_export);
