// SPDX-License-Identifier: MIT
/* Hypercalls: VMCALL on Intel, VMMCALL on AMD, to KVM itself and to user space. */
#include <asm/kvm_para.h>
#include <linux/kvm_para.h>
#include <stdio.h>

#include "base/fatal.h"
#include "guests/include/apic.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/probe.h"

GUEST_DECLARE(hypercall);

#define NUMBER_NOBODY_HAS 0x7fff
#define APIC_ID_NOBODY    0x77
#define PAGE_BYTES        4096
/* The answer's buffer, in the part of the shared page that the ABI leaves free. */
#define CLOCK_AT (ABI_VCPU + 0x800)

#ifndef KVM_MAP_GPA_RANGE_DECRYPTED
#define KVM_MAP_GPA_RANGE_DECRYPTED 0
#endif

/* Entries are named "<instruction>_<what>"; a descriptor names Intel's. */
static const char *own_entry(const struct machine *m, const char *intel_entry, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s", m->host->amd ? "vmm" : "vm", intel_entry + sizeof("vm") - 1);
	return buf;
}

static void choose_instruction(struct machine *m)
{
	char name[24];

	m->entry = image__entry(m->bench->guest, own_entry(m, m->bench->entry, name, sizeof(name)));
	if (!m->entry)
		fatal("guest %s has no entry %s", m->bench->guest->name, name);
}

/* A KVM that emulates the guest may replace the instruction by its own, meet that again, and so on for ever. */
static void need_hypercalls(struct machine *m)
{
	char name[24];

	choose_instruction(m);
	if (!probe__returns(m, &m->vcpus[0], own_entry(m, "vmcall_once", name, sizeof(name)), PROBE_CPU_MS))
		skip("this KVM doesn't come back from %s: tried once, given up after %d ms of CPU time",
			m->host->amd ? "VMMCALL" : "VMCALL", PROBE_CPU_MS);
}

static void need_clock_pairing(struct machine *m)
{
	int64_t answer;

	need_hypercalls(m);
	answer = (int64_t)m->vcpus[0].abi->shared[0];
	if (answer)
		skip("KVM_HC_CLOCK_PAIRING answers %lld here: the host's clock source must be the TSC",
			(long long)answer);
}

static void keep_foreign_instruction(struct machine *m)
{
	vm__enable_cap(
		&m->vm, KVM_CAP_DISABLE_QUIRKS2, KVM_X86_QUIRK_FIX_HYPERCALL_INSN, "KVM_CAP_DISABLE_QUIRKS2");
}

static void map_range_to_user(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_EXIT_HYPERCALL, 1u << KVM_HC_MAP_GPA_RANGE, "KVM_CAP_EXIT_HYPERCALL");
}

static void answer_0(struct vcpu *v)
{
	v->run->hypercall.ret = 0;
}

#define IDENTITY(variant, guest_entry, what, why)                                                            \
	.id = "hypercall/" variant, .summary = what, .doc = why, .sdm = "vol. 3C 26.1.2", .apm = "15.9",     \
	.guest = GUEST(hypercall), .entry = guest_entry, .baseline = "floor/null-loop"
#define EXITS .expect.vmx = VMX(VMCALL), .expect.svm = SVM(VMMCALL)

#define HYPERCALL_IN(where, variant, guest_entry, what, why)                                                 \
	IDENTITY(variant, guest_entry, what, why), EXITS, .handled_in = HANDLED_##where, .expect.exits = 1,  \
							  .expect.stats = { { "hypercalls", 1 } }
#define HYPERCALL(variant, guest_entry, what, why) HYPERCALL_IN(KERNEL, variant, guest_entry, what, why)

/* Those that reach for the local APIC. */
#define TO_APIC .expect.init_exits = 4, .needs.irqchip = IRQCHIP_KERNEL

#define FOREIGN_UD                                                                                           \
	.expect.vmx = VMX(EXCEPTION_NMI), .expect.svm = { "EXCP_BASE + UD", SVM_EXIT_EXCP_BASE + 6 },        \
	.handled_in = HANDLED_KERNEL

static const struct bench hypercall[] = {
	{
		HYPERCALL("unknown", "vmcall_plain", "a hypercall that KVM doesn't know",
			"KVM answers -KVM_ENOSYS: exit, dispatch, entry. The floor of hypercalls; compare cpuid/leaf0."),
		.arg = { NUMBER_NOBODY_HAS },
		.setup = need_hypercalls,
	},
	{
		HYPERCALL("vapic-poll-irq", "vmcall_plain", "KVM_HC_VAPIC_POLL_IRQ",
			"A hypercall that succeeds and does nothing. Compare hypercall/unknown."),
		.arg = { KVM_HC_VAPIC_POLL_IRQ },
		.setup = need_hypercalls,
	},
	{
		HYPERCALL("kick-cpu", "vmcall_apic", "KVM_HC_KICK_CPU of the vCPU itself",
			"What a guest's spin lock calls for the next in line: finds the vCPU by its APIC id, marks it awake, "
			"yields to it."),
		.arg = { KVM_HC_KICK_CPU, 0, 0 },
		TO_APIC,
		.setup = need_hypercalls,
	},
	{
		HYPERCALL("send-ipi", "vmcall_apic", "KVM_HC_SEND_IPI to the vCPU itself",
			"Interrupts are off: the IPI stays pending. Compare msr/x2apic-wr-icr, and irq/ for one that is "
			"taken."),
		.arg = { KVM_HC_SEND_IPI, 1, 0, 0, VECTOR },
		TO_APIC,
		.setup = need_hypercalls,
	},
	{
		HYPERCALL("send-ipi-nobody", "vmcall_apic", "KVM_HC_SEND_IPI to nobody",
			"An empty set of receivers: the floor of hypercall/send-ipi."),
		.arg = { KVM_HC_SEND_IPI, 0, 0, 0, VECTOR },
		TO_APIC,
		.setup = need_hypercalls,
	},
	{
		HYPERCALL("sched-yield", "vmcall_apic", "KVM_HC_SCHED_YIELD to a vCPU that doesn't exist",
			"The look-up of the vCPU, and no one to yield to."),
		.arg = { KVM_HC_SCHED_YIELD, APIC_ID_NOBODY },
		TO_APIC,
		.setup = need_hypercalls,
	},
	{
		HYPERCALL("clock-pairing", "vmcall_plain", "KVM_HC_CLOCK_PAIRING",
			"The host's clock and the guest's TSC at one instant, written to the guest's memory: what ptp_kvm "
			"reads."),
		.arg = { KVM_HC_CLOCK_PAIRING, CLOCK_AT, KVM_CLOCK_PAIRING_WALLCLOCK },
		.setup = need_clock_pairing,
	},
	{
		HYPERCALL_IN(USER, "map-gpa-range-user", "vmcall_plain", "KVM_HC_MAP_GPA_RANGE to user space",
			"How a confidential guest shares a page: the one hypercall that a VMM can ask for. Compare "
			"pio/out-user-1b."),
		.expect.kvm = KVM_EXIT(HYPERCALL),
		.arg = { KVM_HC_MAP_GPA_RANGE, ABI_VCPU, 1, KVM_MAP_GPA_RANGE_DECRYPTED },
		.needs.caps = { NEED_CAP_BITS(KVM_CAP_EXIT_HYPERCALL, 1u << KVM_HC_MAP_GPA_RANGE) },
		.configure = map_range_to_user,
		.setup = need_hypercalls,
		.on_exit = answer_0,
	},
	{
		IDENTITY("foreign", "vmcall_foreign", "the other vendor's hypercall instruction: #UD",
			"VMMCALL on Intel, VMCALL on AMD, with KVM_X86_QUIRK_FIX_HYPERCALL_INSN off: KVM recognises it, "
			"leaves it alone and injects #UD. Compare insn/ud2."),
		FOREIGN_UD,
		.expect.exits = 1,
		.arg = { NUMBER_NOBODY_HAS },
		.needs.caps = { NEED_CAP_BITS(KVM_CAP_DISABLE_QUIRKS2, KVM_X86_QUIRK_FIX_HYPERCALL_INSN) },
		.configure = keep_foreign_instruction,
		.setup = choose_instruction,
	},
	{
		IDENTITY("foreign-mended", "vmcall_mended",
			"the other vendor's hypercall instruction, mended by KVM",
			"#UD exits, KVM writes the right instruction over the wrong one, the guest executes that: what the "
			"first hypercall of a guest that was built for the other vendor costs. Compare "
			"hypercall/unknown, its second exit."),
		FOREIGN_UD,
		.expect.exits = 2,
		.expect.reason_exits = 1,
		.expect.stats = { { "hypercalls", 1 } },
		.arg = { NUMBER_NOBODY_HAS },
		.setup = need_hypercalls,
	},
};

BENCH_FAMILY("hypercall",
	"hypercalls: answered by KVM, handed to user space, and in the other vendor's words", hypercall);
