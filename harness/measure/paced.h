/* SPDX-License-Identifier: MIT */
/*
 * `measure` hooks for operations that begin in one place and end in another: a write that wakes a thread,
 * an interrupt from a thread or a vCPU into a vCPU, a timer.  One operation at a time; the partners wait for
 * each other by words in guest memory (guests/include/paced.h), outside the stamps.
 *
 * Each hook warms up, measures one round of as many samples as the budget allows between two readings of
 * KVM's statistics, and judges.
 */
#ifndef MEASURE_PACED_H
#define MEASURE_PACED_H

#include "guests/include/paced.h"
#include "measure/pass.h"

/* How a vCPU that gets interrupts waits for them: what the guests expect in arg[PACED_ARG_WAIT]. */
#define PACED_BUSY  0 /* a loop without PAUSE */
#define PACED_PAUSE 1 /* a loop with PAUSE */
#define PACED_HALT  2 /* HLT */

/* Which of a descriptor's arg these hooks and their guests read. */
enum {
	PACED_ARG_WAIT,
	PACED_ARG_LEAVE_NS,    /* how long the receiver is left waiting before the operation */
	PACED_ARG_INTERVAL_NS, /* timers */
	PACED_ARG_UNITS,       /* timers: what the guest programs */
};

/* What most give as PACED_ARG_LEAVE_NS: by then a receiver that runs is in its loop, one that halts asleep. */
#define PACED_LEAVE_RUNNING_NS 2000
#define PACED_LEAVE_HALTED_NS  100000

enum paced_units {
	PACED_TSC_TICKS,
	PACED_NANOSECONDS, /* the local APIC's timer: KVM's bus clock is 1 GHz */
	PACED_PIT_TICKS,
};

/* The guest writes, `wait` returns in a thread of its own: LATENCY from the guest's stamp, and GUEST. */
void paced__notify(struct pass *p, void (*wait)(struct machine *m));

/* A thread calls `cause`, vCPU 0 (entry receive_*) takes the interrupt: LATENCY from the call's begin to the
 * handler's stamp; ROUNDTRIP is the call. `settle` (may be NULL) comes after each, outside the stamps; with
 * `answered` ROUNDTRIP ends when it returns. */
struct paced_delivery {
	void (*cause)(struct machine *m);
	void (*settle)(struct machine *m);
	bool answered;
};
void paced__deliver(struct pass *p, const struct paced_delivery *d);

/* vCPU 0 (the descriptor's entry) sends, all others receive by the entry `receiver`: GUEST is the sender's
 * view, LATENCY on lane 1 the receivers': from the sender's stamp to the last handler's. */
void paced__send(struct pass *p, const char *entry, const char *receiver);

/* vCPU 0 arms a timer and waits: LATENESS of its handler. `periodic`: armed once for all samples. */
void paced__timer(struct pass *p, bool periodic);

/* Ticks of the vCPU's TSC in so many nanoseconds. Asks the vCPU: not while it runs. */
uint64_t paced__ticks(const struct machine *m, uint64_t ns);

/* How many samples a hook should take, when `done` of them took the time since `began_ns` (of base/monotonic.h). */
uint32_t paced__samples_from(const struct pass *p, uint64_t began_ns, uint32_t done);

/* Between two looks at a word: gives way where the partner needs this CPU (`crowded`). */
void paced__relax(bool crowded);

/* Lets a time pass, given in both units: spinning, or asleep where the partner needs this CPU (`crowded`). */
void paced__leave(uint64_t ns, uint64_t ticks, bool crowded);

#endif
