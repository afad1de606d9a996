/* SPDX-License-Identifier: MIT */
/* Which benchmarks the patterns on the command line mean. */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include <stddef.h>

#include "base/error.h"
#include "measure/bench.h"

struct selection {
	const struct bench **benches; /* sorted by id; malloc'ed */
	size_t count;
};

/*
 * Patterns are globs over ids ('*' matches '/' too), a family's name means all of it, '!pattern' takes away
 * what it matches; none, or only '!' ones, start from all. 0, or -1 with err: a pattern that matches nothing,
 * with the nearest name, or nothing left.
 */
int select__benches(char *const *patterns, size_t count, struct selection *s, struct error *err);

/* Leaves the first few of each file in bench/: what a quick run of everything takes. Returns how many it took away. */
size_t select__headlines(struct selection *s);

void selection__free(struct selection *s);

#endif
