// SPDX-License-Identifier: MIT
/* HLT without waiting: to user space, and in the kernel when an interrupt is pending already. */
#include "measure/bench.h"

GUEST_DECLARE(hlt);

#define MANUALS .sdm = "vol. 3C 26.1.3", .apm = "15.9"

/* What the vCPU does to itself before it halts: a self-IPI, the interrupt window and the EOI exit, three in all
 * where there is no APICv or AVIC; so do three MSR writes before the loop. */
#define SURROUNDINGS .exits_relation = AT_MOST, .init_exits = 3
#define MSR_EXITS    .vmx = VMX(MSR_WRITE), .svm = SVM(MSR), .exits = 3, .reason_exits = 2, SURROUNDINGS

#define PENDING(variant, what, why, guest_entry, base, ...)                                                  \
	{                                                                                                    \
		.id = "hlt/" variant, .summary = what, .doc = why, MANUALS, .guest = GUEST(hlt),             \
		.entry = guest_entry, .handled_in = HANDLED_KERNEL, .baseline = base, __VA_ARGS__            \
	}

static const struct bench hlt[] = {
	{
		.id = "hlt/user",
		.summary = "HLT to user space",
		.doc = "Without a local APIC in the kernel, waiting is user space's business: KVM_RUN returns at once. "
		       "Compare pio/out-user-1b; the wake-ups of a halted vCPU are hlt/wake-*.",
		MANUALS,
		.guest = GUEST(hlt),
		.entry = "hlt",
		.handled_in = HANDLED_USER,
		.expect = { .vmx = VMX(HLT), .svm = SVM_OR(HLT, IDLE_HLT), .kvm = KVM_EXIT(HLT), .exits = 1 },
		.baseline = "floor/null-loop",
	},
	PENDING("pending-nop", "self-IPI, STI and a NOP where hlt/pending-irq has its HLT",
		"What surrounds HLT in hlt/pending-irq: the self-IPI, the interrupt window and the EOI, which exit where there "
		"is no APICv or AVIC.",
		"pending_nop", "floor/null-loop",
		.expect = { MSR_EXITS, .stats = { { "irq_injections", 1, AT_MOST }, { "halt_exits", 0 } } },
		.needs = { .irqchip = IRQCHIP_KERNEL }),
	PENDING("pending-irq", "HLT in the kernel while an interrupt is pending",
		"KVM must notice that there is nothing to wait for and enter again: net of hlt/pending-nop it is the cost of a "
		"HLT that doesn't sleep. AMD CPUs with the idle HLT intercept (Zen 5, Linux 6.15) notice it themselves and "
		"don't exit.",
		"pending_hlt", "hlt/pending-nop",
		.expect = { .vmx = VMX(HLT),
			.svm = SVM_OR(HLT, IDLE_HLT),
			.exits = 4,
			.reason_exits = 1,
			SURROUNDINGS,
			.stats = { { "halt_exits", 1, EXACTLY, ON_VMX },
				{ "halt_exits", 1, AT_MOST, ON_SVM } } },
		.needs = { .irqchip = IRQCHIP_KERNEL }),
	PENDING("native", "HLT that doesn't exit (KVM_X86_DISABLE_EXITS_HLT), an interrupt pending",
		"The guest halts the CPU itself; net of hlt/pending-nop it is what HLT costs without an exit. Where the "
		"interrupt window doesn't wake a halted CPU (Bochs), it sleeps until the host's next timer tick.",
		"pending_hlt", "hlt/pending-nop", .expect = { MSR_EXITS, .stats = { { "halt_exits", 0 } } },
		.needs = { .irqchip = IRQCHIP_KERNEL,
			.caps = { NEED_CAP_BITS(KVM_CAP_X86_DISABLE_EXITS, KVM_X86_DISABLE_EXITS_HLT) } },
		.disable_exits = KVM_X86_DISABLE_EXITS_HLT, .timing_dependent = true),
};

BENCH_FAMILY("hlt", "HLT: the exit of an idle vCPU", hlt);
