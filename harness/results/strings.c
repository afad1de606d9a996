// SPDX-License-Identifier: MIT
#include "results/strings.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 4096

struct block {
	struct block *next;
	char text[];
};

static uint64_t hash(const char *text, size_t length)
{
	uint64_t h = 0xcbf29ce484222325; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3;
	return h ^ (h >> 32);
}

static char **find(const struct string_pool *pool, const char *text, size_t length)
{
	size_t mask = pool->slot_count - 1, i = hash(text, length) & mask;

	while (pool->slots[i] && (strncmp(pool->slots[i], text, length) || pool->slots[i][length]))
		i = (i + 1) & mask;
	return &pool->slots[i];
}

static bool grow(struct string_pool *pool)
{
	struct string_pool bigger = { .slot_count = pool->slot_count ? pool->slot_count * 2 : 256 };

	bigger.slots = calloc(bigger.slot_count, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < pool->slot_count; i++) {
		if (pool->slots[i])
			*find(&bigger, pool->slots[i], strlen(pool->slots[i])) = pool->slots[i];
	}
	free(pool->slots);
	pool->slots = bigger.slots;
	pool->slot_count = bigger.slot_count;
	return true;
}

static char *keep(struct string_pool *pool, const char *text, size_t length)
{
	char *copy;

	if (length + 1 > pool->block_left) {
		size_t size = length + 1 > BLOCK_SIZE ? length + 1 : BLOCK_SIZE;
		struct block *block = malloc(sizeof(*block) + size);

		if (!block)
			return NULL;
		block->next = pool->blocks;
		pool->blocks = block;
		pool->block_next = block->text;
		pool->block_left = size;
	}
	copy = pool->block_next;
	pool->block_next += length + 1;
	pool->block_left -= length + 1;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

const char *string_pool__get(struct string_pool *pool, const char *text, size_t length)
{
	char **slot;

	if (pool->used * 2 >= pool->slot_count && !grow(pool))
		return NULL;
	slot = find(pool, text, length);
	if (!*slot) {
		*slot = keep(pool, text, length);
		pool->used += *slot != NULL;
	}
	return *slot;
}

void string_pool__free(struct string_pool *pool)
{
	struct block *next;

	for (struct block *b = pool->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(pool->slots);
	*pool = (struct string_pool){ 0 };
}
