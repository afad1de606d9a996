// SPDX-License-Identifier: MIT
/* KVM's paravirtual MSRs: how a guest says where things are to be shared. */
#include "base/fatal.h"
#include "bench/msr.h"
#include "measure/machine.h"

#include <asm/kvm_para.h>

GUEST_DECLARE(msr);

/* Parts of the vCPU's first page that the ABI leaves free; each has the alignment of its structure. */
#define AREA_TIME       0x800
#define AREA_STEAL      0x840
#define AREA_ASYNC_PF   0x880
#define AREA_EOI        0x8c0
#define ARG_FEATURE     2 /* which of the benchmark's parameters is the feature's bit */
#define ASYNC_PF_BY_IRQ (KVM_ASYNC_PF_ENABLED | KVM_ASYNC_PF_DELIVERY_AS_INT)

static void need_feature(struct machine *m)
{
	const struct kvm_cpuid_entry2 *features = cpuid__find(&m->cpuid, KVM_CPUID_FEATURES, 0);
	unsigned bit = (unsigned)m->bench->arg[ARG_FEATURE];

	if (!features || !(features->eax & 1u << bit))
		skip("KVM doesn't offer this MSR here (CPUID 40000001 EAX[%u])", bit);
}

#define PARAVIRTUAL(variant, guest_entry, msr, value, feature, what, why)                                    \
	MSR_WRITE("kvm-" variant, guest_entry, "WRMSR of KVM's " what, why), .arg = { msr, value, feature }, \
									     .setup = need_feature

static const struct bench msr_kvm[] = {
	{
		PARAVIRTUAL("system-time", "wrmsr_area", MSR_KVM_SYSTEM_TIME_NEW, AREA_TIME | 1,
			KVM_FEATURE_CLOCKSOURCE2, "SYSTEM_TIME_NEW: where the clock is shared",
			"Registering kvmclock makes KVM bring the page up to date before the next entry. Compare "
			"msr/wr-tsc-adjust."),
	},
	{
		PARAVIRTUAL("wall-clock", "wrmsr_area", MSR_KVM_WALL_CLOCK_NEW, AREA_TIME,
			KVM_FEATURE_CLOCKSOURCE2, "WALL_CLOCK_NEW: where the time of boot is written",
			"KVM reads its clock and writes the guest's memory in this exit."),
	},
	{
		PARAVIRTUAL("steal-time", "wrmsr_area", MSR_KVM_STEAL_TIME, AREA_STEAL | 1,
			KVM_FEATURE_STEAL_TIME, "STEAL_TIME: where lost time is counted",
			"Registers the page and asks for an update before the next entry."),
	},
	{
		PARAVIRTUAL("pv-eoi", "wrmsr_area", MSR_KVM_PV_EOI_EN, AREA_EOI | 1, KVM_FEATURE_PV_EOI,
			"PV_EOI_EN: where an EOI may be left",
			"Registers the address: a shared word saves the guest the EOI that would exit."),
		.needs.irqchip = IRQCHIP_KERNEL,
	},
	{
		PARAVIRTUAL("async-pf", "wrmsr_area", MSR_KVM_ASYNC_PF_EN, AREA_ASYNC_PF | ASYNC_PF_BY_IRQ,
			KVM_FEATURE_ASYNC_PF_INT, "ASYNC_PF_EN: where absent pages are announced",
			"Registers the address and wakes whoever waits for a page."),
		.needs.irqchip = IRQCHIP_KERNEL,
	},
	{
		PARAVIRTUAL("poll-control", "wrmsr", MSR_KVM_POLL_CONTROL, 1, KVM_FEATURE_POLL_CONTROL,
			"POLL_CONTROL: whether the host polls when the guest halts",
			"One bit is stored: the floor of KVM's own MSRs."),
	},
};

BENCH_FAMILY_PART("msr", msr_kvm);
