// SPDX-License-Identifier: MIT
/* vmexit-bench baseline: a run directory as one file that can be committed, and what is in such a file. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "compare/input.h"
#include "compare/words.h"

struct settings {
	const char *output;
	bool force;
};

static const struct option_spec specs[] = {
	OPTION_ROW_OUTPUT(struct settings, output, "FILE", "save: the file to write; default: DIR.baseline"),
	{ .name = "force",
		.type = OPTION_FLAG,
		.offset = offsetof(struct settings, force),
		.help = "save: replace a file" },
};

static const struct option_table table = {
	.command = "baseline",
	.operands = "save DIR | show FILE",
	.about =
		"Saves a run directory (run.json, summary.csv, results.csv) as one text file, for check --baseline; or shows "
		"what a baseline file, or a directory, holds.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
};

static int save(const char *path, const struct settings *s)
{
	char name[4096];
	size_t length = strlen(path);
	struct input in;
	struct error err;
	int failed;

	while (length > 1 && path[length - 1] == '/')
		length--;
	if (s->output)
		snprintf(name, sizeof(name), "%s", s->output);
	else
		snprintf(name, sizeof(name), "%.*s.baseline", (int)length, path);
	if (!s->force && access(name, F_OK) == 0)
		return command__fail_with(
			EXIT_USAGE, "%s exists: choose another file with -o, or say --force", name);
	if (input__read(path, &in, &err))
		return command__fail(&err);
	command__say_ending(&in);
	failed = input__save(&in, name, &err);
	input__free(&in);
	if (failed)
		return command__fail(&err);
	printf("%s\n", name);
	return command__finish(EXIT_FINE);
}

static void show_facts(const struct input *in)
{
	static const struct {
		const char *name, *fact;
	} facts[] = { { "started", "started" }, { "host", "host.hostname" }, { "cpu", "host.cpu.model_name" },
		{ "microcode", "host.cpu.microcode" }, { "kernel", "host.kernel.release" },
		{ "boot", "host.kernel.boot_id" }, { "backend", "backend" }, { "trust class", "trust" },
		{ "emulator", "lab.emulator_version" }, { "suite", "program.revision" } };

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		const char *value = input__fact(in, facts[i].fact, "");

		if (*value)
			printf("%-12s %s\n", facts[i].name, value);
	}
	putchar('\n');
}

static int show(const char *path)
{
	static const struct table_column columns[] = { { .title = "benchmark" }, { .title = "metric" },
		{ .title = "median", .align = ALIGN_RIGHT }, { .title = "unit" },
		{ .title = "95 % from", .align = ALIGN_RIGHT }, { .title = "to", .align = ALIGN_RIGHT },
		{ .title = "runs", .align = ALIGN_RIGHT }, { .title = "status" } };
	struct terminal terminal = terminal__of(stdout);
	char text[4][WORDS_SIZE], runs[16];
	struct table *t;
	struct input in;
	struct error err;

	if (input__read(path, &in, &err))
		return command__fail(&err);
	command__say_ending(&in);
	show_facts(&in);
	t = table__new(columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < in.summary.count; i++) {
		const struct summary_row *r = &in.summary.rows[i];

		snprintf(runs, sizeof(runs), "%u", r->runs);
		table__row(t, COLOUR_NONE,
			(const char *[]){ words__point(text[0], &r->key), r->metric,
				words__figure(text[1], r->median, ""), r->unit,
				words__figure(text[2], r->ci_lo, ""), words__figure(text[3], r->ci_hi, ""),
				runs, row_status__name(r->status) });
	}
	if (table__rows(t))
		table__print(t, stdout, &terminal);
	table__free(t);
	input__free(&in);
	return command__finish(EXIT_FINE);
}

static int cmd_baseline(int argc, char **argv)
{
	struct settings settings = { 0 };
	int status, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (argc - first == 2 && !strcmp(argv[first], "save"))
		return save(argv[first + 1], &settings);
	if (argc - first == 2 && !strcmp(argv[first], "show"))
		return show(argv[first + 1]);
	return command__fail_with(EXIT_USAGE, "baseline takes 'save DIR' or 'show FILE'");
}

COMMAND(baseline, .summary = "save a run directory as one file, or show one", .options = &table, .order = 6,
	.run = cmd_baseline);
