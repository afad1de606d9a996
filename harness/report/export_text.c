// SPDX-License-Identifier: MIT
/* Exporters that write text: benchstat, OpenMetrics, Apache Otava. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/export.h"
#include "results/csv.h"
#include "results/summary.h"

/* One line per value of a configuration key; benchstat groups by them. */
static void benchstat_head(const struct export_source *s, struct text *t)
{
	text__printf(t, "goos: linux\ngoarch: %s\npkg: vmexit-bench\ncpu: %s\nkernel: %s\ntrust: %s\n",
		input__fact(s->input, "host.kernel.machine", "amd64"),
		input__fact(s->input, "host.cpu.model_name", "unknown"),
		input__fact(s->input, "host.kernel.release", "unknown"),
		input__fact(s->input, "trust", "unknown"));
}

/* "BenchmarkCpuid/leaf0-1": a capital must follow the word, and the number behind the last dash is the CPUs. */
static void benchstat_name(const struct cell_key *key, struct text *t)
{
	char first = key->bench[0];

	text__puts(t, "Benchmark");
	/* Not toupper(): in Turkish that is no 'I' for an 'i'. */
	text__putc(t, first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : first);
	text__puts(t, key->bench + 1);
	if (key->vms != 1)
		text__printf(t, "/vms:%u", key->vms);
	text__printf(t, "-%u", key->vcpus);
}

/* `headline`: this metric is the benchmark's ns/op; the others carry their names. */
static void benchstat_value(
	const struct export_source *s, const struct series *series, size_t run, bool headline, struct text *t)
{
	const char *unit;
	double value = export__value(s, series, series->values[run], &unit);

	text__putc(t, '\t');
	text__number(t, value);
	text__putc(t, ' ');
	if (!strcmp(unit, "count/op")) {
		text__printf(t, "%s/op", series->metric);
		return;
	}
	if (!headline)
		text__printf(t, "%s-", series->metric);
	text__printf(t, strchr(unit, '/') ? "%s" : "%s/op", unit);
}

/* The round trip where there is one, else what the guest sees. */
static const struct series *headline_of(const struct series *series, size_t count)
{
	const struct series *found = NULL;

	for (size_t i = 0; i < count; i++)
		if (!strcmp(series[i].metric, "roundtrip") || (!found && !strcmp(series[i].metric, "guest")))
			found = &series[i];
	return found;
}

int export__benchstat(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	(void)err;
	for (size_t k = 0; k < count; k++) {
		const struct side *side = sources[k].side;

		benchstat_head(&sources[k], t);
		for (size_t first = 0, next; first < side->series_count; first = next) {
			const struct series *headline;
			size_t runs = 0;

			for (next = first;
				next < side->series_count &&
				!cell_key__compare(&side->series[first].key, &side->series[next].key);
				next++)
				runs = side->series[next].runs > runs ? side->series[next].runs : runs;
			headline = headline_of(&side->series[first], next - first);
			for (size_t r = 0; r < runs; r++) {
				benchstat_name(&side->series[first].key, t);
				text__puts(t, "\t1");
				for (size_t i = first; i < next; i++)
					if (r < side->series[i].runs)
						benchstat_value(&sources[k], &side->series[i], r,
							&side->series[i] == headline, t);
				text__putc(t, '\n');
			}
		}
	}
	return 0;
}

/* A label's value: backslash, quote and line end are escaped. */
static void label(struct text *t, const char *name, const char *value)
{
	text__printf(t, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\n')
			text__puts(t, "\\n");
		else {
			if (*value == '\\' || *value == '"')
				text__putc(t, '\\');
			text__putc(t, *value);
		}
	}
	text__putc(t, '"');
}

static void metric_labels(struct text *t, const struct summary_row *r)
{
	text__putc(t, '{');
	label(t, "bench", r->key.bench);
	text__printf(t, ",vcpus=\"%u\",vms=\"%u\",", r->key.vcpus, r->key.vms);
	label(t, "metric", r->metric);
	text__putc(t, ',');
	label(t, "unit", r->unit);
	text__puts(t, "} ");
}

static void openmetrics_family(
	const struct summary_file *f, const char *name, const char *help, size_t offset, struct text *t)
{
	text__printf(t, "# HELP vmexit_bench_%s %s\n# TYPE vmexit_bench_%s gauge\n", name, help, name);
	for (size_t i = 0; i < f->count; i++) {
		const struct summary_row *r = &f->rows[i];
		double value = *(const double *)((const char *)r + offset);

		if (!*r->metric || isnan(value))
			continue;
		text__printf(t, "vmexit_bench_%s", name);
		metric_labels(t, r);
		text__number(t, value);
		text__putc(t, '\n');
	}
}

int export__openmetrics(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	static const struct {
		const char *name, *help;
		size_t offset;
	} families[] = {
		{ "median",
			"Median over the runs of the runs' medians, in the unit of the label, per operation.",
			offsetof(struct summary_row, median) },
		{ "ci_low", "Lower end of the median's 95 % interval.", offsetof(struct summary_row, ci_lo) },
		{ "ci_high", "Upper end of the median's 95 % interval.",
			offsetof(struct summary_row, ci_hi) },
		{ "min", "Smallest sample of all runs.", offsetof(struct summary_row, min) },
		{ "p99", "Median over the runs of the runs' 99th percentiles.",
			offsetof(struct summary_row, p99) },
	};
	const struct export_source *s = &sources[0];
	size_t by_status[ROW_STATUS_COUNT] = { 0 };

	(void)count;
	(void)err;
	text__puts(t,
		"# HELP vmexit_bench_run_info What ran, and where.\n# TYPE vmexit_bench_run_info gauge\n"
		"vmexit_bench_run_info{");
	label(t, "kernel", input__fact(s->input, "host.kernel.release", ""));
	text__putc(t, ',');
	label(t, "cpu", input__fact(s->input, "host.cpu.model_name", ""));
	text__putc(t, ',');
	label(t, "backend", input__fact(s->input, "backend", ""));
	text__putc(t, ',');
	label(t, "trust", input__fact(s->input, "trust", ""));
	text__putc(t, ',');
	label(t, "revision", input__fact(s->input, "program.revision", ""));
	text__puts(t, "} 1\n");
	text__printf(t,
		"# HELP vmexit_bench_run_start_time_seconds When the run started.\n"
		"# TYPE vmexit_bench_run_start_time_seconds gauge\nvmexit_bench_run_start_time_seconds %lld\n",
		export__started(s));
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		openmetrics_family(
			&s->input->summary, families[i].name, families[i].help, families[i].offset, t);
	for (size_t i = 0; i < s->input->summary.count; i++)
		by_status[s->input->summary.rows[i].status]++;
	text__puts(t,
		"# HELP vmexit_bench_rows Rows of the summary by status.\n# TYPE vmexit_bench_rows gauge\n");
	for (int i = 0; i < ROW_STATUS_COUNT; i++)
		text__printf(t, "vmexit_bench_rows{status=\"%s\"} %zu\n", row_status__name(i), by_status[i]);
	text__puts(t, "# EOF\n");
	return 0;
}

/* The columns of Otava's table: every benchmark and metric that any directory has, in order. */
struct otava_columns {
	const struct series **list;
	size_t count;
};

static int compare_columns(const void *a, const void *b)
{
	return series__compare(*(const struct series *const *)a, *(const struct series *const *)b);
}

static int otava_columns__of(
	const struct export_source *sources, size_t count, struct otava_columns *c, struct error *err)
{
	size_t all = 0, kept = 0;

	for (size_t k = 0; k < count; k++)
		all += sources[k].side->series_count;
	c->list = malloc((all + 1) * sizeof(*c->list));
	if (!c->list)
		return error__set_errno(err, EXIT_IO, ENOMEM, "exporting");
	c->count = 0;
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < sources[k].side->series_count; i++)
			if (sources[k].side->series[i].runs)
				c->list[c->count++] = &sources[k].side->series[i];
	qsort(c->list, c->count, sizeof(*c->list), compare_columns);
	for (size_t i = 0; i < c->count; i++)
		if (!kept || series__compare(c->list[kept - 1], c->list[i]))
			c->list[kept++] = c->list[i];
	c->count = kept;
	return 0;
}

/* "pio/out-user-1b.roundtrip" */
static void otava_name(const struct series *s, struct text *t)
{
	export__add_name(t, &s->key);
	text__putc(t, '.');
	text__puts(t, s->metric);
}

static void csv_cell(struct text *t, const char *value)
{
	text__putc(t, ',');
	csv__add_field(t, value);
}

int export__otava(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	struct otava_columns c;

	if (otava_columns__of(sources, count, &c, err))
		return -1;
	text__puts(t, "time,kernel,revision,cpu,trust");
	for (size_t i = 0; i < c.count; i++) {
		text__putc(t, ',');
		otava_name(c.list[i], t);
	}
	text__putc(t, '\n');
	for (size_t k = 0; k < count; k++) {
		const struct input *in = sources[k].input;

		csv__add_field(t, input__fact(in, "started", ""));
		csv_cell(t, input__fact(in, "host.kernel.release", ""));
		csv_cell(t, input__fact(in, "program.revision", ""));
		csv_cell(t, input__fact(in, "host.cpu.model_name", ""));
		csv_cell(t, input__fact(in, "trust", ""));
		for (size_t i = 0; i < c.count; i++) {
			const struct series *s =
				side__find(sources[k].side, &c.list[i]->key, c.list[i]->metric);
			const char *unit;

			text__putc(t, ',');
			if (s && s->runs)
				text__number(t, export__value(&sources[k], s, s->median, &unit));
		}
		text__putc(t, '\n');
	}
	free(c.list);
	return 0;
}

int export__otava_config(const struct export_source *sources, size_t count, struct text *t, struct error *err)
{
	struct otava_columns c;

	if (otava_columns__of(sources, count, &c, err))
		return -1;
	text__puts(t,
		"# Analyse with: otava analyze vmexit-bench\n"
		"tests:\n  vmexit-bench:\n    type: csv\n    file: vmexit-bench.csv\n    time_column: time\n"
		"    attributes: [kernel, revision, cpu, trust]\n    metrics:\n");
	for (size_t i = 0; i < c.count; i++) {
		text__puts(t, "      \"");
		otava_name(c.list[i], t);
		text__puts(t, "\":\n        column: \"");
		otava_name(c.list[i], t);
		/* Lower is better, but for operations a second. */
		text__printf(t, "\"\n        direction: %d\n", strcmp(c.list[i]->unit, "op/s") ? -1 : 1);
	}
	text__puts(t, "    csv_options:\n      delimiter: \",\"\n      quote_char: '\"'\n");
	free(c.list);
	return 0;
}
