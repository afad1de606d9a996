// SPDX-License-Identifier: MIT
#include "cli/run_view.h"

#include <stdio.h>

#include "cli/columns.h"
#include "cli/units.h"

static void planned(void *context, const struct run_plan *plan)
{
	struct run_view *v = context;
	struct terminal terminal = terminal__of(stderr);
	unsigned width = terminal__text_width(&terminal);
	char wait[UNITS_SIZE], text[512];

	snprintf(v->trust_words, sizeof(v->trust_words), "%s", plan->trust_words);
	if (v->quiet)
		return;
	units__wait(wait, plan->expected_seconds);
	snprintf(text, sizeof(text), "%zu benchmarks, %u %s each, on %s: about %s", plan->benches, plan->runs,
		plan->runs == 1 ? "run" : "runs", plan->backend, wait);
	fprintf(stderr, "%s%s%s\n", terminal__colour(&terminal, COLOUR_BOLD), text,
		terminal__colour(&terminal, COLOUR_NONE));
	if (plan->skipped) {
		snprintf(text, sizeof(text), "%zu can't run on this host; the reasons come with the figures.",
			plan->skipped);
		columns__wrap(stderr, text, 0, 0, width);
	}
	snprintf(text, sizeof(text), "Trust class '%s': %s", plan->trust, plan->trust_words);
	columns__wrap(stderr, text, 0, 0, width);
}

static void job_started(void *context, size_t done, size_t jobs, const char *bench, double eta_seconds)
{
	struct run_view *v = context;

	progress__update(&v->progress, done, jobs, eta_seconds, bench);
}

static void warning(void *context, const char *text)
{
	struct run_view *v = context;
	struct terminal terminal = terminal__of(stderr);

	if (v->quiet)
		return;
	progress__clear(&v->progress);
	fprintf(stderr, "%swarning:%s ", terminal__colour(&terminal, COLOUR_YELLOW),
		terminal__colour(&terminal, COLOUR_NONE));
	columns__wrap(stderr, text, sizeof("warning: ") - 1, sizeof("warning: ") - 1,
		terminal__text_width(&terminal));
}

void run_view__init(struct run_view *v, bool quiet)
{
	*v = (struct run_view){ .quiet = quiet,
		.observer = {
			.context = v, .planned = planned, .job_started = job_started, .warning = warning } };
	progress__init(&v->progress, stderr, quiet);
}

void run_view__end(struct run_view *v)
{
	progress__clear(&v->progress);
}
