/* SPDX-License-Identifier: MIT */
/*
 * The measured paths.  No allocation, no system call but KVM_RUN, nothing between the stamps that isn't in
 * every loop; storage comes pre-faulted from the caller.  docs/methodology.md shows them as pseudo-code.
 */
#ifndef MEASURE_LOOP_H
#define MEASURE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "kvm/vcpu.h"
#include "measure/machine.h"

/* Around one KVM_RUN, for the split into legs. */
struct run_stamps {
	uint64_t call_tsc;
	uint64_t return_tsc;
};

/* What ended a loop early: KVM_RUN's value; the exit is in vcpu->run. */
struct loop_end {
	unsigned count; /* samples or KVM_RUNs done as wanted */
	long run_value;
	bool round_done; /* the guest said that its round is over */
};

/* `count` samples of one KVM_RUN each, while it returns with `exit_reason`, and the value that belongs to it. */
struct loop_end loop__host(struct vcpu *v, unsigned count, uint32_t exit_reason,
	void (*on_exit)(struct vcpu *), struct run_stamps *stamps);

/* The same for operations that leave `exits` times: a sample is the sum of its KVM_RUNs, and its second stamp the
 * first one plus that. */
struct loop_end loop__host_several(struct vcpu *v, unsigned count, unsigned exits, uint32_t exit_reason,
	void (*on_exit)(struct vcpu *), struct run_stamps *stamps);

/* Runs the guest until its round is over, stamping each KVM_RUN; at most `max` of them. */
struct loop_end loop__guest(struct vcpu *v, unsigned max, uint32_t exit_reason,
	void (*on_exit)(struct vcpu *), struct run_stamps *stamps);

/* `count` samples of bench->host_op. */
void loop__operation(struct machine *m, unsigned count, uint64_t *ticks);

/* `count` samples of nothing: what two stamps cost themselves. */
void loop__stamps(unsigned count, uint64_t *ticks);

#endif
