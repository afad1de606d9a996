/* SPDX-License-Identifier: MIT */
/*
 * A second thread beside the one that runs a `measure` hook: one that runs another vCPU, waits for an event,
 * or is waited for.  On a CPU of its own where this host has one to give.
 */
#ifndef MEASURE_COMPANION_H
#define MEASURE_COMPANION_H

#include <pthread.h>

#include "measure/pass.h"

struct companion {
	pthread_t thread;
	int cpu; /* -1: not pinned */
	void (*work)(struct companion *c);
	void *argument;
};

/* A CPU that the program may use and no vCPU of this job is on, or -1 where there is none. */
int companion__spare_cpu(const struct pass *p);

/* Moves the calling thread to a CPU; -1: leaves it. */
void companion__move_to(int cpu);

/* Starts a thread on `cpu` (-1: anywhere) that does `work`. */
void companion__start(struct companion *c, int cpu, void (*work)(struct companion *c), void *argument);
void companion__join(struct companion *c);

/* `work` of a companion whose argument is a lane: runs the lane's vCPU, armed before, until its round is done.
 * Also for the calling thread. */
void companion__run_vcpu(struct companion *c);
void lane__run_to_end(struct lane *lane);

#endif
