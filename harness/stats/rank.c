// SPDX-License-Identifier: MIT
#include "stats/rank.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "stats/distributions.h"
#include "stats/sort.h"

/* Additions that an exact distribution may cost: some 0.1 s. */
#define EXACT_WORK 2e8

/*
 * Fills counts[0..limit] with how many of the subsets of `size` out of `count` ascending ranks have each sum of
 * ranks, those above `limit` left out: ranks come one by one, and each subset may take it or not. Counts are
 * sums of positive doubles, so their relative error stays at a few units of the last place. Only sums are
 * touched that can exist (no rank so far was larger) and that can still end at or below the limit (no rank
 * to come is smaller).
 */
static int count_sums(const uint32_t *ranks, size_t count, size_t size, size_t limit, double *counts)
{
	size_t width = limit + 1;
	double *table = calloc((size + 1) * width, sizeof(*table)); /* [taken][sum] */

	if (!table)
		return -1;
	table[0] = 1;
	for (size_t i = 0; i < count; i++) {
		size_t rank = ranks[i], most = MIN(i + 1, size), to_come = count - 1 - i;
		size_t least = size > to_come ? MAX(size - to_come, (size_t)1) : 1;

		for (size_t taken = most; taken >= least; taken--) {
			/* Those still to be taken, and this one, cost at least `rank` each. */
			size_t reserved = (size - taken + 1) * rank, last;
			double *with = table + taken * width + rank;
			const double *without = table + (taken - 1) * width;

			if (reserved > limit)
				continue;
			last = MIN(limit - reserved, (taken - 1) * rank);
			for (size_t sum = 0; sum <= last; sum++)
				with[sum] += without[sum];
		}
	}
	memcpy(counts, table + size * width, width * sizeof(*counts));
	free(table);
	return 0;
}

static double choose(size_t n, size_t k)
{
	double result = 1;

	for (size_t i = 1; i <= k; i++)
		result = result * (double)(n - k + i) / (double)i;
	return result;
}

static double work(size_t count, size_t size, double sums)
{
	return (double)count * (double)size * sums;
}

/* Makes `d` the distribution for m and n: 0, 1 where that is too much work, or -1. */
static int u_distribution__make(struct u_distribution *d, size_t m, size_t n)
{
	size_t size = MIN(m, n), count = m + n, offset = size * (size + 1) / 2, limit = offset + m * n;
	double total = choose(count, size), sum = 0, *counts;
	uint32_t *ranks;
	int failed;

	if (d->cumulative && d->m == m && d->n == n)
		return 0;
	if (work(count, size, (double)limit) > EXACT_WORK || !isfinite(total))
		return 1;
	ranks = malloc(count * sizeof(*ranks));
	counts = malloc((limit + 1) * sizeof(*counts));
	failed = ranks && counts ? 0 : -1;
	if (!failed) {
		for (size_t i = 0; i < count; i++)
			ranks[i] = (uint32_t)i + 1;
		failed = count_sums(ranks, count, size, limit, counts);
	}
	free(ranks);
	if (failed) {
		free(counts);
		return -1;
	}
	/* The rank sum of `size` values is U plus what the smallest possible ranks add up to. */
	for (size_t u = 0; u <= m * n; u++) {
		sum += counts[offset + u];
		counts[u] = sum / total;
	}
	free(d->cumulative);
	*d = (struct u_distribution){ m, n, counts };
	return 0;
}

void u_distribution__free(struct u_distribution *d)
{
	free(d->cumulative);
	*d = (struct u_distribution){ 0 };
}

struct ranked {
	uint32_t *ranks;  /* of all values in ascending order, doubled so that midranks are whole */
	uint64_t sum_a;   /* of those of a, doubled */
	double tie_cubes; /* sum of t^3 - t over groups of t equal values */
	bool ties;
};

/* Ranks of two ascending arrays put together. */
static void rank(struct ranked *r, const double *a, size_t m, const double *b, size_t n)
{
	for (size_t i = 0, j = 0, at = 0; i < m || j < n;) {
		double value = j == n || (i < m && a[i] <= b[j]) ? a[i] : b[j];
		size_t first_a = i, first_b = j, group;

		while (i < m && a[i] == value)
			i++;
		while (j < n && b[j] == value)
			j++;
		group = i - first_a + j - first_b;
		/* Ranks at+1 .. at+group share their mean; twice that is 2 at + group + 1. */
		r->sum_a += (i - first_a) * (2 * at + group + 1);
		for (size_t k = 0; k < group; k++)
			r->ranks[at + k] = (uint32_t)(2 * at + group + 1);
		r->tie_cubes += (double)group * ((double)group * (double)group - 1);
		r->ties |= group > 1;
		at += group;
	}
}

/* P(sum of the doubled ranks of `size` <= t) and P(... < t); 1 where that is too much work. */
static int permutation_tails(
	const uint32_t *ranks, size_t count, size_t size, uint64_t t, double *up_to, double *below)
{
	double total = choose(count, size), *counts;

	if (work(count, size, (double)t) > EXACT_WORK || !isfinite(total))
		return 1;
	counts = malloc((t + 1) * sizeof(*counts));
	if (!counts || count_sums(ranks, count, size, t, counts)) {
		free(counts);
		return -1;
	}
	*below = 0;
	for (uint64_t s = 0; s < t; s++)
		*below += counts[s];
	*up_to = (*below + counts[t]) / total;
	*below /= total;
	free(counts);
	return 0;
}

static int exact_with_ties(const struct ranked *r, size_t m, size_t n, double *p)
{
	size_t count = m + n, size = MIN(m, n);
	uint64_t all = (uint64_t)count * (count + 1), t = m <= n ? r->sum_a : all - r->sum_a;
	double up_to, below;
	uint32_t *mirrored = malloc(count * sizeof(*mirrored));
	int failed;

	if (!mirrored)
		return -1;
	/* The table ends at t: look from the side on which t is small. */
	for (size_t i = 0; i < count; i++)
		mirrored[i] = t > size * (count + 1) ? (uint32_t)(2 * (count + 1)) - r->ranks[count - 1 - i]
						     : r->ranks[i];
	if (t > size * (count + 1))
		t = 2 * size * (count + 1) - t;
	failed = permutation_tails(mirrored, count, size, t, &up_to, &below);
	free(mirrored);
	if (!failed)
		*p = fmin(1, 2 * fmin(up_to, 1 - below));
	return failed;
}

static double approximate(const struct ranked *r, double u, size_t m, size_t n)
{
	double pairs = (double)m * (double)n, count = (double)(m + n), distance = fabs(u - pairs / 2);
	double variance = pairs / 12 * (count + 1 - r->tie_cubes / (count * (count - 1)));

	if (variance <= 0)
		return 1;
	return fmin(1, 2 * stats__normal_above(fmax(0, distance - 0.5) / sqrt(variance)));
}

static int test_ranked(
	const struct ranked *r, size_t m, size_t n, struct u_distribution *cache, struct rank_test *out)
{
	int failed;

	out->ties = r->ties;
	out->u = (double)r->sum_a / 2 - (double)m * (double)(m + 1) / 2;
	if (r->ties) {
		failed = exact_with_ties(r, m, n, &out->p);
	} else {
		failed = u_distribution__make(cache, m, n);
		if (!failed) {
			size_t u = (size_t)out->u;
			double below = u ? cache->cumulative[u - 1] : 0;

			out->p = fmin(1, 2 * fmin(cache->cumulative[u], 1 - below));
			/* Near the top 1 - below has lost its digits; the distribution is symmetric. */
			if (u > m * n / 2)
				out->p = fmin(1, 2 * cache->cumulative[m * n - u]);
		}
	}
	if (failed < 0)
		return -1;
	out->exact = !failed;
	if (failed)
		out->p = approximate(r, out->u, m, n);
	return 0;
}

int stats__rank_test(const double *a, size_t m, const double *b, size_t n, struct u_distribution *cache,
	struct rank_test *out)
{
	struct ranked r = { 0 };
	double *sorted;
	int failed = -1;

	*out = (struct rank_test){ .p = NAN, .u = NAN };
	if (!m || !n)
		return 0;
	sorted = malloc((m + n) * sizeof(*sorted));
	r.ranks = malloc((m + n) * sizeof(*r.ranks));
	if (sorted && r.ranks) {
		memcpy(sorted, a, m * sizeof(*sorted));
		memcpy(sorted + m, b, n * sizeof(*sorted));
		stats__sort(sorted, m);
		stats__sort(sorted + m, n);
		rank(&r, sorted, m, sorted + m, n);
		failed = test_ranked(&r, m, n, cache, out);
	}
	free(sorted);
	free(r.ranks);
	return failed;
}

double stats__smallest_p(size_t m, size_t n)
{
	if (!m || !n)
		return 1;
	return fmin(1, 2 / choose(m + n, MIN(m, n)));
}

/*
 * How many of the smallest differences lie outside the interval: it runs from the c-th smallest to the c-th
 * largest, where c is the smallest u with P(U <= u) >= (1 - confidence) / 2; 0: there is no such interval.
 */
static int critical(size_t m, size_t n, double confidence, struct u_distribution *cache, size_t *c)
{
	double tail = (1 - confidence) / 2, pairs = (double)m * (double)n;
	int failed = u_distribution__make(cache, m, n);

	if (failed < 0)
		return -1;
	if (failed) {
		double half = stats__normal_quantile(1 - tail) * sqrt(pairs * (double)(m + n + 1) / 12);

		*c = (size_t)fmax(0, floor(pairs / 2 - half));
		return 0;
	}
	for (*c = 0; cache->cumulative[*c] < tail;)
		++*c;
	return 0;
}

int stats__shift(const double *a, size_t m, const double *b, size_t n, double confidence,
	struct u_distribution *cache, struct shift *out)
{
	size_t c, pairs = m * n;
	double *differences;

	*out = (struct shift){ NAN, NAN, NAN };
	if (!pairs)
		return 0;
	if (critical(m, n, confidence, cache, &c))
		return -1;
	differences = malloc(pairs * sizeof(*differences));
	if (!differences)
		return -1;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			differences[i * n + j] = b[j] - a[i];
	stats__sort(differences, pairs);
	out->estimate = pairs & 1 ? differences[pairs / 2]
				  : (differences[pairs / 2 - 1] + differences[pairs / 2]) / 2;
	out->low = c ? differences[c - 1] : -INFINITY;
	out->high = c ? differences[pairs - c] : INFINITY;
	free(differences);
	return 0;
}
