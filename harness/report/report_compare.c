// SPDX-License-Identifier: MIT
/* Each further directory against the first. */
#include <stdio.h>

#include "compare/words.h"
#include "report/html.h"
#include "report/report.h"

static const char *kind_of(enum verdict v)
{
	switch (v) {
	case VERDICT_BROKEN:
	case VERDICT_SLOWER:
	case VERDICT_UNTRUSTED:
		return "bad";
	case VERDICT_FASTER:
		return "good";
	case VERDICT_INCONCLUSIVE:
		return "doubt";
	default:
		return "quiet";
	}
}

/* An exact clock has no intervals. */
static bool has_intervals(const struct comparison *c)
{
	char buf[WORDS_SIZE];

	for (size_t i = 0; i < c->count; i++)
		if (*words__interval(buf, &c->rows[i]))
			return true;
	return false;
}

static void row(const struct comparison_row *c, bool intervals, struct text *t)
{
	const struct judgement *j = &c->judgement;
	char buf[WORDS_SIZE];

	text__puts(t, "<tr>");
	html__cell(t, words__point(buf, &c->key));
	html__badge(t, kind_of(j->verdict), words__verdict(c));
	html__number(t, j->ratio, words__change(buf, c));
	if (intervals)
		html__number(t, j->low, words__interval(buf, c));
	html__number(t, j->median_a, words__figure(buf, j->median_a, c->unit));
	html__number(t, j->median_b, words__figure(buf, j->median_b, c->unit));
	html__number(t, j->detectable, words__detectable(buf, c));
	html__cell(t, words__runs(buf, c));
	html__cell(t, c->metric);
	html__cell(t, j->note ? j->note : "");
	text__puts(t, "</tr>\n");
}

static void differences(const struct comparison *c, struct text *t)
{
	static const char *const columns[] = { "fact", "A", "B", NULL };

	if (!c->difference_count)
		return;
	text__printf(t,
		"<details><summary>%zu facts that differ between the hosts</summary><div class=long>\n",
		c->difference_count);
	text__puts(t, "<table><thead><tr>");
	for (size_t i = 0; columns[i]; i++) {
		text__puts(t, "<th scope=col>");
		html__text(t, columns[i]);
		text__puts(t, "</th>");
	}
	text__puts(t, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < c->difference_count; i++) {
		text__puts(t, "<tr>");
		html__cell(t, c->differences[i].field);
		html__cell(t, c->differences[i].a);
		html__cell(t, c->differences[i].b);
		text__puts(t, "</tr>\n");
	}
	text__puts(t, "</tbody></table></div></details>\n");
}

static void one(const struct report *r, size_t i, struct text *t)
{
	static const char *const columns[] = { "benchmark", "verdict", "#B against A", "#95 % interval", "#A",
		"#B", "#detects", "runs", "metric", "note", NULL };
	static const char *const exact_columns[] = { "benchmark", "verdict", "#B against A", "#A", "#B",
		"#detects", "runs", "metric", "note", NULL };
	bool intervals;
	const struct comparison *c = &r->comparisons[i];
	char id[32], buf[WORDS_SIZE];

	text__printf(t, "<h3 id=\"to-%zu\">A: ", i);
	html__text(t, r->paths[0]);
	text__puts(t, " &rarr; B: ");
	html__text(t, r->paths[i]);
	text__puts(t, "</h3>\n");
	if (r->refused[i]) {
		text__puts(t, "<div class=box>Not compared: ");
		html__text(t, r->refused[i]);
		text__puts(t, "</div>\n");
		return;
	}
	text__puts(t, "<p><b>");
	html__text(t, words__counts(buf, c));
	text__puts(t,
		".</b> ‘Detects’ is the smallest change that would have been called with a chance of 80 %.</p>\n");
	if (c->note_count)
		text__puts(t, "<ul>\n");
	for (size_t n = 0; n < c->note_count; n++) {
		text__puts(t, "<li>");
		html__text(t, c->notes[n]);
		text__puts(t, "</li>\n");
	}
	if (c->note_count)
		text__puts(t, "</ul>\n");
	differences(c, t);
	snprintf(id, sizeof(id), "compared-%zu", i);
	text__puts(t, "<div>\n");
	intervals = has_intervals(c);
	html__table_begin(t, id, intervals ? columns : exact_columns);
	for (size_t n = 0; n < c->count; n++)
		if (c->rows[n].primary)
			row(&c->rows[n], intervals, t);
	html__table_end(t);
	text__puts(t, "</div>\n");
}

void report__verdicts(const struct report *r, struct text *t)
{
	char buf[WORDS_SIZE];

	text__puts(t, "<ul>\n");
	for (size_t i = 1; i < r->count; i++) {
		text__printf(t, "<li><a href=\"#to-%zu\">", i);
		html__text(t, r->paths[i]);
		text__puts(t, "</a>: ");
		if (r->refused[i]) {
			text__puts(t, "not compared: ");
			html__text(t, r->refused[i]);
		} else {
			html__text(t, words__counts(buf, &r->comparisons[i]));
		}
		text__puts(t, "</li>\n");
	}
	text__puts(t, "</ul>\n");
}

void report__comparison(const struct report *r, struct text *t)
{
	for (size_t i = 1; i < r->count; i++)
		one(r, i, t);
}
