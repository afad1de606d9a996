/* SPDX-License-Identifier: MIT */
/*
 * Perf events an operation: each group in a round of its own, after the timing (measure/events.h says which events
 * may share one). Counted on the first lane's thread while all lanes run.
 */
#ifndef MEASURE_COUNTERS_H
#define MEASURE_COUNTERS_H

#include "measure/pass.h"

/* Counts every pass of spec->events into the outcome. Does nothing without a plan, and for benchmarks with a
 * `measure` hook, whose rounds are their own. */
void counters__run(struct pass *p);

#endif
