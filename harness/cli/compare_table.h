/* SPDX-License-Identifier: MIT */
/* A comparison for people, on the terminal. */
#ifndef CLI_COMPARE_TABLE_H
#define CLI_COMPARE_TABLE_H

#include <stdio.h>

#include "cli/terminal.h"
#include "compare/compare.h"
#include "compare/gate.h"
#include "compare/matrix.h"

/* What both sides are, what differs between them, and what has to be known before the figures. */
void compare_table__head(const struct comparison *c, FILE *out, const struct terminal *terminal);

enum compare_show {
	SHOW_PRIMARY, /* one figure a benchmark, and others where they changed */
	SHOW_CHANGES, /* only what isn't the same */
	SHOW_ALL,
};

/* The rows by what matters, and the counts below. */
void compare_table__print(
	const struct comparison *c, enum compare_show show, FILE *out, const struct terminal *terminal);

/* The gated rows that don't pass, and the sentence that sums up. */
void compare_table__gate(const struct gate *g, FILE *out, const struct terminal *terminal);

/* One column per group. */
void compare_table__matrix(
	const struct matrix *m, enum compare_show show, FILE *out, const struct terminal *terminal);

#endif
