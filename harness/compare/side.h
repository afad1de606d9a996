/* SPDX-License-Identifier: MIT */
/*
 * One side of a comparison: run directories of one kernel, CPU or setting, pooled. Each benchmark and metric
 * is a series with one value per run; runs know the boot they were made in.
 */
#ifndef COMPARE_SIDE_H
#define COMPARE_SIDE_H

#include "compare/input.h"
#include "results/record.h"

struct series {
	struct cell_key key;
	const char *metric, *unit; /* "" where there are no figures */
	double *values;            /* one per run: the run's median */
	unsigned *boots;           /* which boot of the side each run belongs to */
	size_t runs, boot_count;
	double median;          /* of the values; NAN without runs */
	enum row_status status; /* the worst of the pooled directories */
	const char *reason;
};

struct side {
	char *label; /* "A", or the value of the field it was grouped by */
	struct input *inputs;
	size_t input_count;
	size_t boot_count;     /* different boot ids; a directory without one counts as a boot of its own */
	struct series *series; /* sorted by key and metric */
	size_t series_count;
	double tsc_khz; /* 0: not known, or not a clock */
	double *values; /* all series' values */
	unsigned *boots;
};

/*
 * Loads one path: a run directory, a baseline file, or a folder of run directories, which are pooled. 0,
 * or -1 with err.
 */
int side__read(const char *path, struct side *s, struct error *err);

/* Adds the directories at one path to the inputs; side__index() must follow. A zeroed side is empty. */
int side__add(const char *path, struct side *s, struct error *err);

/*
 * Makes the series. `nanoseconds`: series in ticks become ns by each directory's own TSC frequency (those
 * without a known one keep their ticks). May be called again. 0, or -1 with err: no memory, or one of the inputs is a
 * copy of another.
 */
int side__index(struct side *s, bool nanoseconds, struct error *err);

/* The fact of the first directory. */
const char *side__fact(const struct side *s, const char *fact, const char *otherwise);

/* The series of a key and metric; NULL where there is none. */
const struct series *side__find(const struct side *s, const struct cell_key *key, const char *metric);

int series__compare(const struct series *a, const struct series *b);

void side__free(struct side *s);

#endif
