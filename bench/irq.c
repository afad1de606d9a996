// SPDX-License-Identifier: MIT
/* Interrupts of a vCPU's own making: self-IPIs in both APIC modes, EOI, TPR, NMI. */
#include "irq.h"
#include "measure/bench.h"

#define GUEST_ENTRY_OF(name) .guest = GUEST(irq), .entry = name

/* What a write to the local APIC is to the hardware: MMIO in xAPIC mode, WRMSR in x2APIC mode. */
#define XAPIC_EXITS  .vmx = VMX_OR(APIC_ACCESS, EPT_VIOLATION), .svm = SVM(NPF)
#define X2APIC_EXITS .vmx = VMX(MSR_WRITE), .svm = SVM(MSR)
/* An ICR write that a CPU with IPI virtualization (VMX) or x2AVIC starts and can't finish: none but fixed interrupts. */
#define ICR_EXITS .vmx = VMX_OR(MSR_WRITE, APIC_WRITE), .svm = SVM_OR(MSR, AVIC_INCOMPLETE_IPI)

/*
 * Without APICv and AVIC: ICR, the interrupt window or HLT or the TPR, and EOI.  With them some of these
 * don't exit.  irq_injections is one an operation where KVM injects, none where the hardware delivers.
 */
#define SELF_IPI(mode, MODE, variant, guest_suffix, most, halts, what)                                            \
	{                                                                                                         \
		.id = "irq/self-ipi-" mode "-" variant, .summary = mode " self-IPI, " what,                       \
		.doc = "An interrupt that the vCPU sends itself, taken and acknowledged; as vmexit.c's self_ipi " \
		       "tests. Without APICv or AVIC the ICR, the way the interrupt gets in and the EOI exit. "   \
		       "xAPIC accesses must be decoded, x2APIC writes are MSRs: compare the two modes.",          \
		.sdm = "vol. 3A 11.6.1", .apm = "16.5", GUEST_ENTRY_OF(mode "_" guest_suffix),                    \
		.handled_in = HANDLED_KERNEL,                                                                     \
		.expect = { MODE##_EXITS, .exits = most, .exits_relation = AT_MOST, .init_exits = 3,              \
			.stats = { { "irq_injections", 1, AT_MOST }, { "halt_exits", halts, AT_MOST } } },        \
		.needs = { .irqchip = IRQCHIP_SPLIT }, .baseline = "floor/null-loop",                             \
	}
#define SELF_IPIS(mode, MODE)                                                                                \
	SELF_IPI(mode, MODE, "sti-nop", "sti_nop", 3, 0, "pending when STI opens the window"),               \
		SELF_IPI(mode, MODE, "sti-hlt", "sti_hlt", 4, 1, "pending when HLT follows STI"),            \
		SELF_IPI(mode, MODE, "tpr", "tpr", 3, 0, "held back by the TPR until MOV CR8 lowers it"),    \
		SELF_IPI(mode, MODE, "tpr-sti-nop", "tpr_sti_nop", 4, 0, "held back by TPR and IF"),         \
		SELF_IPI(mode, MODE, "tpr-sti-hlt", "tpr_sti_hlt", 5, 1,                                     \
			"held back by TPR and IF, then HLT"),                                                \
		SELF_IPI(mode, MODE, "open", "open", 2, 0, "interrupts on: taken at once")

#define REGISTER(variant, guest_entry, MODE, what, why, manual_sdm, manual_apm)                              \
	{                                                                                                    \
		.id = "irq/" variant, .summary = what, .doc = why, .sdm = manual_sdm, .apm = manual_apm,     \
		GUEST_ENTRY_OF(guest_entry), .handled_in = HANDLED_KERNEL,                                   \
		.expect = { MODE##_EXITS, .exits = 1, .init_exits = 3, .may_not_exit = true },               \
		.needs = { .irqchip = IRQCHIP_SPLIT }, .baseline = "floor/null-loop",                        \
	}
#define EOI_WHY                                                                                               \
	"The acknowledgement that ends every interrupt, here with none in service: the cost of the register " \
	"alone. APICv and AVIC take it over."
#define TPR_WHY                                                                                                \
	"A task priority that doesn't change. Intel's APIC-access page and APICv, and AVIC, take it over; by " \
	"CR8 it exits only when an interrupt waits (irq/self-ipi-x2apic-tpr)."

static const struct bench irq[] = {
	SELF_IPIS("xapic", XAPIC),
	SELF_IPIS("x2apic", X2APIC),
	REGISTER("eoi-xapic", "xapic_eoi", XAPIC, "a write to EOI in xAPIC mode", EOI_WHY, "vol. 3A 11.8.5",
		"16.6.4"),
	REGISTER("eoi-x2apic", "x2apic_eoi", X2APIC, "a write to EOI in x2APIC mode", EOI_WHY,
		"vol. 3A 11.8.5", "16.6.4"),
	REGISTER("tpr-xapic", "xapic_tpr_write", XAPIC, "a write to the TPR in xAPIC mode", TPR_WHY,
		"vol. 3A 11.8.3.1", "16.6.5"),
	REGISTER("tpr-x2apic", "x2apic_tpr_write", X2APIC, "a write to the TPR in x2APIC mode", TPR_WHY,
		"vol. 3A 11.8.3.1", "16.6.5"),
	{
		.id = "irq/nmi-self",
		.summary = "an NMI that the vCPU sends itself",
		.doc = "The ICR's exit and the injection of an NMI. SVM without vNMI intercepts the handler's IRET to "
		       "learn when the next may come: a second exit that VMX does not have.",
		.sdm = "vol. 3C 26.3",
		.apm = "15.21.9",
		GUEST_ENTRY_OF("nmi_self"),
		.handled_in = HANDLED_KERNEL,
		.expect = { ICR_EXITS, .exits = 1, .init_exits = 3, ONE_NMI },
		.needs = { .irqchip = IRQCHIP_SPLIT },
		.baseline = "floor/null-loop",
	},
	{
		.id = "irq/nmi-window",
		.summary = "an NMI sent while the handler of another runs",
		.doc = "The second NMI is blocked until the first handler's IRET: KVM has to be told of that moment, "
		       "by the NMI-window exit on VMX, by IRET's exit and a single step on SVM without vNMI. "
		       "Compare twice irq/nmi-self.",
		.sdm = "vol. 3C 26.2",
		.apm = "15.21.9",
		GUEST_ENTRY_OF("nmi_window"),
		.handled_in = HANDLED_KERNEL,
		/* The window's exits have a statistic of their own; the single step hasn't. */
		.expect = { ICR_EXITS, .exits = 3, .exits_relation = AT_MOST, .init_exits = 3,
			.stats = { { "nmi_injections", 2 }, { "nmi_window_exits", 2, AT_MOST } } },
		.needs = { .irqchip = IRQCHIP_SPLIT },
		.baseline = "irq/nmi-self",
	},
};

BENCH_FAMILY("irq", "interrupts: taking, sending to oneself, injecting, acknowledging", irq);
