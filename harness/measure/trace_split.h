/* SPDX-License-Identifier: MIT */
/*
 * One guest-timed sample, from stamp to stamp, cut at KVM's tracepoints and at the host's own stamps: the inner
 * arrows of the execution model. All are on one clock; the legs of a sample add up to the sample exactly.
 *
 *	guest stamp -> kvm_exit -> kvm_userspace_exit -> KVM_RUN returned -> called -> kvm_entry -> guest stamp
 *	          VMEXIT      handler              return              user     switch      VMENTER
 *
 * An exit that KVM handles goes from kvm_exit to kvm_entry (handler). Where a sample has several exits the time
 * in guest mode between them is a leg of its own.
 */
#ifndef MEASURE_TRACE_SPLIT_H
#define MEASURE_TRACE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guests/abi.h"
#include "measure/loop.h"
#include "measure/trace_text.h"

enum trace_leg {
	TRACE_LEG_VMEXIT,  /* the guest's first stamp to kvm_exit */
	TRACE_LEG_HANDLER, /* kvm_exit (or a call that doesn't enter) to kvm_userspace_exit or kvm_entry */
	TRACE_LEG_RETURN,  /* kvm_userspace_exit to KVM_RUN's return */
	TRACE_LEG_USER,    /* return to the next call */
	TRACE_LEG_SWITCH,  /* call to kvm_entry */
	TRACE_LEG_VMENTER, /* kvm_entry to the guest's second stamp */
	TRACE_LEG_BETWEEN, /* kvm_entry to the next kvm_exit within a sample; 0 with one exit */
	TRACE_LEGS,
};

/*
 * Cuts one sample. `stamps[0 ... exits]` are those of its exits to user space: its k-th exit returns at
 * stamps[k].return_tsc and is answered by the call at stamps[k + 1].call_tsc. `events` are in order of time; *next
 * is where to begin looking and moves on behind the sample.
 *
 * False where the tracepoints don't tell the whole way (one missing, none at all): then there are no legs.
 */
bool trace_split__sample(const struct abi_sample *sample, const struct run_stamps *stamps, unsigned exits,
	const struct trace_event *events, size_t count, size_t *next, uint64_t legs[TRACE_LEGS]);

#endif
