/* SPDX-License-Identifier: MIT */
/* Two sides, pair by pair, with verdicts corrected for the number of comparisons. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "compare/identity.h"
#include "compare/judge.h"
#include "compare/thresholds.h"

struct comparison_row {
	struct cell_key key;
	const char *metric, *unit;
	const struct series *a, *b; /* NULL: not there */
	bool primary; /* the figure that stands for the benchmark: its round trip, or what the guest sees */
	bool deterministic; /* counted or from an exact clock: meaningful on a noisy host too */
	bool excluded;      /* the thresholds file says `off` */
	struct judgement judgement;
};

struct comparison {
	struct side *a, *b;
	struct comparison_row *rows; /* by what matters: broken, slower (most first), faster ... same */
	size_t count;
	size_t by_verdict[VERDICT_COUNT]; /* of the primary rows */
	size_t tests;                     /* primary pairs that were tested: Holm's n */
	bool copy, exact, nanoseconds;
	double noise; /* largest noise floor that either host's own A/A runs showed; 0: not known */
	struct difference *differences;
	size_t difference_count;
	char **notes; /* sentences above the table */
	size_t note_count;
	struct u_distribution cache;
};

struct compare_options {
	double delta; /* smallest change that counts: 0.01; raised to the noise floor where that is larger */
	double alpha; /* 0.05 */
	unsigned across;                     /* factors that may differ besides kernel and settings */
	const struct thresholds *thresholds; /* NULL: none */
};

#define COMPARE_OPTIONS_DEFAULT                                                                              \
	{                                                                                                    \
		.delta = 0.01, .alpha = 0.05, .across = FACTOR_KERNEL                                        \
	}

/*
 * Compares `a` with `b`, which it keeps using (side__index() may be called on them: ticks become ns where the
 * TSC frequencies differ). 0, or -1 with err: not comparable, or no memory.
 */
int compare__run(struct side *a, struct side *b, const struct compare_options *options, struct comparison *c,
	struct error *err);

void comparison__free(struct comparison *c);

#endif
