/* SPDX-License-Identifier: MIT */
/* Reads what people type as the value of an option. Each returns 0, or -1 with a clause in err that follows
 * "--option: 'value' "; none depends on the locale. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <stdint.h>

#include "base/error.h"
#include "cli/options.h"

int value__unsigned(const char *text, double min, double max, unsigned *value, struct error *err);
int value__u64(const char *text, uint64_t *value, struct error *err);
int value__number(const char *text, double min, double max, double *value, struct error *err);

/* A duration; a bare number is in units of `bare_seconds` (1 for seconds, 0.001 for milliseconds). */
int value__duration(const char *text, double bare_seconds, double *seconds, struct error *err);

/* "1,2,4", "1-4": in the order given, a repeated number is refused. */
int value__list(const char *text, double min, double max, struct unsigned_list *list, struct error *err);

/* "cpu,kernel": the bits of every word together. `bits_of` gives a word's, 0 for none of them; `words` lists them. */
int value__bits(const char *text, unsigned (*bits_of)(const char *word), const char *words, unsigned *bits,
	struct error *err);

/* "0-3,8": numbers of CPUs, at most 8191. */
int value__cpus(const char *text, struct error *err);

#endif
