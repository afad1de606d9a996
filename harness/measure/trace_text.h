/* SPDX-License-Identifier: MIT */
/*
 * KVM's tracepoints on the way of an exit, and the lines in which ftrace shows them (tracefs `trace`):
 *
 *	     vmexit-bench-231     [000] d..1.    2164733412: kvm_exit: vcpu 0 reason IO_INSTRUCTION ...
 *
 * With the trace clock x86-tsc the time stamp is the TSC itself, as rdtsc_ordered() read it.
 */
#ifndef MEASURE_TRACE_TEXT_H
#define MEASURE_TRACE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum trace_point {
	TRACE_ENTRY,          /* kvm_entry: the last that KVM traces before VMENTER */
	TRACE_EXIT,           /* kvm_exit: the first after VMEXIT */
	TRACE_USERSPACE_EXIT, /* kvm_userspace_exit: KVM_RUN is about to return, vcpu_put is done */
	TRACE_POINTS,
};

/* Without the subsystem: "kvm_entry". */
const char *trace_point__name(enum trace_point p);

struct trace_event {
	uint64_t tsc;
	enum trace_point point;
};

/* Is the line one of those events of thread `tid`? Then *e is filled. */
bool trace_text__parse(const char *line, pid_t tid, struct trace_event *e);

#endif
