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

static int change(struct tune *t, const struct run_request *request, struct error *err)
{
	char path[PATH_MAX];
	size_t i;

	journal(path, sizeof(path));
	if (request->tune ? tune__apply(t, tuned__root(), path, err)
			  : tune__begin(t, tuned__root(), path, err))
		return -1;
	for (i = 0; i < request->host_setting_count; i++) {
		const struct host_setting *h = &request->host_settings[i];

		if (tune__set(t, h->path, h->value, err) < 0) {
			tune__restore(t, NULL);
			return -1;
		}
	}
	return 0;
}

int tuned__begin(struct tune *t, const struct run_request *request, json_t *metadata, struct error *err)
{
	json_t *list;
	size_t i;

	if (change(t, request, err) < 0)
		return error__prefix(err, "changing this host for the run");
	list = json_array();
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
