/* SPDX-License-Identifier: MIT */
/* The end of a run on stdout: the figures as a table for people, or the summary's rows for programs. */
#ifndef CLI_RUN_TABLE_H
#define CLI_RUN_TABLE_H

#include <stdio.h>

#include "cli/terminal.h"
#include "runner/runner.h"

/* Families as headings, one row per benchmark x vCPU count x VM count; below it, by reason, those without a
 * figure, the counts by status, what the figures are worth (run_plan.trust_words) and the directory. */
void run_table__print(
	const struct run_report *report, const char *trust_words, FILE *out, const struct terminal *terminal);

/* The rows as summary.csv has them, or as an array of objects. */
void run_table__csv(const struct run_report *report, FILE *out);
void run_table__json(const struct run_report *report, FILE *out);

#endif
