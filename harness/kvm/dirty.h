/* SPDX-License-Identifier: MIT */
/*
 * What KVM tells of the pages that a guest has written: the bitmap of a slot (KVM_GET_DIRTY_LOG) and the
 * ring of a vCPU (Documentation/virt/kvm/api.rst 8.29).
 */
#ifndef KVM_DIRTY_H
#define KVM_DIRTY_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm/vcpu.h"
#include "kvm/vm.h"

/* The bitmap of one memory slot. */
struct dirty_log {
	uint32_t slot;
	uint32_t pages;
	uint64_t *bitmap;
};

void dirty_log__init(struct dirty_log *log, uint32_t slot, size_t bytes);
void dirty_log__free(struct dirty_log *log);

/* Reads the bitmap; unless KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 is on, KVM also clears its own and protects the
 * pages again. */
void dirty_log__get(struct dirty_log *log, const struct vm *vm);

/* KVM_CLEAR_DIRTY_LOG for those of `count` pages from the first that the bitmap shows dirty. */
void dirty_log__clear(struct dirty_log *log, const struct vm *vm, uint32_t count);

/* Pages that the bitmap, as last read, shows dirty. */
uint32_t dirty_log__count(const struct dirty_log *log);

/* The ring of one vCPU. */
struct dirty_ring {
	struct kvm_dirty_gfn *entries;
	uint32_t size; /* entries */
	uint32_t next; /* to look at */
};

/* Turns rings of `bytes` on, before any vCPU exists; skips (fatal.h) where KVM has none of that size. */
void dirty_ring__enable(const struct vm *vm, size_t bytes);

void dirty_ring__map(struct dirty_ring *ring, const struct vcpu *vcpu, size_t bytes);
void dirty_ring__unmap(struct dirty_ring *ring);

/* Takes at most `max` entries out of the ring, so that the next reset protects their pages again. Returns how
 * many there were. */
uint32_t dirty_ring__harvest(struct dirty_ring *ring, uint32_t max);

/* KVM_RESET_DIRTY_RINGS: gives harvested entries of all rings back. Returns how many. */
uint32_t dirty_ring__reset(const struct vm *vm);

#endif
