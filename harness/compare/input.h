/* SPDX-License-Identifier: MIT */
/* One run directory, or one baseline file that was made of it, loaded. */
#ifndef COMPARE_INPUT_H
#define COMPARE_INPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "results/tables.h"

/* "schema" of the run.json that this program reads. */
#define RUN_SCHEMA "vmexit-bench-run/1"

struct input {
	char *path;
	json_t *run; /* run.json; an empty object where there is none */
	struct results_file results;
	struct summary_file summary;
};

/*
 * Reads DIR/results.csv, DIR/summary.csv and DIR/run.json, or a file that input__save() wrote. A missing
 * summary.csv is computed from the results, a missing run.json is an empty object. 0, or -1 with err.
 */
int input__read(const char *path, struct input *in, struct error *err);

/* Writes everything that input__read() read into one file: a baseline. */
int input__save(const struct input *in, const char *path, struct error *err);

void input__free(struct input *in);

/* Is there a run directory at `path` (a results.csv in it)? */
bool input__is_run_directory(const char *path);

/* 0 where a run.json has the schema that this program reads, or -1 with err; `name` is the file. */
int input__check_run(const char *name, const json_t *run, struct error *err);

/* What run.json says, or `otherwise`: "host.kernel.release", "trust"... */
const char *input__fact(const struct input *in, const char *fact, const char *otherwise);

/* A sentence where the run didn't come to its end ("DIR: the run failed: ..."), else NULL. */
const char *input__ending(const struct input *in, char *buf, size_t size);

/* Is one a copy of the other, or the same? Under the lab's clock that can't be told: never. */
bool input__same_run(const struct input *a, const struct input *b);

#endif
