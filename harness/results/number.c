// SPDX-License-Identifier: MIT
#include "results/number.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The program's own locale: whatever the user's says, files have '.' decimals. Lives as long as it. */
static locale_t c_locale(void)
{
	static locale_t locale;

	if (!locale)
		locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	return locale;
}

static size_t format_integer(int64_t value, char *out)
{
	char digits[20];
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t used = 0, length = 0;

	do
		digits[used++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		out[length++] = '-';
	while (used)
		out[length++] = digits[--used];
	out[length] = '\0';
	return length;
}

size_t number__format(double value, char out[NUMBER_SIZE])
{
	locale_t before;
	int length = 0;

	out[0] = '\0';
	if (isnan(value))
		return 0;
	/* Most figures are whole ticks; below 1e15 %.15g writes them the same way. */
	if (fabs(value) < 1e15 && value == (double)(int64_t)value)
		return format_integer((int64_t)value, out);
	before = uselocale(c_locale());
	for (int digits = 15; digits <= 17; digits++) {
		length = snprintf(out, NUMBER_SIZE, "%.*g", digits, value);
		if (strtod(out, NULL) == value)
			break;
	}
	uselocale(before);
	return (size_t)length;
}

/*
 * Digits with at most one point and no exponent: where the digits fit 53 bits and the power of ten is
 * one of the exact ones, a single division rounds correctly (Clinger, 1990).
 */
static int parse_plain(const char *text, size_t length, double *value)
{
	static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
		1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	const char *p = text, *end = text + length, *point = NULL;
	uint64_t digits = 0;
	size_t count = 0;

	if (p < end && *p == '-')
		p++;
	for (; p < end; p++) {
		if (*p == '.' && !point) {
			point = p;
			continue;
		}
		if (*p < '0' || *p > '9' || ++count > 18)
			return -1;
		digits = digits * 10 + (uint64_t)(*p - '0');
	}
	if (!count || digits >> 53)
		return -1;
	*value = (double)digits;
	if (point)
		*value /= powers[end - point - 1];
	if (*text == '-')
		*value = -*value;
	return 0;
}

int number__parse(const char *text, size_t length, double *value)
{
	char *end;

	if (!length) {
		*value = NAN;
		return 0;
	}
	if (!parse_plain(text, length, value))
		return 0;
	/* strtod also takes white space, hexadecimal, names of values: none of them is ours. */
	if (strspn(text, "0123456789+-.eE") != length)
		return -1;
	*value = strtod_l(text, &end, c_locale());
	return end == text + length && isfinite(*value) ? 0 : -1;
}
