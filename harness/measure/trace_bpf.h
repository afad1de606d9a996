/* SPDX-License-Identifier: MIT */
/*
 * Counts a tracepoint for one thread where tracefs isn't mounted and so perf can't name it: a BPF program of a
 * few instructions on the raw tracepoint adds one to a word that is mapped here.  No filter by fields: their
 * layout is what tracefs would have told.  It needs CAP_BPF and CAP_PERFMON, or root, and is gone with
 * its descriptors, however the process ends.
 */
#ifndef MEASURE_TRACE_BPF_H
#define MEASURE_TRACE_BPF_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct trace_bpf {
	int link_fd;                   /* keeps the program on the tracepoint; -1 where closed */
	struct trace_bpf_words *words; /* shared with the program */
};

/* Opens a stopped counter of "subsystem:event" for a thread (0: the caller's). 0, or -1 with err; then
 * link_fd is -1. */
int trace_bpf__open(struct trace_bpf *t, const char *event, pid_t tid, struct error *err);

/* Zeroes and starts; stops; what was counted since the start. No system call among them. */
void trace_bpf__start(struct trace_bpf *t);
void trace_bpf__stop(struct trace_bpf *t);
uint64_t trace_bpf__read(const struct trace_bpf *t);

/* Safe on a closed one. */
void trace_bpf__close(struct trace_bpf *t);

#endif
