// SPDX-License-Identifier: MIT
#include "compare/judge.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/describe.h"
#include "stats/distributions.h"

#define CONFIDENCE 0.95

const char *verdict__word(enum verdict verdict, const char *unit)
{
	static const char *const words[VERDICT_COUNT] = { [VERDICT_BROKEN] = "broken",
		[VERDICT_SLOWER] = "slower",
		[VERDICT_FASTER] = "faster",
		[VERDICT_UNTRUSTED] = "untrusted",
		[VERDICT_INCONCLUSIVE] = "inconclusive",
		[VERDICT_GONE] = "gone",
		[VERDICT_NEW] = "new",
		[VERDICT_ABSENT] = "skipped",
		[VERDICT_SAME] = "same" };

	if (!strcmp(unit, "count/op") && verdict == VERDICT_SLOWER)
		return "more";
	if (!strcmp(unit, "count/op") && verdict == VERDICT_FASTER)
		return "fewer";
	return words[verdict];
}

const char *method__words(enum method method)
{
	static const char *const words[] = { [METHOD_NONE] = "",
		[METHOD_RUNS] = "exact Mann-Whitney and Hodges-Lehmann on the medians of the runs",
		[METHOD_BOOTS] = "exact Mann-Whitney and Hodges-Lehmann on the medians of the boots",
		[METHOD_BOOTS_T] = "Welch's t on the logarithms of the medians of the boots",
		[METHOD_EXACT] = "exact clock, no statistics",
		[METHOD_COUNTED] = "counted, no statistics",
		[METHOD_COPY] = "the same on both sides, compared as they stand" };

	return words[method];
}

size_t judge__runs_needed(size_t tests, double alpha)
{
	size_t n = 2;

	while (n < 1000 && stats__smallest_p(n, n) * (double)(tests ? tests : 1) >= alpha)
		n++;
	return n;
}

/* The worse direction: more ticks, fewer operations a second. */
static bool more_is_worse(const char *unit)
{
	return strcmp(unit, "op/s") != 0;
}

static enum verdict direction(const struct judgement *j, bool more)
{
	return more == j->more_is_worse ? VERDICT_SLOWER : VERDICT_FASTER;
}

/* Every run of both sides, or of one, has the same value. */
static bool constant(const struct series *s)
{
	for (size_t i = 1; i < s->runs; i++)
		if (s->values[i] != s->values[0])
			return false;
	return true;
}

/* Verdict from the medians alone, where they are no estimates. */
static void by_medians(struct judgement *j, enum method method, double tolerance)
{
	double difference = j->median_b - j->median_a;

	j->method = method;
	j->low = j->high = j->ratio;
	j->verdict = fabs(difference) <= tolerance ? VERDICT_SAME : direction(j, difference > 0);
	j->detectable = j->median_a ? tolerance / fabs(j->median_a) : NAN;
}

/* Instructions that differ from run to run (timers): decided only where the runs don't overlap. */
static void by_ranges(struct judgement *j, const struct series *a, const struct series *b)
{
	double low_a = INFINITY, high_a = -INFINITY, low_b = INFINITY, high_b = -INFINITY;

	for (size_t i = 0; i < a->runs; i++) {
		low_a = fmin(low_a, a->values[i]);
		high_a = fmax(high_a, a->values[i]);
	}
	for (size_t i = 0; i < b->runs; i++) {
		low_b = fmin(low_b, b->values[i]);
		high_b = fmax(high_b, b->values[i]);
	}
	j->method = METHOD_EXACT;
	j->low = low_b / high_a;
	j->high = high_b / low_a;
	j->detectable = fmax(high_a - low_a, high_b - low_b) / fabs(j->median_a);
	if (low_b > high_a || high_b < low_a) {
		j->verdict = direction(j, low_b > high_a);
	} else if (j->low >= 1 / (1 + j->delta) && j->high <= 1 + j->delta) {
		j->verdict = VERDICT_SAME;
	} else {
		j->verdict = VERDICT_INCONCLUSIVE;
		j->note = "differs from run to run: a timer or an interrupt is part of it";
	}
}

/* Where there is no pair of figures to compare. True: the verdict is final. */
static bool without_figures(struct judgement *j, const struct series *a, const struct series *b)
{
	bool has_a = a && a->runs, has_b = b && b->runs;

	if (!has_a && !has_b) {
		const struct series *any = b ? b : a;

		/* It didn't work before either: nothing to compare, and no regression. */
		j->verdict = a && b ? VERDICT_ABSENT : a ? VERDICT_GONE : VERDICT_NEW;
		j->note = *any->reason ? any->reason : row_status__name(any->status);
		return true;
	}
	if (b && (b->status == ROW_FAILED || b->status == ROW_TIMEOUT)) {
		j->verdict = has_a && a->status <= ROW_SUSPECT ? VERDICT_BROKEN : VERDICT_GONE;
		j->note = *b->reason ? b->reason : row_status__name(b->status);
		return true;
	}
	if (!has_b) {
		j->verdict = VERDICT_GONE;
		j->note = b && *b->reason ? b->reason : b ? row_status__name(b->status) : "not run in B";
		return true;
	}
	if (!has_a) {
		j->verdict = VERDICT_NEW;
		j->note = a && *a->reason ? a->reason : a ? row_status__name(a->status) : "not run in A";
		return true;
	}
	if (a->status != ROW_OK || b->status != ROW_OK) {
		j->verdict = VERDICT_UNTRUSTED;
		j->note = b->status != ROW_OK ? b->reason : a->reason;
		return true;
	}
	if (strcmp(a->unit, b->unit)) {
		j->verdict = VERDICT_UNTRUSTED;
		j->note = "the units differ";
		return true;
	}
	return false;
}

/* The independent values of a side, as logs where all are positive. */
struct sample {
	double *values;
	size_t count;
};

/* One value per boot: the median of its runs. Runs of a boot need not lie together. */
static size_t boot_medians(const struct series *s, double *out, double *scratch)
{
	size_t count = 0;

	for (size_t i = 0; i < s->runs; i++) {
		bool seen = false;
		size_t used = 0;

		for (size_t k = 0; k < i && !seen; k++)
			seen = s->boots[k] == s->boots[i];
		if (seen)
			continue;
		for (size_t k = i; k < s->runs; k++)
			if (s->boots[k] == s->boots[i])
				scratch[used++] = s->values[k];
		out[count++] = stats__median(scratch, used);
	}
	return count;
}

static bool all_positive(const struct sample *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->values[i] <= 0)
			return false;
	return true;
}

static void take_logs(struct sample *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->values[i] = log(s->values[i]);
}

static void moments(const struct sample *s, double *mean, double *variance_of_mean)
{
	struct distribution d;

	distribution__of(&d, s->values, s->count);
	*mean = d.mean;
	*variance_of_mean = d.stddev * d.stddev / (double)s->count;
}

/* Welch's t: two boots a side have a mean and a spread, but no exact test that could ever reject. */
static void welch(const struct sample *a, const struct sample *b, struct shift *shift, double *p)
{
	double mean_a, mean_b, v_a, v_b, error, df;

	moments(a, &mean_a, &v_a);
	moments(b, &mean_b, &v_b);
	error = sqrt(v_a + v_b);
	shift->estimate = mean_b - mean_a;
	if (error == 0) {
		shift->low = shift->high = shift->estimate;
		*p = shift->estimate == 0;
		return;
	}
	df = (v_a + v_b) * (v_a + v_b) /
	     (v_a * v_a / (double)(a->count - 1) + v_b * v_b / (double)(b->count - 1));
	*p = stats__t_two_sided(shift->estimate / error, df);
	shift->low = shift->estimate - error * stats__t_critical(1 - CONFIDENCE, df);
	shift->high = shift->estimate + error * stats__t_critical(1 - CONFIDENCE, df);
}

/* The smallest change that this many values with this much noise would show with a chance of 80 %. */
static double smallest_detectable(
	const struct judgement *j, double log_low, double log_high, size_t tests, double alpha)
{
	/* Interval and test are driven by the same standard error, that of the shift. */
	double error = (log_high - log_low) / 2 / stats__normal_quantile(0.975);
	double for_interval = log1p(j->delta) + error * stats__normal_quantile(0.975);
	double for_test = error * stats__normal_quantile(1 - alpha / 2 / (double)(tests ? tests : 1));

	return expm1(fmax(for_interval, for_test) + error * stats__normal_quantile(0.8));
}

static int test_samples(struct judgement *j, struct sample *a, struct sample *b,
	const struct judge_rules *rules, size_t tests, bool boots, struct u_distribution *cache)
{
	bool logs = all_positive(a) && all_positive(b);
	struct rank_test test;
	struct shift shift;

	if (logs) {
		take_logs(a);
		take_logs(b);
	}
	j->units_a = a->count;
	j->units_b = b->count;
	j->method = boots ? METHOD_BOOTS : METHOD_RUNS;
	if (boots && stats__smallest_p(a->count, b->count) * (double)(tests ? tests : 1) >= rules->alpha) {
		j->method = METHOD_BOOTS_T;
		welch(a, b, &shift, &j->p);
	} else {
		if (stats__rank_test(a->values, a->count, b->values, b->count, cache, &test) ||
			stats__shift(a->values, a->count, b->values, b->count, CONFIDENCE, cache, &shift))
			return -1;
		j->p = test.p;
	}
	if (logs) {
		j->ratio = exp(shift.estimate);
		j->low = exp(shift.low);
		j->high = exp(shift.high);
		j->detectable = smallest_detectable(j, shift.low, shift.high, tests, rules->alpha);
	} else {
		/* A net figure may be 0 or below: a difference then, as a part of A's median. */
		double scale = fabs(j->median_a);

		j->ratio = 1 + shift.estimate / scale;
		j->low = 1 + shift.low / scale;
		j->high = 1 + shift.high / scale;
		j->note = "not all figures are positive: differences, not ratios";
	}
	return 0;
}

static int by_statistics(struct judgement *j, const struct series *a, const struct series *b,
	const struct judge_rules *rules, size_t tests, struct u_distribution *cache)
{
	bool boots = a->boot_count > 1 && b->boot_count > 1;
	size_t most = a->runs > b->runs ? a->runs : b->runs;
	double *memory = malloc((a->runs + b->runs + most) * sizeof(*memory));
	struct sample x = { memory, a->runs }, y = { memory ? memory + a->runs : NULL, b->runs };
	int failed;

	if (!memory)
		return -1;
	if (boots) {
		x.count = boot_medians(a, x.values, memory + a->runs + b->runs);
		y.count = boot_medians(b, y.values, memory + a->runs + b->runs);
	} else {
		memcpy(x.values, a->values, a->runs * sizeof(*memory));
		memcpy(y.values, b->values, b->runs * sizeof(*memory));
	}
	failed = test_samples(j, &x, &y, rules, tests, boots, cache);
	free(memory);
	return failed;
}

static bool has_figures(const struct series *s)
{
	return s && s->runs && s->status == ROW_OK;
}

/* Run for run the same figures: these are not two measurements. */
static bool identical(const struct series *a, const struct series *b)
{
	return a->runs == b->runs && !memcmp(a->values, b->values, a->runs * sizeof(*a->values));
}

/* Exits and KVM's tracepoints: the same number every time, but for a stray interrupt. */
static bool is_counted(const struct series *s)
{
	return !strcmp(s->unit, "count/op") &&
	       (!strcmp(s->metric, "exits") || !strncmp(s->metric, "kvm:", 4));
}

double judge__strays(bool emulated)
{
	return emulated ? 0.25 : 0.05;
}

bool series__is_deterministic(const struct series *s)
{
	return is_counted(s) || (!strcmp(s->unit, "count/op") && !strncmp(s->metric, "instructions", 12));
}

bool judge__needs_test(const struct series *a, const struct series *b, const struct judge_rules *rules)
{
	return has_figures(a) && has_figures(b) && !strcmp(a->unit, b->unit) && !rules->copy &&
	       !rules->exact_clock && !is_counted(a) && a->median != 0 && !identical(a, b);
}

int judge__measure(const struct series *a, const struct series *b, const struct judge_rules *rules,
	double delta, size_t tests, struct u_distribution *cache, struct judgement *j, struct error *err)
{
	const char *unit = a ? a->unit : b->unit;

	*j = (struct judgement){ .verdict = VERDICT_INCONCLUSIVE,
		.more_is_worse = more_is_worse(unit),
		.median_a = a ? a->median : NAN,
		.median_b = b ? b->median : NAN,
		.ratio = NAN,
		.low = NAN,
		.high = NAN,
		.p = NAN,
		.p_holm = NAN,
		.delta = delta,
		.detectable = NAN,
		.units_a = a ? a->runs : 0,
		.units_b = b ? b->runs : 0,
		.note = "" };
	if (without_figures(j, a, b))
		return 0;
	j->ratio = j->median_a == j->median_b ? 1 : j->median_b / j->median_a;
	if (judge__needs_test(a, b, rules)) {
		if (by_statistics(j, a, b, rules, tests, cache))
			return error__set_errno(err, EXIT_IO, ENOMEM, "comparing");
	} else if (rules->exact_clock) {
		if (constant(a) && constant(b))
			by_medians(j, METHOD_EXACT, 0);
		else
			by_ranges(j, a, b);
	} else if (rules->copy || identical(a, b)) {
		by_medians(j, METHOD_COPY, delta * fabs(j->median_a));
	} else if (is_counted(a)) {
		by_medians(j, METHOD_COUNTED, fmax(rules->strays, delta * fabs(j->median_a)));
	} else {
		j->note = "A's median is 0: there is no ratio";
	}
	return 0;
}

void judge__decide(struct judgement *j, const struct judge_rules *rules, size_t tests)
{
	double more = 1 + j->delta, less = 1 / (1 + j->delta);

	if (isnan(j->p))
		return;
	if (j->low >= less && j->high <= more) {
		j->verdict = VERDICT_SAME;
		return;
	}
	if (j->p_holm < rules->alpha && (j->low > more || j->high < less)) {
		j->verdict = direction(j, j->low > more);
		return;
	}
	j->verdict = VERDICT_INCONCLUSIVE;
	if (*j->note)
		return;
	if (j->method == METHOD_RUNS &&
		stats__smallest_p(j->units_a, j->units_b) * (double)(tests ? tests : 1) >= rules->alpha)
		j->note = "too few runs for a verdict";
	else if (j->low > more || j->high < less)
		j->note = "differs, but not beyond doubt among so many comparisons";
	else if (j->p_holm < rules->alpha)
		j->note = "differs, but perhaps by less than the limit";
	else
		j->note = "too much noise for this limit";
}
