/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_FLAGS_H
#define MEASURE_FLAGS_H

#include <stddef.h>
#include <stdint.h>

/* Things that happened while measuring; they become words in the column `flags`. */
#define FLAG_IRQ        (1u << 0) /* host interrupts hit the guest (irq_exits) */
#define FLAG_PREEMPTED  (1u << 1) /* involuntary context switches */
#define FLAG_UNSETTLED  (1u << 2) /* warm-up ended without two halves that agree */
#define FLAG_FAULTS     (1u << 3) /* EPT/NPT faults that the benchmark doesn't mean to cause */
#define FLAG_NO_EXIT    (1u << 4) /* does not exit here */
#define FLAG_EMULATED   (1u << 5) /* KVM emulated the guest's instructions: no exit cost */
#define FLAG_OVERCOMMIT (1u << 6) /* more vCPUs than CPUs */
#define FLAG_SPLIT_TSC  (1u << 7) /* guest and host stamps are not on one clock: no legs */
#define FLAG_SMI        (1u << 8) /* firmware took the CPU away (system management interrupt) */
#define FLAG_APART      (1u << 9) /* samples from a time in which not all vCPUs ran: no other is known */
#define FLAG_COUNT      10

/* The word of flag number `i`, 0 ... FLAG_COUNT - 1. */
const char *flag__word(unsigned i);

/* Words for a set of flags, joined by '+', into buf. Returns buf. */
const char *flags__text(uint32_t flags, char *buf, size_t size);

#endif
