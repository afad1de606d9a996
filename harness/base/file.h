/* SPDX-License-Identifier: MIT */
/*
 * Small files of /proc and /sys.  Every path is looked up below a root ("" is the real one), so that the
 * readers of the host can be tested against recorded trees of machines we don't have.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads root+path into buf (NUL-terminated, trailing white space cut). Returns the length or -errno. */
int file__read(const char *root, const char *path, char *buf, size_t size);

/* Reads a decimal or 0x number. Returns 0 or -errno (-EINVAL where the file holds no number). */
int file__read_long(const char *root, const char *path, long long *value);

/* Writes text to root+path as one write(2) to an existing file. Returns 0 or -errno. */
int file__write(const char *root, const char *path, const char *text);

bool file__exists(const char *root, const char *path);

#endif
