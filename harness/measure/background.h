/* SPDX-License-Identifier: MIT */
/*
 * A vCPU that runs in a thread of its own while a hook does something to it or beside it.  It executes the
 * benchmark's entry in its endless mode; exits to user space are answered by entering again.
 */
#ifndef MEASURE_BACKGROUND_H
#define MEASURE_BACKGROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/companion.h"
#include "measure/pass.h"

struct background {
	struct lane *lane;
	struct companion companion;
	bool stop;
	uint32_t interrupted;     /* times that KVM_RUN returned -EINTR */
	uint64_t interrupted_tsc; /* when it last did */
};

/* Starts the vCPU of lane 1 on that lane's CPU and returns when its guest runs: the first shared word moves,
 * so the guest has to count there. Skips (fatal.h) where lanes 0 and 1 have no CPUs of their own. */
void background__start(struct background *b, struct pass *p);

/* Interrupts the vCPU by a signal; KVM_RUN returns -EINTR, and the thread enters again. */
void background__signal(struct background *b);

/* Returns when the guest has been seen to execute since the call. */
void background__await_guest(const struct background *b);

/* Returns when KVM_RUN has returned -EINTR more often than `seen` says. */
void background__await_interrupted(const struct background *b, uint32_t seen);

void background__stop(struct background *b);

#endif
