/* SPDX-License-Identifier: MIT */
#ifndef KVM_CPUID_H
#define KVM_CPUID_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#include "kvm/host.h"

#define CPUID_ENTRIES_MAX 256

/* What a guest's CPUID answers: room for all entries that KVM supports. */
struct cpuid_table {
	struct kvm_cpuid2 header; /* passes as the ioctl's argument */
	struct kvm_cpuid_entry2 entries[CPUID_ENTRIES_MAX];
};

/* KVM_GET_SUPPORTED_CPUID: what a VMM would offer its guest. Ends the process on an error. */
void cpuid__supported(const struct kvm_host *host, struct cpuid_table *table);

/* The entry of a leaf, or NULL. */
struct kvm_cpuid_entry2 *cpuid__find(struct cpuid_table *table, uint32_t function, uint32_t index);

#endif
