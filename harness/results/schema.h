/* SPDX-License-Identifier: MIT */
/*
 * The columns of each results file: one table drives writing and reading. Readers find columns by the
 * header's names in any order; a column that is missing, unknown or there twice is an error.
 */
#ifndef RESULTS_SCHEMA_H
#define RESULTS_SCHEMA_H

#include <stddef.h>

#include "results/csv.h"
#include "results/record.h"
#include "results/strings.h"

enum column_type {
	COLUMN_STRING,
	COLUMN_UNSIGNED,
	COLUMN_UINT64,
	COLUMN_DOUBLE, /* empty is NAN */
	COLUMN_STATUS,
};

struct column {
	const char *name;
	enum column_type type;
	size_t offset; /* in the row */
};

#define SCHEMA_COLUMNS_MAX 24

struct schema {
	const char *file; /* usual name: "results.csv" */
	size_t row_size;
	size_t column_count;
	struct column columns[SCHEMA_COLUMNS_MAX];
};

extern const struct schema schema_results, schema_summary, schema_checks, schema_samples;

/* Appends the header line, or `count` rows of an array, each as a line. */
void schema__add_header(const struct schema *s, struct text *t);
void schema__add_rows(const struct schema *s, struct text *t, const void *rows, size_t count);

/* Which of the schema's columns is in which field of this file. */
struct schema_map {
	unsigned char column[SCHEMA_COLUMNS_MAX];
};

/* Reads the header line from `r`. 0, or -1 with file:line:column in err. */
int schema__read_header(
	const struct schema *s, struct csv_reader *r, struct schema_map *map, struct error *err);

/*
 * Reads the next line into `row`, its strings into `pool`. 1, 0 at the end of the file, or -1. A last line
 * without its line end is an error: a number cut in the middle would still look like one.
 */
int schema__read_row(const struct schema *s, const struct schema_map *map, struct csv_reader *r,
	struct string_pool *pool, void *row, struct error *err);

#endif
