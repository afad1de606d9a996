// SPDX-License-Identifier: MIT
/* A comparison as Markdown, for a step's summary or a mail. */
#include <string.h>

#include "compare/render.h"
#include "compare/words.h"

/* Text of others in a table: no bars, no line ends, no HTML. */
static void escaped(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n' || *s == '\r')
			text__putc(t, ' ');
		else if (*s == '<')
			text__puts(t, "&lt;");
		else if (*s == '&')
			text__puts(t, "&amp;");
		else {
			if (strchr("|\\`*_", *s))
				text__putc(t, '\\');
			text__putc(t, *s);
		}
	}
}

static void cell(struct text *t, const char *s)
{
	text__puts(t, " ");
	escaped(t, s);
	text__puts(t, " |");
}

static void row(struct text *t, const struct comparison_row *r)
{
	static const char *const marks[VERDICT_COUNT] = { [VERDICT_BROKEN] = "\xf0\x9f\x94\xa5 ",
		[VERDICT_SLOWER] = "\xf0\x9f\x94\xb4 ",
		[VERDICT_FASTER] = "\xf0\x9f\x9f\xa2 ",
		[VERDICT_UNTRUSTED] = "\xe2\x9a\xa0\xef\xb8\x8f ",
		[VERDICT_INCONCLUSIVE] = "\xe2\x9d\x94 " };
	const struct judgement *j = &r->judgement;
	char buf[WORDS_SIZE];

	text__puts(t, "| ");
	text__puts(t, marks[j->verdict] ? marks[j->verdict] : "");
	escaped(t, words__verdict(r));
	text__puts(t, " |");
	cell(t, words__point(buf, &r->key));
	cell(t, r->metric);
	cell(t, words__figure(buf, j->median_a, r->unit));
	cell(t, words__figure(buf, j->median_b, r->unit));
	cell(t, words__change(buf, r));
	cell(t, words__interval(buf, r));
	cell(t, words__detectable(buf, r));
	cell(t, words__runs(buf, r));
	cell(t, j->note);
	text__putc(t, '\n');
}

static void header(struct text *t)
{
	text__puts(t, "| verdict | benchmark | metric | A | B | change | 95 % interval | detects | runs | |\n"
		      "|---|---|---|--:|--:|--:|--:|--:|--:|---|\n");
}

static void side(struct text *t, const char *name, const struct side *s)
{
	text__printf(t, "- **%s**: ", name);
	escaped(t, s->label);
	text__puts(t, ", kernel ");
	escaped(t, side__fact(s, "host.kernel.release", "unknown"));
	text__puts(t, ", ");
	escaped(t, side__fact(s, "host.cpu.model_name", "unknown CPU"));
	text__puts(t, ", trust class ");
	escaped(t, side__fact(s, "trust", "unknown"));
	text__printf(t, ", %zu boot%s\n", s->boot_count, s->boot_count == 1 ? "" : "s");
}

static void differences(struct text *t, const struct comparison *c)
{
	if (!c->difference_count)
		return;
	text__printf(t,
		"\n<details><summary>%zu facts differ between the hosts</summary>\n\n| | A | B |\n|---|---|---|\n",
		c->difference_count);
	for (size_t i = 0; i < c->difference_count && i < 60; i++) {
		text__puts(t, "|");
		cell(t, c->differences[i].field);
		cell(t, c->differences[i].a);
		cell(t, c->differences[i].b);
		text__putc(t, '\n');
	}
	text__puts(t, "\n</details>\n");
}

/* Rows that are (or are not) `same`, until the text would be too long. */
static void rows(struct text *t, const struct comparison *c, bool same, size_t most)
{
	size_t left_out = 0;

	header(t);
	for (size_t i = 0; i < c->count; i++) {
		size_t before = t->used;

		if ((c->rows[i].judgement.verdict == VERDICT_SAME) != same)
			continue;
		if (t->used < most)
			row(t, &c->rows[i]);
		if (t->failed || t->used < most)
			continue;
		t->used = before;
		t->data[t->used] = '\0';
		left_out++;
	}
	if (left_out)
		text__printf(t, "\n%zu further rows are left out: the page would be too long.\n", left_out);
}

void render__markdown(const struct comparison *c, const struct gate *gate, size_t most, struct text *t)
{
	/* What follows the rows needs some room too. */
	size_t room = most > 4096 ? most - 2048 : most;
	char buf[WORDS_SIZE];

	text__puts(t, "## vmexit-bench: ");
	if (gate)
		text__printf(t, "%s\n\n%s\n", gate__sentence(buf, gate), gate->mode_words);
	else
		text__printf(t, "%s\n", words__counts(buf, c));
	text__putc(t, '\n');
	side(t, "A", c->a);
	side(t, "B", c->b);
	for (size_t i = 0; i < c->note_count; i++) {
		text__puts(t, "\n> ");
		escaped(t, c->notes[i]);
		text__putc(t, '\n');
	}
	differences(t, c);
	text__puts(t, "\n### Changed, or not known to be the same\n\n");
	rows(t, c, false, room - (room > 200000 ? 100000 : 0));
	text__puts(t, "\n<details><summary>The same</summary>\n\n");
	rows(t, c, true, room);
	text__puts(t, "\n</details>\n");
}
