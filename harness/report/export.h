/* SPDX-License-Identifier: MIT */
/*
 * Results in the formats of tools that people already have. Every exporter is a row of one table: its
 * name, what reads it, and the function that writes it.
 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "compare/side.h"
#include "results/text.h"

/* One run directory prepared for export. */
struct export_source {
	const struct input *input;
	const struct side *side; /* its series: one value per run */
	double tsc_khz;          /* 0: ticks are not time here */
};

struct exporter {
	const char *name;
	const char *summary; /* what reads it; no full stop */
	bool many;           /* takes several directories: one file for all */
	int (*write)(const struct export_source *sources, size_t count, struct text *t, struct error *err);
};

/* NULL-terminated names, for the option table. */
const char *const *exporter__names(void);

const struct exporter *exporter__at(size_t index);

/* Loads the directories (or baseline files) and writes them; a line to `warnings` for each whose run didn't come to its
 * end (NULL: don't say). 0, or -1 with err. */
int export__write(const struct exporter *e, char *const *paths, size_t path_count, struct text *t,
	struct text *warnings, struct error *err);

/* For the exporters. */

/* A value in ns where it is a time, else in its unit; *unit tells which. */
double export__value(
	const struct export_source *s, const struct series *series, double value, const char **unit);

/* "pio/out-user-1b", with "/vcpus:4/vms:2" behind it where those aren't 1. */
void export__add_name(struct text *t, const struct cell_key *key);

/* The row of summary.csv of a series; NULL where there is none. */
const struct summary_row *export__summary(const struct export_source *s, const struct series *series);

/* Seconds since 1970 of "started"; 0 where run.json doesn't say. */
long long export__started(const struct export_source *s);

int export__google(const struct export_source *sources, size_t count, struct text *t, struct error *err);
int export__bencher(const struct export_source *sources, size_t count, struct text *t, struct error *err);
int export__benchstat(const struct export_source *sources, size_t count, struct text *t, struct error *err);
int export__openmetrics(const struct export_source *sources, size_t count, struct text *t, struct error *err);
int export__hyperfine(const struct export_source *sources, size_t count, struct text *t, struct error *err);
int export__otava(const struct export_source *sources, size_t count, struct text *t, struct error *err);
int export__otava_config(
	const struct export_source *sources, size_t count, struct text *t, struct error *err);

#endif
