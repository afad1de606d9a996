// SPDX-License-Identifier: MIT
/* What KVM's statistics say of each figure. */
#include <string.h>

#include "compare/words.h"
#include "report/html.h"
#include "report/report.h"

/* In the order in which they are worth reading: what disagrees, what couldn't be proven, what is so, what is only told. */
static const struct {
	const char *verdict, *kind;
} order[] = { { "suspect", "bad" }, { NULL, "doubt" }, { "no-exit", "quiet" }, { "ok", "good" },
	{ "info", "quiet" } };

#define ORDERS (sizeof(order) / sizeof(order[0]))

static size_t rank_of(const struct check_row *row)
{
	for (size_t i = 0; i < ORDERS; i++)
		if (order[i].verdict && !strcmp(row->verdict, order[i].verdict))
			return i;
	return 1;
}

static void check_rows(const struct checks_file *f, size_t rank, struct text *t)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct check_row *row = &f->rows[i];
		char buf[WORDS_SIZE];

		if (rank_of(row) != rank)
			continue;
		text__puts(t, "<tr>");
		html__cell(t, words__point(buf, &row->key));
		html__number(t, row->run, *words__figure(buf, row->run, "") ? buf : "");
		html__cell(t, row->statistic);
		html__number(t, row->expected, words__figure(buf, row->expected, ""));
		html__number(t, row->observed, words__figure(buf, row->observed, ""));
		html__badge(t, order[rank].kind, row->verdict);
		text__puts(t, "</tr>\n");
	}
}

/* "3231 checks: 2 suspect, 2100 ok, ..." */
static void counts(const struct checks_file *f, struct text *t)
{
	size_t by_rank[ORDERS] = { 0 };
	const char *between = ": ";

	for (size_t i = 0; i < f->count; i++)
		by_rank[rank_of(&f->rows[i])]++;
	text__printf(t, "%zu checks", f->count);
	for (size_t i = 0; i < ORDERS; i++) {
		if (!by_rank[i] && i)
			continue;
		text__printf(t, "%s%zu %s", between, by_rank[i],
			order[i].verdict ? order[i].verdict : "not provable");
		between = ", ";
	}
}

void report__proof(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "benchmark", "#run", "statistic", "#expected", "#observed",
		"verdict", NULL };

	html__section(t, "proof", "Proof");
	text__puts(t,
		"<p>How many exits of which kind one operation should make, and how many KVM's own statistics "
		"counted. What disagrees comes first.</p>\n");
	if (r->checks.count) {
		text__puts(t, "<details class=bulk><summary>");
		counts(&r->checks, t);
		text__puts(t, "</summary><div>\n");
		html__table_begin(t, "checks", columns);
		for (size_t rank = 0; rank < ORDERS; rank++)
			check_rows(&r->checks, rank, t);
		html__table_end(t);
		text__puts(t, "</div></details>\n");
	} else {
		text__puts(t, "<p class=doubt>There is no checks.csv: nothing proves these figures.</p>\n");
	}
	html__section_end(t);
}
