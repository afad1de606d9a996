// SPDX-License-Identifier: MIT
/* From vCPU to vCPU: what sending costs, and when it arrives. */
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/paced.h"

GUEST_DECLARE(irq);
GUEST_DECLARE(irq_async);

static void send_x2apic(struct pass *p)
{
	paced__send(p, p->bench->entry, "receive_x2apic");
}

static void send_xapic(struct pass *p)
{
	paced__send(p, p->bench->entry, "receive_xapic");
}

/* The instruction is the vendor's. */
static void send_by_hypercall(struct pass *p)
{
	paced__send(p, p->machines[0].host->amd ? "send_vmmcall" : "send_vmcall", "receive_x2apic");
}

/*
 * One of the sender: ICR (two in xAPIC mode). One of the receiver: EOI; and one more for HLT. The interrupt
 * by which the host's CPU is reached has its own statistic (irq_exits).
 */
#define EXPECT(vmx_exit, svm_exit, most, halts)                                                              \
	.expect = { .vmx = VMX(vmx_exit),                                                                    \
		.svm = SVM(svm_exit),                                                                        \
		.exits = most,                                                                               \
		.exits_relation = AT_MOST,                                                                   \
		.init_exits = 6,                                                                             \
		.stats = { { "irq_injections", 1, AT_MOST }, { "halt_exits", halts } } }
#define BY_MSR(most, halts)  EXPECT(MSR_WRITE, MSR, most, halts)
#define BY_MMIO(most, halts) EXPECT(APIC_ACCESS, NPF, most, halts)

/* A shorthand: x2AVIC serves it without an exit, Intel's IPI virtualization leaves it to KVM after the write. */
#define ICR_EXITS .vmx = VMX_OR(MSR_WRITE, APIC_WRITE), .svm = SVM_OR(MSR, AVIC_INCOMPLETE_IPI)

#define IPI(variant, what, why, guest_entry, hook, wait, leave_ns)                                           \
	.id = "ipi/" variant, .summary = what, .doc = why, .sdm = "vol. 3A 11.6.1", .apm = "16.5",           \
	.guest = GUEST(irq_async), .entry = guest_entry, .arg = { wait, leave_ns },                          \
	.handled_in = HANDLED_KERNEL, .timing_dependent = true, .measure = hook,                             \
	.disable_exits = KVM_X86_DISABLE_EXITS_PAUSE, .baseline = "floor/null-loop"
#define TWO_VCPUS .needs = { .irqchip = IRQCHIP_SPLIT, .vcpus = 2, .max_vcpus = 2 }

#define VIEWS                                                                                                      \
	" `guest` is the sender's write to the ICR, `latency` (of vCPU 1) from there to the first instruction of " \
	"the receiver's handler."
#define ASK_WHY "As vmexit.c's ipi: `guest` lasts until the sender sees that the handler has run."

static const struct bench ipi[] = {
	{
		IPI("running", "an IPI (x2APIC) to a vCPU that runs",
			"The receiver never exits by itself." VIEWS, "send_x2apic", send_x2apic, PACED_BUSY,
			PACED_LEAVE_RUNNING_NS),
		BY_MSR(2, 0),
		TWO_VCPUS,
	},
	{
		IPI("running-answered", "an IPI (x2APIC) to a vCPU that runs, until the answer is seen",
			ASK_WHY, "ask_x2apic", send_x2apic, PACED_BUSY, PACED_LEAVE_RUNNING_NS),
		BY_MSR(2, 0),
		TWO_VCPUS,
	},
	{
		IPI("running-xapic", "an IPI (xAPIC) to a vCPU that runs",
			"Two MMIO writes instead of one MSR." VIEWS, "send_xapic", send_xapic, PACED_BUSY,
			PACED_LEAVE_RUNNING_NS),
		BY_MMIO(3, 0),
		TWO_VCPUS,
	},
	{
		IPI("running-xapic-answered", "an IPI (xAPIC) to a vCPU that runs, until the answer is seen",
			ASK_WHY, "ask_xapic", send_xapic, PACED_BUSY, PACED_LEAVE_RUNNING_NS),
		BY_MMIO(3, 0),
		TWO_VCPUS,
	},
	{
		IPI("spinning", "an IPI (x2APIC) to a vCPU that spins with PAUSE",
			"As ipi/running; PAUSE does not exit here (KVM_X86_DISABLE_EXITS_PAUSE). One that comes while the "
			"receiver has interrupts off takes an interrupt window, with an exit or two more." VIEWS,
			"send_x2apic", send_x2apic, PACED_PAUSE, PACED_LEAVE_RUNNING_NS),
		BY_MSR(4, 0),
		TWO_VCPUS,
	},
	{
		IPI("halted", "an IPI (x2APIC) to a vCPU in HLT",
			"The receiver must be woken: how long that takes depends on the host's halt_poll_ns; "
			"hlt/wake-ipi-* set it." VIEWS,
			"send_x2apic", send_x2apic, PACED_HALT, PACED_LEAVE_HALTED_NS),
		BY_MSR(3, 1),
		TWO_VCPUS,
	},
	{
		IPI("halted-answered", "an IPI (x2APIC) to a vCPU in HLT, until the answer is seen",
			"As vmexit.c's ipi_halt: `guest` lasts until the sender sees that the handler has run.",
			"ask_x2apic", send_x2apic, PACED_HALT, PACED_LEAVE_HALTED_NS),
		BY_MSR(3, 1),
		TWO_VCPUS,
	},
	{
		IPI("pv", "an IPI by hypercall (KVM_HC_SEND_IPI) to a vCPU that runs",
			"What Linux guests use for many receivers at once: a bitmap of APIC IDs. With one receiver compare "
			"ipi/running." VIEWS,
			"send_vmcall", send_by_hypercall, PACED_BUSY, PACED_LEAVE_RUNNING_NS),
		.expect = { .vmx = VMX(VMCALL),
			.svm = SVM(VMMCALL),
			.exits = 2,
			.exits_relation = AT_MOST,
			.init_exits = 6,
			.stats = { { "hypercalls", 1 }, { "halt_exits", 0 } } },
		TWO_VCPUS,
	},
	{
		IPI("broadcast", "an IPI (x2APIC) to all other vCPUs",
			"The shorthand: one exit whatever the number of receivers, and none with AVIC; run it with several --vcpus. `latency` is "
			"the last receiver's." VIEWS,
			"send_broadcast", send_x2apic, PACED_BUSY, PACED_LEAVE_RUNNING_NS),
		.expect = { ICR_EXITS, .exits = 1, .exits_relation = AT_LEAST, .may_not_exit = true,
			.stats = { { "halt_exits", 0 } } },
		.needs = { .irqchip = IRQCHIP_SPLIT, .vcpus = 2 },
	},
	{
		.id = "ipi/all-to-all",
		.summary = "an IPI (x2APIC) of every vCPU to all others, all at once",
		.doc = "Contention: with --vcpus 1,2,4 the cost of the ICR write while every other vCPU sends and is interrupted, "
		       "against one vCPU, whose broadcast reaches nobody. A sample contains the interrupts that came meanwhile.",
		.sdm = "vol. 3A 11.6.1",
		.apm = "16.5",
		.guest = GUEST(irq),
		.entry = "all_to_all",
		.handled_in = HANDLED_KERNEL,
		.timing_dependent = true,
		.expect = { ICR_EXITS, .exits = 1, .exits_relation = AT_LEAST, .may_not_exit = true,
			.init_exits = 6 },
		.needs = { .irqchip = IRQCHIP_SPLIT },
		.baseline = "floor/null-loop",
	},
};

BENCH_FAMILY("ipi", "interrupts from vCPU to vCPU", ipi);
