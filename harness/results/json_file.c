// SPDX-License-Identifier: MIT
#include "results/json_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "results/whole_file.h"

json_t *json_file__read(const char *path, struct error *err)
{
	json_error_t where;
	json_t *root;
	FILE *file = fopen(path, "re");

	if (!file) {
		error__set_errno(
			err, errno == ENOENT || errno == ENOTDIR ? EXIT_USAGE : EXIT_IO, errno, "%s", path);
		return NULL;
	}
	root = json_loadf(file, JSON_REJECT_DUPLICATES, &where);
	fclose(file);
	if (!root) {
		error__set(err, EXIT_USAGE, "%s:%d:%d: not JSON: %s", path, where.line, where.column,
			where.text);
		return NULL;
	}
	if (!json_is_object(root)) {
		json_decref(root);
		error__set(err, EXIT_USAGE, "%s:1:1: a JSON object was expected", path);
		return NULL;
	}
	return root;
}

int json_file__write(const char *path, const json_t *root, struct error *err)
{
	char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	struct text whole = { 0 };
	int failed;

	if (!text)
		return error__set(err, EXIT_IO, "%s: the values can't be written as JSON", path);
	text__puts(&whole, text);
	text__putc(&whole, '\n');
	free(text);
	failed = whole_file__write(path, &whole, err);
	text__free(&whole);
	return failed;
}

static json_t *descend(const json_t *node, const char *path)
{
	size_t length = strlen(path);
	char key[256];
	json_t *found;

	if (!length)
		return NULL;
	if (length >= sizeof(key) || !json_is_object(node))
		return NULL;
	memcpy(key, path, length + 1);
	found = json_object_get(node, key);
	for (size_t i = length; !found && i-- > 0;) {
		if (path[i] != '.')
			continue;
		key[i] = '\0';
		found = json_object_get(node, key);
		if (found)
			found = descend(found, path + i + 1);
	}
	return found;
}

json_t *json__get(const json_t *root, const char *path)
{
	return descend(root, path);
}

json_t *json__text(const char *text)
{
	json_t *string = json_string(text);
	char *clean;

	if (string)
		return string;
	clean = strdup(text);
	for (char *p = clean; p && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	string = clean ? json_string(clean) : NULL;
	free(clean);
	return string;
}

/* A control character of UTF-8: C0, DEL, and C1, which takes two bytes. */
static size_t control_length(const char *p)
{
	const unsigned char c = (unsigned char)p[0], next = (unsigned char)p[1];

	return (c && c < ' ') || c == 0x7f ? 1 : c == 0xc2 && next >= 0x80 && next < 0xa0 ? 2 : 0;
}

/* A copy without them, NULL where there are none; *failed where there is no memory for one. */
static char *calmed(const char *text, bool *failed)
{
	const char *p = text;
	char *copy, *out;

	while (*p && !control_length(p))
		p++;
	if (!*p)
		return NULL;
	copy = out = strdup(text);
	*failed |= !copy;
	for (p = text; copy && *p; p++) {
		size_t length = control_length(p);

		*out++ = length ? '?' : *p;
		p += length == 2;
	}
	if (copy)
		*out = '\0';
	return copy;
}

static void calm(json_t *node, bool *failed);

static void calm_members(json_t *object, bool *failed)
{
	json_t *value;
	const char *key;
	void *next;

	json_object_foreach_safe(object, next, key, value)
	{
		char *copy = calmed(key, failed);

		calm(value, failed);
		if (!copy)
			continue;
		*failed |= json_object_set(object, copy, value) || json_object_del(object, key);
		free(copy);
	}
}

static void calm(json_t *node, bool *failed)
{
	json_t *value;
	size_t i;

	if (json_is_object(node))
		calm_members(node, failed);
	json_array_foreach(node, i, value) calm(value, failed);
	if (json_is_string(node)) {
		char *copy = calmed(json_string_value(node), failed);

		*failed |= copy && json_string_set(node, copy);
		free(copy);
	}
}

int json__calm(json_t *root)
{
	bool failed = false;

	calm(root, &failed);
	return failed ? -1 : 0;
}

const char *json__string(const json_t *root, const char *path, const char *otherwise)
{
	const json_t *found = json__get(root, path);

	return json_is_string(found) ? json_string_value(found) : otherwise;
}
