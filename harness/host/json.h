/* SPDX-License-Identifier: MIT */
/* Small files as JSON values: null where a file can't be read, so that a fingerprint never fails. */
#ifndef HOST_JSON_H
#define HOST_JSON_H

#include <jansson.h>

/* A string; bytes that are not printable ASCII become '?' (JSON wants UTF-8, firmware names don't promise it). */
json_t *host_json__text(const char *text);

/* An array of the blank-separated words of a text. */
json_t *host_json__words(const char *text);

/* The text of a file below root, newlines inside kept; null where it can't be read. */
json_t *host_json__file(const char *root, const char *path);

/* The first number of a file, an integer where it is one; null where there is none. */
json_t *host_json__number(const char *root, const char *path);

/* The word in brackets of "always [madvise] never". */
json_t *host_json__choice(const char *root, const char *path);

/* An object with one text member for each file of a folder; null where there is none. */
json_t *host_json__folder(const char *root, const char *path);

/* The sorted names in a folder that start with `prefix`, malloc'ed; names__free() frees them. */
char **names__list(const char *root, const char *folder, const char *prefix, size_t *count);
void names__free(char **names, size_t count);

#endif
