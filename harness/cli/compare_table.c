// SPDX-License-Identifier: MIT
#include "cli/compare_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/columns.h"
#include "cli/reasons.h"
#include "cli/table.h"
#include "compare/words.h"
#include "results/summary.h"

static const enum colour colours[VERDICT_COUNT] = { [VERDICT_BROKEN] = COLOUR_RED,
	[VERDICT_SLOWER] = COLOUR_RED,
	[VERDICT_FASTER] = COLOUR_GREEN,
	[VERDICT_UNTRUSTED] = COLOUR_YELLOW,
	[VERDICT_INCONCLUSIVE] = COLOUR_YELLOW,
	[VERDICT_GONE] = COLOUR_DIM,
	[VERDICT_NEW] = COLOUR_DIM,
	[VERDICT_ABSENT] = COLOUR_DIM };

#define DIFFERENCES_SHOWN 16

static void print_side(char name, const struct side *s, FILE *out, unsigned width)
{
	char text[512];

	snprintf(text, sizeof(text),
		"%.120s: kernel %.80s, %.80s, trust class %.20s, %zu director%s of %zu boot%s", s->label,
		side__fact(s, "host.kernel.release", "unknown"),
		side__fact(s, "host.cpu.model_name", "unknown CPU"), side__fact(s, "trust", "unknown"),
		s->input_count, s->input_count == 1 ? "y" : "ies", s->boot_count,
		s->boot_count == 1 ? "" : "s");
	fprintf(out, "%c  ", name);
	columns__wrap(out, text, 3, 3, width);
}

static void print_differences(const struct comparison *c, FILE *out, const struct terminal *terminal)
{
	static const struct table_column columns[] = { { .title = "differs" }, { .title = "A", .shrink = 12 },
		{ .title = "B", .shrink = 12 } };
	size_t shown = MIN(c->difference_count, (size_t)DIFFERENCES_SHOWN);
	struct table *t;

	if (!c->difference_count) {
		fputs("   Nothing that run.json records differs between the hosts.\n", out);
		return;
	}
	t = table__new(columns, 3);
	for (size_t i = 0; i < shown; i++)
		table__row(t, COLOUR_NONE,
			(const char *[]){ c->differences[i].field,
				*c->differences[i].a ? c->differences[i].a : "-",
				*c->differences[i].b ? c->differences[i].b : "-" });
	fputc('\n', out);
	table__print(t, out, terminal);
	table__free(t);
	if (shown < c->difference_count)
		fprintf(out, "and %zu more; --format json has them all\n", c->difference_count - shown);
}

void compare_table__head(const struct comparison *c, FILE *out, const struct terminal *terminal)
{
	unsigned width = terminal__text_width(terminal);

	print_side('A', c->a, out, width);
	print_side('B', c->b, out, width);
	print_differences(c, out, terminal);
	for (size_t i = 0; i < c->note_count; i++) {
		fputc('\n', out);
		columns__wrap(out, c->notes[i], 0, 0, width);
	}
	fputc('\n', out);
}

static const struct table_column row_columns[] = { { .title = "verdict" },
	{ .title = "benchmark", .shrink = 16 }, { .title = "metric" }, { .title = "A", .align = ALIGN_RIGHT },
	{ .title = "B", .align = ALIGN_RIGHT }, { .title = "unit", .drop = 2 },
	{ .title = "change", .align = ALIGN_RIGHT },
	{ .title = "95 % interval", .align = ALIGN_RIGHT, .drop = 1 },
	{ .title = "detects", .align = ALIGN_RIGHT, .drop = 3 },
	{ .title = "runs", .align = ALIGN_RIGHT, .drop = 4 }, { .title = "why", .drop = 5 } };

static void add_row(struct table *t, const struct comparison_row *r)
{
	char text[ARRAY_SIZE(row_columns)][WORDS_SIZE];

	table__row(t, colours[r->judgement.verdict],
		(const char *[]){ words__verdict(r), words__point(text[0], &r->key), r->metric,
			words__figure(text[1], r->judgement.median_a, ""),
			words__figure(text[2], r->judgement.median_b, ""), r->unit, words__change(text[3], r),
			words__interval(text[4], r), words__detectable(text[5], r), words__runs(text[6], r),
			r->judgement.note });
}

static bool without_figures(const struct comparison_row *r)
{
	enum verdict v = r->judgement.verdict;

	return v == VERDICT_GONE || v == VERDICT_NEW || v == VERDICT_ABSENT;
}

static bool changed(const struct comparison_row *r)
{
	return r->judgement.verdict == VERDICT_SLOWER || r->judgement.verdict == VERDICT_FASTER;
}

/* Has the figure that stands for this row's benchmark changed? */
static bool primary_changed(const struct comparison *c, const struct comparison_row *r)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->rows[i].primary && !cell_key__compare(&c->rows[i].key, &r->key))
			return changed(&c->rows[i]);
	return false;
}

static bool shown(const struct comparison *c, const struct comparison_row *r, enum compare_show show)
{
	if (show == SHOW_ALL)
		return true;
	if (without_figures(r))
		return false; /* below the table, by reason */
	if (r->primary)
		return show == SHOW_PRIMARY || r->judgement.verdict != VERDICT_SAME;
	/* Legs and net figures mostly follow the round trip: news only where it says nothing. */
	return changed(r) && !primary_changed(c, r);
}

/* Benchmarks that have figures on one side or on none, by reason. */
static void print_missing(const struct comparison *c, FILE *out, const struct terminal *terminal)
{
	struct reasons *reasons = reasons__new();
	char reason[512];

	for (size_t i = 0; i < c->count; i++) {
		const struct comparison_row *r = &c->rows[i];

		if (!r->primary || !without_figures(r))
			continue;
		snprintf(reason, sizeof(reason), "%s: %.400s", words__verdict(r), r->judgement.note);
		reasons__add(reasons, reason, r->key.bench);
	}
	if (reasons__count(reasons)) {
		fputs("\nWithout figures on both sides:\n", out);
		reasons__print(reasons, out, terminal__text_width(terminal));
	}
	reasons__free(reasons);
}

static const char *methods_used(const struct comparison *c, char *buf, size_t size)
{
	bool seen[METHOD_COPY + 1] = { false };

	buf[0] = '\0';
	for (size_t i = 0; i < c->count; i++) {
		enum method m = c->rows[i].judgement.method;

		if (seen[m] || !c->rows[i].primary || !*method__words(m))
			continue;
		seen[m] = true;
		snprintf(buf + strlen(buf), size - strlen(buf), "%s%s", *buf ? "; " : "", method__words(m));
	}
	return buf;
}

static void print_legend(
	const struct comparison *c, size_t hidden, FILE *out, const struct terminal *terminal)
{
	char text[768], counts[WORDS_SIZE], methods[400];
	unsigned width = terminal__text_width(terminal);

	fputc('\n', out);
	if (*methods_used(c, methods, sizeof(methods))) {
		snprintf(text, sizeof(text),
			"Method: %s. %s%zu comparisons tested, corrected by Holm. 'detects' is the smallest change that would "
			"have been called with a chance of 80 %%.",
			methods, c->tests ? "" : "No tests: ", c->tests);
		columns__wrap(out,
			c->tests ? text : "Nothing was tested: figures are compared as they stand.", 0, 0,
			width);
	}
	if (hidden)
		fprintf(out,
			"%zu further figures of these benchmarks (legs, net, rates...): --all shows them.\n",
			hidden);
	fprintf(out, "%s\n", words__counts(counts, c));
}

void compare_table__print(
	const struct comparison *c, enum compare_show show, FILE *out, const struct terminal *terminal)
{
	struct table *t = table__new(row_columns, ARRAY_SIZE(row_columns));
	size_t hidden = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (shown(c, &c->rows[i], show))
			add_row(t, &c->rows[i]);
		else
			hidden += !c->rows[i].primary || c->rows[i].judgement.verdict == VERDICT_SAME;
	}
	if (table__rows(t))
		table__print(t, out, terminal);
	if (show != SHOW_ALL)
		print_missing(c, out, terminal);
	print_legend(c, hidden, out, terminal);
	table__free(t);
}

void compare_table__gate(const struct gate *g, FILE *out, const struct terminal *terminal)
{
	struct table *t = table__new(row_columns, ARRAY_SIZE(row_columns));
	char buf[WORDS_SIZE];

	for (size_t i = 0; i < g->count; i++)
		if (g->rows[i].outcome == OUTCOME_FAIL || g->rows[i].outcome == OUTCOME_UNDECIDED)
			add_row(t, g->rows[i].row);
	if (*g->mode_words)
		columns__wrap(out, g->mode_words, 0, 0, terminal__text_width(terminal));
	if (table__rows(t))
		table__print(t, out, terminal);
	fprintf(out, "%s\n", gate__sentence(buf, g));
	table__free(t);
}

/* "+2.1 % slower", "same", "?" for one cell of the matrix. */
static void matrix_cell(char *buf, const struct comparison_row *r)
{
	static const char *const marks[VERDICT_COUNT] = { [VERDICT_BROKEN] = "broken",
		[VERDICT_SLOWER] = "!",
		[VERDICT_FASTER] = "*",
		[VERDICT_UNTRUSTED] = "untrusted",
		[VERDICT_INCONCLUSIVE] = "?",
		[VERDICT_GONE] = "gone",
		[VERDICT_NEW] = "new",
		[VERDICT_ABSENT] = "skipped",
		[VERDICT_SAME] = "" };
	char change[WORDS_SIZE];

	buf[0] = '\0';
	if (!r)
		return;
	words__change(change, r);
	snprintf(buf, WORDS_SIZE, "%.60s%s%s", change, *change && *marks[r->judgement.verdict] ? " " : "",
		marks[r->judgement.verdict]);
}

/* The worst verdict of a row of the matrix. */
static enum verdict worst(
	const struct matrix *m, const struct comparison_row *any, const struct comparison_row **rows)
{
	enum verdict worst = VERDICT_SAME;

	for (size_t i = 1; i < m->count; i++) {
		rows[i] = matrix__row(m, i, &any->key, any->metric);
		if (rows[i])
			worst = MIN(worst, rows[i]->judgement.verdict);
	}
	return worst;
}

void compare_table__matrix(
	const struct matrix *m, enum compare_show show, FILE *out, const struct terminal *terminal)
{
	struct table_column *columns = calloc(m->count + 3, sizeof(*columns));
	const struct comparison_row **rows = calloc(m->count, sizeof(*rows));
	char(*text)[WORDS_SIZE] = calloc(m->count + 1, sizeof(*text));
	const char **cells = calloc(m->count + 3, sizeof(*cells));
	struct table *t;

	if (columns && rows && text && cells) {
		columns[0] = (struct table_column){ .title = "benchmark", .shrink = 16 };
		columns[1] = (struct table_column){ .title = "metric" };
		for (size_t i = 0; i < m->count; i++)
			columns[i + 2] =
				(struct table_column){ .title = m->groups[i].label, .align = ALIGN_RIGHT };
		t = table__new(columns, m->count + 2);
		for (size_t r = 0; r < m->comparisons[1].count; r++) {
			const struct comparison_row *row = &m->comparisons[1].rows[r];
			enum verdict verdict = worst(m, row, rows);

			if (show == SHOW_CHANGES ? verdict == VERDICT_SAME
						 : show == SHOW_PRIMARY && !row->primary)
				continue;
			cells[0] = words__point(text[0], &row->key);
			cells[1] = row->metric;
			cells[2] = words__figure(text[1], row->judgement.median_a, row->unit);
			for (size_t i = 1; i < m->count; i++) {
				matrix_cell(text[i + 1], rows[i]);
				cells[i + 2] = text[i + 1];
			}
			table__row(t, colours[verdict], cells);
		}
		if (table__rows(t))
			table__print(t, out, terminal);
		table__free(t);
		fputs("\nThe first column is the reference; the others are changes against it: ! slower or more, * faster or "
		      "fewer,\n? undecided, no mark: the same.\n",
			out);
	}
	free(columns);
	free(rows);
	free(text);
	free(cells);
}
