/* SPDX-License-Identifier: MIT */
/* `run --tune`: the host tuned for the run's length, put back in every way the run can end (host/tune.h). */
#ifndef RUNNER_TUNED_H
#define RUNNER_TUNED_H

#include <jansson.h>

#include "base/error.h"
#include "host/tune.h"
#include "runner/runner.h"

/* Below which /sys and /proc are changed: "" (the real machine), or what the environment variable
 * VMEXIT_BENCH_SYSROOT names, for tests on a tree of files. */
const char *tuned__root(void);

/* Undoes what a killed run left behind. How many settings; -1 with err. */
int tuned__recover(struct error *err);

/* Tunes where the request asks for it, sets its host settings, and writes into the document what was changed ("tuned": [{path, old, new}]) . 0, or -1 with err. */
int tuned__begin(struct tune *t, const struct run_request *request, json_t *metadata, struct error *err);

/* Puts everything back. 0, or -1 with err where something could not be. */
int tuned__end(struct tune *t, struct error *err);

#endif
