// SPDX-License-Identifier: MIT
#include "stats/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/describe.h"
#include "stats/random.h"

/*
 * The largest energy distance n m / (n + m) (2 E|X - Y| - E|X - X'| - E|Y - Y'|) between the first `left` points
 * and those that follow up to any end: a level that comes back later must not hide one in between. For each
 * end the sums of distances within and between are moved along, so that all pairs cost O(n^2) together.
 * `sums` has room for 2 n + 2.
 */
static double best_split(const double *x, size_t n, size_t shortest, double *sums, size_t *where)
{
	double *within = sums;          /* [k]: of all pairs in the first k points */
	double *between = sums + n + 1; /* [k]: of the first k with those from there to the end at hand */
	double best = -INFINITY;

	*where = 0;
	memset(sums, 0, (2 * n + 2) * sizeof(*sums));
	for (size_t end = 1; end <= n; end++) {
		double newest = x[end - 1], to_first = 0;

		for (size_t left = 1; left < end; left++) {
			to_first += fabs(newest - x[left - 1]);
			between[left] += to_first;
		}
		within[end] = within[end - 1] + to_first;
		for (size_t left = shortest; left + shortest <= end; left++) {
			double l = (double)left, r = (double)(end - left), distance, within_right;

			/* The pairs of all are those within either side and those between them. */
			within_right = within[end] - within[left] - between[left];
			distance = 2 * between[left] / (l * r) - 2 * within[left] / (l * (l - 1)) -
				   2 * within_right / (r * (r - 1));
			distance *= l * r / (l + r);
			if (distance > best) {
				best = distance;
				*where = left;
			}
		}
	}
	return best;
}

struct search {
	const double *values;
	const struct change_options *options;
	double *scratch, *sums;
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
		as_good += best_split(s->scratch, n, s->options->shortest, s->sums, &where) >=
			   distance * (1 - 1e-12);
	}
	return (as_good + 1.0) / (tried + 1.0);
}

static void split(struct search *s, size_t first, size_t n)
{
	double distance, p;
	size_t where;

	if (n < 2 * s->options->shortest)
		return;
	distance = best_split(s->values + first, n, s->options->shortest, s->sums, &where);
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
		.sums = malloc((2 * n + 2) * sizeof(*s.sums)),
		.found = malloc((n + 1) * sizeof(*s.found)) };

	*out = NULL;
	*count = 0;
	if (!s.scratch || !s.sums || !s.found) {
		free(s.scratch);
		free(s.sums);
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
	free(s.sums);
	*out = s.found;
	*count = s.count;
	return 0;
}
