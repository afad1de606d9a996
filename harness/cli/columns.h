/* SPDX-License-Identifier: MIT */
/* Text on a terminal: how many columns a UTF-8 string takes, and breaking it into lines. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

/* Columns that a UTF-8 string takes, counting a code point as one (all that we print are). */
unsigned columns__of(const char *text);

/* Bytes of the longest start of `text` that takes at most `columns`. */
size_t columns__fit(const char *text, unsigned columns);

/* Writes `text` in lines of at most `width` columns, broken at spaces; '\n' and the spaces
 * after it are kept, and the lines that follow are indented like that. The cursor stands in column `at`; every
 * line starts in column `indent`. Ends with a newline. */
void columns__wrap(FILE *out, const char *text, unsigned at, unsigned indent, unsigned width);

#endif
