// SPDX-License-Identifier: MIT
#include "measure/support.h"

#include <stdio.h>
#include <string.h>

#include "host/host.h"

static const char *missing_cap(const struct bench *b, const struct kvm_host *host, char *buf, size_t size)
{
	unsigned i;

	for (i = 0; i < NEEDED_CAPS_MAX && b->needs.caps[i].cap; i++) {
		int value = kvm_host__cap(host, b->needs.caps[i].cap);
		uint32_t mask = b->needs.caps[i].mask;

		if (value <= 0) {
			snprintf(buf, size, "this KVM lacks %s", b->needs.caps[i].name);
			return buf;
		}
		if (((uint32_t)value & mask) != mask) {
			snprintf(buf, size, "%s offers %#x here, %#x is needed", b->needs.caps[i].name,
				(unsigned)value, mask);
			return buf;
		}
	}
	return NULL;
}

static const char *missing_vm_type(const struct bench *b, const struct kvm_host *host, char *buf, size_t size)
{
	unsigned offered;

	if (!b->needs.vm_type.number)
		return NULL;
	offered = (unsigned)kvm_host__cap(host, KVM_CAP_VM_TYPES);
	if (offered & 1u << b->needs.vm_type.number)
		return NULL;
	snprintf(buf, size, "this KVM makes no VM of the type %s (KVM_CAP_VM_TYPES: %#x)",
		b->needs.vm_type.name, offered);
	return buf;
}

static const char *missing_irqchip(const struct bench *b, const struct kvm_host *host)
{
	if (b->needs.irqchip == IRQCHIP_KERNEL && kvm_host__cap(host, KVM_CAP_IRQCHIP) <= 0)
		return "this KVM lacks KVM_CAP_IRQCHIP";
	if (b->needs.irqchip == IRQCHIP_SPLIT && kvm_host__cap(host, KVM_CAP_SPLIT_IRQCHIP) <= 0)
		return "this KVM lacks KVM_CAP_SPLIT_IRQCHIP";
	if (b->needs.pit && kvm_host__cap(host, KVM_CAP_PIT2) <= 0)
		return "this KVM lacks KVM_CAP_PIT2";
	return NULL;
}

static const char *wrong_parameter(const struct bench *b, char *buf, size_t size)
{
	char name[64], value[64];
	const char *equals;

	if (!b->needs.parameter)
		return NULL;
	equals = strchr(b->needs.parameter, '=');
	snprintf(name, sizeof(name), "%.*s", (int)(equals - b->needs.parameter), b->needs.parameter);
	if (host__module_parameter("", name, value, sizeof(value)) < 0) {
		snprintf(buf, size, "needs the module parameter %s, which this host doesn't have",
			b->needs.parameter);
		return buf;
	}
	if (strcmp(value, equals + 1) != 0) {
		snprintf(
			buf, size, "needs the module parameter %s; here it is %s", b->needs.parameter, value);
		return buf;
	}
	return NULL;
}

/* Faults in second-level tables (EPT, NPT) can't come where KVM shadows the guest's tables instead. */
static const char *shadowed(const struct bench *b, const struct kvm_host *host)
{
	const struct exit_code *vmx = &b->expect.vmx, *svm = &b->expect.svm;
	char value[8];

	if (host->is_vmx && vmx->name &&
		(vmx->code == EXIT_REASON_EPT_VIOLATION || vmx->code == EXIT_REASON_EPT_MISCONFIG) &&
		host__module_parameter("", "kvm_intel.ept", value, sizeof(value)) == 0 && value[0] == 'N')
		return "its exit is an EPT fault, and KVM shadows page tables here (kvm_intel.ept=N)";
	if (host->is_svm && svm->name && svm->code == SVM_EXIT_NPF &&
		host__module_parameter("", "kvm_amd.npt", value, sizeof(value)) == 0 && value[0] == 'N')
		return "its exit is a nested page fault, and KVM shadows page tables here (kvm_amd.npt=N)";
	return NULL;
}

const char *bench__unsupported_vcpus(
	const struct bench *b, const struct kvm_host *host, unsigned vcpus, char *buf, size_t size)
{
	const char *why;

	if (b->needs.vendor == VENDOR_INTEL && !host->intel)
		return "an Intel CPU is needed";
	if (b->needs.vendor == VENDOR_AMD && !host->amd)
		return "an AMD CPU is needed";
	why = missing_irqchip(b, host);
	if (why)
		return why;
	why = missing_vm_type(b, host, buf, size);
	if (why)
		return why;
	why = missing_cap(b, host, buf, size);
	if (why)
		return why;
	if (b->needs.cpu_flag && !host__cpu_has_flag("", b->needs.cpu_flag)) {
		snprintf(buf, size, "the CPU lacks the feature %s", b->needs.cpu_flag);
		return buf;
	}
	why = wrong_parameter(b, buf, size);
	if (why)
		return why;
	why = shadowed(b, host);
	if (why)
		return why;
	if (b->needs.max_vcpus && vcpus > b->needs.max_vcpus) {
		snprintf(buf, size, "it is for %u vCPU(s) in a VM", b->needs.max_vcpus);
		return buf;
	}
	if ((int)vcpus > host->max_vcpus) {
		snprintf(buf, size, "this KVM allows %d vCPUs in a VM", host->max_vcpus);
		return buf;
	}
	return b->supported ? b->supported(host) : NULL;
}

const char *bench__unsupported(const struct bench *b, const struct kvm_host *host, char *buf, size_t size)
{
	return bench__unsupported_vcpus(b, host, b->needs.vcpus ? b->needs.vcpus : 1, buf, size);
}
