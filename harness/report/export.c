// SPDX-License-Identifier: MIT
#include "report/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "results/json_file.h"
#include "results/summary.h"

static const struct exporter exporters[] = {
	{ "google-benchmark",
		"JSON of Google Benchmark: its compare.py, github-action-benchmark (tool googlecpp)", false,
		export__google },
	{ "bencher", "Bencher Metric Format (JSON)", false, export__bencher },
	{ "benchstat", "text of Go's benchmarks: benchstat", true, export__benchstat },
	{ "openmetrics", "OpenMetrics text: the textfile collector of Prometheus' node exporter", false,
		export__openmetrics },
	{ "hyperfine", "JSON as hyperfine writes it: its plotting scripts", false, export__hyperfine },
	{ "otava", "CSV of Apache Otava: one line a directory", true, export__otava },
	{ "otava-config", "the otava.yaml that reads that CSV", true, export__otava_config },
};

#define EXPORTERS (sizeof(exporters) / sizeof(exporters[0]))

const char *const *exporter__names(void)
{
	static const char *names[EXPORTERS + 1];

	for (size_t i = 0; i < EXPORTERS; i++)
		names[i] = exporters[i].name;
	return names;
}

const struct exporter *exporter__at(size_t index)
{
	return &exporters[index];
}

double export__value(
	const struct export_source *s, const struct series *series, double value, const char **unit)
{
	bool time = !strcmp(series->unit, "tsc") && s->tsc_khz > 0;

	*unit = time ? "ns" : series->unit;
	return time ? value * 1e6 / s->tsc_khz : value;
}

void export__add_name(struct text *t, const struct cell_key *key)
{
	text__puts(t, key->bench);
	if (key->vcpus != 1)
		text__printf(t, "/vcpus:%u", key->vcpus);
	if (key->vms != 1)
		text__printf(t, "/vms:%u", key->vms);
}

const struct summary_row *export__summary(const struct export_source *s, const struct series *series)
{
	const struct summary_file *f = &s->input->summary;

	for (size_t i = 0; i < f->count; i++)
		if (!cell_key__compare(&f->rows[i].key, &series->key) &&
			!strcmp(f->rows[i].metric, series->metric))
			return &f->rows[i];
	return NULL;
}

long long export__started(const struct export_source *s)
{
	struct tm utc = { 0 };
	const char *end = strptime(input__fact(s->input, "started", ""), "%Y-%m-%dT%H:%M:%SZ", &utc);

	return end ? (long long)timegm(&utc) : 0;
}

int export__write(const struct exporter *e, char *const *paths, size_t path_count, struct text *t,
	struct text *warnings, struct error *err)
{
	struct export_source *sources;
	struct side *sides;
	char words[1024];
	size_t count = 0;
	int failed = 0;

	if (path_count != 1 && !e->many)
		return error__set(err, EXIT_USAGE, "format %s holds one directory; %zu were given", e->name,
			path_count);
	sources = calloc(path_count + 1, sizeof(*sources));
	sides = calloc(path_count + 1, sizeof(*sides));
	if (!sources || !sides)
		failed = error__set_errno(err, EXIT_IO, ENOMEM, "exporting");
	while (!failed && count < path_count) {
		struct side *side = &sides[count];

		if (input__is_run_directory(paths[count]))
			failed = side__read(paths[count], side, err);
		else if (!(failed = side__read(paths[count], side, err)) && side->input_count > 1)
			failed = error__set(err, EXIT_USAGE,
				"%s: a folder of run directories; name them one by one", paths[count]);
		if (failed && !side->inputs)
			break;
		sources[count].input = &side->inputs[0];
		sources[count].side = side;
		sources[count].tsc_khz = json_number_value(json__get(side->inputs[0].run, "clock.tsc_khz"));
		if (warnings && input__ending(sources[count].input, words, sizeof(words)))
			text__printf(warnings, "%s\n", words);
		count++;
	}
	if (!failed)
		failed = e->write(sources, count, t, err);
	if (!failed && t->failed)
		failed = error__set_errno(err, EXIT_IO, ENOMEM, "exporting");
	for (size_t i = 0; i < count; i++)
		side__free(&sides[i]);
	free(sides);
	free(sources);
	return failed;
}
