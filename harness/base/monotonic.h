/* SPDX-License-Identifier: MIT */
/* The kernel's clock that never jumps (CLOCK_MONOTONIC), for budgets, deadlines and how often something is shown.
 * What is measured is stamped by host/tsc.h. */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>

/* Since some moment in the past, the same one for every process. */
uint64_t monotonic__now_ns(void);

/* The same in whole milliseconds; signed, as deadlines are subtracted. */
int64_t monotonic__now_ms(void);

#endif
