// SPDX-License-Identifier: MIT
#include "stats/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/describe.h"
#include "stats/random.h"

/*
 * The energy distance of all splits of x[0..n), the largest of which is returned with its place: n m / (n + m)
 * (2 E|X - Y| - E|X - X'| - E|Y - Y'|). The sums of distances within and between are moved along from split to
 * split, so that all splits together cost O(n^2).
 */
static double best_split(const double *x, size_t n, size_t shortest, size_t *where)
{
	double within_left = 0, within_right = 0, between = 0, best = -INFINITY;

	*where = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			within_right += fabs(x[i] - x[j]);
	for (size_t k = 0; k < n; k++) {
		double to_left = 0, to_right = 0, left = (double)k + 1, right = (double)(n - k) - 1, distance;

		for (size_t i = 0; i < k; i++)
			to_left += fabs(x[k] - x[i]);
		for (size_t i = k + 1; i < n; i++)
			to_right += fabs(x[k] - x[i]);
		/* x[k] goes from the right to the left. */
		within_left += to_left;
		within_right -= to_right;
		between += to_right - to_left;
		if (k + 1 < shortest || n - k - 1 < shortest)
			continue;
		distance = 2 * between / (left * right) - 2 * within_left / (left * fmax(1, left - 1)) -
			   2 * within_right / (right * fmax(1, right - 1));
		distance *= left * right / (left + right);
		if (distance > best) {
			best = distance;
			*where = k + 1;
		}
	}
	return best;
}

struct search {
	const double *values;
	const struct change_options *options;
	double *scratch;
	struct random random;
	struct change *found;
	size_t count;
};

/* How often a random order of the stretch has a split at least as good. */
static double permutation_p(struct search *s, size_t first, size_t n, double distance)
{
	unsigned as_good = 0, tried = 0, enough;
	size_t where;

	/* Once p can't get below alpha any more the rest of the orders tell nothing. */
	enough = (unsigned)(s->options->alpha * (s->options->permutations + 1)) + 1;
	memcpy(s->scratch, s->values + first, n * sizeof(*s->scratch));
	for (; tried < s->options->permutations && as_good < enough; tried++) {
		random__shuffle(&s->random, s->scratch, n, sizeof(*s->scratch));
		/* Rounding must not make a difference of orders that are alike. */
		as_good += best_split(s->scratch, n, s->options->shortest, &where) >= distance * (1 - 1e-12);
	}
	return (as_good + 1.0) / (tried + 1.0);
}

static void split(struct search *s, size_t first, size_t n)
{
	double distance, p;
	size_t where;

	if (n < 2 * s->options->shortest)
		return;
	distance = best_split(s->values + first, n, s->options->shortest, &where);
	if (!(distance > 0))
		return;
	p = permutation_p(s, first, n, distance);
	if (p > s->options->alpha)
		return;
	split(s, first, where);
	s->found[s->count++] = (struct change){ .index = first + where, .p = p };
	split(s, first + where, n - where);
}

static double median_between(struct search *s, size_t first, size_t end)
{
	memcpy(s->scratch, s->values + first, (end - first) * sizeof(*s->scratch));
	return stats__median(s->scratch, end - first);
}

int stats__changes(const double *values, size_t n, const struct change_options *options, struct change **out,
	size_t *count)
{
	struct search s = { .values = values,
		.options = options,
		.scratch = malloc((n + 1) * sizeof(*s.scratch)),
		.found = malloc((n + 1) * sizeof(*s.found)) };

	*out = NULL;
	*count = 0;
	if (!s.scratch || !s.found) {
		free(s.scratch);
		free(s.found);
		return -1;
	}
	random__seed(&s.random, options->seed);
	split(&s, 0, n);
	for (size_t i = 0; i < s.count; i++) {
		size_t from = i ? s.found[i - 1].index : 0, to = i + 1 < s.count ? s.found[i + 1].index : n;

		s.found[i].before = median_between(&s, from, s.found[i].index);
		s.found[i].after = median_between(&s, s.found[i].index, to);
	}
	free(s.scratch);
	*out = s.found;
	*count = s.count;
	return 0;
}
