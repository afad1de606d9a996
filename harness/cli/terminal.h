/* SPDX-License-Identifier: MIT */
/* What a stream is connected to, and what may be sent there. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

struct terminal {
	bool interactive; /* a terminal that can move its cursor (TERM is not "dumb") */
	bool colour;      /* colour may be used: interactive and NO_COLOR unset or empty */
	bool utf8;        /* the locale's characters are UTF-8 */
	unsigned width;   /* columns; 0: not a terminal, no limit */
};

/* Looks at the stream, at NO_COLOR, TERM, COLUMNS and the locale. */
struct terminal terminal__of(FILE *stream);

/* Columns for running text (usage, notes): the terminal's, at most 100; 80 where there is none. */
unsigned terminal__text_width(const struct terminal *t);

enum colour {
	COLOUR_NONE,
	COLOUR_BOLD,
	COLOUR_DIM,
	COLOUR_RED,
	COLOUR_GREEN,
	COLOUR_YELLOW
};

/* The escape sequence, or "" where colour is off. COLOUR_NONE is the one that ends the others. */
const char *terminal__colour(const struct terminal *t, enum colour colour);

#endif
