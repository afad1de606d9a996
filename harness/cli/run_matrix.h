/* SPDX-License-Identifier: MIT */
/* run --matrix: the same run for every combination of settings, each in a run directory of its own. */
#ifndef CLI_RUN_MATRIX_H
#define CLI_RUN_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "runner/runner.h"

#define MATRIX_AXES   8
#define MATRIX_VALUES 16

/* One "NAME=V1,V2,...": a setting of measure/setting.h, or a file of /sys or /proc/sys. */
struct matrix_axis {
	char *text; /* owns name and values */
	const char *name;
	const char *values[MATRIX_VALUES];
	size_t count;
	bool is_file;
};

struct run_matrix {
	struct matrix_axis axes[MATRIX_AXES];
	size_t count;
	size_t combinations;
};

/* Parses and checks all axes. Files need `change_host`. 0, or -1 with err and nothing to free. */
int run_matrix__parse(
	const struct string_list *texts, bool change_host, struct run_matrix *m, struct error *err);
void run_matrix__free(struct run_matrix *m);

/* The choices of one combination; valid as long as both. */
struct matrix_choices {
	struct setting_choice settings[MATRIX_AXES];
	struct host_setting files[MATRIX_AXES];
	char name[256]; /* "halt-poll=0,vpmu=on", with '/' as '.': the directory's name */
};

/* Fills `choices` for combination 0 ... combinations - 1 and points the request at them. */
void run_matrix__choose(const struct run_matrix *m, size_t combination, struct matrix_choices *choices,
	struct run_request *request);

#endif
