/* SPDX-License-Identifier: MIT */
/* Sides of a comparison made of numbers, for the tests of verdicts. */
#ifndef TESTS_COMPARE_FIXTURE_H
#define TESTS_COMPARE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "stats/describe.h"

#define FIXTURE_BENCHES 64
#define FIXTURE_RUNS    64

struct fixture {
	struct side side;
	char names[FIXTURE_BENCHES][24];
	double values[FIXTURE_BENCHES][FIXTURE_RUNS];
	unsigned boots[FIXTURE_BENCHES][FIXTURE_RUNS];
};

/* A side of `benches` benchmarks b/00 ... with `runs` runs each, all of one boot; run.json says `trust`. */
static inline void fixture__make(
	struct fixture *f, size_t benches, size_t runs, const char *trust, const char *boot, const char *unit)
{
	memset(f, 0, sizeof(*f));
	f->side.label = strdup("fixture");
	f->side.input_count = 1;
	f->side.inputs = calloc(1, sizeof(struct input));
	f->side.inputs[0].path = strdup("fixture");
	f->side.inputs[0].run = json_pack("{ss ss s{s{ss ss} s{ss}}}", "schema", RUN_SCHEMA, "trust", trust,
		"host", "kernel", "boot_id", boot, "release", "6.1", "cpu", "model_name", "CPU");
	f->side.boot_count = 1;
	f->side.series_count = benches;
	f->side.series = calloc(benches, sizeof(struct series));
	for (size_t i = 0; i < benches; i++) {
		snprintf(f->names[i], sizeof(f->names[i]), "b/%02zu", i);
		f->side.series[i] = (struct series){ .key = { f->names[i], 1, 1 },
			.metric = "guest",
			.unit = unit,
			.values = f->values[i],
			.boots = f->boots[i],
			.runs = runs,
			.boot_count = 1,
			.status = ROW_OK,
			.reason = "" };
	}
}

/* Call when the values are set. */
static inline void fixture__finish(struct fixture *f)
{
	double scratch[FIXTURE_RUNS];

	for (size_t i = 0; i < f->side.series_count; i++) {
		struct series *s = &f->side.series[i];

		memcpy(scratch, s->values, s->runs * sizeof(double));
		s->median = stats__median(scratch, s->runs);
	}
}

static inline void fixture__free(struct fixture *f)
{
	side__free(&f->side);
}

/* The row of a benchmark, wherever it was sorted to. */
static inline const struct comparison_row *fixture__row(const struct comparison *c, const char *bench)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->rows[i].key.bench, bench))
			return &c->rows[i];
	return NULL;
}

#endif
