// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/history.h"
#include "results/summary.h"

/* Hosts and trust classes apart, then benchmark and metric, then time. */
static int compare_places(const struct history_row *x, const struct history_row *y)
{
	int order = strcmp(x->host, y->host);

	if (!order)
		order = strcmp(x->trust, y->trust);
	if (!order)
		order = cell_key__compare(&x->key, &y->key);
	if (!order)
		order = strcmp(x->metric, y->metric);
	return order ? order : strcmp(x->unit, y->unit);
}

static int compare_points(const void *a, const void *b)
{
	const struct history_row *x = *(const struct history_row *const *)a,
				 *y = *(const struct history_row *const *)b;
	int order = compare_places(x, y);

	if (!order)
		order = strcmp(x->time, y->time); /* ISO 8601 sorts as text */
	return order ? order : (x > y) - (x < y);
}

static double distance(const struct trend *t)
{
	return t->total > 0 ? fabs(log(t->total)) : INFINITY;
}

static int compare_trends(const void *a, const void *b)
{
	const struct trend *x = a, *y = b;

	if (!x->change_count != !y->change_count)
		return x->change_count ? -1 : 1;
	if (x->change_count && distance(x) != distance(y))
		return distance(x) > distance(y) ? -1 : 1;
	return compare_places(x->first, y->first);
}

static int find_changes(struct trend *t, const struct change_options *options)
{
	t->total = 1;
	for (size_t i = 0; i < t->count; i++)
		t->values[i] = t->points[i]->value;
	if (stats__changes(t->values, t->count, options, &t->changes, &t->change_count))
		return -1;
	if (t->change_count)
		t->total = t->changes[t->change_count - 1].after / t->changes[0].before;
	return 0;
}

static bool matches(const char *pattern, const char *name)
{
	return !pattern || !fnmatch(pattern, name, 0);
}

int trends__of(const struct history *h, const char *bench, const char *metric,
	const struct change_options *options, struct trends *t, struct error *err)
{
	size_t used = 0;

	*t = (struct trends){ .list = calloc(h->count + 1, sizeof(*t->list)),
		.values = malloc((h->count + 1) * sizeof(*t->values)),
		.points = malloc((h->count + 1) * sizeof(*t->points)) };
	if (!t->list || !t->values || !t->points)
		goto no_memory;
	for (size_t i = 0; i < h->count; i++)
		if (matches(bench, h->rows[i].key.bench) && matches(metric, h->rows[i].metric) &&
			!isnan(h->rows[i].value))
			t->points[used++] = &h->rows[i];
	qsort(t->points, used, sizeof(*t->points), compare_points);
	for (size_t first = 0, next; first < used; first = next) {
		struct trend *trend = &t->list[t->count++];

		for (next = first + 1; next < used && !compare_places(t->points[first], t->points[next]);)
			next++;
		*trend = (struct trend){ .first = t->points[first],
			.values = t->values + first,
			.points = t->points + first,
			.count = next - first };
		if (find_changes(trend, options))
			goto no_memory;
	}
	qsort(t->list, t->count, sizeof(*t->list), compare_trends);
	return 0;
no_memory:
	trends__free(t);
	return error__set_errno(err, EXIT_IO, ENOMEM, "looking for changes");
}

void trends__free(struct trends *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->list[i].changes);
	free(t->list);
	free(t->values);
	free(t->points);
	*t = (struct trends){ 0 };
}
