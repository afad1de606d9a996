// SPDX-License-Identifier: MIT
#include "runner/tuned.h"

#include <stdio.h>
#include <stdlib.h>

const char *tuned__root(void)
{
	const char *root = getenv("VMEXIT_BENCH_SYSROOT");

	return root ? root : "";
}

static const char *journal(char *path, size_t size)
{
	snprintf(path, size, "%s%s", tuned__root(), TUNE_JOURNAL);
	return path;
}

int tuned__recover(struct error *err)
{
	char path[PATH_MAX];

	return tune__recover(tuned__root(), journal(path, sizeof(path)), err);
}

int tuned__begin(struct tune *t, json_t *metadata, struct error *err)
{
	json_t *list = json_array();
	char path[PATH_MAX];
	size_t i;

	if (tune__apply(t, tuned__root(), journal(path, sizeof(path)), err) < 0) {
		json_decref(list);
		return error__prefix(err, "--tune");
	}
	for (i = 0; i < t->count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "path", t->change[i].path, "old",
						    t->change[i].old, "new", t->change[i].new));
	json_object_set_new(metadata, "tuned", list);
	return 0;
}

int tuned__end(struct tune *t, struct error *err)
{
	return tune__restore(t, err);
}
