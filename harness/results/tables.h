/* SPDX-License-Identifier: MIT */
/* The CSV files of a run directory, read back: whole into arrays, or row by row where they are huge. */
#ifndef RESULTS_TABLES_H
#define RESULTS_TABLES_H

#include "results/schema.h"

/* The rows own their strings through the pool. */
struct results_file {
	struct results_row *rows;
	size_t count;
	struct string_pool strings;
};

struct summary_file {
	struct summary_row *rows;
	size_t count;
	struct string_pool strings;
};

struct checks_file {
	struct check_row *rows;
	size_t count;
	struct string_pool strings;
};

/* `path` is the CSV file. 0, or -1 with file:line:column in err and nothing to free. */
int results_file__read(const char *path, struct results_file *f, struct error *err);
int summary_file__read(const char *path, struct summary_file *f, struct error *err);
int checks_file__read(const char *path, struct checks_file *f, struct error *err);

/* The same from `length` bytes of a larger file called `name`, in which they start at line `line`. */
int results_file__parse(const char *name, const char *text, size_t length, size_t line,
	struct results_file *f, struct error *err);
int summary_file__parse(const char *name, const char *text, size_t length, size_t line,
	struct summary_file *f, struct error *err);

void results_file__free(struct results_file *f);
void summary_file__free(struct summary_file *f);
void checks_file__free(struct checks_file *f);

/*
 * Calls `each` for every row of a samples file; the row's strings live until samples_file__read() returns.
 * Stops where `each` returns non-zero and returns that; otherwise 0, or -1 with err.
 */
int samples_file__read(const char *path, int (*each)(void *context, const struct sample_row *row),
	void *context, struct error *err);

/*
 * Describes a samples file: a results row per cell, run, vCPU and metric, in the order of their first
 * samples. Memory: 8 bytes a sample and a few hundred a row.
 */
int samples_file__describe(const char *path, struct results_file *f, struct error *err);

#endif
