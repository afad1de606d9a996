/* SPDX-License-Identifier: MIT */
/* "Did you mean": the candidate that a mistyped word is closest to. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

/* Number of letters to insert, delete, replace or swap to get from a to b (both at most 63 letters, longer
 * ones are cut). */
unsigned nearest__distance(const char *a, const char *b);

/* Keeps in *best the candidate nearest to `word`; *distance starts at NEAREST_NONE. A candidate that is too
 * far off (more than a third of its letters) is never taken. */
#define NEAREST_NONE 1000u
void nearest__offer(const char *word, const char *candidate, const char **best, unsigned *distance);

#endif
