/* SPDX-License-Identifier: MIT */
/*
 * A table on the terminal: aligned, grouped under headings, no wider than the terminal. Columns that hold
 * nothing are left out; where the rest is too wide the least important columns go, then the shrinking ones
 * are cut, the last first. To a pipe everything is written at full width.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "cli/terminal.h"

enum table_align {
	ALIGN_LEFT,
	ALIGN_RIGHT
};

struct table_column {
	const char *title;
	enum table_align align;
	unsigned drop;   /* 0: never; else the highest goes first where space is short */
	unsigned shrink; /* may be cut down to so many columns; 0: never */
};

struct table;

/* The columns are borrowed for the table's life. Ends the program where memory is out. */
struct table *table__new(const struct table_column *columns, size_t count);
void table__free(struct table *t);

/* Adds a line over the rows that follow; copied. A heading without rows isn't printed. */
void table__heading(struct table *t, const char *text);

/* Adds a row of `count` (as of table__new) cells; copied, NULL is an empty cell. */
void table__row(struct table *t, enum colour colour, const char *const *cells);

size_t table__rows(const struct table *t);

/* Titles of the columns that hold something but have no room on this terminal, with commas between; "" where there are none. */
char *table__left_out(const struct table *t, const struct terminal *terminal, char *buf, size_t size);

void table__print(const struct table *t, FILE *out, const struct terminal *terminal);

#endif
