// SPDX-License-Identifier: MIT
#include "cli/nearest.h"

#include <string.h>

#include "base/array.h"

#define WORD_MAX 63

/* Optimal string alignment: Levenshtein's table with swaps of neighbours, three rows of it. */
unsigned nearest__distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	size_t la = strnlen(a, WORD_MAX), lb = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *now = rows[i % 3], *before = rows[(i - 1) % 3], *older = rows[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = before[j - 1] + (a[i - 1] != b[j - 1]);

			best = MIN(best, before[j] + 1);
			best = MIN(best, now[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, older[j - 2] + 1);
			now[j] = best;
		}
	}
	return rows[la % 3][lb];
}

void nearest__offer(const char *word, const char *candidate, const char **best, unsigned *distance)
{
	unsigned d = nearest__distance(word, candidate);
	size_t length = strlen(candidate);

	/* An unfinished word is near to what it starts. */
	if (strlen(word) >= 3 && strncmp(word, candidate, strlen(word)) == 0)
		d = 1;
	if (d > MAX((length + 1) / 3, (size_t)1) || d >= *distance)
		return;
	*distance = d;
	*best = candidate;
}
