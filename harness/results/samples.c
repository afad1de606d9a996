// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "results/tables.h"
#include "stats/describe.h"

/* The samples of one vCPU in one run; strings belong to the result's pool. */
struct series {
	struct cell_key key;
	unsigned run, vcpu;
	const char *metric, *unit;
	double *values;
	size_t count, room;
};

struct collection {
	struct series *series;
	size_t count, room;
	size_t last; /* samples of one series mostly follow one another */
	struct string_pool *strings;
};

/* The reader's strings are another pool's: compare texts. */
static bool matches(const struct series *s, const struct sample_row *row)
{
	return s->run == row->run && s->vcpu == row->vcpu && s->key.vcpus == row->key.vcpus &&
	       s->key.vms == row->key.vms && !strcmp(s->metric, row->metric) &&
	       !strcmp(s->key.bench, row->key.bench) && !strcmp(s->unit, row->unit);
}

static const char *keep(struct collection *c, const char *text)
{
	return string_pool__get(c->strings, text, strlen(text));
}

static struct series *new_series(struct collection *c, const struct sample_row *row)
{
	struct series *s;

	if (c->count == c->room) {
		size_t room = c->room ? c->room * 2 : 16;

		s = realloc(c->series, room * sizeof(*s));
		if (!s)
			return NULL;
		c->series = s;
		c->room = room;
	}
	s = &c->series[c->count];
	*s = (struct series){ .key = row->key, .run = row->run, .vcpu = row->vcpu };
	s->key.bench = keep(c, row->key.bench);
	s->metric = keep(c, row->metric);
	s->unit = keep(c, row->unit);
	if (!s->key.bench || !s->metric || !s->unit)
		return NULL;
	c->last = c->count++;
	return s;
}

static struct series *find_series(struct collection *c, const struct sample_row *row)
{
	/* Metrics of one operation may take turns: what follows the last one is the best guess. */
	for (size_t i = 0; i < c->count; i++) {
		size_t at = (c->last + i) % c->count;

		if (matches(&c->series[at], row)) {
			c->last = at;
			return &c->series[at];
		}
	}
	return new_series(c, row);
}

static int collect(void *context, const struct sample_row *row)
{
	struct series *s = find_series(context, row);

	if (!s)
		return ENOMEM;
	if (s->count == s->room) {
		size_t room = s->room ? s->room * 2 : 64;
		double *values = realloc(s->values, room * sizeof(*values));

		if (!values)
			return ENOMEM;
		s->values = values;
		s->room = room;
	}
	if (row->value == row->value)
		s->values[s->count++] = row->value;
	return 0;
}

static void describe(struct results_row *row, const struct series *s)
{
	struct distribution d;

	distribution__of(&d, s->values, s->count);
	*row = (struct results_row){
		.key = s->key,
		.run = s->run,
		.vcpu = s->vcpu,
		.metric = s->metric,
		.unit = s->unit,
		.flags = "",
	};
	results_row__take(row, &d);
}

int samples_file__describe(const char *path, struct results_file *f, struct error *err)
{
	struct collection c = { .strings = &f->strings };
	int failed;

	*f = (struct results_file){ 0 };
	failed = samples_file__read(path, collect, &c, err);
	if (!failed && c.count) {
		f->rows = malloc(c.count * sizeof(*f->rows));
		failed = f->rows ? 0 : ENOMEM;
	}
	if (failed == ENOMEM)
		failed = error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", path);
	for (size_t i = 0; i < c.count; i++) {
		if (!failed)
			describe(&f->rows[f->count++], &c.series[i]);
		free(c.series[i].values);
	}
	free(c.series);
	if (failed)
		results_file__free(f);
	return failed;
}
