// SPDX-License-Identifier: MIT
#include "compare/input.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "compare/baseline.h"
#include "results/json_file.h"
#include "results/summary.h"

static int join(char out[PATH_MAX], const char *folder, const char *file, struct error *err)
{
	if (snprintf(out, PATH_MAX, "%s/%s", folder, file) >= PATH_MAX)
		return error__set_errno(err, EXIT_USAGE, ENAMETOOLONG, "%s/%s", folder, file);
	return 0;
}

bool input__is_run_directory(const char *path)
{
	char file[PATH_MAX];

	return !join(file, path, "results.csv", NULL) && !access(file, F_OK);
}

/* The rows that summary.csv would have, but for the cells that gave no figures. */
static int make_summary(struct input *in, struct error *err)
{
	return summary__compute(
		in->results.rows, in->results.count, NULL, 0, &in->summary.rows, &in->summary.count, err);
}

int input__check_run(const char *name, const json_t *run, struct error *err)
{
	const char *schema = json__string(run, "schema", NULL);

	if (!schema || strcmp(schema, RUN_SCHEMA))
		return error__set(err, EXIT_USAGE, "%s: schema is '%.60s' where this program reads '%s'",
			name, schema ? schema : "missing", RUN_SCHEMA);
	return 0;
}

static int read_directory(const char *path, struct input *in, struct error *err)
{
	char file[PATH_MAX];

	if (join(file, path, "results.csv", err) || results_file__read(file, &in->results, err))
		return -1;
	if (join(file, path, "summary.csv", err))
		return -1;
	if (access(file, F_OK) == 0 ? summary_file__read(file, &in->summary, err) : make_summary(in, err))
		return -1;
	if (join(file, path, "run.json", err))
		return -1;
	if (access(file, F_OK)) {
		in->run = json_object();
		return in->run ? 0 : error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", path);
	}
	in->run = json_file__read(file, err);
	return in->run ? input__check_run(file, in->run, err) : -1;
}

static int compare_summaries(const void *a, const void *b)
{
	const struct summary_row *x = *(const struct summary_row *const *)a,
				 *y = *(const struct summary_row *const *)b;
	int order = cell_key__compare(&x->key, &y->key);

	return order ? order : strcmp(x->metric, y->metric);
}

/* Sets *twice to a row that has an equal one, NULL where there is none. `compare` takes pointers to rows, as of qsort. 0, or
 * -1 without memory. */
static int find_twice(const void *rows, size_t count, size_t size, int (*compare)(const void *, const void *),
	const void **twice)
{
	const char **sorted = malloc((count + 1) * sizeof(*sorted));

	*twice = NULL;
	if (!sorted)
		return -1;
	for (size_t i = 0; i < count; i++)
		sorted[i] = (const char *)rows + i * size;
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 1; i < count && !*twice; i++)
		if (!compare(&sorted[i - 1], &sorted[i]))
			*twice = sorted[i];
	free(sorted);
	return 0;
}

/* One figure twice (files put together, rows of two runs under the same number) would count as two vCPUs; and of two
 * medians of one figure none can be told to be it. */
static int refuse_duplicates(const struct input *in, struct error *err)
{
	const void *result, *median;

	if (find_twice(in->results.rows, in->results.count, sizeof(*in->results.rows), results_row__compare,
		    &result) ||
		find_twice(in->summary.rows, in->summary.count, sizeof(*in->summary.rows), compare_summaries,
			&median))
		return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", in->path);
	if (result) {
		const struct results_row *row = result;

		return error__set(err, EXIT_USAGE,
			"%s: results.csv has %s of %s (%u vCPUs, %u VMs), run %u, vCPU %u twice: are these files of "
			"several runs put together? Compare them as directories of their own",
			in->path, row->metric, row->key.bench, row->key.vcpus, row->key.vms, row->run,
			row->vcpu);
	}
	if (median) {
		const struct summary_row *row = median;

		return error__set(err, EXIT_USAGE,
			"%s: summary.csv has %s of %s (%u vCPUs, %u VMs) twice: remove the file, and it is made of "
			"results.csv",
			in->path, *row->metric ? row->metric : "the status", row->key.bench, row->key.vcpus,
			row->key.vms);
	}
	return 0;
}

int input__read(const char *path, struct input *in, struct error *err)
{
	struct stat what;
	int failed;

	*in = (struct input){ .path = strdup(path) };
	if (!in->path)
		return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", path);
	if (stat(path, &what))
		failed = error__set_errno(err, errno == ENOENT ? EXIT_USAGE : EXIT_IO, errno, "%s", path);
	else if (!S_ISDIR(what.st_mode))
		failed = baseline__read(path, in, err);
	else if (!input__is_run_directory(path))
		failed = errno == ENOENT ? error__set(err, EXIT_USAGE,
						   "%s: no run directory, it has no results.csv", path)
					 : error__set_errno(err, EXIT_IO, errno, "%s", path);
	else
		failed = read_directory(path, in, err);
	if (!failed && json__calm(in->run))
		failed = error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", path);
	if (!failed)
		failed = refuse_duplicates(in, err);
	if (failed)
		input__free(in);
	return failed;
}

int input__save(const struct input *in, const char *path, struct error *err)
{
	return baseline__write(in, path, err);
}

void input__free(struct input *in)
{
	free(in->path);
	json_decref(in->run);
	results_file__free(&in->results);
	summary_file__free(&in->summary);
	*in = (struct input){ 0 };
}

const char *input__fact(const struct input *in, const char *fact, const char *otherwise)
{
	return json__string(in->run, fact, otherwise);
}

const char *input__ending(const struct input *in, char *buf, size_t size)
{
	static const char had[] = "what it had by then is all there is";
	const char *status = input__fact(in, "status", "complete");
	const json_t *number = json__get(in->run, "signal");

	if (!strcmp(status, "complete"))
		return NULL;
	if (!strcmp(status, "running"))
		snprintf(buf, size, "%s: the run is under way, or was killed: %s", in->path, had);
	else if (!strcmp(status, "interrupted"))
		snprintf(buf, size, "%s: the run was ended by signal %d: %s", in->path,
			(int)json_integer_value(number), had);
	else
		snprintf(buf, size, "%s: the run %s, %s: %s", in->path,
			strcmp(status, "failed") ? "didn't come to its end" : "failed", had,
			input__fact(in, "error", "no reason is recorded"));
	return buf;
}

bool input__same_run(const struct input *a, const struct input *b)
{
	static const char *const facts[] = { "started", "finished", "host.kernel.boot_id",
		"host.kernel.release", "host.hostname", "plan.seed" };

	/* There two runs agree in all of these: the lab's time and its randomness are made. */
	if (!strcmp(input__fact(a, "trust", ""), "model"))
		return false;
	for (size_t f = 0; f < ARRAY_SIZE(facts); f++) {
		const json_t *v = json__get(a->run, facts[f]), *w = json__get(b->run, facts[f]);

		if (!v || !w || !json_equal(v, w))
			return false;
	}
	return true;
}
