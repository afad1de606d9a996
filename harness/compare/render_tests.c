// SPDX-License-Identifier: MIT
/* A gate as test results: JUnit XML, TAP and KTAP, GitHub annotations. */
#include <string.h>

#include "compare/render.h"
#include "compare/words.h"

void render__line(const struct comparison_row *row, struct text *t)
{
	const struct judgement *j = &row->judgement;
	char buf[WORDS_SIZE], more[WORDS_SIZE];

	text__printf(t, "%s %s: %s", words__point(buf, &row->key), row->metric, words__verdict(row));
	if (*words__change(more, row))
		text__printf(t, ", %s", words__figure(buf, j->median_a, row->unit));
	if (*more)
		text__printf(t, " -> %s, %s", words__figure(buf, j->median_b, row->unit), more);
	if (*words__interval(buf, row))
		text__printf(t, " (95 %% interval %s)", buf);
	if (*j->note)
		text__printf(t, ": %s", j->note);
}

static void xml(struct text *t, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '<')
			text__puts(t, "&lt;");
		else if (c == '>')
			text__puts(t, "&gt;");
		else if (c == '&')
			text__puts(t, "&amp;");
		else if (c == '"')
			text__puts(t, "&quot;");
		else if (c == '\n')
			text__puts(t, "&#10;");
		else
			/* XML 1.0 has no other control characters, however they are written. */
			text__putc(t, c < ' ' && c != '\t' ? '?' : *s);
	}
}

static void xml_line(struct text *t, const struct comparison_row *row)
{
	struct text line = { 0 };

	render__line(row, &line);
	t->failed |= line.failed;
	xml(t, line.data ? line.data : "");
	text__free(&line);
}

static void test_case(const struct gate *g, const struct gate_row *r, struct text *t)
{
	const struct comparison_row *row = r->row;
	char buf[WORDS_SIZE];
	const char *tag = r->outcome == OUTCOME_FAIL || (r->outcome == OUTCOME_UNDECIDED && g->strict)
				  ? "failure"
			  : r->outcome == OUTCOME_PASS ? ""
						       : "skipped";

	text__puts(t, "    <testcase classname=\"vmexit-bench.");
	for (const char *p = row->key.bench; *p && *p != '/'; p++)
		text__putc(t, *p == '"' || *p == '<' || *p == '&' ? '?' : *p);
	text__puts(t, "\" name=\"");
	xml(t, words__point(buf, &row->key));
	text__putc(t, ' ');
	xml(t, row->metric);
	text__puts(t, "\">\n");
	if (*tag) {
		text__printf(t, "      <%s message=\"", tag);
		xml_line(t, row);
		text__puts(t, "\"/>\n");
	} else {
		text__puts(t, "      <system-out>");
		xml_line(t, row);
		text__puts(t, "</system-out>\n");
	}
	text__puts(t, "    </testcase>\n");
}

void render__junit(const struct gate *g, struct text *t)
{
	size_t failed = g->by_outcome[OUTCOME_FAIL] + (g->strict ? g->by_outcome[OUTCOME_UNDECIDED] : 0);
	size_t skipped = g->by_outcome[OUTCOME_SKIP] + (g->strict ? 0 : g->by_outcome[OUTCOME_UNDECIDED]);

	text__puts(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text__printf(t, "<testsuites tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", g->count, failed);
	text__printf(t,
		"  <testsuite name=\"vmexit-bench\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
		g->count, failed, skipped);
	text__puts(t, "    <properties>\n");
	for (int s = 0; s < 2; s++) {
		const struct side *side = s ? g->comparison->b : g->comparison->a;

		text__printf(t, "      <property name=\"%c\" value=\"", 'A' + s);
		xml(t, side->label);
		text__puts(t, ", kernel ");
		xml(t, side__fact(side, "host.kernel.release", "unknown"));
		text__puts(t, "\"/>\n");
	}
	for (size_t i = 0; i < g->comparison->note_count; i++) {
		text__puts(t, "      <property name=\"note\" value=\"");
		xml(t, g->comparison->notes[i]);
		text__puts(t, "\"/>\n");
	}
	text__puts(t, "    </properties>\n");
	for (size_t i = 0; i < g->count; i++)
		test_case(g, &g->rows[i], t);
	text__puts(t, "  </testsuite>\n</testsuites>\n");
}

/* A description may not hold what TAP reads as a directive, nor end the line. */
static void tap_text(struct text *t, const char *s)
{
	for (; *s; s++)
		text__putc(t, *s == '#' || *s == '\n' || *s == '\r' || *s == '\\' ? ' ' : *s);
}

void render__tap(const struct gate *g, bool ktap, struct text *t)
{
	struct text line = { 0 };

	text__puts(t, ktap ? "KTAP version 1\n" : "TAP version 14\n");
	text__printf(t, "1..%zu\n", g->count);
	for (size_t i = 0; i < g->count; i++) {
		const struct gate_row *r = &g->rows[i];
		bool bad = r->outcome == OUTCOME_FAIL || (r->outcome == OUTCOME_UNDECIDED && g->strict);

		text__printf(t, "%s %zu%s", bad ? "not ok" : "ok", i + 1, ktap ? " " : " - ");
		line.used = 0;
		render__line(r->row, &line);
		tap_text(t, line.data ? line.data : "");
		if (!bad && r->outcome != OUTCOME_PASS)
			text__printf(t, " # SKIP %s",
				r->outcome == OUTCOME_UNDECIDED ? "inconclusive" : words__verdict(r->row));
		text__putc(t, '\n');
	}
	t->failed |= line.failed;
	text__free(&line);
}

/* GitHub's escapes; commas and colons end a property. */
static void github_text(struct text *t, const char *s, bool property)
{
	for (; *s; s++) {
		if (*s == '%' || *s == '\r' || *s == '\n' || (property && (*s == ':' || *s == ',')))
			text__printf(t, "%%%02X", (unsigned char)*s);
		else
			text__putc(t, *s);
	}
}

void render__github(const struct gate *g, struct text *t)
{
	struct text line = { 0 };
	char buf[WORDS_SIZE];

	for (size_t i = 0; i < g->count; i++) {
		const struct gate_row *r = &g->rows[i];
		bool bad = r->outcome == OUTCOME_FAIL || (r->outcome == OUTCOME_UNDECIDED && g->strict);

		if (!bad && r->outcome != OUTCOME_UNDECIDED)
			continue;
		text__puts(t, bad ? "::error title=" : "::warning title=");
		line.used = 0;
		text__printf(&line, "%s %s", words__point(buf, &r->row->key), words__verdict(r->row));
		github_text(t, line.data ? line.data : "", true);
		text__puts(t, "::");
		line.used = 0;
		render__line(r->row, &line);
		github_text(t, line.data ? line.data : "", false);
		text__putc(t, '\n');
	}
	text__puts(t, "::notice title=vmexit-bench::");
	github_text(t, gate__sentence(buf, g), false);
	text__putc(t, '\n');
	t->failed |= line.failed;
	text__free(&line);
}
