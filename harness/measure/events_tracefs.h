/* SPDX-License-Identifier: MIT */
/* Where the kernel lists its tracepoints, and their numbers. Looks only: nothing is mounted. */
#ifndef MEASURE_EVENTS_TRACEFS_H
#define MEASURE_EVENTS_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The folder of tracefs below root ("/sys/kernel/tracing" or "/sys/kernel/debug/tracing"), or NULL with err:
 * not mounted, or mounted and not permitted. */
const char *tracefs__find(const char *root, struct error *err);

/* Is it "subsystem:event", letters, digits and '_' only? Hardware events of libpfm4 use "::". */
bool tracepoint__is_name(const char *name);

/* The number of a tracepoint for perf_event_attr.config, or -1 with err: no tracefs, no such tracepoint. */
long tracepoint__id(const char *root, const char *name, struct error *err);

#endif
