/* SPDX-License-Identifier: MIT */
/* For unit tests: a recorded tree as a folder of files that the test may change. Tests run from the top folder. */
#ifndef TESTS_HOSTS_TREE_H
#define TESTS_HOSTS_TREE_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree {
	char root[64];
};

static inline void tree__fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Opens a file below the root, with the folders above it. */
static inline FILE *tree__fopen(struct tree *t, const char *path, const char *mode)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", t->root, path);
	file = fopen(full, mode);
	for (char *p = full + strlen(t->root) + 1; !file && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	if (!file)
		file = fopen(full, mode);
	if (!file)
		tree__fail(full);
	return file;
}

/* Unpacks tests/hosts/NAME.tree into a new folder, as tests/hosts/unpack does; NULL makes an empty one. */
static inline void tree__open(struct tree *t, const char *name)
{
	char path[PATH_MAX], last[PATH_MAX] = "", *line = NULL;
	FILE *in, *out = NULL;
	size_t size = 0;

	/* In memory where there is such a place: a thousand small files are slow on a disk. */
	snprintf(t->root, sizeof(t->root), "%s/vmexit-bench-tree-XXXXXX",
		access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(t->root))
		tree__fail("mkdtemp");
	if (!name)
		return;
	snprintf(path, sizeof(path), "tests/hosts/%s.tree", name);
	in = fopen(path, "r");
	if (!in)
		tree__fail("tests/hosts/*.tree (run the tests from the top folder)");
	while (getline(&line, &size, in) > 0) {
		char *colon = strchr(line, ':');

		if (*line != '/' || !colon)
			continue;
		*colon = '\0';
		if (strcmp(line, last)) {
			if (out)
				fclose(out);
			out = tree__fopen(t, line, "a");
			snprintf(last, sizeof(last), "%s", line);
		}
		fputs(colon + 1, out);
	}
	if (out)
		fclose(out);
	fclose(in);
	free(line);
}

static inline int tree__remove_one(const char *path, const struct stat *s, int kind, struct FTW *ftw)
{
	(void)s;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* Removes a file, or a folder with all in it. */
static inline void tree__remove(struct tree *t, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", t->root, path);
	if (nftw(full, tree__remove_one, 16, FTW_DEPTH | FTW_PHYS))
		tree__fail(full);
}

static inline void tree__close(struct tree *t)
{
	tree__remove(t, "");
}

/* Makes or replaces a file. */
static inline void tree__write(struct tree *t, const char *path, const char *text)
{
	FILE *file = tree__fopen(t, path, "w");

	if (fputs(text, file) < 0 || fclose(file))
		tree__fail(path);
}

#endif
