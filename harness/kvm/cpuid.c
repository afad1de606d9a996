// SPDX-License-Identifier: MIT
#include "kvm/cpuid.h"

#include <stddef.h>
#include <sys/ioctl.h>

#include "base/fatal.h"

void cpuid__supported(const struct kvm_host *host, struct cpuid_table *table)
{
	table->header.nent = CPUID_ENTRIES_MAX;
	table->header.padding = 0;
	if (ioctl(host->fd, KVM_GET_SUPPORTED_CPUID, table) < 0)
		fatal_errno("KVM_GET_SUPPORTED_CPUID");
}

struct kvm_cpuid_entry2 *cpuid__find(struct cpuid_table *table, uint32_t function, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < table->header.nent; i++) {
		struct kvm_cpuid_entry2 *e = &table->entries[i];

		if (e->function == function &&
			(!(e->flags & KVM_CPUID_FLAG_SIGNIFCANT_INDEX) || e->index == index))
			return e;
	}
	return NULL;
}
