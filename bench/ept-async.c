// SPDX-License-Identifier: MIT
/* Faults that have to wait for the host, in a guest that could do something else meanwhile: asynchronous page faults. */
#include "base/fatal.h"
#include "ept.h"
#include "kvm/uffd.h"
#include "measure/bench.h"
#include "measure/machine.h"

#include <asm/kvm_para.h>

GUEST_DECLARE(async_pf);

#define PAGES 256
#define BYTES (PAGES * 4 * KIB)

static struct uffd uffd; /* of the measuring process */

static void open_missing(struct machine *m)
{
	uffd__open(&uffd, UFFD_MISSING, &m->arena);
}

static void need_async_pf(struct machine *m)
{
	const struct kvm_cpuid_entry2 *features = cpuid__find(&m->cpuid, KVM_CPUID_FEATURES, 0);

	if (!features || !(features->eax & 1u << KVM_FEATURE_ASYNC_PF_INT))
		skip("KVM doesn't offer asynchronous page faults by interrupt here (CPUID 40000001 EAX[%d])",
			KVM_FEATURE_ASYNC_PF_INT);
	open_missing(m);
}

static void rearm(struct machine *m)
{
	(void)m;
	uffd__rearm(&uffd);
}

static void close_uffd(struct machine *m)
{
	(void)m;
	uffd__close(&uffd);
}

/* Told: the fault, HLT, EOI (unless APICv or AVIC takes it over) and the acknowledgement by WRMSR. Where the page comes
 * before HLT the interrupt has to wait: for the injected #PF (on VMX an exit by the preemption timer), then for the window. */
#define ASYNC(variant, what, why, open, most, ...)                                                           \
	{                                                                                                    \
		.id = "ept/uffd-async-" variant, .summary = what, .doc = why, FAULT_MANUALS,                 \
		.guest = GUEST(async_pf), .entry = variant, .arg = { ABI_ARENA, 4 * KIB },                   \
		.handled_in = HANDLED_KERNEL, .round_samples = PAGES, .timing_dependent = true,              \
		.expect = { FAULT_EXITS, .exits = most, .reason_exits = 1, __VA_ARGS__ },                    \
		.needs = { .irqchip = IRQCHIP_SPLIT,                                                         \
			.max_vcpus = 1,                                                                      \
			.caps = { NEED_CAP(KVM_CAP_ASYNC_PF) } },                                            \
		.arena = { .backing = BACKING_ANON_4K, .bytes = BYTES }, .setup = open,                      \
		.before_round = rearm, .teardown = close_uffd, .baseline = "ept/warm-write",                 \
	}

static const struct bench async[] = {
	ASYNC("halted", "first write to a page that a handler has to bring, the vCPU halted by KVM",
		"With interrupts on and a local APIC in the kernel KVM leaves the fault to a worker and halts the vCPU, so that "
		"an interrupt could still wake it. Compare ept/uffd-missing, where the vCPU's thread sleeps in the fault.",
		open_missing, 1, .stats = { { "pf_taken", 1 } }),
	ASYNC("told", "first write to a page that a handler has to bring, the guest told so",
		"MSR_KVM_ASYNC_PF_EN: KVM injects #PF with the reason, the guest could run another thread and here halts, and an "
		"interrupt says that the page is there. What that costs where there is nothing else to do; compare "
		"ept/uffd-async-halted.",
		need_async_pf, 6, .exits_relation = AT_MOST, .init_exits = 6,
		.stats = { { "pf_taken", 1 }, { "halt_exits", 1 } }),
};

BENCH_FAMILY_PART("ept", async);
