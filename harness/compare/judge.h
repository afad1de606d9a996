/* SPDX-License-Identifier: MIT */
/* One series against another: the verdict and what it rests on. */
#ifndef COMPARE_JUDGE_H
#define COMPARE_JUDGE_H

#include "compare/side.h"
#include "stats/rank.h"

enum verdict {
	VERDICT_BROKEN, /* figures in A; failed or timed out in B */
	VERDICT_SLOWER, /* the interval lies beyond +delta and the test, corrected, rejects */
	VERDICT_FASTER,
	VERDICT_UNTRUSTED,    /* suspect in A or B: the proof disagrees with the claim */
	VERDICT_INCONCLUSIVE, /* neither shown to differ nor shown to be the same */
	VERDICT_GONE,         /* no figures in B: skipped or not run */
	VERDICT_NEW,          /* figures in B only */
	VERDICT_ABSENT,       /* no figures on either side: skipped on both */
	VERDICT_SAME,         /* the interval lies within +-delta */
	VERDICT_COUNT,
};

enum method {
	METHOD_NONE,
	METHOD_RUNS,    /* exact Mann-Whitney and Hodges-Lehmann on the runs' medians */
	METHOD_BOOTS,   /* the same on the boots' medians */
	METHOD_BOOTS_T, /* too few boots for that: Welch's t on the logs of the boots' medians */
	METHOD_EXACT,   /* instructions, every run alike: a difference of one is a difference */
	METHOD_COUNTED, /* exits and other things that are counted, not timed */
	METHOD_COPY,    /* both sides are the same runs: compared figure by figure */
};

/* What is known before the verdict. Ratios are B / A: 1.02 is 2 % more. */
struct judgement {
	enum verdict verdict;
	enum method method;
	bool more_is_worse;
	double median_a, median_b;
	double ratio, low, high; /* the shift with its 95 % interval; NAN where there is none */
	double p, p_holm;        /* NAN where nothing was tested */
	double delta;            /* limit used: 0.01 is 1 % */
	double detectable;       /* smallest change that would have been called with a chance of 80 % */
	size_t units_a, units_b; /* independent values: runs, or boots */
	const char *note;        /* what stands in the way, in a few words; "" */
};

struct judge_rules {
	bool exact_clock; /* figures are counted instructions */
	bool copy;        /* both sides hold the same runs */
	double alpha;     /* 0.05 */
	double strays;    /* exits an operation that are nobody's change: judge__strays() */
};

/* How much counted exits an operation may differ where nothing changed. A round has an exit or two of its own, which is
 * something where it has tens of operations; a backend that emulates its guests leaves them when it likes, and KVM's
 * counters don't tell why. What a change to KVM adds or takes away is whole exits. */
double judge__strays(bool emulated);

/* Counted rather than timed (exits, tracepoints, retired instructions): worth gating on a noisy host too. */
bool series__is_deterministic(const struct series *s);

/* Will the pair be put to a test? Otherwise its figures are no estimates, or there are none. */
bool judge__needs_test(const struct series *a, const struct series *b, const struct judge_rules *rules);

/*
 * First step, each pair for itself: medians, ratio, interval and p. `tests` is how many pairs are going to
 * be tested (for the choice of method with few boots). Where no test is needed the verdict is final;
 * otherwise it is VERDICT_INCONCLUSIVE with a p. 0, or -1 with err.
 */
int judge__measure(const struct series *a, const struct series *b, const struct judge_rules *rules,
	double delta, size_t tests, struct u_distribution *cache, struct judgement *out, struct error *err);

/* Second step, when p_holm is known. */
void judge__decide(struct judgement *j, const struct judge_rules *rules, size_t tests);

/* "slower", "faster", "same"...; counts are "more" and "fewer". */
const char *verdict__word(enum verdict verdict, const char *unit);

/* Words of a method for people; "" for none. */
const char *method__words(enum method method);

/* Runs a side that an exact test needs so that `tests` comparisons can be decided at `alpha`. */
size_t judge__runs_needed(size_t tests, double alpha);

#endif
