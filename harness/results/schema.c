// SPDX-License-Identifier: MIT
#include "results/schema.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "results/number.h"

/* A clock of some GHz counts so far in ten years. */
#define FIGURE_MAX 1e18

#define COLUMN(row, member, kind)                                                                            \
	{                                                                                                    \
#member, COLUMN_##kind, offsetof(struct row, member)                                         \
	}
#define KEY_COLUMN(row, member, kind)                                                                        \
	{                                                                                                    \
#member, COLUMN_##kind, offsetof(struct row, key.member)                                     \
	}
#define KEY_COLUMNS(row)                                                                                     \
	KEY_COLUMN(row, bench, STRING), KEY_COLUMN(row, vcpus, UNSIGNED), KEY_COLUMN(row, vms, UNSIGNED)

const struct schema schema_results = {
	.file = "results.csv",
	.row_size = sizeof(struct results_row),
	.column_count = 20,
	.columns = {
		KEY_COLUMNS(results_row),
		COLUMN(results_row, run, UNSIGNED),
		COLUMN(results_row, vcpu, UNSIGNED),
		COLUMN(results_row, metric, STRING),
		COLUMN(results_row, unit, STRING),
		COLUMN(results_row, n, UINT64),
		COLUMN(results_row, min, DOUBLE),
		COLUMN(results_row, p05, DOUBLE),
		COLUMN(results_row, p25, DOUBLE),
		COLUMN(results_row, p50, DOUBLE),
		COLUMN(results_row, p75, DOUBLE),
		COLUMN(results_row, p95, DOUBLE),
		COLUMN(results_row, p99, DOUBLE),
		COLUMN(results_row, p999, DOUBLE),
		COLUMN(results_row, max, DOUBLE),
		COLUMN(results_row, mean, DOUBLE),
		COLUMN(results_row, stddev, DOUBLE),
		COLUMN(results_row, flags, STRING),
	},
};

const struct schema schema_summary = {
	.file = "summary.csv",
	.row_size = sizeof(struct summary_row),
	.column_count = 13,
	.columns = {
		KEY_COLUMNS(summary_row),
		COLUMN(summary_row, metric, STRING),
		COLUMN(summary_row, unit, STRING),
		COLUMN(summary_row, runs, UNSIGNED),
		COLUMN(summary_row, median, DOUBLE),
		COLUMN(summary_row, ci_lo, DOUBLE),
		COLUMN(summary_row, ci_hi, DOUBLE),
		COLUMN(summary_row, min, DOUBLE),
		COLUMN(summary_row, p99, DOUBLE),
		COLUMN(summary_row, status, STATUS),
		COLUMN(summary_row, reason, STRING),
	},
};

const struct schema schema_checks = {
	.file = "checks.csv",
	.row_size = sizeof(struct check_row),
	.column_count = 8,
	.columns = {
		KEY_COLUMNS(check_row),
		COLUMN(check_row, run, UNSIGNED),
		COLUMN(check_row, statistic, STRING),
		COLUMN(check_row, expected, DOUBLE),
		COLUMN(check_row, observed, DOUBLE),
		COLUMN(check_row, verdict, STRING),
	},
};

const struct schema schema_samples = {
	.file = "samples.csv",
	.row_size = sizeof(struct sample_row),
	.column_count = 10,
	.columns = {
		KEY_COLUMNS(sample_row),
		COLUMN(sample_row, run, UNSIGNED),
		COLUMN(sample_row, vcpu, UNSIGNED),
		COLUMN(sample_row, metric, STRING),
		COLUMN(sample_row, unit, STRING),
		COLUMN(sample_row, index, UINT64),
		COLUMN(sample_row, value, DOUBLE),
		COLUMN(sample_row, flags, STRING),
	},
};

void schema__add_header(const struct schema *s, struct text *t)
{
	for (size_t i = 0; i < s->column_count; i++) {
		if (i)
			text__putc(t, ',');
		csv__add_field(t, s->columns[i].name);
	}
	text__putc(t, '\n');
}

static void add_value(struct text *t, enum column_type type, const void *value)
{
	switch (type) {
	case COLUMN_STRING:
		if (*(const char *const *)value)
			csv__add_field(t, *(const char *const *)value);
		break;
	case COLUMN_UNSIGNED:
		text__printf(t, "%u", *(const unsigned *)value);
		break;
	case COLUMN_UINT64:
		text__printf(t, "%llu", (unsigned long long)*(const uint64_t *)value);
		break;
	case COLUMN_DOUBLE:
		text__number(t, *(const double *)value);
		break;
	case COLUMN_STATUS:
		text__puts(t, row_status__name(*(const enum row_status *)value));
		break;
	}
}

static void add_row(const struct schema *s, struct text *t, const void *row)
{
	for (size_t i = 0; i < s->column_count; i++) {
		if (i)
			text__putc(t, ',');
		add_value(t, s->columns[i].type, (const char *)row + s->columns[i].offset);
	}
	text__putc(t, '\n');
}

void schema__add_rows(const struct schema *s, struct text *t, const void *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_row(s, t, (const char *)rows + i * s->row_size);
}

static bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

#define SHOWN_SIZE 61

/* The start of a field as it may be shown: what is in it may be meant for the terminal. */
static const char *shown(const struct csv_field *f, char out[SHOWN_SIZE])
{
	size_t i;

	for (i = 0; i < SHOWN_SIZE - 1 && f->text[i]; i++)
		out[i] = is_printable(f->text[i]) ? f->text[i] : '?';
	out[i] = '\0';
	return out;
}

static int bad_field(const struct csv_reader *r, const struct csv_field *f, struct error *err,
	const char *wanted, const char *column)
{
	char text[SHOWN_SIZE];

	return error__set(err, EXIT_USAGE, "%s:%zu:%zu: '%s' is not %s (column %s)", r->name, f->line,
		f->column, shown(f, text), wanted, column);
}

/* Names go to terminals, XML, JSON and workflow commands: nothing in them may mean anything there. A reason is a text
 * of the system's, too. */
static bool is_name(const struct column *c, const struct csv_field *f)
{
	size_t i;

	for (i = 0; i < f->length && strcmp(c->name, "reason"); i++)
		if (!is_printable(f->text[i]))
			return false;
	return true;
}

static bool find_column(const struct schema *s, const char *name, unsigned char *index)
{
	for (size_t i = 0; i < s->column_count; i++) {
		if (!strcmp(s->columns[i].name, name)) {
			*index = (unsigned char)i;
			return true;
		}
	}
	return false;
}

int schema__read_header(
	const struct schema *s, struct csv_reader *r, struct schema_map *map, struct error *err)
{
	bool seen[SCHEMA_COLUMNS_MAX] = { false };
	int got = csv_reader__next(r, err);

	if (got < 0)
		return -1;
	if (!got)
		return error__set(err, EXIT_USAGE, "%s:%zu:1: nothing there: a %s starts with a header line",
			r->name, r->line, s->file);
	for (size_t i = 0; i < r->field_count; i++) {
		const struct csv_field *f = &r->fields[i];
		char text[SHOWN_SIZE];
		unsigned char column;

		if (!find_column(s, f->text, &column))
			return error__set(err, EXIT_USAGE,
				"%s:%zu:%zu: a %s has no column '%s': is this file from another program or version?",
				r->name, f->line, f->column, s->file, shown(f, text));
		if (seen[column])
			return error__set(err, EXIT_USAGE, "%s:%zu:%zu: column '%s' is there twice", r->name,
				f->line, f->column, f->text);
		seen[column] = true;
		map->column[i] = column;
	}
	for (size_t i = 0; i < s->column_count; i++) {
		if (!seen[i])
			return error__set(err, EXIT_USAGE, "%s:%zu:1: column '%s' is missing", r->name,
				r->line, s->columns[i].name);
	}
	return 0;
}

static int parse_uint64(const struct csv_field *f, uint64_t *value)
{
	uint64_t v = 0;

	if (!f->length)
		return -1;
	for (const char *p = f->text; p < f->text + f->length; p++) {
		if (*p < '0' || *p > '9' || __builtin_mul_overflow(v, (uint64_t)10, &v) ||
			__builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			return -1;
	}
	*value = v;
	return 0;
}

static int read_value(const struct csv_reader *r, const struct csv_field *f, const struct column *c,
	struct string_pool *pool, void *out, struct error *err)
{
	uint64_t number;

	switch (c->type) {
	case COLUMN_STRING:
		if (!is_name(c, f))
			return bad_field(r, f, err, "a name of printable ASCII characters", c->name);
		*(const char **)out = string_pool__get(pool, f->text, f->length);
		return *(const char **)out ? 0
					   : error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", r->name);
	case COLUMN_UNSIGNED:
		if (parse_uint64(f, &number) || number > UINT_MAX)
			return bad_field(r, f, err, "a whole number below 2^32", c->name);
		*(unsigned *)out = (unsigned)number;
		return 0;
	case COLUMN_UINT64:
		if (parse_uint64(f, out))
			return bad_field(r, f, err, "a whole number below 2^64", c->name);
		return 0;
	case COLUMN_DOUBLE:
		if (number__parse(f->text, f->length, out))
			return bad_field(r, f, err, "a decimal number", c->name);
		/* Not NaN, which is an empty field: nothing measured is so large, and sums of it may be infinite. */
		if (fabs(*(double *)out) > FIGURE_MAX)
			return bad_field(r, f, err, "a figure: none is beyond 1e18", c->name);
		return 0;
	case COLUMN_STATUS:
		if (row_status__parse(f->text, out))
			return bad_field(
				r, f, err, "a status (ok, suspect, skipped, timeout, failed)", c->name);
		return 0;
	}
	return -1;
}

int schema__read_row(const struct schema *s, const struct schema_map *map, struct csv_reader *r,
	struct string_pool *pool, void *row, struct error *err)
{
	int got = csv_reader__next(r, err);

	if (got <= 0)
		return got;
	if (r->field_count != s->column_count)
		return error__set(err, EXIT_USAGE, "%s:%zu:%zu: %zu fields instead of the %zu of the header",
			r->name, r->line, r->fields[MIN(r->field_count, s->column_count) - 1].column,
			r->field_count, s->column_count);
	if (r->unterminated)
		return error__set(err, EXIT_USAGE,
			"%s:%zu:%zu: the last line has no line end: the file was cut short", r->name, r->line,
			r->fields[r->field_count - 1].column);
	for (size_t i = 0; i < r->field_count; i++) {
		const struct column *c = &s->columns[map->column[i]];

		if (read_value(r, &r->fields[i], c, pool, (char *)row + c->offset, err))
			return -1;
	}
	return 1;
}
