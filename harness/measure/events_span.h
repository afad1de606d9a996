/* SPDX-License-Identifier: MIT */
/*
 * What the CPU did during a span of this thread's time, by counters that cost nothing per exit: the kernel's msr
 * unit reads them when the thread is switched in and out. Fit to be on while timing.
 */
#ifndef MEASURE_EVENTS_SPAN_H
#define MEASURE_EVENTS_SPAN_H

#include "measure/events.h"

/* Facts of a span; NAN where this machine doesn't say. */
struct span_facts {
	/* Core cycles per reference cycle while not halted (IA32_APERF / IA32_MPERF, SDM vol. 3, 15.2; AMD APM vol. 2,
	 * 17.3.2): times the TSC's frequency it is the core's. Guest and host both count. */
	double core_per_reference;
	double smis; /* system management interrupts (MSR_SMI_COUNT): firmware took the CPU away. Intel only */
};

struct events_span {
	struct event_group frequency, smi; /* count 0: can't be counted here */
	char missing[512];                 /* why, in words, or "" */
};

/* Opens what there is for the calling thread; never fails, see `missing`. */
void events_span__open(struct events_span *s);
/* 0 or -errno. */
int events_span__start(struct events_span *s);
int events_span__stop(struct events_span *s, struct span_facts *facts);
void events_span__close(struct events_span *s);

#endif
