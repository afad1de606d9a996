/* SPDX-License-Identifier: MIT */
/*
 * Counts how often one tracepoint fires for one thread, e.g. kvm:kvm_exit with the filter
 * "exit_reason==10".  Counting alone costs time on every hit: never open while timing.  No samples are
 * taken and nothing is written; the counter ends with the process.  Where tracefs isn't mounted a BPF program
 * counts instead, which knows no filters.
 */
#ifndef MEASURE_TRACE_COUNT_H
#define MEASURE_TRACE_COUNT_H

#include <stdint.h>

#include "base/error.h"
#include "measure/trace_bpf.h"

struct trace_count {
	int fd;               /* of perf_event_open(); -1 where closed or counted by BPF */
	struct trace_bpf bpf; /* link_fd -1 where closed or counted by perf */
};

/* Opens a stopped counter for the calling thread. `filter` is the kernel's expression on the
 * tracepoint's fields (tracefs events/.../format), or NULL for every hit. 0, or -1 with err: why it can't be
 * counted here, in words, with the remedy; then t->fd is -1. */
int trace_count__open(struct trace_count *t, const char *event, const char *filter, struct error *err);

/* Zeroes and starts. 0 or -errno. */
int trace_count__start(struct trace_count *t);

/* Stops; *count gets the hits since the start. 0 or -errno. */
int trace_count__stop_read(struct trace_count *t, uint64_t *count);

/* Safe on a closed one. */
void trace_count__close(struct trace_count *t);

#endif
