/* SPDX-License-Identifier: MIT */
/* For unit tests: a recorded tree as a folder of files that the test may change. Tests run from the top folder. */
#ifndef TESTS_HOSTS_TREE_H
#define TESTS_HOSTS_TREE_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree {
	char root[64];
};

/* Unpacks tests/hosts/NAME.tree into a new folder; NULL makes an empty one. */
static inline void tree__open(struct tree *t, const char *name)
{
	char command[256];

	snprintf(t->root, sizeof(t->root), "/tmp/vmexit-bench-tree-XXXXXX");
	if (!mkdtemp(t->root)) {
		perror("mkdtemp");
		exit(1);
	}
	if (!name)
		return;
	snprintf(command, sizeof(command), "tests/hosts/unpack %s < tests/hosts/%s.tree", t->root, name);
	if (system(command)) {
		fprintf(stderr, "can't unpack tests/hosts/%s.tree; run the tests from the top folder\n",
			name);
		exit(1);
	}
}

static inline void tree__close(struct tree *t)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", t->root);
	if (system(command))
		perror(command);
}

/* Makes or replaces a file, with the folders above it. */
static inline void tree__write(struct tree *t, const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", t->root, path);
	for (char *p = full + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	file = fopen(full, "w");
	if (!file || fputs(text, file) < 0 || fclose(file)) {
		perror(full);
		exit(1);
	}
}

static inline void tree__remove(struct tree *t, const char *path)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf %s%s", t->root, path);
	if (system(command))
		perror(command);
}

#endif
