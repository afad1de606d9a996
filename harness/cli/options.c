// SPDX-License-Identifier: MIT
#include "cli/options.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/columns.h"
#include "cli/values.h"

#define OPTIONS_MAX 48
#define LONG_BASE   256 /* getopt's value for row i is LONG_BASE + i: above every short option */

static const struct option_spec help_row = { .name = "help", .letter = 'h', .help = "this text" };

static const struct option_spec *row_of(const struct option_table *table, size_t i)
{
	return i < table->count ? &table->specs[i] : &help_row;
}

/* getopt's own tables: one row each, and --help at the end. */
static void build(const struct option_table *table, struct option *longs, char *shorts)
{
	*shorts++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i <= table->count; i++) {
		const struct option_spec *s = row_of(table, i);

		longs[i] = (struct option){ .name = s->name,
			.has_arg = s->argument ? required_argument : no_argument,
			.val = LONG_BASE + (int)i };
		if (!s->letter)
			continue;
		*shorts++ = s->letter;
		if (s->argument)
			*shorts++ = ':';
	}
	*shorts = '\0';
	longs[table->count + 1] = (struct option){ 0 };
}

static int unknown(const struct option_table *table, const char *given, struct error *err)
{
	const char *best = NULL;
	unsigned distance = NEAREST_NONE, begins = 0;
	char word[64];

	if (optopt && optopt < LONG_BASE && !(given[0] == '-' && given[1] == '-'))
		return error__set(err, EXIT_USAGE,
			"unknown option '-%c'; 'vmexit-bench %s --help' lists them", optopt, table->command);
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(given + 2, "="), given + 2);
	for (size_t i = 0; i <= table->count; i++) {
		const char *name = row_of(table, i)->name;

		begins += strncmp(name, word, strlen(word)) == 0;
		nearest__offer(word, name, &best, &distance);
		if (strcmp(name, word) == 0)
			return error__set(err, EXIT_USAGE, "option '--%s' takes no argument", name);
	}
	if (begins > 1)
		return error__set(err, EXIT_USAGE, "option '--%s' could be several; write it out", word);
	if (best)
		return error__set(err, EXIT_USAGE, "unknown option '--%s'; did you mean '--%s'?", word, best);
	return error__set(err, EXIT_USAGE, "unknown option '--%s'; 'vmexit-bench %s --help' lists them", word,
		table->command);
}

static int choose(const struct option_spec *s, const char *value, int *target, struct error *err)
{
	const char *best = NULL;
	unsigned distance = NEAREST_NONE;
	char all[256] = "";

	for (int i = 0; s->choices[i]; i++) {
		size_t used = strlen(all);

		if (strcmp(value, s->choices[i]) == 0) {
			*target = i;
			return 0;
		}
		nearest__offer(value, s->choices[i], &best, &distance);
		snprintf(all + used, sizeof(all) - used, "%s%s", i ? ", " : "", s->choices[i]);
	}
	if (best)
		return error__set(err, EXIT_USAGE, "is not one of %s; did you mean '%s'?", all, best);
	return error__set(err, EXIT_USAGE, "is not one of %s", all);
}

static int add_string(struct string_list *list, const char *value, struct error *err)
{
	if (list->count == OPTION_LIST_MAX)
		return error__set(err, EXIT_USAGE, "is more than the %d that are taken", OPTION_LIST_MAX);
	list->items[list->count++] = value;
	return 0;
}

static int store(const struct option_spec *s, const char *value, void *settings, struct error *err)
{
	void *target = (char *)settings + s->offset;
	double seconds;

	switch (s->type) {
	case OPTION_FLAG:
		*(bool *)target = true;
		return 0;
	case OPTION_SET:
		*(int *)target = s->value;
		return 0;
	case OPTION_STRING:
		*(const char **)target = value;
		return *value ? 0 : error__set(err, EXIT_USAGE, "is empty");
	case OPTION_STRINGS:
		return add_string(target, value, err);
	case OPTION_UNSIGNED:
		return value__unsigned(value, s->min, s->max, target, err);
	case OPTION_U64:
		return value__u64(value, target, err);
	case OPTION_NUMBER:
		return value__number(value, s->min, s->max, target, err);
	case OPTION_SECONDS:
		return value__duration(value, 1, target, err);
	case OPTION_MS:
		if (value__duration(value, 0.001, &seconds, err))
			return -1;
		*(unsigned *)target = seconds < 0.001 ? 1 : (unsigned)(seconds * 1000 + 0.5);
		return 0;
	case OPTION_LIST:
		return value__list(value, s->min, s->max, target, err);
	case OPTION_CPUS:
		*(const char **)target = value;
		return value__cpus(value, err);
	case OPTION_CHOICE:
		return choose(s, value, target, err);
	case OPTION_HANDLER:
		return s->handler(s, value, settings, err);
	}
	return 0;
}

/* The row that getopt's return value stands for: LONG_BASE + i for a long name, the letter for a short one. */
static const struct option_spec *row_for(const struct option_table *table, int c)
{
	for (size_t i = 0; i <= table->count; i++)
		if (c == LONG_BASE + (int)i || (row_of(table, i)->letter && c == row_of(table, i)->letter))
			return row_of(table, i);
	abort(); /* getopt returns nothing that build() did not give it */
}

int options__parse(const struct option_table *table, void *settings, int argc, char **argv, struct error *err)
{
	struct option longs[OPTIONS_MAX + 2];
	char shorts[2 * OPTIONS_MAX + 4];
	struct error clause; /* what is wrong with a value */
	int c;

	if (table->count > OPTIONS_MAX)
		abort(); /* a table too long is a bug that the first call shows */
	build(table, longs, shorts);
	/* Options may follow patterns, as the manual and our scripts have them: no user's variable changes that. */
	unsetenv("POSIXLY_CORRECT");
	opterr = 0;
	optind = 0; /* glibc: start anew, with permutation */
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_spec *s;

		if (c == '?')
			return unknown(table, argv[optind - 1], err);
		if (c == ':') {
			s = row_for(table, optopt);
			return error__set(
				err, EXIT_USAGE, "option '--%s' needs an argument: %s", s->name, s->argument);
		}
		s = row_for(table, c);
		if (s == &help_row)
			return OPTIONS_HELP;
		if (store(s, optarg, settings, &clause))
			return error__set(err, clause.status, "option --%s: '%s' %s", s->name,
				optarg ? optarg : "", clause.text);
	}
	if (!table->operands && optind < argc)
		return error__set(err, EXIT_USAGE, "'%s' is one word too many: '%s' takes options only",
			argv[optind], table->command);
	return optind;
}

static void left_column(const struct option_spec *s, char *buf, size_t size)
{
	char letter[8] = "    ";

	if (s->letter)
		snprintf(letter, sizeof(letter), "-%c, ", s->letter);
	snprintf(buf, size, "  %s--%s%s%s", letter, s->name, s->argument ? " " : "",
		s->argument ? s->argument : "");
}

void options__usage(const struct option_table *table, FILE *out, unsigned width)
{
	unsigned column = 0;
	char left[80];

	fprintf(out, "Usage: vmexit-bench %s [OPTION...]%s%s\n", table->command, table->operands ? " " : "",
		table->operands ? table->operands : "");
	if (table->about) {
		fputc('\n', out);
		columns__wrap(out, table->about, 0, 0, width);
	}
	fputs("\nOptions:\n", out);
	for (size_t i = 0; i <= table->count; i++) {
		left_column(row_of(table, i), left, sizeof(left));
		column = strlen(left) + 2 > column ? (unsigned)strlen(left) + 2 : column;
	}
	if (column > width / 2)
		column = width / 2;
	for (size_t i = 0; i <= table->count; i++) {
		left_column(row_of(table, i), left, sizeof(left));
		fputs(left, out);
		if (strlen(left) + 2 > column) {
			fputc('\n', out);
			left[0] = '\0';
		}
		columns__wrap(out, row_of(table, i)->help, (unsigned)strlen(left), column, width);
	}
	if (table->after) {
		fputc('\n', out);
		columns__wrap(out, table->after, 0, 0, width);
	}
}

static void dump_text(const struct option_table *table, FILE *out, const char *name, const char *text)
{
	if (!text)
		return;
	fprintf(out, "%s\t%s\t-\t-\t-\t", table->command, name);
	for (; *text; text++) /* one line each */
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	fputc('\n', out);
}

void options__dump(const struct option_table *table, FILE *out)
{
	dump_text(table, out, "=about", table->about);
	for (size_t i = 0; i <= table->count; i++) {
		const struct option_spec *s = row_of(table, i);

		fprintf(out, "%s\t--%s\t", table->command, s->name);
		fprintf(out, s->letter ? "-%c\t" : "-\t", s->letter);
		fprintf(out, "%s\t", s->argument ? s->argument : "-");
		if (!s->choices)
			fputc('-', out);
		else
			for (int c = 0; s->choices[c]; c++)
				fprintf(out, "%s%s", c ? "," : "", s->choices[c]);
		fprintf(out, "\t%s\n", s->help);
	}
	dump_text(table, out, "=after", table->after);
}
