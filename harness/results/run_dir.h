/* SPDX-License-Identifier: MIT */
/*
 * A run directory while it is written. What was appended stays, whatever happens later; one job's rows
 * are in all files or in none.
 */
#ifndef RESULTS_RUN_DIR_H
#define RESULTS_RUN_DIR_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "results/record.h"

struct run_dir {
	char path[PATH_MAX];
	int results_fd, checks_fd, samples_fd; /* samples: -1 until the first ones come */
	int reserve_fd;                        /* -1: nothing is reserved */
};

/* The rows of one job. */
struct run_piece {
	const struct results_row *results;
	size_t result_count;
	const struct check_row *checks;
	size_t check_count;
	const struct sample_row *samples;
	size_t sample_count;
};

/*
 * Makes the directory (and those above it) with empty results.csv and checks.csv: headers only. `path` NULL:
 * results/<UTC time>-<host>-<kernel> below the current directory, with -2, -3 ... where that exists. A
 * directory that exists has to be empty. 0, or -1 with err: nothing was left behind in it.
 */
int run_dir__create(const char *path, struct run_dir *d, struct error *err);

/* Opens one that exists, to append further runs. */
int run_dir__open(const char *path, struct run_dir *d, struct error *err);

/*
 * Appends the rows of one job with one write per file. On a full disk all files are cut back to where
 * they were: -1 with err, and what was finished before is still there.
 */
int run_dir__append(struct run_dir *d, const struct run_piece *piece, struct error *err);

/* summary.csv and run.json: replaced whole. 0, or -1 with err and the old file, if any, as it was. */
int run_dir__write_summary(
	struct run_dir *d, const struct summary_row *rows, size_t count, struct error *err);
int run_dir__write_json(struct run_dir *d, const json_t *root, struct error *err);

/*
 * Sets `bytes` aside for what is written last, in a file without a name, so that a disk that fills up during the run
 * still takes summary.csv and run.json; run_dir__release() gives them back. 0, or -1 with err where there is no
 * room for them; a file system that can't reserve is no error.
 */
int run_dir__reserve(struct run_dir *d, size_t bytes, struct error *err);
void run_dir__release(struct run_dir *d);

/* Closes, and removes the files again: for a run that couldn't begin. */
void run_dir__abandon(struct run_dir *d);

/* Syncs and closes the rows; summary.csv and run.json may be written after it. 0, or -1 with err where the disk turned
 * out not to have taken it all. */
int run_dir__close(struct run_dir *d, struct error *err);

#endif
