// SPDX-License-Identifier: MIT
#include "compare/gate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/words.h"

unsigned verdict__parse_bit(const char *word)
{
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (!strcmp(word, verdict__word(v, "")))
			return 1u << v;
	return 0;
}

/* Are this host's times worth gating on? */
static bool times_count(const struct comparison *c, enum gate_mode mode)
{
	const char *trust = side__fact(c->b, "trust", "hardware");

	if (mode != GATE_AUTO)
		return mode == GATE_ALL;
	return c->copy || c->exact || !strcmp(trust, "hardware");
}

static enum outcome outcome_of(const struct comparison_row *row, const struct gate_options *options)
{
	enum verdict v = row->judgement.verdict;

	if (options->fail_on & (1u << v))
		return OUTCOME_FAIL;
	switch (v) {
	case VERDICT_INCONCLUSIVE:
		return OUTCOME_UNDECIDED;
	case VERDICT_GONE:
	case VERDICT_NEW:
	case VERDICT_ABSENT:
		return OUTCOME_SKIP;
	default:
		return OUTCOME_PASS;
	}
}

static int by_outcome(const void *a, const void *b)
{
	const struct gate_row *x = a, *y = b;

	if (x->outcome != y->outcome)
		return (int)x->outcome - (int)y->outcome;
	/* The comparison's own order. */
	return x->row < y->row ? -1 : x->row > y->row;
}

static enum exit_status status_of(const struct gate *g)
{
	bool broken = false, untrusted = false;

	for (size_t i = 0; i < g->by_outcome[OUTCOME_FAIL]; i++) {
		enum verdict v = g->rows[i].row->judgement.verdict;

		if (v != VERDICT_BROKEN && v != VERDICT_UNTRUSTED)
			return EXIT_REGRESSION;
		broken |= v == VERDICT_BROKEN;
		untrusted |= v == VERDICT_UNTRUSTED;
	}
	if (broken)
		return EXIT_BENCH_FAILED;
	if (untrusted)
		return EXIT_UNTRUSTWORTHY;
	if (!g->by_outcome[OUTCOME_PASS] && !g->by_outcome[OUTCOME_UNDECIDED])
		return EXIT_NOTHING_RAN;
	return g->strict && g->by_outcome[OUTCOME_UNDECIDED] ? EXIT_INCONCLUSIVE : EXIT_FINE;
}

int gate__decide(
	const struct comparison *c, const struct gate_options *options, struct gate *g, struct error *err)
{
	bool times = times_count(c, options->mode);

	*g = (struct gate){ .comparison = c, .strict = options->strict, .mode_words = "" };
	g->rows = malloc((c->count + 1) * sizeof(*g->rows));
	if (!g->rows)
		return error__set_errno(err, EXIT_IO, ENOMEM, "checking");
	for (size_t i = 0; i < c->count; i++) {
		const struct comparison_row *row = &c->rows[i];
		bool gated = row->deterministic || (times && row->primary);

		/* A benchmark that broke has no figures of any kind; its primary row says so. */
		gated |= row->primary && row->judgement.verdict == VERDICT_BROKEN;
		if (!gated || row->excluded)
			continue;
		/* In the exact clock all figures are alike; the primary one stands for them. */
		if (c->exact && !row->primary && !series__is_deterministic(row->a ? row->a : row->b))
			continue;
		g->rows[g->count++] = (struct gate_row){ row, outcome_of(row, options) };
		g->by_outcome[g->rows[g->count - 1].outcome]++;
	}
	qsort(g->rows, g->count, sizeof(*g->rows), by_outcome);
	if (!times)
		g->mode_words =
			options->mode == GATE_DETERMINISTIC
				? "Only what is counted is gated (exits and instructions per operation)."
				: "This host's times are too noisy, or mean too little, to gate on (virtual or emulated): only what "
				  "is counted is gated (exits and instructions per operation); --gate all gates times as well.";
	g->status = status_of(g);
	return 0;
}

void gate__free(struct gate *g)
{
	free(g->rows);
	*g = (struct gate){ 0 };
}

char *gate__sentence(char *buf, const struct gate *g)
{
	static const char *const words[] = { [EXIT_FINE] = "PASS",
		[EXIT_REGRESSION] = "FAIL: regression",
		[EXIT_NOTHING_RAN] = "NOTHING: no gated figure on both sides",
		[EXIT_BENCH_FAILED] = "FAIL: broken",
		[EXIT_UNTRUSTWORTHY] = "FAIL: untrusted",
		[EXIT_INCONCLUSIVE] = "INCONCLUSIVE" };

	snprintf(buf, WORDS_SIZE, "%s (%zu failed, %zu undecided, %zu passed, %zu skipped)", words[g->status],
		g->by_outcome[OUTCOME_FAIL], g->by_outcome[OUTCOME_UNDECIDED], g->by_outcome[OUTCOME_PASS],
		g->by_outcome[OUTCOME_SKIP]);
	return buf;
}
