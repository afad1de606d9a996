// SPDX-License-Identifier: MIT
/* What a VMM pays to look at a vCPU's state and to change it: the ioctls in pairs. */
#include <string.h>
#include <sys/ioctl.h>

#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(null);

#define IA32_PAT  0x277
#define MSRS_MANY 32

/* Argument of whichever ioctl is measured; the largest are the APIC's page, XSAVE and the CPUID table. */
static union {
	struct kvm_msrs msrs;
	struct kvm_cpuid2 cpuid;
	char bytes[65536];
} argument __attribute__((aligned(4096)));

/* arg0: the request, arg1: the one that fills the argument for it. */
static void request(struct machine *m)
{
	vcpu__ioctl_named(&m->vcpus[0], m->bench->arg[0], &argument, m->bench->summary);
}

static void fill(struct machine *m)
{
	int err = vcpu__try_ioctl(&m->vcpus[0], m->bench->arg[1], &argument);

	if (err < 0)
		skip("this KVM can't read that state of a vCPU: %s", strerror(-err));
}

static void fill_cpuid(struct machine *m)
{
	memcpy(argument.bytes, &m->cpuid, sizeof(m->cpuid));
	if (m->bench->arg[0] == KVM_GET_CPUID2)
		argument.cpuid.nent = CPUID_ENTRIES_MAX;
}

static bool can_get_and_set(struct machine *m, uint32_t index)
{
	argument.msrs.nmsrs = 1;
	argument.msrs.entries[0] = (struct kvm_msr_entry){ .index = index };
	return vcpu__try_ioctl(&m->vcpus[0], KVM_GET_MSRS, &argument) == 1 &&
	       vcpu__try_ioctl(&m->vcpus[0], KVM_SET_MSRS, &argument) == 1;
}

static void fill_one_msr(struct machine *m)
{
	if (!can_get_and_set(m, IA32_PAT))
		skip("this KVM has no IA32_PAT for its guests");
}

/* The first of those that KVM itself names for saving and restoring. */
static void fill_many_msrs(struct machine *m)
{
	static union {
		struct kvm_msr_list list;
		char bytes[8192];
	} known;
	uint32_t good[MSRS_MANY], count = 0, i;

	known.list.nmsrs = (sizeof(known) - sizeof(known.list)) / sizeof(known.list.indices[0]);
	if (ioctl(m->host->fd, KVM_GET_MSR_INDEX_LIST, &known) < 0)
		fatal_errno("KVM_GET_MSR_INDEX_LIST");
	for (i = 0; i < known.list.nmsrs && count < MSRS_MANY; i++)
		if (can_get_and_set(m, known.list.indices[i]))
			good[count++] = known.list.indices[i];
	if (count < MSRS_MANY)
		skip("this KVM offers only %u MSRs that can be read and written", count);
	argument.msrs.nmsrs = count;
	for (i = 0; i < count; i++)
		argument.msrs.entries[i] = (struct kvm_msr_entry){ .index = good[i] };
	vcpu__ioctl(&m->vcpus[0], KVM_GET_MSRS, &argument);
}

#define STATE(variant, name, what, why, fill_hook, get, ...)                                                                \
	{                                                                                                                   \
		.id = "ioctl/" variant, .summary = #name ": " what,                                                         \
		.doc = "A host operation on an idle vCPU: its mutex, its state loaded into this CPU where the ioctl needs " \
		       "it, and the copy. Compare floor/ioctl-vcpu. " why,                                                  \
		.guest = GUEST(null), .entry = "null", .arg = { name, get }, .handled_in = HANDLED_HOST,                    \
		.setup = fill_hook, .host_op = request, .baseline = "floor/ioctl-vcpu", __VA_ARGS__                         \
	}
#define BOTH(variant, NAME, what, why, ...)                                                                  \
	STATE("get-" variant, KVM_GET_##NAME, what, why, fill, KVM_GET_##NAME, __VA_ARGS__),                 \
		STATE("set-" variant, KVM_SET_##NAME, what, why, fill, KVM_GET_##NAME, __VA_ARGS__)

static const struct bench states[] = {
	BOTH("regs", REGS, "the general registers",
		"What a VMM reads on an exit that it must decode; ioctl/sync-* has it without an ioctl."),
	BOTH("sregs", SREGS, "segments, control registers, tables", "Setting may reset the MMU."),
	BOTH("sregs2", SREGS2, "segments, control registers, tables, PDPTRs", "The successor of sregs.",
		.needs = { .caps = { NEED_CAP(KVM_CAP_SREGS2) } }),
	BOTH("fpu", FPU, "x87 and SSE registers", "The legacy part of XSAVE."),
	BOTH("xsave", XSAVE, "the XSAVE area (4 KiB)", "Copied and sanitised.",
		.needs = { .caps = { NEED_CAP(KVM_CAP_XSAVE) } }),
	BOTH("xcrs", XCRS, "XCR0", "Setting may change the sizes that CPUID reports.",
		.needs = { .caps = { NEED_CAP(KVM_CAP_XCRS) } }),
	BOTH("lapic", LAPIC, "the local APIC's page", "Setting recomputes priorities and the map of APICs.",
		.needs = { .irqchip = IRQCHIP_KERNEL }),
	BOTH("vcpu-events", VCPU_EVENTS, "pending exceptions, interrupts, NMIs",
		"For migration and for injecting.", .needs = { .caps = { NEED_CAP(KVM_CAP_VCPU_EVENTS) } }),
	BOTH("debugregs", DEBUGREGS, "DR0 to DR3, DR6, DR7", "For migration.",
		.needs = { .caps = { NEED_CAP(KVM_CAP_DEBUGREGS) } }),
	BOTH("mp-state", MP_STATE, "running, halted, waiting for SIPI", "The smallest state there is.",
		.needs = { .irqchip = IRQCHIP_KERNEL }),
	STATE("get-cpuid2", KVM_GET_CPUID2, "the guest's CPUID table", "A plain copy.", fill_cpuid, 0),
	STATE("set-cpuid2", KVM_SET_CPUID2, "the guest's CPUID table",
		"Recomputes everything that depends on the guest's features.", fill_cpuid, 0),
	STATE("get-msr-1", KVM_GET_MSRS, "one MSR (IA32_PAT)", "Against ioctl/get-msrs-32: the cost per MSR.",
		fill_one_msr, 0),
	STATE("set-msr-1", KVM_SET_MSRS, "one MSR (IA32_PAT)", "Against ioctl/set-msrs-32: the cost per MSR.",
		fill_one_msr, 0),
	STATE("get-msrs-32", KVM_GET_MSRS, "32 MSRs", "The first 32 that KVM names for migration.",
		fill_many_msrs, 0),
	STATE("set-msrs-32", KVM_SET_MSRS, "32 MSRs", "The first 32 that KVM names for migration.",
		fill_many_msrs, 0),
};

BENCH_FAMILY("ioctl", "what a VMM pays around its guests: state, memory slots, interrupts, kicks, switches",
	states);
