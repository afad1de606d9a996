/* SPDX-License-Identifier: MIT */
/* Files written whole or not at all, and pieces appended whole or not at all. */
#ifndef RESULTS_WHOLE_FILE_H
#define RESULTS_WHOLE_FILE_H

#include <sys/types.h>

#include "base/error.h"
#include "results/text.h"

/*
 * Replaces `path` by `content`: written to "path.tmp" beside it, synced, renamed. A reader, and a crash,
 * see the old file or the new one. 0, or -1 with err, the old file untouched and no temporary left.
 */
int whole_file__write(const char *path, const struct text *content, struct error *err);

/*
 * Appends `content` to `fd` (O_APPEND). On a full disk the file is cut back to its old length: 0, or -errno
 * with nothing half-written.
 */
int whole_file__append(int fd, const struct text *content);

/* The same to a file by name, made where it doesn't exist. 0, or -1 with err. */
int whole_file__append_path(const char *path, const struct text *content, struct error *err);

/* Reads a file of at most 1 GiB; the caller frees the text. 0, or -1 with err. */
int whole_file__read(const char *path, struct text *content, struct error *err);

#endif
