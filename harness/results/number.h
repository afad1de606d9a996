/* SPDX-License-Identifier: MIT */
/* Numbers of the results files: '.' decimals whatever the locale says. */
#ifndef RESULTS_NUMBER_H
#define RESULTS_NUMBER_H

#include <stddef.h>

#define NUMBER_SIZE 32

/* Shortest of %.15g, %.16g, %.17g that reads back as the same double; "" for NAN. Returns the length. */
size_t number__format(double value, char out[NUMBER_SIZE]);

/*
 * Reads the whole of `text` (length bytes, NUL-terminated) as a decimal number; an empty text is NAN.
 * 0, or -1 where it is anything else, "nan", "inf" and hexadecimal included.
 */
int number__parse(const char *text, size_t length, double *value);

#endif
