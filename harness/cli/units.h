/* SPDX-License-Identifier: MIT */
/* Figures as people read them. Each writes into a buffer of UNITS_SIZE bytes and returns it; NAN gives "".
 * Data files don't come here: they hold every digit. */
#ifndef CLI_UNITS_H
#define CLI_UNITS_H

#include <stdbool.h>

#define UNITS_SIZE 32

/* Ticks, instructions, counts: three significant digits below 1000, whole numbers above, "12.3M" from 10^7. */
char *units__ticks(char *buf, double value);

/* "812 ns", "1.23 µs", "45.6 ms", "2.00 s"; "us" where `utf8` is false. */
char *units__time(char *buf, double ns, bool utf8);

/* "0.3 %", of a ratio such as 0.003. */
char *units__percent(char *buf, double ratio);

/* "812/s", "1.23 M/s" */
char *units__rate(char *buf, double per_second);

/* How long a person waits: "4 s", "1 min 05 s", "2 h 10 min". */
char *units__wait(char *buf, double seconds);

#endif
