/* SPDX-License-Identifier: MIT */
/*
 * The one definition of a host-side time stamp.  LFENCE; RDTSC; LFENCE at both ends of a span: the first
 * fence keeps what came before from ending inside the span, the second keeps what follows from starting
 * before the stamp is taken (Intel SDM vol. 2, RDTSC and LFENCE; AMD APM vol. 3: LFENCE is dispatch
 * serialising, which Linux always enables in MSR C001_1029).  The same fences on both ends make the
 * overhead of a pair a constant that can be measured and subtracted.  No CPUID, no RDTSCP: both may exit.
 */
#ifndef HOST_TSC_H
#define HOST_TSC_H

#include <stdint.h>

/* TSC in reference ticks, fenced on both sides. The memory clobber keeps the compiler's accesses apart too. */
static inline uint64_t tsc__stamp(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
