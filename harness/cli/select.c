// SPDX-License-Identifier: MIT
#include "cli/select.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"

static bool matches(const char *pattern, const struct bench *b)
{
	size_t length = strlen(pattern);

	if (fnmatch(pattern, b->id, 0) == 0)
		return true;
	return strncmp(b->id, pattern, length) == 0 && b->id[length] == '/';
}

static int no_match(const char *pattern, const struct bench *const *all, size_t count, struct error *err)
{
	const char *best = NULL;
	unsigned distance = NEAREST_NONE;

	for (size_t i = 0; i < count; i++) {
		nearest__offer(pattern, bench__family(all[i])->name, &best, &distance);
		nearest__offer(pattern, all[i]->id, &best, &distance);
	}
	if (best)
		return error__set(
			err, EXIT_USAGE, "no benchmark matches '%s'; did you mean '%s'?", pattern, best);
	return error__set(
		err, EXIT_USAGE, "no benchmark matches '%s'; 'vmexit-bench list' shows all", pattern);
}

int select__benches(char *const *patterns, size_t count, struct selection *s, struct error *err)
{
	size_t all_count, positive = 0;
	const struct bench *const *all = bench__all(&all_count);
	bool *chosen = calloc(all_count + 1, sizeof(*chosen));

	s->count = 0;
	s->benches = calloc(all_count + 1, sizeof(*s->benches));
	if (!chosen || !s->benches) {
		free(chosen);
		selection__free(s);
		return error__set(err, EXIT_IO, "out of memory while choosing benchmarks");
	}
	for (size_t p = 0; p < count; p++)
		positive += patterns[p][0] != '!';
	for (size_t i = 0; i < all_count; i++)
		chosen[i] = positive == 0;
	/* In the order given, so that a later pattern can put back what an earlier one took away. */
	for (size_t p = 0; p < count; p++) {
		bool take = patterns[p][0] != '!', any = false;
		const char *pattern = patterns[p] + !take;

		for (size_t i = 0; i < all_count; i++) {
			if (!matches(pattern, all[i]))
				continue;
			any = true;
			chosen[i] = take;
		}
		if (!any) {
			free(chosen);
			selection__free(s);
			return no_match(pattern, all, all_count, err);
		}
	}
	for (size_t i = 0; i < all_count; i++)
		if (chosen[i])
			s->benches[s->count++] = all[i];
	free(chosen);
	if (s->count)
		return 0;
	selection__free(s);
	return error__set(err, EXIT_USAGE,
		"the patterns leave no benchmark: the last one starting with '!' takes "
		"away what was left");
}

void selection__free(struct selection *s)
{
	free(s->benches);
	s->benches = NULL;
	s->count = 0;
}

#define HEADLINES 4

size_t select__headlines(struct selection *s)
{
	size_t kept = 0, all = s->count;

	for (size_t i = 0; i < all; i++)
		if (bench__rank(s->benches[i]) < HEADLINES)
			s->benches[kept++] = s->benches[i];
	s->count = kept;
	return all - kept;
}
