/* SPDX-License-Identifier: MIT */
/* Trying an entry of a guest before it is measured, where a backend may never come back from it. */
#ifndef MEASURE_PROBE_H
#define MEASURE_PROBE_H

#include <stdbool.h>

#include "measure/machine.h"

#define PROBE_CPU_MS 40 /* far more than one operation takes */

/* Runs an entry once (ABI_MODE_GUEST, one sample) until KVM_RUN returns for whatever reason, and completes what
 * it returned with. False if `cpu_ms` of this process's CPU time pass first: the guest is then stuck and the
 * machine of no more use. Uses ITIMER_PROF and SIGPROF meanwhile. */
bool probe__returns(struct machine *m, struct vcpu *v, const char *entry, unsigned cpu_ms);

#endif
