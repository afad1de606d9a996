// SPDX-License-Identifier: MIT
/* A comparison for the message of a commit: plain ASCII, lines of less than 75 columns, what was measured on what. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "compare/render.h"
#include "compare/words.h"

#define COLUMNS 74

/* Words of others, broken into lines; what isn't ASCII becomes '?'. `indent` is for all lines but the first. */
static void wrapped(struct text *t, size_t column, size_t indent, const char *s)
{
	while (*s) {
		size_t length = strcspn(s, " \n\t"), i;

		if (length && column > indent && column + 1 + length > COLUMNS) {
			text__printf(t, "\n%*s", (int)indent, "");
			column = indent;
		} else if (length && column > indent) {
			text__putc(t, ' ');
			column++;
		}
		for (i = 0; i < length; i++)
			text__putc(t, s[i] > ' ' && s[i] < 0x7f ? s[i] : '?');
		column += length;
		s += length + strspn(s + length, " \n\t");
	}
	text__putc(t, '\n');
}

static void side(struct text *t, char name, const struct side *s)
{
	char line[512];

	snprintf(line, sizeof(line), "%.100s, %zu boot%s",
		side__fact(s, "host.kernel.release", "unknown kernel"), s->boot_count,
		s->boot_count == 1 ? "" : "s");
	text__printf(t, "%c: ", name);
	wrapped(t, 3, 3, line);
}

static void head(struct text *t, const struct comparison *c)
{
	const char *cpu = side__fact(c->a, "host.cpu.model_name", "unknown CPU");
	const char *other = side__fact(c->b, "host.cpu.model_name", "unknown CPU");
	char line[1024];
	size_t used;

	snprintf(line, sizeof(line),
		"vmexit-bench %.40s on %.100s%s%.100s, microcode %.40s, trust class '%.20s':",
		side__fact(c->b, "program.version", "of unknown version"), cpu,
		strcmp(cpu, other) ? " and " : "", strcmp(cpu, other) ? other : "",
		side__fact(c->b, "host.cpu.microcode", "unknown"), side__fact(c->b, "trust", "unknown"));
	wrapped(t, 0, 0, line);
	side(t, 'A', c->a);
	side(t, 'B', c->b);
	for (size_t i = 0; i < c->note_count; i++)
		wrapped(t, 0, 0, c->notes[i]);
	strcpy(line, "Also differs:");
	used = strlen(line);
	for (size_t i = 0; i < c->difference_count && strlen(line) < sizeof(line) - 200; i++)
		if (strcmp(c->differences[i].field, "kernel.release"))
			snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s %.80s",
				line[used] ? "," : "", c->differences[i].field);
	if (line[used])
		wrapped(t, 0, 2, line);
}

static bool has_figures(const struct comparison_row *r)
{
	enum verdict v = r->judgement.verdict;

	return v != VERDICT_GONE && v != VERDICT_NEW && v != VERDICT_ABSENT;
}

static bool shown(const struct comparison_row *r, bool all, bool changes)
{
	return has_figures(r) && (r->primary || all) && !(changes && r->judgement.verdict == VERDICT_SAME);
}

/* "+5.02 % (+4.61 .. +5.40 %)", "+12 (+0.35 %)", "-0.10 %, same", "failed" */
static const char *change(char *buf, size_t size, const struct comparison_row *r)
{
	enum verdict v = r->judgement.verdict;
	char what[WORDS_SIZE], interval[WORDS_SIZE];

	words__change(what, r);
	words__interval(interval, r);
	if (v == VERDICT_BROKEN || v == VERDICT_UNTRUSTED || !*what)
		snprintf(buf, size, "%s", words__verdict(r));
	else if (v == VERDICT_SLOWER || v == VERDICT_FASTER)
		snprintf(buf, size, "%s%s%s%s", what, *interval ? " (" : "", interval, *interval ? ")" : "");
	else
		snprintf(buf, size, "%s, %s", what, words__verdict(r));
	return buf;
}

struct line {
	char name[2 * WORDS_SIZE], a[WORDS_SIZE], b[WORDS_SIZE], change[3 * WORDS_SIZE];
};

/* The first row's unit is in the table's head; names have others. */
static void line(struct line *l, const struct comparison_row *r, const char *unit)
{
	bool other = strcmp(r->unit, unit);
	char point[WORDS_SIZE];

	words__point(point, &r->key);
	snprintf(l->name, sizeof(l->name), "%s%s%.40s%s%.16s", point, r->primary ? "" : " ",
		r->primary ? "" : r->metric, other ? ", " : "", other ? r->unit : "");
	words__figure(l->a, r->judgement.median_a, "");
	words__figure(l->b, r->judgement.median_b, "");
	change(l->change, sizeof(l->change), r);
}

static void rows(struct text *t, const struct comparison *c, bool all, bool changes)
{
	const char *unit = "";
	int name = (int)strlen("median"), figure = 1;
	struct line l;

	for (size_t i = 0; i < c->count; i++) {
		if (!shown(&c->rows[i], all, changes))
			continue;
		if (!*unit)
			unit = c->rows[i].unit;
		line(&l, &c->rows[i], unit);
		name = MAX(name, (int)MIN(strlen(l.name), (size_t)40));
		figure = MAX(figure, (int)MAX(strlen(l.a), strlen(l.b)));
	}
	if (!*unit)
		return;
	text__printf(t, "\n%-*s %*s %*s  change, %s\n", name, "median", figure, "A", figure, "B", unit);
	for (size_t i = 0; i < c->count; i++) {
		if (!shown(&c->rows[i], all, changes))
			continue;
		line(&l, &c->rows[i], unit);
		/* Where all doesn't fit side by side the figures follow on a line of their own. */
		if ((size_t)name + 2 * (size_t)figure + 4 + strlen(l.change) > COLUMNS ||
			strlen(l.name) > (size_t)name)
			text__printf(t, "%s\n%*s %*s  %s\n", l.name, figure + 4, l.a, figure, l.b, l.change);
		else
			text__printf(
				t, "%-*s %*s %*s  %s\n", name, l.name, figure, l.a, figure, l.b, l.change);
	}
}

void render__commit(const struct comparison *c, bool all, bool changes, struct text *t)
{
	char buf[WORDS_SIZE];

	head(t, c);
	rows(t, c, all, changes);
	text__putc(t, '\n');
	wrapped(t, 0, 0, words__counts(buf, c));
}
