/* SPDX-License-Identifier: MIT */
/* What a person sees of a run while it goes on, all on stderr: the plan, progress, warnings. */
#ifndef CLI_RUN_VIEW_H
#define CLI_RUN_VIEW_H

#include <stdbool.h>

#include "cli/progress.h"
#include "runner/runner.h"

struct run_view {
	bool quiet;
	struct progress progress;
	char trust_words[256];        /* what the plan said the figures are worth */
	struct run_observer observer; /* for runner__run() */
};

void run_view__init(struct run_view *v, bool quiet);

/* Takes the progress line away: something else will be printed. */
void run_view__end(struct run_view *v);

#endif
