/* SPDX-License-Identifier: MIT */
/* "12 skipped: no huge pages of 1 GiB: ept/...": benchmarks gathered by the reason they give no figure. */
#ifndef CLI_REASONS_H
#define CLI_REASONS_H

#include <stddef.h>
#include <stdio.h>

struct reasons;

struct reasons *reasons__new(void);
void reasons__free(struct reasons *r);

/* Copies both; the same pair twice counts once. */
void reasons__add(struct reasons *r, const char *reason, const char *bench);

/* Benchmarks in all. */
size_t reasons__count(const struct reasons *r);

/* One paragraph per reason, the most frequent first, indented by two: the reason, then the ids. */
void reasons__print(const struct reasons *r, FILE *out, unsigned width);

#endif
