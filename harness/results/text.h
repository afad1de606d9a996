/* SPDX-License-Identifier: MIT */
/*
 * A text that grows, for writers that hand over whole files or whole pieces.  Running out of memory is
 * remembered in `failed` and asked about once, at the end.
 */
#ifndef RESULTS_TEXT_H
#define RESULTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
	char *data; /* NUL-terminated once anything was added */
	size_t used;
	size_t size;
	bool failed;
};

void text__add(struct text *t, const char *data, size_t length);
void text__puts(struct text *t, const char *string);
void text__putc(struct text *t, char c);
/* Decimal points follow the locale here: numbers with fractions go through text__number(). */
void text__printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As number__format(); "" for NAN. */
void text__number(struct text *t, double value);
void text__free(struct text *t);

#endif
