/* SPDX-License-Identifier: MIT */
/* Sorting without allocation: glibc's qsort may call malloc and a function per comparison. */
#ifndef STATS_SORT_H
#define STATS_SORT_H

#include <stddef.h>

/* Ascending, in place, O(n log n) in the worst case. No element may be NAN. */
void stats__sort(double *values, size_t n);

#endif
