/* SPDX-License-Identifier: MIT */
/* A comparison as a gate: which figures count, which of them fail, and the exit status. */
#ifndef COMPARE_GATE_H
#define COMPARE_GATE_H

#include "compare/compare.h"

enum gate_mode {
	GATE_AUTO, /* times where they can be trusted (hardware, the lab), else only what is counted */
	GATE_ALL,  /* times as well, whatever the host */
	GATE_DETERMINISTIC, /* exits per operation, and figures of an exact clock */
};

enum outcome {
	OUTCOME_FAIL,
	OUTCOME_UNDECIDED, /* inconclusive: fails with --strict */
	OUTCOME_PASS,
	OUTCOME_SKIP, /* nothing to compare on one side */
	OUTCOME_COUNT,
};

struct gate_options {
	enum gate_mode mode;
	unsigned fail_on; /* bits 1 << verdict */
	bool strict;      /* inconclusive is no pass */
};

#define GATE_FAIL_ON_DEFAULT (1u << VERDICT_SLOWER | 1u << VERDICT_BROKEN | 1u << VERDICT_UNTRUSTED)

struct gate_row {
	const struct comparison_row *row;
	enum outcome outcome;
};

struct gate {
	const struct comparison *comparison;
	struct gate_row *rows; /* the gated ones: failures first */
	size_t count;
	size_t by_outcome[OUTCOME_COUNT];
	enum exit_status status;
	const char *mode_words; /* what was gated, and why not the rest; "" where it was everything */
	bool strict;
};

/* 0, or -1 with err. The gate points into the comparison. */
int gate__decide(
	const struct comparison *c, const struct gate_options *options, struct gate *g, struct error *err);

void gate__free(struct gate *g);

/* The bit of "slower", "faster", "inconclusive", "gone"...; 0 where it is none. */
unsigned verdict__parse_bit(const char *word);

/* "FAIL: 1 slower of 41; ..." in a line. */
char *gate__sentence(char *buf, const struct gate *g);

#endif
