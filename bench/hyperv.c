// SPDX-License-Identifier: MIT
/* Hooks of the family hyperv; its descriptors are in hyperv-*.c. */
#include "hyperv.h"

#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/fatal.h"
#include "measure/machine.h"

/* Hypervisors' leaves; each interface has 0x100 of them, and Hyper-V's must be the first. */
#define CPUID_HYPERVISOR      0x40000000u
#define CPUID_HYPERVISOR_LAST 0x400000ffu

#define OPEN_SOURCE_OS                                                                                       \
	(1ull << 63) /* of GUEST_OS_ID, TLFS, Feature and Interface Discovery; the rest may be anything */

void hyperv__announce(struct machine *m)
{
	static struct cpuid_table table;
	struct kvm_cpuid_entry2 *e = m->cpuid.entries, *end = e + m->cpuid.header.nent;

	table.header.nent = CPUID_ENTRIES_MAX;
	if (ioctl(m->host->fd, KVM_GET_SUPPORTED_HV_CPUID, &table) < 0)
		fatal_errno("KVM_GET_SUPPORTED_HV_CPUID");
	for (; e < end; e++) {
		if (e->function >= CPUID_HYPERVISOR && e->function <= CPUID_HYPERVISOR_LAST)
			continue;
		if (table.header.nent == CPUID_ENTRIES_MAX)
			fatal("more than %d entries of CPUID", CPUID_ENTRIES_MAX);
		table.entries[table.header.nent++] = *e;
	}
	m->cpuid = table;
}

void hyperv__set_msr(struct vcpu *v, uint32_t msr, uint64_t value)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entry;
	} msrs = {
		.header = { .nmsrs = 1 },
		.entry = { .index = msr, .data = value },
	};

	if (vcpu__ioctl(v, KVM_SET_MSRS, &msrs) != 1)
		fatal("KVM_SET_MSRS: KVM refuses %#llx in MSR %#x", (unsigned long long)value, msr);
}

uint64_t hyperv__page(const struct vcpu *v, uint64_t offset)
{
	return ABI_VCPU + (uint64_t)v->index * ABI_VCPU_SIZE + offset + HYPERV_ENABLED;
}

void *hyperv__area(struct vcpu *v, size_t offset)
{
	return (char *)v->abi + offset;
}

void hyperv__set_up(struct machine *m)
{
	struct vcpu *first = &m->vcpus[0];

	hyperv__set_msr(first, HV_X64_MSR_GUEST_OS_ID, OPEN_SOURCE_OS);
	hyperv__set_msr(first, HV_X64_MSR_HYPERCALL, HYPERV_HYPERCALL_PAGE | HYPERV_ENABLED);
}

void hyperv__set_up_synic(struct machine *m)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_HYPERV_SYNIC2 };
	unsigned i;

	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++)
		vcpu__ioctl(&m->vcpus[i], KVM_ENABLE_CAP, &cap);
}

void hyperv__fill_tsc_page(struct machine *m, const char *entry)
{
	uint32_t sequence;

	hyperv__set_msr(&m->vcpus[0], HV_X64_MSR_REFERENCE_TSC, HYPERV_TSC_PAGE | HYPERV_ENABLED);
	machine__run_entry(m, &m->vcpus[0], entry);
	memcpy(&sequence, m->low.start + HYPERV_TSC_PAGE + HYPERV_TSC_SEQUENCE, sizeof(sequence));
	if (!sequence)
		skip("KVM doesn't fill the reference TSC page here: the host's clock source must be the TSC");
}

static void expect_type(const struct vcpu *v, uint32_t type)
{
	if (v->run->hyperv.type != type)
		fatal("KVM_EXIT_HYPERV of type %u, wanted %u", v->run->hyperv.type, type);
}

void hyperv__answer(struct vcpu *v)
{
	expect_type(v, KVM_EXIT_HYPERV_HCALL);
	v->run->hyperv.u.hcall.result = 0; /* HV_STATUS_SUCCESS */
}

void hyperv__expect_synic(struct vcpu *v)
{
	expect_type(v, KVM_EXIT_HYPERV_SYNIC);
}
