// SPDX-License-Identifier: MIT
#include "results/noise_floor.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "results/json_file.h"

/* Makes the folders above the file; those that exist are fine. */
static int make_parents(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

/* -1 where the user has neither a state directory nor a home. */
static int state_path(char *path, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && state[0] == '/')
		snprintf(path, size, "%s/vmexit-bench/noise-floor.json", state);
	else if (home && home[0] == '/')
		snprintf(path, size, "%s/.local/state/vmexit-bench/noise-floor.json", home);
	else
		return -1;
	return 0;
}

json_t *noise_floor__load(const char *host)
{
	char path[PATH_MAX];
	json_t *floor;

	if (state_path(path, sizeof(path)) < 0)
		return NULL;
	floor = json_file__read(path, NULL);
	if (floor && strcmp(json__string(floor, "host", ""), host) != 0) {
		json_decref(floor);
		floor = NULL;
	}
	return floor;
}

int noise_floor__save(const json_t *floor, struct error *err)
{
	char path[PATH_MAX];

	if (state_path(path, sizeof(path)) < 0)
		return error__set(err, EXIT_IO,
			"no place to keep the noise floor in: neither XDG_STATE_HOME nor HOME is set; set one of them");
	if (make_parents(path) < 0)
		return error__set_errno(err, EXIT_IO, errno, "making the folder of %s", path);
	return json_file__write(path, floor, err);
}
