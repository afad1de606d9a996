/* SPDX-License-Identifier: MIT */
#ifndef HOST_FINGERPRINT_H
#define HOST_FINGERPRINT_H

#include <jansson.h>

#include "host/host.h"

/*
 * Everything about this machine that can explain a figure, as it goes into run.json: an object with the
 * members hostname, cpu, topology, kernel, kvm, mitigations, frequency, idle, smt, memory, hypervisor,
 * clocksource, perf, load.  A file that is missing or unreadable reads as null; settings are texts as the
 * kernel prints them, so that one kernel's new word is kept; sizes and times are numbers with the unit
 * in their name.  Read below root ("" is the real machine, then also by CPUID).  Returns a new
 * reference; NULL only without memory.
 */
json_t *host__fingerprint(const char *root);

#endif
