/* SPDX-License-Identifier: MIT */
/* JSON files: read with file:line:column in errors, written whole or not at all. */
#ifndef RESULTS_JSON_FILE_H
#define RESULTS_JSON_FILE_H

#include <jansson.h>

#include "base/error.h"

/* NULL with err; otherwise the caller's to json_decref(). The top must be an object. */
json_t *json_file__read(const char *path, struct error *err);

/* Indented, keys in the order they were set, through a temporary file that is renamed. */
int json_file__write(const char *path, const json_t *root, struct error *err);

/*
 * A member by path, "host.cpu.model", or NULL. Where a key itself has dots ("kvm.halt_poll_ns") the
 * longest match wins.
 */
json_t *json__get(const json_t *root, const char *path);

/* A text of the user's, such as a path, as a string: with '?' for each byte that isn't ASCII where it isn't UTF-8,
 * which JSON can't hold. NULL without memory. */
json_t *json__text(const char *text);

/* Puts '?' for control characters in all strings and keys below: what they are shown on may take them for orders. 0, or
 * -1 without memory. */
int json__calm(json_t *root);

/* The string there, or `otherwise` where there is none. */
const char *json__string(const json_t *root, const char *path, const char *otherwise);

#endif
