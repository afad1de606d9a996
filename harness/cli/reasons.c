// SPDX-License-Identifier: MIT
#include "cli/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/exit_status.h"
#include "cli/columns.h"

struct group {
	char *reason;
	char **benches;
	size_t count;
};

struct reasons {
	struct group *groups;
	size_t count;
};

static void *must(void *p)
{
	if (p)
		return p;
	perror("vmexit-bench: memory for a list of reasons");
	exit(EXIT_IO);
}

struct reasons *reasons__new(void)
{
	return must(calloc(1, sizeof(struct reasons)));
}

void reasons__free(struct reasons *r)
{
	if (!r)
		return;
	for (size_t g = 0; g < r->count; g++) {
		for (size_t i = 0; i < r->groups[g].count; i++)
			free(r->groups[g].benches[i]);
		free(r->groups[g].benches);
		free(r->groups[g].reason);
	}
	free(r->groups);
	free(r);
}

void reasons__add(struct reasons *r, const char *reason, const char *bench)
{
	struct group *group = NULL;

	for (size_t g = 0; g < r->count && !group; g++)
		if (strcmp(r->groups[g].reason, reason) == 0)
			group = &r->groups[g];
	if (!group) {
		r->groups = must(realloc(r->groups, (r->count + 1) * sizeof(*r->groups)));
		group = &r->groups[r->count++];
		*group = (struct group){ .reason = must(strdup(reason)) };
	}
	for (size_t i = 0; i < group->count; i++)
		if (strcmp(group->benches[i], bench) == 0)
			return;
	group->benches = must(realloc(group->benches, (group->count + 1) * sizeof(*group->benches)));
	group->benches[group->count++] = must(strdup(bench));
}

size_t reasons__count(const struct reasons *r)
{
	size_t benches = 0;

	for (size_t g = 0; g < r->count; g++)
		benches += r->groups[g].count;
	return benches;
}

static int most_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->reason, y->reason);
}

void reasons__print(const struct reasons *r, FILE *out, unsigned width)
{
	qsort(r->groups, r->count, sizeof(*r->groups), most_first);
	for (size_t g = 0; g < r->count; g++) {
		const struct group *group = &r->groups[g];
		size_t size = 1, longest = 0;
		unsigned margin = 6;
		char *ids;

		columns__wrap(out, group->reason, 0, 2, width);
		for (size_t i = 0; i < group->count; i++) {
			size_t length = strlen(group->benches[i]);

			size += length + 1;
			longest = MAX(longest, length);
		}
		/* Names are whole: on a narrow terminal the margin gives way. */
		while (margin > 3 && margin + longest > width)
			margin--;
		ids = must(calloc(1, size));
		for (size_t i = 0; i < group->count; i++) {
			strcat(ids, i ? " " : "");
			strcat(ids, group->benches[i]);
		}
		columns__wrap(out, ids, 0, margin, width);
		free(ids);
	}
}
