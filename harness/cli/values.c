// SPDX-License-Identifier: MIT
#include "cli/values.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool out_of_range(double value, double min, double max)
{
	return (min != 0 || max != 0) && (value < min || value > max);
}

/* Digits only: strtoull alone would take "-1", " 1" and "1x". */
static int read_digits(const char **text, uint64_t max, uint64_t *value)
{
	const char *p = *text;
	uint64_t v = 0;

	if (!isdigit((unsigned char)*p))
		return -1;
	for (; isdigit((unsigned char)*p); p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*text = p;
	*value = v;
	return 0;
}

int value__unsigned(const char *text, double min, double max, unsigned *value, struct error *err)
{
	const char *p = text;
	uint64_t v;

	if (max == 0)
		max = UINT_MAX;
	if (read_digits(&p, UINT_MAX, &v) || *p || out_of_range((double)v, min, max))
		return error__set(err, EXIT_USAGE, "is not a whole number from %.0f to %.0f", min, max);
	*value = (unsigned)v;
	return 0;
}

int value__u64(const char *text, uint64_t *value, struct error *err)
{
	const char *p = text;
	char *end;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && isxdigit((unsigned char)text[2])) {
		errno = 0;
		*value = strtoull(text, &end, 16);
		if (!*end && !errno)
			return 0;
	} else if (!read_digits(&p, UINT64_MAX, value) && !*p) {
		return 0;
	}
	return error__set(err, EXIT_USAGE, "is not a whole number below 2^64, decimal or 0x…");
}

/* A decimal fraction; written out because strtod follows the locale and takes "nan", "inf" and "0x1p3". */
static int read_decimal(const char **text, double *value)
{
	const char *p = *text;
	double v = 0, place = 0.1;
	bool digits = false;

	for (; isdigit((unsigned char)*p); p++, digits = true)
		v = v * 10 + (*p - '0');
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++, place /= 10, digits = true)
			v += (*p - '0') * place;
	if (!digits || v > 1e15)
		return -1;
	*text = p;
	*value = v;
	return 0;
}

int value__number(const char *text, double min, double max, double *value, struct error *err)
{
	const char *p = text;
	double v;
	bool negative = *p == '-';

	p += negative;
	if (read_decimal(&p, &v) || *p) {
		if (*p == ',')
			return error__set(err, EXIT_USAGE, "is not a number (the decimal point is '.')");
		return error__set(err, EXIT_USAGE, "is not a number");
	}
	if (negative)
		v = -v;
	if (out_of_range(v, min, max))
		return error__set(err, EXIT_USAGE, "is not within %g to %g", min, max);
	*value = v;
	return 0;
}

int value__duration(const char *text, double bare_seconds, double *seconds, struct error *err)
{
	static const struct {
		const char *suffix;
		double seconds;
	} units[] = { { "ms", 0.001 }, { "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 } };
	const char *p = text;
	double v, scale = 0;

	if (read_decimal(&p, &v))
		goto bad;
	if (!*p)
		scale = bare_seconds;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(p, units[i].suffix) == 0)
			scale = units[i].seconds;
	if (scale == 0)
		goto bad;
	if (v <= 0 || v * scale > 7 * 24 * 3600.0)
		return error__set(err, EXIT_USAGE, "is not a duration above 0 and below a week");
	*seconds = v * scale;
	return 0;
bad:
	if (*p == ',')
		return error__set(err, EXIT_USAGE, "is not a duration: the decimal point is '.', as in 1.5s");
	return error__set(err, EXIT_USAGE, "is not a duration such as 90, 1.5s, 200ms or 2m");
}

/* One "N" or "N-M". */
static int read_range(const char **p, uint64_t *first, uint64_t *last)
{
	if (read_digits(p, UINT_MAX, first))
		return -1;
	*last = *first;
	if (**p != '-')
		return 0;
	++*p;
	return read_digits(p, UINT_MAX, last) || *last < *first ? -1 : 0;
}

int value__list(const char *text, double min, double max, struct unsigned_list *list, struct error *err)
{
	struct unsigned_list l = { 0 };
	const char *p = text;
	uint64_t first, last;

	if (max == 0)
		max = UINT_MAX;
	for (;; p++) {
		if (read_range(&p, &first, &last) || (*p && *p != ','))
			return error__set(err, EXIT_USAGE, "is not a list of numbers such as 1,2,4 or 1-4");
		if (out_of_range((double)first, min, max) || out_of_range((double)last, min, max))
			return error__set(err, EXIT_USAGE, "names a number outside %.0f to %.0f", min, max);
		for (uint64_t v = first; v <= last; v++) {
			if (l.count == OPTION_LIST_MAX)
				return error__set(
					err, EXIT_USAGE, "names more than %d numbers", OPTION_LIST_MAX);
			for (size_t i = 0; i < l.count; i++)
				if (l.items[i] == v)
					return error__set(err, EXIT_USAGE, "names %u twice", (unsigned)v);
			l.items[l.count++] = (unsigned)v;
		}
		if (!*p)
			break;
	}
	*list = l;
	return 0;
}

int value__bits(const char *text, unsigned (*bits_of)(const char *word), const char *words, unsigned *bits,
	struct error *err)
{
	const char *p = text;
	char word[32];

	*bits = 0;
	while (*p) {
		size_t length = strcspn(p, ",");
		unsigned more = 0;

		if (length < sizeof(word)) {
			memcpy(word, p, length);
			word[length] = '\0';
			more = bits_of(word);
		}
		if (!more)
			return error__set(err, EXIT_USAGE, "is not a list of %s", words);
		*bits |= more;
		p += length + (p[length] == ',');
	}
	return *bits ? 0 : error__set(err, EXIT_USAGE, "names nothing");
}

int value__cpus(const char *text, struct error *err)
{
	const char *p = text;
	uint64_t first, last;

	for (;; p++) {
		if (read_range(&p, &first, &last) || (*p && *p != ',') || last > 8191)
			return error__set(err, EXIT_USAGE, "is not a CPU list such as 0-3,8");
		if (!*p)
			return 0;
	}
}
