/* SPDX-License-Identifier: MIT */
/*
 * The proof: KVM's statistics before and after the measured rounds themselves, against what the descriptor
 * says an operation does.
 *
 * Tolerance.  An operation must make at least the exits it claims: the lower bound is the claim less 0.5 %
 * (and less one).  More exits than claimed are allowed as far as KVM says where they came from (irq_exits,
 * signal_exits, nmi_exits: the host's own interrupts), plus 1 % (of the operations, for a control) and a few per round
 * for entering and leaving. Injections are allowed on top as often as the host took the CPU: KVM takes an interrupt
 * back that it was about to enter with, and counts it again.
 */
#ifndef MEASURE_VERIFY_H
#define MEASURE_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/machine.h"
#include "measure/outcome.h"

/* Running sums over the measured rounds of one machine; vCPU statistics are added up over its vCPUs. */
struct proof {
	struct machine *machine;
	uint64_t *vcpu_before, *vcpu_now, *vcpu_sum;
	uint64_t *vm_before, *vm_now, *vm_sum;
	uint32_t preemptions_before, preemptions;
	uint64_t operations;
	uint64_t rounds; /* each ends with one exit to user space (port ABI_PORT_DONE) */
};

void proof__init(struct proof *p, struct machine *m);
void proof__free(struct proof *p);

/* Around a measured round, while no vCPU runs. `rounds` counts those that end through ABI_PORT_DONE. */
void proof__begin(struct proof *p);
void proof__end(struct proof *p, uint64_t operations, uint64_t rounds);

/* Sum of a vCPU's statistic over the measured rounds; 0 where the kernel doesn't offer it. */
uint64_t proof__sum(const struct proof *p, const char *statistic);

/* Writes the checks into the outcome, sets its `suspect` and the flags that KVM's statistics tell of
 * (to be ORed into every lane). `emulated`: the probe guest was seen to be emulated (trust.h). */
uint32_t proof__judge(const struct proof *p, bool emulated, struct outcome *o);

/* Adds a check of its own making, e.g. a tracepoint's; `verdict` as in struct check. */
void outcome__add_check(
	struct outcome *o, const char *statistic, double expected, double observed, const char *verdict);

/* Exits an operation is claimed to make on this backend. */
double bench__exits_on(const struct bench *b, const struct kvm_host *host);

#endif
