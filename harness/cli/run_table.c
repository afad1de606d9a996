// SPDX-License-Identifier: MIT
#include "cli/run_table.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "cli/columns.h"
#include "cli/reasons.h"
#include "cli/table.h"
#include "cli/units.h"
#include "results/csv.h"
#include "results/number.h"

/* A point and its metrics, gathered from the rows of the summary. */
struct point {
	const struct summary_row *any; /* carries key, status and reason */
	const struct summary_row *guest, *roundtrip, *exit_leg, *entry_leg, *net, *rate, *latency;
};

static bool same_key(const struct cell_key *a, const struct cell_key *b)
{
	return a->vcpus == b->vcpus && a->vms == b->vms && strcmp(a->bench, b->bench) == 0;
}

/* Takes the rows of the next point (rows are sorted by key); returns how many they were. */
static size_t gather(const struct summary_row *rows, size_t count, struct point *p)
{
	size_t i;

	*p = (struct point){ .any = rows };
	for (i = 0; i < count && same_key(&rows[i].key, &rows->key); i++) {
		const struct summary_row *r = &rows[i];
		const struct {
			const char *metric;
			const struct summary_row **slot;
		} slots[] = { { "guest", &p->guest }, { "roundtrip", &p->roundtrip },
			{ "exit_leg", &p->exit_leg }, { "entry_leg", &p->entry_leg }, { "net", &p->net },
			{ "rate", &p->rate }, { "latency", &p->latency }, { "lateness", &p->latency } };

		for (size_t s = 0; s < ARRAY_SIZE(slots); s++)
			if (strcmp(r->metric, slots[s].metric) == 0)
				*slots[s].slot = r;
	}
	return i;
}

/* The figure that stands for the row: what user space waits where the exit goes there, else what the guest does; where
 * the point is when something arrives (an interrupt, a wake-up), that. */
static const struct summary_row *headline(const struct point *p)
{
	if (p->latency)
		return p->latency;
	return p->roundtrip ? p->roundtrip : p->guest;
}

static void ticks(char *buf, const struct summary_row *r)
{
	buf[0] = '\0';
	if (r)
		units__ticks(buf, r->median);
}

/* Half the interval's width as a part of the median; nothing where fewer than 6 runs give no interval. */
static double half_width(const struct summary_row *r)
{
	return r && r->median > 0 ? (r->ci_hi - r->ci_lo) / 2 / r->median : NAN;
}

/* Nanoseconds of a figure in ticks; NAN where ticks are instructions. */
static double to_ns(const struct summary_row *r, double tsc_khz)
{
	if (!r)
		return NAN;
	if (strcmp(r->unit, "ns") == 0)
		return r->median;
	return strcmp(r->unit, "tsc") == 0 && tsc_khz > 0 ? r->median * 1e6 / tsc_khz : NAN;
}

static bool has_figures(enum row_status status)
{
	return status == ROW_OK || status == ROW_SUSPECT;
}

enum column {
	C_BENCH,
	C_VCPUS,
	C_VMS,
	C_TIME,
	C_HOST,
	C_GUEST,
	C_PRECISION,
	C_NET,
	C_EXIT,
	C_ENTRY,
	C_LATENCY,
	C_P99,
	C_RATE,
	C_STATUS,
	COLUMNS
};

static const struct table_column columns[COLUMNS] = {
	[C_BENCH] = { .title = "benchmark", .shrink = 16 },
	[C_VCPUS] = { .title = "vcpus", .align = ALIGN_RIGHT },
	[C_VMS] = { .title = "vms", .align = ALIGN_RIGHT },
	[C_TIME] = { .title = "time", .align = ALIGN_RIGHT },
	[C_HOST] = { .title = "round trip", .align = ALIGN_RIGHT },
	[C_GUEST] = { .title = "guest", .align = ALIGN_RIGHT },
	[C_PRECISION] = { .title = "+/-", .align = ALIGN_RIGHT, .drop = 1 },
	[C_NET] = { .title = "net", .align = ALIGN_RIGHT, .drop = 2 },
	[C_EXIT] = { .title = "exit leg", .align = ALIGN_RIGHT, .drop = 3 },
	[C_ENTRY] = { .title = "entry leg", .align = ALIGN_RIGHT, .drop = 4 },
	[C_LATENCY] = { .title = "latency", .align = ALIGN_RIGHT },
	[C_P99] = { .title = "p99", .align = ALIGN_RIGHT, .drop = 5 },
	[C_RATE] = { .title = "rate", .align = ALIGN_RIGHT, .drop = 6 },
	[C_STATUS] = { .title = "status" },
};

static void add_point(struct table *t, const struct point *p, double tsc_khz, bool several_vcpus,
	bool several_vms, bool utf8)
{
	static const enum colour colours[ROW_STATUS_COUNT] = {
		[ROW_SUSPECT] = COLOUR_YELLOW, [ROW_TIMEOUT] = COLOUR_RED, [ROW_FAILED] = COLOUR_RED
	};
	const struct cell_key *key = &p->any->key;
	char text[COLUMNS][UNITS_SIZE] = { 0 };
	const char *cells[COLUMNS];

	for (size_t c = 0; c < COLUMNS; c++)
		cells[c] = text[c];
	cells[C_BENCH] = key->bench;
	if (several_vcpus)
		snprintf(text[C_VCPUS], UNITS_SIZE, "%u", key->vcpus);
	if (several_vms)
		snprintf(text[C_VMS], UNITS_SIZE, "%u", key->vms);
	if (has_figures(p->any->status)) {
		ticks(text[C_HOST], p->roundtrip);
		ticks(text[C_GUEST], p->guest);
		ticks(text[C_NET], p->net);
		ticks(text[C_EXIT], p->exit_leg);
		ticks(text[C_ENTRY], p->entry_leg);
		ticks(text[C_LATENCY], p->latency);
		units__time(text[C_TIME], to_ns(headline(p), tsc_khz), utf8);
		units__percent(text[C_PRECISION], half_width(headline(p)));
		if (headline(p))
			units__ticks(text[C_P99], headline(p)->p99);
		if (p->rate && key->vcpus * key->vms > 1) /* else it says what the time says */
			units__rate(text[C_RATE], p->rate->median);
	}
	if (p->any->status != ROW_OK)
		cells[C_STATUS] = row_status__name(p->any->status);
	table__row(t, colours[p->any->status], cells);
}

/* What the columns that are there mean, and which have no room. */
static void print_legend(
	const struct table *t, const char *unit, bool interval, FILE *out, const struct terminal *terminal)
{
	const char *name = strcmp(unit, "tsc") == 0    ? "TSC ticks"
			   : strcmp(unit, "insn") == 0 ? "instructions"
						       : unit;
	char text[384], left_out[160];
	bool net, half;

	table__left_out(t, terminal, left_out, sizeof(left_out));
	net = !strstr(left_out, columns[C_NET].title);
	half = interval && !strstr(left_out, columns[C_PRECISION].title);
	snprintf(text, sizeof(text), "Medians over the runs, in %s%s%s.%s%s%s", name,
		net ? "; net is without the baseline" : "", half ? "; +/- is half the 95 % interval" : "",
		*left_out ? " Too narrow here for: " : "", left_out, *left_out ? "." : "");
	fputc('\n', out);
	columns__wrap(out, text, 0, 0, terminal__text_width(terminal));
}

static void print_rows(const struct run_report *report, FILE *out, const struct terminal *terminal)
{
	struct table *t = table__new(columns, COLUMNS);
	bool several_vcpus = false, several_vms = false, interval = false;
	const char *unit = NULL, *family = "";
	struct point p;

	for (size_t i = 0; i < report->row_count; i++) {
		several_vcpus |= report->rows[i].key.vcpus != report->rows[0].key.vcpus;
		several_vms |= report->rows[i].key.vms > 1;
	}
	for (size_t i = 0; i < report->row_count;) {
		size_t length = strcspn(report->rows[i].key.bench, "/");

		i += gather(&report->rows[i], report->row_count - i, &p);
		if (!has_figures(p.any->status) && p.any->status == ROW_SKIPPED)
			continue; /* below the table, by reason */
		if (strncmp(family, p.any->key.bench, length + 1) != 0) {
			char heading[64];

			snprintf(heading, sizeof(heading), "%.*s", (int)length, p.any->key.bench);
			table__heading(t, heading);
			family = p.any->key.bench;
		}
		if (headline(&p) && !unit)
			unit = headline(&p)->unit;
		interval |= !isnan(half_width(headline(&p)));
		add_point(t, &p, report->tsc_khz, several_vcpus, several_vms, terminal->utf8);
	}
	if (table__rows(t))
		table__print(t, out, terminal);
	if (unit)
		print_legend(t, unit, interval, out, terminal);
	table__free(t);
}

static void print_without_figures(const struct run_report *report, FILE *out, const struct terminal *terminal)
{
	static const enum row_status order[] = { ROW_SKIPPED, ROW_TIMEOUT, ROW_FAILED, ROW_SUSPECT };

	for (size_t s = 0; s < ARRAY_SIZE(order); s++) {
		struct reasons *r = reasons__new();

		for (size_t i = 0; i < report->row_count; i++)
			if (report->rows[i].status == order[s])
				reasons__add(r, report->rows[i].reason, report->rows[i].key.bench);
		if (reasons__count(r)) {
			fprintf(out, "\n%s:\n", row_status__name(order[s]));
			reasons__print(r, out, terminal__text_width(terminal));
		}
		reasons__free(r);
	}
}

/* What disturbed how many runs; the class 'emulated' flags them all and is said anyway. */
static void print_flags(const struct run_report *report, FILE *out, const struct terminal *terminal)
{
	char text[256];
	size_t used = 0;

	for (unsigned i = 0; i < FLAG_COUNT; i++)
		if (report->flagged_runs[i] && (1u << i) != FLAG_EMULATED && used < sizeof(text))
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %zu",
				used ? ", " : "flags: ", flag__word(i), report->flagged_runs[i]);
	if (used && used < sizeof(text))
		snprintf(text + used, sizeof(text) - used, " of %zu runs (results.csv says which)",
			report->measured_runs);
	if (used)
		columns__wrap(out, text, 0, 0, terminal__text_width(terminal));
}

void run_table__print(
	const struct run_report *report, const char *trust_words, FILE *out, const struct terminal *terminal)
{
	const char *join = "";
	char trust[512];

	print_rows(report, out, terminal);
	print_without_figures(report, out, terminal);
	fputc('\n', out);
	for (size_t s = 0; s < ROW_STATUS_COUNT; s++) {
		if (!report->by_status[s])
			continue;
		fprintf(out, "%s%zu %s", join, report->by_status[s], row_status__name((enum row_status)s));
		join = ", ";
	}
	fputc('\n', out);
	print_flags(report, out, terminal);
	if (report->trust[0]) {
		snprintf(trust, sizeof(trust), "trust class '%s': %s", report->trust, trust_words);
		columns__wrap(out, trust, 0, 0, terminal__text_width(terminal));
	}
	fprintf(out, "results: %s\n", report->directory);
}

static void add_csv_number(struct text *text, double value)
{
	text__putc(text, ',');
	text__number(text, value);
}

void run_table__csv(const struct run_report *report, FILE *out)
{
	struct text text = { 0 };

	text__puts(&text, "bench,vcpus,vms,metric,unit,runs,median,ci_lo,ci_hi,min,p99,status,reason\n");
	for (size_t i = 0; i < report->row_count; i++) {
		const struct summary_row *r = &report->rows[i];

		csv__add_field(&text, r->key.bench);
		text__printf(&text, ",%u,%u,%s,%s,%u", r->key.vcpus, r->key.vms, r->metric, r->unit, r->runs);
		add_csv_number(&text, r->median);
		add_csv_number(&text, r->ci_lo);
		add_csv_number(&text, r->ci_hi);
		add_csv_number(&text, r->min);
		add_csv_number(&text, r->p99);
		text__printf(&text, ",%s,", row_status__name(r->status));
		csv__add_field(&text, r->reason);
		text__putc(&text, '\n');
	}
	if (!text.failed)
		fputs(text.data, out);
	text__free(&text);
}

static void set_number(json_t *object, const char *name, double value)
{
	json_object_set_new(object, name, isnan(value) ? json_null() : json_real(value));
}

void run_table__json(const struct run_report *report, FILE *out)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < report->row_count; i++) {
		const struct summary_row *r = &report->rows[i];
		json_t *o = json_pack("{ss si si ss ss si}", "bench", r->key.bench, "vcpus",
			(int)r->key.vcpus, "vms", (int)r->key.vms, "metric", r->metric, "unit", r->unit,
			"runs", (int)r->runs);

		set_number(o, "median", r->median);
		set_number(o, "ci_lo", r->ci_lo);
		set_number(o, "ci_hi", r->ci_hi);
		set_number(o, "min", r->min);
		set_number(o, "p99", r->p99);
		json_object_set_new(o, "status", json_string(row_status__name(r->status)));
		json_object_set_new(o, "reason", json_string(r->reason));
		json_array_append_new(rows, o);
	}
	json_dumpf(rows, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(rows);
}
