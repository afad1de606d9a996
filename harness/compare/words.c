// SPDX-License-Identifier: MIT
#include "compare/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Three significant digits below 1000, whole numbers above; instructions and ticks come whole anyway. */
char *words__figure(char *buf, double value, const char *unit)
{
	const char *suffix = !strcmp(unit, "ns") ? " ns" : !strcmp(unit, "op/s") ? "/s" : "";
	double size = fabs(value);

	buf[0] = '\0';
	if (isnan(value))
		return buf;
	if (size >= 999.5 || value == floor(value))
		snprintf(buf, WORDS_SIZE, "%.0f%s", value, suffix);
	else
		snprintf(buf, WORDS_SIZE, "%.*f%s", size < 9.995 ? 2 : size < 99.95 ? 1 : 0, value, suffix);
	return buf;
}

/* "+2.1", of a ratio; finer below a tenth of a percent. */
static char *percent(char *buf, double ratio)
{
	double value = 100 * (ratio - 1), size = fabs(value);

	if (isnan(ratio))
		buf[0] = '\0';
	else if (isinf(ratio))
		snprintf(buf, WORDS_SIZE, ratio > 0 ? "+inf" : "-inf");
	else if (value == 0)
		snprintf(buf, WORDS_SIZE, "0");
	else
		snprintf(buf, WORDS_SIZE, "%+.*f",
			size < 0.095  ? 3
			: size < 9.95 ? 2
			: size < 99.5 ? 1
				      : 0,
			value);
	return buf;
}

char *words__change(char *buf, const struct comparison_row *row)
{
	const struct judgement *j = &row->judgement;
	char number[WORDS_SIZE];

	buf[0] = '\0';
	if (isnan(j->median_a) || isnan(j->median_b))
		return buf;
	if (!strcmp(row->unit, "count/op") || (j->method == METHOD_EXACT && j->median_a != j->median_b)) {
		words__figure(number, fabs(j->median_b - j->median_a), "");
		snprintf(buf, WORDS_SIZE, "%s%.60s",
			j->median_b < j->median_a   ? "-"
			: j->median_b > j->median_a ? "+"
						    : "",
			number);
		if (j->method != METHOD_EXACT || isnan(j->ratio) || isinf(j->ratio))
			return buf;
		percent(number, j->ratio);
		snprintf(buf + strlen(buf), WORDS_SIZE - strlen(buf), " (%.40s %%)", number);
		return buf;
	}
	if (!isnan(j->ratio) && !isinf(j->ratio))
		snprintf(buf, WORDS_SIZE, "%.60s %%", percent(number, j->ratio));
	return buf;
}

char *words__interval(char *buf, const struct comparison_row *row)
{
	const struct judgement *j = &row->judgement;
	char low[WORDS_SIZE], high[WORDS_SIZE];
	bool estimated = j->method == METHOD_RUNS || j->method == METHOD_BOOTS || j->method == METHOD_BOOTS_T;

	buf[0] = '\0';
	/* Below 4 + 4 values no interval holds 95 %. */
	if (estimated && isfinite(j->low) && isfinite(j->high) && j->low > 0)
		snprintf(buf, WORDS_SIZE, "%.40s .. %.40s %%", percent(low, j->low), percent(high, j->high));
	return buf;
}

char *words__detectable(char *buf, const struct comparison_row *row)
{
	const struct judgement *j = &row->judgement;

	buf[0] = '\0';
	if (j->method == METHOD_EXACT && j->detectable == 0)
		snprintf(buf, WORDS_SIZE, "1 insn");
	else if (!isnan(j->detectable) && !isinf(j->detectable) && j->detectable > 0)
		snprintf(buf, WORDS_SIZE, "%.*f %%", j->detectable < 0.0995 ? 1 : 0, 100 * j->detectable);
	return buf;
}

char *words__runs(char *buf, const struct comparison_row *row)
{
	const struct judgement *j = &row->judgement;

	buf[0] = '\0';
	if (j->units_a || j->units_b)
		snprintf(buf, WORDS_SIZE, "%zu+%zu%s", j->units_a, j->units_b,
			j->method == METHOD_BOOTS || j->method == METHOD_BOOTS_T ? " boots" : "");
	return buf;
}

char *words__point(char *buf, const struct cell_key *key)
{
	size_t used = (size_t)snprintf(buf, WORDS_SIZE, "%.80s", key->bench);

	if (key->vcpus != 1)
		used += (size_t)snprintf(buf + used, WORDS_SIZE - used, " vcpus=%u", key->vcpus);
	if (key->vms != 1)
		snprintf(buf + used, WORDS_SIZE - used, " vms=%u", key->vms);
	return buf;
}

const char *words__verdict(const struct comparison_row *row)
{
	return verdict__word(row->judgement.verdict, row->unit);
}

char *words__counts(char *buf, const struct comparison *c)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int v = 0; v < VERDICT_COUNT && used < WORDS_SIZE; v++) {
		if (!c->by_verdict[v])
			continue;
		used += (size_t)snprintf(buf + used, WORDS_SIZE - used, "%s%zu %s", used ? ", " : "",
			c->by_verdict[v], verdict__word(v, ""));
	}
	if (!used)
		snprintf(buf, WORDS_SIZE, "nothing to compare");
	return buf;
}
