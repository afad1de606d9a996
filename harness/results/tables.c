// SPDX-License-Identifier: MIT
#include "results/tables.h"

#include <errno.h>
#include <stdlib.h>

struct table {
	void *rows;
	size_t count;
	struct string_pool strings;
};

static int read_rows(const struct schema *s, struct csv_reader *r, struct table *t, struct error *err)
{
	struct schema_map map;
	size_t room = 0;
	int got;

	if (schema__read_header(s, r, &map, err))
		return -1;
	do {
		if (t->count == room) {
			void *rows;

			room = room ? room * 2 : 64;
			rows = realloc(t->rows, room * s->row_size);
			if (!rows)
				return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", r->name);
			t->rows = rows;
		}
		got = schema__read_row(
			s, &map, r, &t->strings, (char *)t->rows + t->count * s->row_size, err);
		t->count += got > 0;
	} while (got > 0);
	return got;
}

/* Takes the reader over. */
static int read_table(const struct schema *s, struct csv_reader *r, struct table *t, struct error *err)
{
	int failed;

	*t = (struct table){ 0 };
	failed = read_rows(s, r, t, err);
	csv_reader__close(r);
	if (failed) {
		free(t->rows);
		string_pool__free(&t->strings);
		*t = (struct table){ 0 };
	}
	return failed;
}

static int read_file(const struct schema *s, const char *path, struct table *t, struct error *err)
{
	struct csv_reader r;

	*t = (struct table){ 0 };
	return csv_reader__open(&r, path, err) ? -1 : read_table(s, &r, t, err);
}

static int read_text(const struct schema *s, const char *name, const char *text, size_t length, size_t line,
	struct table *t, struct error *err)
{
	struct csv_reader r;

	*t = (struct table){ 0 };
	if (csv_reader__open_text(&r, name, text, length, err))
		return -1;
	r.next_line = line;
	return read_table(s, &r, t, err);
}

int results_file__read(const char *path, struct results_file *f, struct error *err)
{
	struct table t;
	int failed = read_file(&schema_results, path, &t, err);

	*f = (struct results_file){ t.rows, t.count, t.strings };
	return failed;
}

int summary_file__read(const char *path, struct summary_file *f, struct error *err)
{
	struct table t;
	int failed = read_file(&schema_summary, path, &t, err);

	*f = (struct summary_file){ t.rows, t.count, t.strings };
	return failed;
}

int checks_file__read(const char *path, struct checks_file *f, struct error *err)
{
	struct table t;
	int failed = read_file(&schema_checks, path, &t, err);

	*f = (struct checks_file){ t.rows, t.count, t.strings };
	return failed;
}

int results_file__parse(const char *name, const char *text, size_t length, size_t line,
	struct results_file *f, struct error *err)
{
	struct table t;
	int failed = read_text(&schema_results, name, text, length, line, &t, err);

	*f = (struct results_file){ t.rows, t.count, t.strings };
	return failed;
}

int summary_file__parse(const char *name, const char *text, size_t length, size_t line,
	struct summary_file *f, struct error *err)
{
	struct table t;
	int failed = read_text(&schema_summary, name, text, length, line, &t, err);

	*f = (struct summary_file){ t.rows, t.count, t.strings };
	return failed;
}

void results_file__free(struct results_file *f)
{
	free(f->rows);
	string_pool__free(&f->strings);
	*f = (struct results_file){ 0 };
}

void summary_file__free(struct summary_file *f)
{
	free(f->rows);
	string_pool__free(&f->strings);
	*f = (struct summary_file){ 0 };
}

void checks_file__free(struct checks_file *f)
{
	free(f->rows);
	string_pool__free(&f->strings);
	*f = (struct checks_file){ 0 };
}

static int read_samples(struct csv_reader *r, struct string_pool *strings,
	int (*each)(void *context, const struct sample_row *row), void *context, struct error *err)
{
	struct schema_map map;
	struct sample_row row;
	int got, stop;

	if (schema__read_header(&schema_samples, r, &map, err))
		return -1;
	while ((got = schema__read_row(&schema_samples, &map, r, strings, &row, err)) > 0) {
		stop = each(context, &row);
		if (stop)
			return stop;
	}
	return got;
}

int samples_file__read(const char *path, int (*each)(void *context, const struct sample_row *row),
	void *context, struct error *err)
{
	struct string_pool strings = { 0 };
	struct csv_reader r;
	int result;

	if (csv_reader__open(&r, path, err))
		return -1;
	result = read_samples(&r, &strings, each, context, err);
	csv_reader__close(&r);
	string_pool__free(&strings);
	return result;
}
