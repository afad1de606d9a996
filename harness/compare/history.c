// SPDX-License-Identifier: MIT
#include "compare/history.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "results/schema.h"
#include "results/summary.h"
#include "results/whole_file.h"

static const struct schema schema_history = {
	.file = "history.csv",
	.row_size = sizeof(struct history_row),
	.column_count = 12,
	.columns = {
		{ "time", COLUMN_STRING, offsetof(struct history_row, time) },
		{ "kernel", COLUMN_STRING, offsetof(struct history_row, kernel) },
		{ "revision", COLUMN_STRING, offsetof(struct history_row, revision) },
		{ "host", COLUMN_STRING, offsetof(struct history_row, host) },
		{ "trust", COLUMN_STRING, offsetof(struct history_row, trust) },
		{ "bench", COLUMN_STRING, offsetof(struct history_row, key.bench) },
		{ "vcpus", COLUMN_UNSIGNED, offsetof(struct history_row, key.vcpus) },
		{ "vms", COLUMN_UNSIGNED, offsetof(struct history_row, key.vms) },
		{ "metric", COLUMN_STRING, offsetof(struct history_row, metric) },
		{ "unit", COLUMN_STRING, offsetof(struct history_row, unit) },
		{ "runs", COLUMN_UNSIGNED, offsetof(struct history_row, runs) },
		{ "value", COLUMN_DOUBLE, offsetof(struct history_row, value) },
	},
};

static int read_rows(struct csv_reader *r, struct history *h, struct error *err)
{
	struct schema_map map;
	size_t room = 0;
	int got;

	if (schema__read_header(&schema_history, r, &map, err))
		return -1;
	do {
		if (h->count == room) {
			size_t more = room ? room * 2 : 64;
			struct history_row *rows = realloc(h->rows, more * sizeof(*rows));

			if (!rows)
				return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", r->name);
			h->rows = rows;
			room = more;
		}
		got = schema__read_row(&schema_history, &map, r, &h->strings, &h->rows[h->count], err);
		h->count += got > 0;
	} while (got > 0);
	return got;
}

int history__read(const char *path, struct history *h, struct error *err)
{
	struct csv_reader r;
	int failed;

	*h = (struct history){ 0 };
	if (csv_reader__open(&r, path, err))
		return -1;
	failed = read_rows(&r, h, err);
	csv_reader__close(&r);
	if (failed)
		history__free(h);
	return failed;
}

void history__free(struct history *h)
{
	free(h->rows);
	string_pool__free(&h->strings);
	*h = (struct history){ 0 };
}

#define HOST_SIZE 256

/* A host that got another CPU is another host, and labs of two vendors may share a name. */
static const char *host_of(const struct input *in, char buf[HOST_SIZE])
{
	const char *cpu = input__fact(in, "host.cpu.model_name", "");

	snprintf(buf, HOST_SIZE, "%s%s%s", input__fact(in, "host.hostname", ""), *cpu ? ", " : "", cpu);
	return buf;
}

/* Is the run in the history already? */
static bool knows(const struct history *h, const struct input *in)
{
	char buf[HOST_SIZE];
	const char *time = input__fact(in, "started", ""), *host = host_of(in, buf);
	const char *kernel = input__fact(in, "host.kernel.release", "");

	for (size_t i = 0; i < h->count; i++)
		if (!strcmp(h->rows[i].time, time) && !strcmp(h->rows[i].host, host) &&
			!strcmp(h->rows[i].kernel, kernel))
			return true;
	return false;
}

int history__append(const char *path, const struct input *in, struct error *err)
{
	struct stat file;
	/* An empty one is what mktemp makes, and what a disk leaves that was full at the first try. */
	bool exists = stat(path, &file) == 0 && (!S_ISREG(file.st_mode) || file.st_size > 0);
	struct history old = { 0 };
	struct text t = { 0 };
	char host[HOST_SIZE];
	int added = 0, failed = 0;

	host_of(in, host);
	if (!*input__fact(in, "started", ""))
		return error__set(err, EXIT_USAGE,
			"%s: run.json doesn't say when it started: no place in a history", in->path);
	if (exists && history__read(path, &old, err))
		return -1;
	if (!exists)
		schema__add_header(&schema_history, &t);
	for (size_t i = 0; i < in->summary.count && !knows(&old, in); i++) {
		const struct summary_row *s = &in->summary.rows[i];
		struct history_row row = { .time = input__fact(in, "started", ""),
			.kernel = input__fact(in, "host.kernel.release", ""),
			.revision = input__fact(in, "program.revision", ""),
			.host = host,
			.trust = input__fact(in, "trust", ""),
			.key = s->key,
			.metric = s->metric,
			.unit = s->unit,
			.runs = s->runs,
			.value = s->median };

		/* What wasn't proven has no place among figures that are compared for years. */
		if (s->status != ROW_OK || isnan(s->median))
			continue;
		schema__add_rows(&schema_history, &t, &row, 1);
		added++;
	}
	history__free(&old);
	if (added)
		failed = whole_file__append_path(path, &t, err);
	text__free(&t);
	return failed ? -1 : added;
}
