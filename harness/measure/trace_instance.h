/* SPDX-License-Identifier: MIT */
/*
 * A trace buffer of our own: an instance of ftrace (tracefs instances/vmexit-bench-PID) with the trace clock
 * x86-tsc, in which nothing but KVM's three tracepoints is ever switched on, and only for the length of a
 * round.  The host's own tracing isn't touched.  An instance outlives its maker: it is held by a lock, and
 * whatever is started next removes those that nobody holds.
 *
 * A tracepoint that is on costs every VM of the host time on each exit.
 */
#ifndef MEASURE_TRACE_INSTANCE_H
#define MEASURE_TRACE_INSTANCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "measure/trace_text.h"

struct trace_instance {
	char root[128]; /* "" or the tree that a test works on */
	char path[128]; /* below the root; "" where there is none */
	int lock_fd;
};

/* Makes one below root ("" is the real machine), with every tracepoint off. 0, or -1 with err: no tracefs, no right
 * to it, no such tracepoint, no such clock; then nothing stays behind. */
int trace_instance__create(const char *root, struct trace_instance *t, struct error *err);

/* Switches everything off and removes it. 0, or -1 with err. Safe on one that isn't there. */
int trace_instance__remove(struct trace_instance *t, struct error *err);

/* Removes what killed processes left. How many; -1 with err. */
int trace_instance__recover(const char *root, struct error *err);

/* Empties the buffer and switches on the tracepoints of a set (1 << enum trace_point); 0 switches all off and keeps
 * what was recorded. 0, or -1 with err. */
int trace_instance__record(const struct trace_instance *t, unsigned points, struct error *err);

/* What was recorded of thread `tid`, in order; at most `max`. Returns the number, or -1 with err. */
ssize_t trace_instance__read(
	const struct trace_instance *t, pid_t tid, struct trace_event *events, size_t max, struct error *err);

#endif
