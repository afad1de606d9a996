// SPDX-License-Identifier: MIT
#include "compare/side.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "results/json_file.h"
#include "results/summary.h"
#include "stats/describe.h"

static int no_memory(struct error *err)
{
	return error__set_errno(err, EXIT_IO, ENOMEM, "comparing");
}

static int add_input(const char *path, struct side *s, struct error *err)
{
	struct input *inputs = realloc(s->inputs, (s->input_count + 1) * sizeof(*inputs));

	if (!inputs)
		return no_memory(err);
	s->inputs = inputs;
	if (input__read(path, &inputs[s->input_count], err))
		return -1;
	s->input_count++;
	return 0;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Adds every run directory in a folder, by name. */
static int add_folder(const char *path, struct side *s, struct error *err)
{
	size_t before = s->input_count;
	struct dirent **entries;
	int count = scandir(path, &entries, visible, alphasort), failed = 0;
	char below[PATH_MAX];

	if (count < 0)
		return error__set_errno(err, EXIT_IO, errno, "%s: listing", path);
	for (int i = 0; i < count; i++) {
		if (!failed &&
			snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name) <
				(int)sizeof(below) &&
			input__is_run_directory(below))
			failed = add_input(below, s, err);
		free(entries[i]);
	}
	free(entries);
	if (!failed && s->input_count == before)
		return error__set(err, EXIT_USAGE,
			"%s: neither a run directory (no results.csv in it) nor a folder of run directories",
			path);
	return failed;
}

int side__add(const char *path, struct side *s, struct error *err)
{
	struct stat what;

	if (!stat(path, &what) && S_ISDIR(what.st_mode) && !input__is_run_directory(path))
		return add_folder(path, s, err);
	return add_input(path, s, err);
}

int side__read(const char *path, struct side *s, struct error *err)
{
	*s = (struct side){ 0 };
	s->label = strdup(path);
	if (!s->label || side__add(path, s, err) || side__index(s, false, err)) {
		side__free(s);
		return -1;
	}
	return 0;
}

void side__free(struct side *s)
{
	for (size_t i = 0; i < s->input_count; i++)
		input__free(&s->inputs[i]);
	free(s->inputs);
	free(s->series);
	free(s->values);
	free(s->boots);
	free(s->label);
	*s = (struct side){ 0 };
}

int series__compare(const struct series *a, const struct series *b)
{
	int order = cell_key__compare(&a->key, &b->key);

	return order ? order : strcmp(a->metric, b->metric);
}

static int compare_series(const void *a, const void *b)
{
	return series__compare(a, b);
}

/* A row with the boot it was made in and the directory it comes from. */
struct tagged {
	const struct results_row *row;
	unsigned input, boot;
};

static int compare_tagged(const void *a, const void *b)
{
	const struct tagged *x = a, *y = b;
	int order = cell_key__compare(&x->row->key, &y->row->key);

	if (!order)
		order = x->row->metric == y->row->metric ? 0 : strcmp(x->row->metric, y->row->metric);
	if (!order)
		order = x->input < y->input ? -1 : x->input > y->input;
	if (!order)
		order = x->row->run < y->row->run ? -1 : x->row->run > y->row->run;
	if (!order)
		order = x->row->vcpu < y->row->vcpu ? -1 : x->row->vcpu > y->row->vcpu;
	return order;
}

/* Which boot each directory was made in, numbered from 0. */
static void number_boots(struct side *s, unsigned *boot_of)
{
	s->boot_count = 0;
	for (size_t i = 0; i < s->input_count; i++) {
		const char *id = input__fact(&s->inputs[i], "host.kernel.boot_id", "");
		size_t j = 0;

		while (j < i && (!*id || strcmp(id, input__fact(&s->inputs[j], "host.kernel.boot_id", ""))))
			j++;
		boot_of[i] = j < i ? boot_of[j] : (unsigned)s->boot_count++;
	}
}

/* Work of side__index(). */
struct indexing {
	struct side *side;
	bool nanoseconds;
	unsigned *boot_of;
	struct tagged *rows;
	size_t row_count, series_room, value_count;
	const struct results_row **group;
	double *scratch;
};

/* Appends the runs of rows[0..count), of one directory and one series, to a series. */
static void add_runs(struct indexing *x, struct series *series, const struct tagged *rows, size_t count)
{
	const struct input *in = &x->side->inputs[rows->input];
	double khz = json_number_value(json__get(in->run, "clock.tsc_khz"));
	bool convert = x->nanoseconds && khz > 0 && !strcmp(rows->row->unit, "tsc");
	size_t runs;

	for (size_t i = 0; i < count; i++)
		x->group[i] = rows[i].row;
	runs = summary__run_values(x->group, count, series->values + series->runs, NULL, x->scratch);
	for (size_t i = 0; i < runs; i++) {
		if (convert)
			series->values[series->runs + i] *= 1e6 / khz;
		series->boots[series->runs + i] = rows->boot;
	}
	series->runs += runs;
	if (convert)
		series->unit = "ns";
	x->value_count += runs;
}

static void finish(struct indexing *x, struct series *series)
{
	bool seen[64] = { false };

	for (size_t i = 0; i < series->runs; i++) {
		unsigned boot = series->boots[i] % 64;

		series->boot_count += !seen[boot];
		seen[boot] = true;
		x->scratch[i] = series->values[i];
	}
	series->median = stats__median(x->scratch, series->runs);
}

static void make_series(struct indexing *x)
{
	struct side *s = x->side;

	for (size_t first = 0, next; first < x->row_count; first = next) {
		const struct results_row *row = x->rows[first].row;
		struct series *series = &s->series[s->series_count++];
		size_t part = first;

		*series = (struct series){ .key = row->key,
			.metric = row->metric,
			.unit = row->unit,
			.values = s->values + x->value_count,
			.boots = s->boots + x->value_count,
			.status = ROW_OK,
			.reason = "" };
		for (next = first; next < x->row_count; next++) {
			const struct results_row *other = x->rows[next].row;

			if (cell_key__compare(&other->key, &row->key) || strcmp(other->metric, row->metric))
				break;
			if (x->rows[next].input != x->rows[part].input) {
				add_runs(x, series, x->rows + part, next - part);
				part = next;
			}
		}
		add_runs(x, series, x->rows + part, next - part);
		finish(x, series);
	}
}

/* How bad a status is for a pooled cell: a timeout in one boot isn't made good by another. */
static int badness(enum row_status status)
{
	static const int order[ROW_STATUS_COUNT] = {
		[ROW_OK] = 0, [ROW_SKIPPED] = 1, [ROW_SUSPECT] = 2, [ROW_TIMEOUT] = 3, [ROW_FAILED] = 4
	};

	return order[status];
}

static void take_status(struct series *series, const struct summary_row *row)
{
	if (badness(row->status) > badness(series->status)) {
		series->status = row->status;
		series->reason = row->reason;
	}
}

/* First series of a cell, or where it would be, by bisection. */
static size_t first_of(const struct side *s, const struct cell_key *key, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (cell_key__compare(&s->series[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Gives series their status from the summaries, and cells without figures a series of their own. */
static void apply_summaries(struct side *s)
{
	size_t with_figures = s->series_count;

	for (size_t i = 0; i < s->input_count; i++) {
		const struct summary_file *f = &s->inputs[i].summary;

		for (size_t r = 0; r < f->count; r++) {
			const struct summary_row *row = &f->rows[r];
			size_t at = first_of(s, &row->key, with_figures);
			bool found = false;

			for (; at < with_figures && !cell_key__compare(&s->series[at].key, &row->key); at++) {
				found = true;
				if (!*row->metric || !strcmp(row->metric, s->series[at].metric))
					take_status(&s->series[at], row);
			}
			if (!found && !*row->metric)
				s->series[s->series_count++] = (struct series){ .key = row->key,
					.metric = "",
					.unit = "",
					.median = NAN,
					.status = row->status,
					.reason = row->reason };
		}
	}
	qsort(s->series, s->series_count, sizeof(*s->series), compare_series);
	/* Directories that agree that there are no figures: one of them says it. */
	for (size_t i = 1, kept = 0; s->series_count > 1; i++) {
		if (i == s->series_count) {
			s->series_count = kept + 1;
			break;
		}
		if (series__compare(&s->series[kept], &s->series[i]))
			s->series[++kept] = s->series[i];
		else if (badness(s->series[i].status) > badness(s->series[kept].status))
			s->series[kept] = s->series[i];
	}
}

/* A run that is there twice would have twice the weight, and its figures would agree too well. */
static int refuse_copies(const struct side *s, struct error *err)
{
	for (size_t i = 1; i < s->input_count; i++)
		for (size_t j = 0; j < i; j++)
			if (input__same_run(&s->inputs[j], &s->inputs[i]))
				return error__set(err, EXIT_USAGE,
					"%s and %s hold the very same runs (start, boot and seed agree), which would count "
					"twice: give one of them",
					s->inputs[j].path, s->inputs[i].path);
	return 0;
}

int side__index(struct side *s, bool nanoseconds, struct error *err)
{
	struct indexing x = { .side = s, .nanoseconds = nanoseconds };
	size_t summaries = 0, used = 0;
	int failed = 0;

	if (refuse_copies(s, err))
		return -1;
	free(s->series);
	free(s->values);
	free(s->boots);
	s->series_count = 0;
	s->tsc_khz = json_number_value(json__get(s->inputs[0].run, "clock.tsc_khz"));
	for (size_t i = 0; i < s->input_count; i++) {
		x.row_count += s->inputs[i].results.count;
		summaries += s->inputs[i].summary.count;
	}
	s->series = malloc((x.row_count + summaries + 1) * sizeof(*s->series));
	s->values = malloc((x.row_count + 1) * sizeof(*s->values));
	s->boots = malloc((x.row_count + 1) * sizeof(*s->boots));
	x.boot_of = malloc(s->input_count * sizeof(*x.boot_of));
	x.rows = malloc((x.row_count + 1) * sizeof(*x.rows));
	x.group = malloc((x.row_count + 1) * sizeof(*x.group));
	x.scratch = malloc((x.row_count + 1) * sizeof(*x.scratch));
	if (s->series && s->values && s->boots && x.boot_of && x.rows && x.group && x.scratch) {
		number_boots(s, x.boot_of);
		for (size_t i = 0; i < s->input_count; i++)
			for (size_t r = 0; r < s->inputs[i].results.count; r++)
				x.rows[used++] = (struct tagged){ &s->inputs[i].results.rows[r], (unsigned)i,
					x.boot_of[i] };
		qsort(x.rows, used, sizeof(*x.rows), compare_tagged);
		make_series(&x);
		apply_summaries(s);
	} else {
		failed = no_memory(err);
	}
	free(x.boot_of);
	free(x.rows);
	free(x.group);
	free(x.scratch);
	return failed;
}

const char *side__fact(const struct side *s, const char *fact, const char *otherwise)
{
	return input__fact(&s->inputs[0], fact, otherwise);
}

const struct series *side__find(const struct side *s, const struct cell_key *key, const char *metric)
{
	for (size_t i = first_of(s, key, s->series_count);
		i < s->series_count && !cell_key__compare(&s->series[i].key, key); i++)
		if (!strcmp(s->series[i].metric, metric))
			return &s->series[i];
	return NULL;
}
