// SPDX-License-Identifier: MIT
/* vmexit-bench check: a comparison as a gate, for continuous integration. */

#include "base/array.h"
#include "cli/command.h"
#include "cli/compare_options.h"
#include "cli/compare_table.h"
#include "cli/option_rows.h"
#include "cli/values.h"
#include "compare/pair.h"
#include "compare/render.h"
#include "results/whole_file.h"

enum check_format {
	CHECK_TEXT,
	CHECK_MARKDOWN,
	CHECK_JUNIT,
	CHECK_TAP,
	CHECK_KTAP,
	CHECK_GITHUB,
	CHECK_CSV,
	CHECK_JSON
};
static const char *const formats[] = { "text", "markdown", "junit", "tap", "ktap", "github", "csv", "json",
	NULL };
static const char *const modes[] = { "auto", "all", "deterministic", NULL };

struct settings {
	struct compare_settings compare;
	struct gate_options gate;
	enum check_format format;
	const char *baseline, *junit, *markdown;
};

static int fail_on(const struct option_spec *spec, const char *value, void *settings, struct error *err)
{
	return value__bits(value, verdict__parse_bit,
		"slower, faster, broken, untrusted, inconclusive, gone, new",
		(unsigned *)((char *)settings + spec->offset), err);
}

static const struct option_spec specs[] = {
	{ .name = "baseline",
		.letter = 'B',
		.type = OPTION_STRING,
		.offset = offsetof(struct settings, baseline),
		.argument = "A",
		.help = "run directory, folder of them, or baseline file to hold the others against" },
	COMPARE_OPTION_ROWS(struct settings, compare),
	{ .name = "fail-on",
		.type = OPTION_HANDLER,
		.offset = offsetof(struct settings, gate.fail_on),
		.argument = "LIST",
		.handler = fail_on,
		.help = "verdicts that fail: slower, faster, broken, untrusted, inconclusive, gone, new; default: "
			"slower,broken,untrusted" },
	{ .name = "gate",
		.type = OPTION_CHOICE,
		.offset = offsetof(struct settings, gate.mode),
		.argument = "WHAT",
		.choices = modes,
		.help = "auto (times only where the host's can be trusted), all, or deterministic (exits and instructions an operation)" },
	{ .name = "strict",
		.type = OPTION_FLAG,
		.offset = offsetof(struct settings, gate.strict),
		.help = "what stays undecided is no pass: exit status 8" },
	OPTION_ROW_FORMAT(struct settings, format, formats,
		"text, markdown, junit, tap, ktap, github (annotations), csv or json"),
	{ .name = "junit",
		.type = OPTION_STRING,
		.offset = offsetof(struct settings, junit),
		.argument = "FILE",
		.help = "also write JUnit XML there" },
	{ .name = "markdown",
		.type = OPTION_STRING,
		.offset = offsetof(struct settings, markdown),
		.argument = "FILE",
		.help = "also append Markdown there (\"$GITHUB_STEP_SUMMARY\")" },
};

static const struct option_table table = {
	.command = "check",
	.operands = "B",
	.about = "Compares B with a baseline and says by its exit status whether it got worse.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after =
		"Exit status: 0 no regression, 1 not comparable or unreadable, 2 regression, 4 nothing to compare, 5 a "
		"benchmark that gave figures fails now, 7 a row is suspect, 8 undecided with --strict.",
};

static int print(const struct gate *g, enum check_format format)
{
	struct terminal terminal = terminal__of(stdout);
	struct text t = { 0 };

	switch (format) {
	case CHECK_TEXT:
		compare_table__head(g->comparison, stdout, &terminal);
		compare_table__gate(g, stdout, &terminal);
		break;
	case CHECK_MARKDOWN:
		render__markdown(g->comparison, g, RENDER_MARKDOWN_MOST, &t);
		break;
	case CHECK_JUNIT:
		render__junit(g, &t);
		break;
	case CHECK_TAP:
	case CHECK_KTAP:
		render__tap(g, format == CHECK_KTAP, &t);
		break;
	case CHECK_GITHUB:
		render__github(g, &t);
		break;
	case CHECK_CSV:
		render__csv(g->comparison, &t);
		break;
	case CHECK_JSON:
		render__json(g->comparison, &t);
		break;
	}
	return command__print(&t);
}

/* The files that are written besides; one that can't be is an error, whatever the verdict. */
static int write_files(const struct gate *g, const struct settings *s, struct error *err)
{
	struct text t = { 0 };
	int failed = 0;

	if (s->junit) {
		render__junit(g, &t);
		failed = whole_file__write(s->junit, &t, err);
		text__free(&t);
	}
	if (!failed && s->markdown) {
		render__markdown(g->comparison, g, RENDER_MARKDOWN_MOST, &t);
		failed = whole_file__append_path(s->markdown, &t, err);
		text__free(&t);
	}
	return failed;
}

static int check(const char *path, const struct settings *s, const struct compare_options *options)
{
	struct pair pair;
	struct gate g = { 0 };
	struct error err;
	int status;

	if (pair__compare(&pair, s->baseline, path, options, &err) ||
		gate__decide(&pair.c, &s->gate, &g, &err) || write_files(&g, s, &err))
		status = command__fail(&err);
	else
		status = print(&g, s->format);
	if (!status)
		status = command__finish(g.status);
	gate__free(&g);
	pair__free(&pair);
	return status;
}

static int cmd_check(int argc, char **argv)
{
	struct settings settings = { .gate.fail_on = GATE_FAIL_ON_DEFAULT };
	struct compare_options options;
	struct error err;
	int status, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (!settings.baseline || argc - first != 1)
		return command__fail_with(
			EXIT_USAGE, "check takes a baseline and one directory: check --baseline A B");
	if (compare_settings__resolve(&settings.compare, &options, &err))
		return command__fail(&err);
	status = check(argv[first], &settings, &options);
	thresholds__free(&settings.compare.thresholds);
	return status;
}

COMMAND(check, .summary = "the same as a gate: an exit status, JUnit, Markdown, annotations",
	.options = &table, .order = 5, .run = cmd_check);
