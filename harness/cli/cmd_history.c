// SPDX-License-Identifier: MIT
/* vmexit-bench history: figures over months, and where they changed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "compare/history.h"
#include "compare/words.h"

enum history_format {
	HISTORY_TEXT,
	HISTORY_CSV
};
static const char *const formats[] = { "text", "csv", NULL };

struct settings {
	const char *file, *bench, *metric;
	enum history_format format;
	bool all;
	unsigned shortest;
	double alpha;
};

static const struct option_spec specs[] = {
	{ .name = "file",
		.letter = 'F',
		.type = OPTION_STRING,
		.offset = offsetof(struct settings, file),
		.argument = "FILE",
		.help = "the history; default: history.csv" },
	{ .name = "metric",
		.letter = 'm',
		.type = OPTION_STRING,
		.offset = offsetof(struct settings, metric),
		.argument = "PATTERN",
		.help = "show: only these metrics" },
	{ .name = "all",
		.letter = 'a',
		.type = OPTION_FLAG,
		.offset = offsetof(struct settings, all),
		.help = "show: also what never changed" },
	{ .name = "alpha",
		.type = OPTION_NUMBER,
		.offset = offsetof(struct settings, alpha),
		.argument = "P",
		.min = 0.0001,
		.max = 0.5,
		.help = "show: chance of a false change in one series; default: 0.01" },
	{ .name = "shortest",
		.type = OPTION_UNSIGNED,
		.offset = offsetof(struct settings, shortest),
		.argument = "N",
		.min = 2,
		.max = 1000,
		.help = "show: points between changes at least; default: 3" },
	OPTION_ROW_FORMAT(struct settings, format, formats, "show: text or csv"),
};

static const struct option_table table = {
	.command = "history",
	.operands = "add DIR... | show [PATTERN]",
	.about =
		"Keeps the medians of run directories in one CSV file, and finds the points where a figure changed its level "
		"(E-divisive), so that a drift of one percent at a time becomes visible.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after =
		"The changes are found by this program itself. For Apache Otava: export --format otava DIR... and "
		"otava-config.",
};

static int add(char *const *paths, size_t count, const char *file)
{
	struct error err;

	for (size_t i = 0; i < count; i++) {
		struct input in;
		int added;

		if (input__read(paths[i], &in, &err))
			return command__fail(&err);
		command__say_ending(&in);
		added = history__append(file, &in, &err);
		input__free(&in);
		if (added < 0)
			return command__fail(&err);
		if (added)
			fprintf(stderr, "%s: %d rows to %s\n", paths[i], added, file);
		else
			fprintf(stderr, "%s: is in %s already, or has no figures\n", paths[i], file);
	}
	return EXIT_FINE;
}

static int show_csv(const struct trends *t)
{
	struct text out = { 0 };

	text__puts(&out, "host,trust,bench,vcpus,vms,metric,unit,time,kernel,revision,before,after,p\n");
	for (size_t i = 0; i < t->count; i++) {
		const struct trend *trend = &t->list[i];

		for (size_t c = 0; c < trend->change_count; c++) {
			const struct change *change = &trend->changes[c];
			const struct history_row *at = trend->points[change->index];
			const char *before[] = { at->host, at->trust, at->key.bench },
				   *after[] = { at->metric, at->unit, at->time, at->kernel, at->revision };

			for (size_t f = 0; f < ARRAY_SIZE(before); f++) {
				csv__add_field(&out, before[f]);
				text__putc(&out, ',');
			}
			text__printf(&out, "%u,%u", at->key.vcpus, at->key.vms);
			for (size_t f = 0; f < ARRAY_SIZE(after); f++) {
				text__putc(&out, ',');
				csv__add_field(&out, after[f]);
			}
			text__putc(&out, ',');
			text__number(&out, change->before);
			text__putc(&out, ',');
			text__number(&out, change->after);
			text__putc(&out, ',');
			text__number(&out, change->p);
			text__putc(&out, '\n');
		}
	}
	return command__print(&out);
}

/* The tool that people know for this: anywhere in PATH? */
static bool otava_is_installed(void)
{
	char path[4096], *save = NULL, file[4200];

	snprintf(path, sizeof(path), "%s", getenv("PATH") ? getenv("PATH") : "");
	for (char *folder = strtok_r(path, ":", &save); folder; folder = strtok_r(NULL, ":", &save)) {
		snprintf(file, sizeof(file), "%s/otava", folder);
		if (access(file, X_OK) == 0)
			return true;
	}
	return false;
}

/* Which way is bad: the colour says it. */
static enum colour colour_of(const struct history_row *row, double before, double after)
{
	bool worse = !strcmp(row->unit, "op/s") ? after < before : after > before;

	return worse ? COLOUR_RED : COLOUR_GREEN;
}

static void show_text(const struct trends *t, bool all)
{
	static const struct table_column columns[] = { { .title = "benchmark", .shrink = 16 },
		{ .title = "metric" }, { .title = "since" }, { .title = "kernel", .drop = 2 },
		{ .title = "suite", .drop = 3 }, { .title = "before", .align = ALIGN_RIGHT },
		{ .title = "after", .align = ALIGN_RIGHT }, { .title = "unit" },
		{ .title = "change", .align = ALIGN_RIGHT }, { .title = "in all", .align = ALIGN_RIGHT },
		{ .title = "points", .align = ALIGN_RIGHT, .drop = 1 } };
	struct terminal terminal = terminal__of(stdout);
	struct table *table = table__new(columns, ARRAY_SIZE(columns));
	char text[6][WORDS_SIZE];
	size_t changed = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct trend *trend = &t->list[i];

		snprintf(text[4], WORDS_SIZE, "%zu", trend->count);
		changed += trend->change_count > 0;
		for (size_t c = 0; c < trend->change_count; c++) {
			const struct change *change = &trend->changes[c];
			const struct history_row *at = trend->points[change->index];

			snprintf(text[3], WORDS_SIZE, "%+.2f %%", 100 * (change->after / change->before - 1));
			snprintf(text[5], WORDS_SIZE, "%+.2f %%", 100 * (trend->total - 1));
			table__row(table, colour_of(at, change->before, change->after),
				(const char *[]){ words__point(text[0], &at->key), at->metric, at->time,
					at->kernel, at->revision, words__figure(text[1], change->before, ""),
					words__figure(text[2], change->after, ""), at->unit, text[3],
					c + 1 == trend->change_count ? text[5] : "", text[4] });
		}
		if (!trend->change_count && all)
			table__row(table, COLOUR_DIM,
				(const char *[]){ words__point(text[0], &trend->first->key),
					trend->first->metric, "never", "", "",
					words__figure(text[1], trend->points[0]->value, ""),
					words__figure(text[2], trend->points[trend->count - 1]->value, ""),
					trend->first->unit, "", "", text[4] });
	}
	if (table__rows(table))
		table__print(table, stdout, &terminal);
	printf("%zu of %zu figures changed (E-divisive; Apache Otava is %s)\n", changed, t->count,
		otava_is_installed() ? "installed and reads 'export --format otava'" : "not installed");
	table__free(table);
}

static int show(const struct settings *s)
{
	struct change_options options = CHANGE_OPTIONS_DEFAULT;
	struct history h;
	struct trends t;
	struct error err;
	int status = EXIT_FINE;

	if (s->alpha > 0)
		options.alpha = s->alpha;
	if (s->shortest)
		options.shortest = s->shortest;
	if (history__read(s->file, &h, &err))
		return command__fail(&err);
	if (trends__of(&h, s->bench, s->metric, &options, &t, &err)) {
		history__free(&h);
		return command__fail(&err);
	}
	if (s->format == HISTORY_CSV)
		status = show_csv(&t);
	else
		show_text(&t, s->all);
	trends__free(&t);
	history__free(&h);
	return command__finish(status);
}

static int cmd_history(int argc, char **argv)
{
	struct settings settings = { .file = "history.csv" };
	int status, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (argc - first >= 2 && !strcmp(argv[first], "add"))
		return add(argv + first + 1, (size_t)(argc - first - 1), settings.file);
	if (argc - first >= 1 && argc - first <= 2 && !strcmp(argv[first], "show")) {
		settings.bench = argc - first == 2 ? argv[first + 1] : NULL;
		return show(&settings);
	}
	return command__fail_with(EXIT_USAGE, "history takes 'add DIR...' or 'show [PATTERN]'");
}

COMMAND(history, .summary = "figures over months, and where they changed", .options = &table, .order = 7,
	.run = cmd_history);
