/* SPDX-License-Identifier: MIT */
/* A folder that lasts as long as a test, or a group of them: make_folder and remove_folder are set-up and tear-down. */
#ifndef TESTS_TEMP_FOLDER_H
#define TESTS_TEMP_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

static inline int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/vmexit-bench-test-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

/* The path of `name` in the folder; good until it was called eight times more. */
static inline const char *below(const char *name)
{
	static char path[8][256];
	static unsigned next;
	char *p = path[next++ % 8];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

/* Makes or replaces a file in the folder; returns its path. */
static inline const char *write_below(const char *name, const char *text)
{
	const char *path = below(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return path;
}

#endif
