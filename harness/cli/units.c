// SPDX-License-Identifier: MIT
#include "cli/units.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

/* Three significant digits of a value below 1000, without the rounding that makes 9.996 "10.00". */
static void three_digits(char *buf, size_t size, double value, const char *suffix)
{
	double v = fabs(value);
	int decimals = v < 9.995 ? 2 : v < 99.95 ? 1 : 0;

	snprintf(buf, size, "%.*f%s", decimals, value, suffix);
}

/* Scales by the largest step whose rounded figure is at least 1. */
static char *scaled(char *buf, double value, const char *const suffixes[], unsigned count)
{
	unsigned i = 0;

	if (isnan(value)) {
		buf[0] = '\0';
		return buf;
	}
	while (i + 1 < count && fabs(value) >= 999.5) {
		value /= 1000;
		i++;
	}
	three_digits(buf, UNITS_SIZE, value, suffixes[i]);
	return buf;
}

char *units__ticks(char *buf, double value)
{
	static const char *const steps[] = { "M", "G", "T" };

	if (fabs(value) >= 1e7)
		return scaled(buf, value / 1e6, steps, 3);
	if (fabs(value) >= 999.5)
		snprintf(buf, UNITS_SIZE, "%.0f", value);
	else if (isnan(value))
		buf[0] = '\0';
	else if (value == floor(value))
		snprintf(buf, UNITS_SIZE, "%.0f", value); /* instructions come whole */
	else
		three_digits(buf, UNITS_SIZE, value, "");
	return buf;
}

char *units__time(char *buf, double ns, bool utf8)
{
	static const char *const ascii[] = { " ns", " us", " ms", " s" };
	static const char *const greek[] = { " ns", " µs", " ms", " s" };

	return scaled(buf, ns, utf8 ? greek : ascii, 4);
}

char *units__percent(char *buf, double ratio)
{
	double percent = fabs(ratio) * 100;

	if (isnan(ratio))
		buf[0] = '\0';
	else
		snprintf(buf, UNITS_SIZE, "%.*f %%",
			percent < 0.095  ? 2
			: percent < 9.95 ? 1
					 : 0,
			ratio * 100);
	return buf;
}

char *units__rate(char *buf, double per_second)
{
	static const char *const steps[] = { "/s", " k/s", " M/s", " G/s" };

	return scaled(buf, per_second, steps, 4);
}

char *units__wait(char *buf, double seconds)
{
	unsigned long s;

	if (isnan(seconds) || seconds < 0 || seconds > 1e9) {
		buf[0] = '\0';
		return buf;
	}
	s = (unsigned long)ceil(seconds);
	if (s < 60)
		snprintf(buf, UNITS_SIZE, "%lu s", s);
	else if (s < 3600)
		snprintf(buf, UNITS_SIZE, "%lu min %02lu s", s / 60, s % 60);
	else
		snprintf(buf, UNITS_SIZE, "%lu h %02lu min", s / 3600, s % 3600 / 60);
	return buf;
}
