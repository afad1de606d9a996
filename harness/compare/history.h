/* SPDX-License-Identifier: MIT */
/*
 * Figures over months: one CSV file to which run directories are appended, a row per benchmark and metric:
 *
 *   time,kernel,revision,host,trust,bench,vcpus,vms,metric,unit,runs,value
 *
 * and the points in it where a figure changed its level.
 */
#ifndef COMPARE_HISTORY_H
#define COMPARE_HISTORY_H

#include "compare/input.h"
#include "stats/change.h"

struct history_row {
	const char *time; /* when the run started, UTC */
	const char *kernel, *revision, *host, *trust;
	struct cell_key key;
	const char *metric, *unit;
	unsigned runs;
	double value; /* the summary's median */
};

struct history {
	struct history_row *rows; /* in the order of the file */
	size_t count;
	struct string_pool strings;
};

int history__read(const char *path, struct history *h, struct error *err);
void history__free(struct history *h);

/*
 * Appends the summary of a run, whole or not at all; makes the file where it doesn't exist. Returns the number
 * of rows added: 0 where a run with that start and host is in it already; or -1 with err.
 */
int history__append(const char *path, const struct input *in, struct error *err);

/* One benchmark and metric on one kind of host, in time. */
struct trend {
	const struct history_row *first; /* carries names and unit */
	double *values;
	const struct history_row **points;
	size_t count;
	struct change *changes;
	size_t change_count;
	double total; /* last level against the first: 1.03 is 3 % up; 1 without changes */
};

struct trends {
	struct trend *list; /* those that changed first, by how much in all */
	size_t count;
	double *values;
	const struct history_row **points;
};

/*
 * Trends of all benchmarks and metrics whose names match (globs; NULL: all), apart for every host and trust
 * class. 0, or -1 with err.
 */
int trends__of(const struct history *h, const char *bench, const char *metric,
	const struct change_options *options, struct trends *t, struct error *err);
void trends__free(struct trends *t);

#endif
