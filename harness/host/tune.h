/* SPDX-License-Identifier: MIT */
/*
 * Reversible settings for the length of a run (`run --tune`): performance governor, no turbo, no deep idle
 * states, no khugepaged, KSM, NUMA balancing and NMI watchdog.
 *
 * Before a setting is changed its old value is in the journal and on disk.  Whoever ends in order calls
 * tune__restore(); whoever is killed leaves the journal, and the next start's tune__recover() undoes it.
 * A journal of a live process is locked and left alone; one of an earlier boot is thrown away, as the
 * settings went with that boot.
 */
#ifndef HOST_TUNE_H
#define HOST_TUNE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* On a file system that a reboot empties, writable by root only. */
#define TUNE_JOURNAL "/run/vmexit-bench-tune.journal"

struct tune_change {
	char *path; /* as in /sys, without the root */
	char *old;
	char *new; /* read back after it was written */
};

struct tune {
	char root[PATH_MAX];
	char journal[PATH_MAX];
	int journal_fd;             /* holds the lock; -1: nothing applied */
	int latency_fd;             /* /dev/cpu_dma_latency held at 0 us; -1: not */
	struct tune_change *change; /* what was changed, for run.json and the terminal */
	size_t count;
	char refused[384]; /* the first setting that could not be changed, and why; "" where none */
};

/* Changes what is there to change below root ("" is the real machine). A setting that is absent or already
 * right is left alone. 0 (nothing to change is fine), or -1 with err: not root, another tuned run is active, the
 * journal can't be written; then nothing stays changed. Recovers a dead process's journal first. */
int tune__apply(struct tune *t, const char *root, const char *journal_path, struct error *err);

/* The same without changing anything yet: the journal is open, and settings follow one by one. */
int tune__begin(struct tune *t, const char *root, const char *journal_path, struct error *err);

/* Changes one file below /sys or /proc/sys. 0 (it may have had that value), or -1 with err: no such file, or the
 * kernel refused. What was changed before stays so until tune__restore(). */
int tune__set(struct tune *t, const char *path, const char *value, struct error *err);

/* Puts everything back, the last change first, and removes the journal. Safe to call twice, and on a struct
 * that tune__apply() failed on. -1 with err where a setting could not be put back: the journal stays then. A
 * setting that somebody else has changed meanwhile is left as they want it. */
int tune__restore(struct tune *t, struct error *err);

/* Undoes what a killed process left. Returns how many settings were put back, 0 where there is no journal or
 * its owner lives, -1 with err where that failed. To be called at the start of every run. */
int tune__recover(const char *root, const char *journal_path, struct error *err);

#endif
