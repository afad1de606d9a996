/* SPDX-License-Identifier: MIT */
/*
 * A baseline: run.json, summary.csv and results.csv in one text file that can be committed and diffed.
 *
 *   vmexit-bench baseline 1
 *   %% run.json
 *   {...}
 *   %% summary.csv
 *   ...
 *   %% results.csv
 *   ...
 *   %% end
 *
 * A part runs to the next line that starts with "%% "; none of the parts has such a line. The end line
 * shows that nothing was cut off. Errors name the line of the baseline file.
 */
#ifndef COMPARE_BASELINE_H
#define COMPARE_BASELINE_H

#include "compare/input.h"

/* Fills in->run, in->summary and in->results; on -1 the caller frees what is there. */
int baseline__read(const char *path, struct input *in, struct error *err);

/* The same from memory; `name` is for errors. */
int baseline__parse(const char *name, const char *text, size_t length, struct input *in, struct error *err);

int baseline__write(const struct input *in, const char *path, struct error *err);

#endif
