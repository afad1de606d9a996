/* SPDX-License-Identifier: MIT */
/* Inside tune: the journal that outlives a killed process. */
#ifndef HOST_TUNE_JOURNAL_H
#define HOST_TUNE_JOURNAL_H

#include <stdbool.h>

#include "base/error.h"

enum journal_state {
	JOURNAL_NONE,   /* there is none and none was to be made */
	JOURNAL_READY,  /* opened and locked by us: new, or what a dead process left */
	JOURNAL_IN_USE, /* its owner lives */
	JOURNAL_FAILED,
};

/* Opens (makes, where `create`) and locks the journal; *fd is valid where JOURNAL_READY is returned. err says what
 * failed, or who uses it.
 *
 * The lock is fcntl()'s, which belongs to the process: it ends with it in every way a process ends, and a child
 * that lives on doesn't keep it.  It also ends when the process closes any other descriptor of the file. */
enum journal_state journal__open(const char *path, bool create, int *fd, struct error *err);

/* Empties an opened journal and writes the id of the boot it is valid for. 0 or -errno. */
int journal__begin(int fd, const char *boot_id);

/* Adds one setting; it is on disk when this returns. 0 or -errno (-EINVAL: can't be written as one line). */
int journal__add(int fd, const char *path, const char *old, const char *new);

/* Puts one setting back: 1 if that changed it, 0 if it needn't or may not be, or -errno. */
typedef int (*journal_undo_fn)(void *context, const char *path, const char *old, const char *new);

/* Calls undo() for each entry, the last first, all of them whatever one says. A last line that a dying process
 * cut is no entry: its setting wasn't touched yet. Nothing is called where the journal is of another boot.
 * Returns the sum of what undo() returned, or -errno of its first failure. */
int journal__replay(int fd, const char *boot_id, journal_undo_fn undo, void *context);

#endif
