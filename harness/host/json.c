// SPDX-License-Identifier: MIT
#include "host/json.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "host/host.h"

json_t *host_json__text(const char *text)
{
	char *clean = strdup(text);
	json_t *value;

	if (!clean)
		return json_null();
	for (char *p = clean; *p; p++)
		if ((*p < ' ' && *p != '\n' && *p != '\t') || *p > '~')
			*p = '?';
	value = json_string(clean);
	free(clean);
	return value ? value : json_null();
}

json_t *host_json__words(const char *text)
{
	char *copy = strdup(text), *save = NULL;
	json_t *array = json_array();

	for (char *word = strtok_r(copy, " \t\n", &save); word; word = strtok_r(NULL, " \t\n", &save))
		json_array_append_new(array, host_json__text(word));
	free(copy);
	return array;
}

json_t *host_json__file(const char *root, const char *path)
{
	char text[8192];

	return file__read(root, path, text, sizeof(text)) < 0 ? json_null() : host_json__text(text);
}

json_t *host_json__number(const char *root, const char *path)
{
	char text[128], *end, *end_real;
	long long whole;
	double real;

	if (file__read(root, path, text, sizeof(text)) < 0)
		return json_null();
	whole = strtoll(text, &end, 0);
	real = strtod(text, &end_real);
	if (end == text)
		return json_null();
	return end_real > end ? json_real(real) : json_integer(whole);
}

json_t *host_json__choice(const char *root, const char *path)
{
	char text[256];

	return host__choice(root, path, text, sizeof(text)) ? json_null() : host_json__text(text);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **names__list(const char *root, const char *folder, const char *prefix, size_t *count)
{
	char path[PATH_MAX], **names = NULL;
	struct dirent *entry;
	size_t used = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s%s", root ? root : "", folder);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		char **more;

		if (entry->d_name[0] == '.' || strncmp(entry->d_name, prefix, strlen(prefix)))
			continue;
		more = realloc(names, (used + 1) * sizeof(*names));
		if (!more)
			break;
		names = more;
		names[used] = strdup(entry->d_name);
		if (!names[used])
			break;
		used++;
	}
	if (dir)
		closedir(dir);
	if (used)
		qsort(names, used, sizeof(*names), compare_names);
	*count = used;
	return names;
}

void names__free(char **names, size_t count)
{
	while (count)
		free(names[--count]);
	free(names);
}

json_t *host_json__folder(const char *root, const char *folder)
{
	size_t count;
	char **names = names__list(root, folder, "", &count);
	json_t *object = count ? json_object() : json_null();
	char path[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		json_object_set_new(object, names[i], host_json__file(root, path));
	}
	names__free(names, count);
	return object;
}
