// SPDX-License-Identifier: MIT
#include "cli/table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/exit_status.h"
#include "cli/columns.h"

#define GAP 2 /* columns between columns */

struct line {
	bool heading;
	enum colour colour;
	char **cells; /* a heading has one */
};

struct table {
	const struct table_column *columns;
	size_t column_count;
	struct line *lines;
	size_t line_count, room;
	unsigned indent; /* of the rows, once there are headings */
};

static void *must(void *p)
{
	if (p)
		return p;
	perror("vmexit-bench: memory for a table");
	exit(EXIT_IO);
}

struct table *table__new(const struct table_column *columns, size_t count)
{
	struct table *t = must(calloc(1, sizeof(*t)));

	t->columns = columns;
	t->column_count = count;
	return t;
}

void table__free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->line_count; i++) {
		for (size_t c = 0; c < (t->lines[i].heading ? 1 : t->column_count); c++)
			free(t->lines[i].cells[c]);
		free(t->lines[i].cells);
	}
	free(t->lines);
	free(t);
}

static struct line *add(struct table *t, size_t cells)
{
	struct line *line;

	if (t->line_count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->lines = must(realloc(t->lines, t->room * sizeof(*t->lines)));
	}
	line = &t->lines[t->line_count++];
	*line = (struct line){ .cells = must(calloc(cells, sizeof(*line->cells))) };
	return line;
}

void table__heading(struct table *t, const char *text)
{
	struct line *line = add(t, 1);

	line->heading = true;
	t->indent = 2;
	line->cells[0] = must(strdup(text));
}

void table__row(struct table *t, enum colour colour, const char *const *cells)
{
	struct line *line = add(t, t->column_count);

	line->colour = colour;
	for (size_t c = 0; c < t->column_count; c++)
		line->cells[c] = must(strdup(cells[c] ? cells[c] : ""));
}

size_t table__rows(const struct table *t)
{
	size_t rows = 0;

	for (size_t i = 0; i < t->line_count; i++)
		rows += !t->lines[i].heading;
	return rows;
}

/* Widths of the columns; 0 where a column holds nothing and is left out. */
static void natural_widths(const struct table *t, unsigned *width)
{
	for (size_t c = 0; c < t->column_count; c++) {
		width[c] = 0;
		for (size_t i = 0; i < t->line_count; i++)
			if (!t->lines[i].heading)
				width[c] = MAX(width[c], columns__of(t->lines[i].cells[c]));
		if (width[c])
			width[c] = MAX(width[c], columns__of(t->columns[c].title));
	}
}

static unsigned total(const struct table *t, const unsigned *width)
{
	unsigned sum = t->indent;

	for (size_t c = 0; c < t->column_count; c++)
		if (width[c])
			sum += width[c] + (sum > t->indent ? GAP : 0);
	return sum;
}

static void fit(const struct table *t, unsigned *width, unsigned limit)
{
	while (total(t, width) > limit) {
		size_t victim = t->column_count;

		for (size_t c = 0; c < t->column_count; c++)
			if (width[c] && t->columns[c].drop &&
				(victim == t->column_count || t->columns[c].drop > t->columns[victim].drop))
				victim = c;
		if (victim == t->column_count)
			break;
		width[victim] = 0;
	}
	/* From the right: a description may be cut short before the name is, which is there to be copied. */
	for (size_t c = t->column_count; c--;) {
		unsigned sum = total(t, width), floor = t->columns[c].shrink;

		if (sum > limit && floor && width[c] > floor)
			width[c] = width[c] - floor > sum - limit ? width[c] - (sum - limit) : floor;
	}
}

static void spaces(FILE *out, unsigned n)
{
	while (n--)
		fputc(' ', out);
}

/* Cuts what doesn't fit and marks the cut. */
static void put(FILE *out, const char *text, unsigned width, const struct terminal *terminal)
{
	if (columns__of(text) <= width) {
		fputs(text, out);
		return;
	}
	fwrite(text, 1, columns__fit(text, width - 1), out);
	fputs(terminal->utf8 ? "…" : "~", out);
}

static void put_row(const struct table *t, FILE *out, char *const *cells, const unsigned *width,
	const struct terminal *terminal)
{
	unsigned owed = t->indent; /* spaces are written before the next cell: no line ends in one */
	bool first = true;

	for (size_t c = 0; c < t->column_count; c++) {
		const char *text = cells ? cells[c] : t->columns[c].title;
		unsigned used = MIN(columns__of(text), width[c]);

		if (!width[c])
			continue;
		owed += first ? 0 : GAP;
		first = false;
		if (t->columns[c].align == ALIGN_RIGHT)
			owed += width[c] - used;
		if (used) {
			spaces(out, owed);
			put(out, text, width[c], terminal);
			owed = 0;
		}
		if (t->columns[c].align == ALIGN_LEFT)
			owed += width[c] - used;
	}
}

static unsigned limit_of(const struct terminal *terminal)
{
	return terminal->width ? terminal->width : 100000;
}

char *table__left_out(const struct table *t, const struct terminal *terminal, char *buf, size_t size)
{
	unsigned *width = must(calloc(t->column_count, sizeof(*width)));
	unsigned *natural = must(calloc(t->column_count, sizeof(*natural)));
	size_t used = 0;

	natural_widths(t, natural);
	natural_widths(t, width);
	fit(t, width, limit_of(terminal));
	buf[0] = '\0';
	for (size_t c = 0; c < t->column_count && used < size; c++)
		if (natural[c] && !width[c])
			used += (size_t)snprintf(
				buf + used, size - used, "%s%s", used ? ", " : "", t->columns[c].title);
	free(natural);
	free(width);
	return buf;
}

void table__print(const struct table *t, FILE *out, const struct terminal *terminal)
{
	unsigned *width = must(calloc(t->column_count, sizeof(*width)));
	unsigned limit = limit_of(terminal);

	natural_widths(t, width);
	fit(t, width, limit);
	fputs(terminal__colour(terminal, COLOUR_BOLD), out);
	put_row(t, out, NULL, width, terminal);
	fputs(terminal__colour(terminal, COLOUR_NONE), out);
	fputc('\n', out);
	for (size_t i = 0; i < t->line_count; i++) {
		const struct line *line = &t->lines[i];
		bool coloured = line->heading || line->colour != COLOUR_NONE;

		if (line->heading && (i + 1 == t->line_count || t->lines[i + 1].heading))
			continue;
		if (coloured)
			fputs(terminal__colour(terminal, line->heading ? COLOUR_BOLD : line->colour), out);
		if (line->heading)
			put(out, line->cells[0], limit, terminal);
		else
			put_row(t, out, line->cells, width, terminal);
		if (coloured)
			fputs(terminal__colour(terminal, COLOUR_NONE), out);
		fputc('\n', out);
	}
	free(width);
}
