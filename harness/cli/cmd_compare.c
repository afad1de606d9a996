// SPDX-License-Identifier: MIT
/* vmexit-bench compare: which of two kernels, CPUs or settings is slower, by how much, and is it real. */
#include <string.h>

#include "base/array.h"
#include "cli/command.h"
#include "cli/compare_options.h"
#include "cli/compare_table.h"
#include "cli/option_rows.h"
#include "compare/pair.h"
#include "compare/render.h"

enum compare_format {
	COMPARE_TEXT,
	COMPARE_MARKDOWN,
	COMPARE_CSV,
	COMPARE_JSON,
	COMPARE_COMMIT
};
static const char *const formats[] = { "text", "markdown", "csv", "json", "commit", NULL };

struct settings {
	struct compare_settings compare;
	enum compare_format format;
	enum compare_show show;
	const char *by;
	bool strict;
};

static const struct option_spec specs[] = {
	{ .name = "by",
		.letter = 'b',
		.type = OPTION_STRING,
		.offset = offsetof(struct settings, by),
		.argument = "FIELD",
		.help = "group many directories by kernel, cpu, or a member of run.json; each group against the first" },
	COMPARE_OPTION_ROWS(struct settings, compare),
	{ .name = "all",
		.letter = 'a',
		.type = OPTION_SET,
		.offset = offsetof(struct settings, show),
		.value = SHOW_ALL,
		.help = "every metric, not one a benchmark (csv and json always have all)" },
	{ .name = "changes",
		.letter = 'c',
		.type = OPTION_SET,
		.offset = offsetof(struct settings, show),
		.value = SHOW_CHANGES,
		.help = "only what isn't the same" },
	OPTION_ROW_FORMAT(struct settings, format, formats,
		"text, markdown, csv, json, or commit: for the message of a commit"),
	{ .name = "strict",
		.type = OPTION_FLAG,
		.offset = offsetof(struct settings, strict),
		.help = "exit status 8 where something stays undecided" },
};

static const struct option_table table = {
	.command = "compare",
	.operands = "A B | --by FIELD DIR...",
	.about =
		"Compares run directories, or baseline files, with a verdict for each benchmark: slower, faster, same, or "
		"inconclusive. A folder that holds run directories stands for all of them: their runs are pooled, boot by "
		"boot. Ratios are B against A.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after =
		"Exit status: 0 compared, 1 not comparable or unreadable, 8 undecided with --strict. For a gate: check.",
};

static int print(const struct comparison *c, const struct settings *s)
{
	struct terminal terminal = terminal__of(stdout);
	struct text t = { 0 };

	switch (s->format) {
	case COMPARE_TEXT:
		compare_table__head(c, stdout, &terminal);
		compare_table__print(c, s->show, stdout, &terminal);
		return 0;
	case COMPARE_MARKDOWN:
		render__markdown(c, NULL, RENDER_MARKDOWN_MOST, &t);
		break;
	case COMPARE_CSV:
		render__csv(c, &t);
		break;
	case COMPARE_JSON:
		render__json(c, &t);
		break;
	case COMPARE_COMMIT:
		render__commit(c, s->show == SHOW_ALL, s->show == SHOW_CHANGES, &t);
		break;
	}
	return command__print(&t);
}

static int compare_two(char *const *paths, const struct settings *s, const struct compare_options *options)
{
	struct pair pair;
	struct error err;
	int status;

	if (pair__compare(&pair, paths[0], paths[1], options, &err))
		status = command__fail(&err);
	else
		status = print(&pair.c, s);
	if (!status)
		status = command__finish(
			s->strict && pair.c.by_verdict[VERDICT_INCONCLUSIVE] ? EXIT_INCONCLUSIVE : EXIT_FINE);
	pair__free(&pair);
	return status;
}

static int compare_many(
	char *const *paths, size_t count, const struct settings *s, const struct compare_options *options)
{
	struct terminal terminal = terminal__of(stdout);
	struct compare_options only_the_field = *options;
	struct matrix m;
	struct error err;
	int status = EXIT_FINE;

	only_the_field.across = s->compare.across;
	if (matrix__run(paths, count, s->by, &only_the_field, &m, &err))
		return command__fail(&err);
	for (size_t i = 1; i < m.count && !status; i++) {
		if (s->format == COMPARE_TEXT)
			compare_table__head(&m.comparisons[i], stdout, &terminal);
		else
			status = print(&m.comparisons[i], s);
		if (s->strict && m.comparisons[i].by_verdict[VERDICT_INCONCLUSIVE])
			status = EXIT_INCONCLUSIVE;
	}
	if (s->format == COMPARE_TEXT)
		compare_table__matrix(&m, s->show, stdout, &terminal);
	matrix__free(&m);
	return command__finish(status);
}

static int cmd_compare(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct compare_options options;
	struct error err;
	int status, first = command__parse(&table, &settings, argc, argv, &status);
	size_t count;

	if (first < 0)
		return status;
	count = (size_t)(argc - first);
	if (!settings.by && count != 2)
		return command__fail_with(EXIT_USAGE,
			"compare takes two directories, A and B, where %zu were given; for more say by what: --by kernel",
			count);
	if (settings.by && settings.format != COMPARE_TEXT && settings.format != COMPARE_MARKDOWN)
		return command__fail_with(
			EXIT_USAGE, "--by writes text or markdown; for data compare two at a time");
	if (compare_settings__resolve(&settings.compare, &options, &err))
		return command__fail(&err);
	status = settings.by ? compare_many(argv + first, count, &settings, &options)
			     : compare_two(argv + first, &settings, &options);
	thresholds__free(&settings.compare.thresholds);
	return status;
}

COMMAND(compare, .summary = "two run directories side by side, with verdicts", .options = &table, .order = 4,
	.run = cmd_compare);
