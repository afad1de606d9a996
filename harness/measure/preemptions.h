/* SPDX-License-Identifier: MIT */
/* How often the host's scheduler took the CPU from this process: getrusage(2), ru_nivcsw, of all its threads. */
#ifndef MEASURE_PREEMPTIONS_H
#define MEASURE_PREEMPTIONS_H

#include <stdint.h>
#include <sys/resource.h>

/* Since it began; 0 where that can't be told. */
static inline uint32_t preemptions__so_far(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint32_t)usage.ru_nivcsw : 0;
}

#endif
