/* SPDX-License-Identifier: MIT */
/* Figures and changes as people read them. Each fills a buffer of WORDS_SIZE and returns it; "" for none. */
#ifndef COMPARE_WORDS_H
#define COMPARE_WORDS_H

#include "compare/compare.h"

#define WORDS_SIZE 128

/* A median in its unit: "3448", "812 ns", "1.02". */
char *words__figure(char *buf, double value, const char *unit);

/* What happened from A to B: "+2.1 %", in exact clocks "+12 (+0.3 %)". */
char *words__change(char *buf, const struct comparison_row *row);

/* The 95 % interval of the change: "+1.6 .. +2.5 %". */
char *words__interval(char *buf, const struct comparison_row *row);

/* The smallest change that would have been seen: "0.8 %". */
char *words__detectable(char *buf, const struct comparison_row *row);

/* "12+12", or "4+4 boots". */
char *words__runs(char *buf, const struct comparison_row *row);

/* Benchmark with its point, where that isn't one vCPU in one VM: "pio/out-user-1b vcpus=4 vms=2". */
char *words__point(char *buf, const struct cell_key *key);

/* "slower", "more"... */
const char *words__verdict(const struct comparison_row *row);

/* "2 slower, 1 faster, 37 same" of the primary figures. */
char *words__counts(char *buf, const struct comparison *c);

#endif
