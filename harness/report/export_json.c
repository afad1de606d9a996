// SPDX-License-Identifier: MIT
/* Exporters that write JSON: Google Benchmark, Bencher, hyperfine. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/export.h"
#include "results/json_file.h"
#include "stats/describe.h"

static int dump(json_t *root, struct text *t, struct error *err)
{
	char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;

	json_decref(root);
	if (!text)
		return error__set_errno(err, EXIT_IO, ENOMEM, "exporting");
	text__puts(t, text);
	text__putc(t, '\n');
	free(text);
	return 0;
}

/* "pio/out-user-1b/roundtrip": these formats know one figure a benchmark. */
static char *full_name(const struct series *s)
{
	struct text t = { 0 };

	export__add_name(&t, &s->key);
	text__putc(&t, '/');
	text__puts(&t, s->metric);
	return t.data ? t.data : strdup("?");
}

static void set_number(json_t *object, const char *key, double value)
{
	if (isfinite(value))
		json_object_set_new(object, key, json_real(value));
}

/* Its readers know units of time alone: what counts instructions says so in its name. */
static char *google_name(const struct export_source *s, const struct series *series)
{
	const char *unit;
	struct text t = { 0 };
	char *name = full_name(series);

	export__value(s, series, 0, &unit);
	if (!name || !strcmp(unit, "ns"))
		return name;
	text__printf(&t, "%s/%s", name, unit);
	free(name);
	return t.data;
}

/* Google's context; the facts that have no place there are members of their own, which its tools ignore. */
static json_t *google_context(const struct export_source *s)
{
	json_t *cpus = json__get(s->input->run, "host.topology.cpus"),
	       *load = json__get(s->input->run, "host.load");

	return json_pack("{ss ss ss so sI sb s[] so ss ss ss ss ss}", "date",
		input__fact(s->input, "started", ""), "host_name", input__fact(s->input, "host.hostname", ""),
		"executable", "vmexit-bench", "num_cpus",
		json_is_integer(cpus) ? json_incref(cpus) : json_integer(1), "mhz_per_cpu",
		(json_int_t)(s->tsc_khz / 1000), "cpu_scaling_enabled", 0, "caches", "load_avg",
		json_is_array(load) ? json_incref(load) : json_array(), "library_build_type", "release",
		"kernel", input__fact(s->input, "host.kernel.release", ""), "cpu",
		input__fact(s->input, "host.cpu.model_name", ""), "trust", input__fact(s->input, "trust", ""),
		"vmexit_bench_revision", input__fact(s->input, "program.revision", ""));
}

static json_t *google_row(const struct series *series, const char *name, size_t family)
{
	return json_pack("{ss sI sI ss si}", "name", name, "family_index", (json_int_t)family,
		"per_family_instance_index", (json_int_t)0, "run_name", name, "threads",
		(int)series->key.vcpus);
}

static void google_value(json_t *row, double value, uint64_t iterations)
{
	json_object_set_new(row, "iterations", json_integer((json_int_t)iterations));
	set_number(row, "real_time", value);
	set_number(row, "cpu_time", value);
	json_object_set_new(row, "time_unit", json_string("ns"));
}

/* Google's tools know times: metrics that are none have no place there. */
static bool is_cost(const struct series *s)
{
	return s->runs && (!strcmp(s->unit, "tsc") || !strcmp(s->unit, "ns") || !strcmp(s->unit, "insn")) &&
	       strcmp(s->metric, "net");
}

int export__google(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} aggregates[] = { { "mean", offsetof(struct distribution, mean) },
		{ "median", offsetof(struct distribution, p50) },
		{ "stddev", offsetof(struct distribution, stddev) } };
	const struct export_source *s = &sources[0];
	json_t *rows = json_array();

	(void)count;
	for (size_t i = 0; i < s->side->series_count; i++) {
		const struct series *series = &s->side->series[i];
		struct distribution d;
		double *values;
		const char *unit = "ns";
		char *name;

		if (!is_cost(series))
			continue;
		values = malloc(series->runs * sizeof(*values));
		name = google_name(s, series);
		if (!values || !name) {
			free(values);
			free(name);
			json_decref(rows);
			return error__set_errno(err, EXIT_IO, ENOMEM, "exporting");
		}
		for (size_t r = 0; r < series->runs; r++) {
			json_t *row = google_row(series, name, i);

			values[r] = export__value(s, series, series->values[r], &unit);
			json_object_set_new(row, "run_type", json_string("iteration"));
			json_object_set_new(row, "repetitions", json_integer((json_int_t)series->runs));
			json_object_set_new(row, "repetition_index", json_integer((json_int_t)r));
			google_value(row, values[r], 1);
			json_array_append_new(rows, row);
		}
		distribution__of(&d, values, series->runs);
		for (size_t a = 0; a < 3 && series->runs > 1; a++) {
			struct text full = { 0 };
			json_t *row;

			text__printf(&full, "%s_%s", name, aggregates[a].name);
			row = google_row(series, full.data ? full.data : name, i);
			text__free(&full);
			json_object_set_new(row, "run_name", json_string(name));
			json_object_set_new(row, "run_type", json_string("aggregate"));
			json_object_set_new(row, "repetitions", json_integer((json_int_t)series->runs));
			json_object_set_new(row, "aggregate_name", json_string(aggregates[a].name));
			json_object_set_new(row, "aggregate_unit", json_string("time"));
			google_value(row, *(double *)((char *)&d + aggregates[a].offset), series->runs);
			json_array_append_new(rows, row);
		}
		free(values);
		free(name);
	}
	return dump(json_pack("{so so}", "context", google_context(s), "benchmarks", rows), t, err);
}

/* { "benchmark": { "measure": { "value", "lower_value", "upper_value" } } } */
int export__bencher(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	const struct export_source *s = &sources[0];
	json_t *root = json_object();

	(void)count;
	for (size_t i = 0; i < s->side->series_count; i++) {
		const struct series *series = &s->side->series[i];
		const struct summary_row *summary = export__summary(s, series);
		struct text name = { 0 }, measure = { 0 };
		const char *unit = "";
		json_t *bench, *value;

		if (!series->runs)
			continue;
		export__add_name(&name, &series->key);
		bench = json_object_get(root, name.data);
		if (!bench) {
			bench = json_object();
			json_object_set_new(root, name.data, bench);
		}
		value = json_object();
		set_number(value, "value", export__value(s, series, series->median, &unit));
		if (summary) {
			set_number(value, "lower_value", export__value(s, series, summary->ci_lo, &unit));
			set_number(value, "upper_value", export__value(s, series, summary->ci_hi, &unit));
		}
		/* A measure has one unit everywhere, so the unit is part of its name. */
		text__printf(&measure, "%s_%s", series->metric, unit);
		for (char *p = measure.data; p && *p; p++)
			if (*p == '/')
				*p = '_';
		json_object_set_new(bench, measure.data, value);
		text__free(&name);
		text__free(&measure);
	}
	return dump(root, t, err);
}

/* Times in seconds; what is no time keeps its unit and says so in "unit". */
int export__hyperfine(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	const struct export_source *s = &sources[0];
	json_t *results = json_array();

	(void)count;
	for (size_t i = 0; i < s->side->series_count; i++) {
		const struct series *series = &s->side->series[i];
		json_t *row, *times, *codes;
		struct distribution d;
		const char *unit = "";
		double *values, scale;
		char *name;

		if (!is_cost(series))
			continue;
		values = malloc(series->runs * sizeof(*values));
		name = full_name(series);
		if (!values || !name) {
			free(values);
			free(name);
			json_decref(results);
			return error__set_errno(err, EXIT_IO, ENOMEM, "exporting");
		}
		times = json_array();
		codes = json_array();
		for (size_t r = 0; r < series->runs; r++) {
			values[r] = export__value(s, series, series->values[r], &unit);
			scale = strcmp(unit, "ns") ? 1 : 1e-9;
			values[r] *= scale;
			json_array_append_new(times, json_real(values[r]));
			json_array_append_new(codes, json_integer(0));
		}
		distribution__of(&d, values, series->runs);
		row = json_pack("{ss sf so sf sf sf sf sf so so ss}", "command", name, "mean", d.mean,
			"stddev", isnan(d.stddev) ? json_null() : json_real(d.stddev), "median", d.p50,
			"user", 0.0, "system", 0.0, "min", d.min, "max", d.max, "times", times, "exit_codes",
			codes, "unit", strcmp(unit, "ns") ? unit : "s");
		json_array_append_new(results, row);
		free(values);
		free(name);
	}
	return dump(json_pack("{so}", "results", results), t, err);
}
