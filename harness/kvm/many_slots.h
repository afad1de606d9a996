/* SPDX-License-Identifier: MIT */
/* A range of guest memory cut into many memory slots. */
#ifndef KVM_MANY_SLOTS_H
#define KVM_MANY_SLOTS_H

#include <stdint.h>

#include "kvm/memory.h"
#include "kvm/vm.h"

/* Maps `memory` at `gpa` by `count` slots of equal size, numbered from `first`. Each costs the host a grace period
 * (SRCU): skips (fatal.h) where that takes too long for a benchmark. */
void many_slots__create(
	const struct vm *vm, uint32_t first, uint32_t count, uint64_t gpa, const struct host_memory *memory);

#endif
