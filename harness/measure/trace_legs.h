/* SPDX-License-Identifier: MIT */
/*
 * The legs of an exit by KVM's tracepoints, for `run --trace`: rounds of their own behind all others, since a
 * tracepoint that is on costs time on every exit.
 *
 * One round with all three gives the legs (trace_*) and what the operation takes with tracing on (traced_guest);
 * a round with each one alone gives what that one costs.
 */
#ifndef MEASURE_TRACE_LEGS_H
#define MEASURE_TRACE_LEGS_H

#include "measure/pass.h"

/* Adds the series to the only lane of a pass. Does nothing without spec->trace_instance, and where a sample isn't
 * one operation of one vCPU that exits, on one clock with the host. */
void trace_legs__run(struct pass *p);

#endif
