/* SPDX-License-Identifier: MIT */
/*
 * A seeded generator whose sequence is the same on every machine: xoshiro256** (Blackman and Vigna,
 * 2018), its state filled by splitmix64.  Not for secrets.
 */
#ifndef STATS_RANDOM_H
#define STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state[4];
};

void random__seed(struct random *r, uint64_t seed);

uint64_t random__next(struct random *r);

/* Uniform in [0, bound), without bias; bound > 0. */
uint64_t random__below(struct random *r, uint64_t bound);

/* Uniform in [0, 1), 53 bits. */
double random__unit(struct random *r);

/* Standard normal. */
double random__normal(struct random *r);

/* Puts `n` elements of `size` bytes in random order: every order is equally likely. */
void random__shuffle(struct random *r, void *array, size_t n, size_t size);

#endif
