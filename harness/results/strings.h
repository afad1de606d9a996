/* SPDX-License-Identifier: MIT */
/*
 * Strings kept once each: a million rows name a few hundred benchmarks. Pointers stay valid until the
 * pool is freed, and equal texts have equal pointers.
 */
#ifndef RESULTS_STRINGS_H
#define RESULTS_STRINGS_H

#include <stddef.h>

struct string_pool {
	char **slots; /* open addressing; NULL is free */
	size_t slot_count, used;
	void *blocks; /* list of memory the texts live in */
	size_t block_left;
	char *block_next;
};

/* The pool's copy of `text`; NULL when memory runs out. A zeroed pool is an empty one. */
const char *string_pool__get(struct string_pool *pool, const char *text, size_t length);

void string_pool__free(struct string_pool *pool);

#endif
