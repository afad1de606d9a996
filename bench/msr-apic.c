// SPDX-License-Identifier: MIT
/* The local APIC by its MSRs (x2APIC), and the TSC deadline. */
#include "bench/msr.h"
#include "guests/include/apic.h"
#include "measure/wiring.h"

GUEST_DECLARE(msr);

#define LVT_MASKED   (1u << 16)
#define X2APIC_ID    0x802
#define X2APIC_TMCCT 0x839
#define ICR_NOBODY   ((uint64_t)0x7777 << 32 | VECTOR) /* an APIC id that no vCPU has */

/* What the entries do before their loop: the APIC's mode, two of its registers and the timer's mode. */
#define APIC_INIT .expect.init_exits = 6, .needs.irqchip = IRQCHIP_KERNEL

/* Where the APIC is virtual (x2AVIC, and for the ICR Intel's IPI virtualization) the CPU has the MSR and exits, if it has
 * to, with a code of its own. */
#define APIC_MSR_EXIT(access) .expect.vmx = VMX(access), .expect.svm = SVM_OR(MSR, AVIC_UNACCELERATED_ACCESS)
#define APIC_ICR_EXIT                                                                                        \
	.expect.vmx = VMX_OR(MSR_WRITE, APIC_WRITE), .expect.svm = SVM_OR(MSR, AVIC_INCOMPLETE_IPI)

#define APIC_REGISTER(where, guest_entry, exit, variant, msr, value, what, why)                              \
	MSR_IDENTITY(variant, guest_entry, what, why), exit,                                                 \
		.handled_in = HANDLED_##where, .expect.exits = 1, .baseline = "floor/null-loop",             \
		.arg = { msr, value, LVT_MASKED }, APIC_INIT
#define APIC_WRITE(variant, msr, value, what, why)                                                           \
	APIC_REGISTER(KERNEL, "x2apic_write", APIC_MSR_EXIT(MSR_WRITE), variant, msr, value,                 \
		"WRMSR of " what, why)
#define APIC_WRITE_ICR(where, variant, value, what, why)                                                     \
	APIC_REGISTER(where, "x2apic_write", APIC_ICR_EXIT, variant, X2APIC_MSR(APIC_ICR), value,            \
		"WRMSR of " what, why)
#define APIC_READ(variant, msr, what, why)                                                                   \
	APIC_REGISTER(KERNEL, "x2apic_read", APIC_MSR_EXIT(MSR_READ), variant, msr, 0, "RDMSR of " what, why)

#define DEADLINE_CAPS                                                                                        \
	.needs.caps = { NEED_CAP(KVM_CAP_TSC_DEADLINE_TIMER) }, .configure = wiring__announce_tsc_deadline
#define DEADLINE(variant, guest_entry, ticks, what, why)                                                     \
	MSR_WRITE_IN(FASTPATH, variant, guest_entry, what, why),                                             \
		.arg = { IA32_TSC_DEADLINE, (uint64_t)(ticks), LVT_MASKED | TIMER_TSC_DEADLINE }, APIC_INIT, \
		DEADLINE_CAPS

/* With the interrupt: the write, its EOI and, for a deadline that isn't past, the timer's own exit. */
#define DEADLINE_IRQ(variant, ticks, what, why)                                                              \
	MSR_IDENTITY(variant, "deadline_irq", what, why), MSR_WRITE_EXIT,                                    \
		.arg = { IA32_TSC_DEADLINE, (uint64_t)(ticks), TIMER_TSC_DEADLINE | VECTOR },                \
		.handled_in = HANDLED_KERNEL, .expect.exits = 3, .expect.exits_relation = AT_MOST,           \
		.expect.reason_exits = 2, .timing_dependent = true, .baseline = "floor/null-loop",           \
		APIC_INIT, DEADLINE_CAPS

static const struct bench msr_apic[] = {
	{
		APIC_WRITE_ICR(FASTPATH, "x2apic-wr-icr", VECTOR, "x2APIC ICR: an IPI to the own id",
			"KVM's fast path takes IPIs to one physical id. Interrupts are off: the IPI stays pending. With Intel's "
			"IPI virtualization or x2AVIC no exit. Compare msr/x2apic-wr-icr-nobody."),
		.expect.may_not_exit = true,
	},
	{
		APIC_WRITE_ICR(FASTPATH, "x2apic-wr-icr-nobody", ICR_NOBODY, "x2APIC ICR: an IPI to no one",
			"The fast path without a receiver: the floor of IPIs. Where the CPU sends IPIs itself it gives this one up "
			"to KVM, after the write (APIC_WRITE, AVIC_INCOMPLETE_IPI)."),
		.expect.may_not_exit = true,
	},
	{
		APIC_WRITE_ICR(KERNEL, "x2apic-wr-icr-shorthand", ICR_SELF | VECTOR,
			"x2APIC ICR: an IPI by the shorthand 'self'",
			"Shorthands aren't for the fast path. Compare msr/x2apic-wr-icr."),
		.expect.may_not_exit = true,
	},
	{
		APIC_WRITE("x2apic-wr-self-ipi", X2APIC_SELF_IPI, VECTOR, "x2APIC SELF IPI",
			"Interrupts are off: the IPI stays pending. With APICv no exit."),
		.expect.may_not_exit = true,
	},
	{
		APIC_WRITE("x2apic-wr-eoi", X2APIC_MSR(APIC_EOI), 0, "x2APIC EOI, nothing in service",
			"The cheapest register of the APIC. With APICv or AVIC no exit."),
		.expect.may_not_exit = true,
	},
	{
		APIC_WRITE("x2apic-wr-tpr", X2APIC_MSR(APIC_TPR), 0, "x2APIC TPR, the value that it has",
			"Compare insn/cr8-write: the same register by another door. With VMX's TPR shadow or with AVIC no exit."),
		.expect.may_not_exit = true,
	},
	{
		APIC_WRITE("x2apic-wr-lvtt", X2APIC_MSR(APIC_LVTT), LVT_MASKED,
			"x2APIC LVTT, the value that it has", "The timer's mode: nothing changes."),
	},
	{
		APIC_WRITE("x2apic-wr-tmict-arm", X2APIC_MSR(APIC_TMICT), 0xffffffff,
			"x2APIC TMICT: a far deadline",
			"One-shot mode: KVM arms a timer each time, and the one before is cancelled. Compare "
			"msr/tscdeadline-future."),
	},
	{
		APIC_WRITE("x2apic-wr-tmict-stop", X2APIC_MSR(APIC_TMICT), 0, "x2APIC TMICT: stop",
			"The timer isn't armed: nothing to cancel. Compare msr/x2apic-wr-tmict-arm."),
	},
	{
		APIC_READ("x2apic-rd-id", X2APIC_ID, "x2APIC ID",
			"A constant; KVM reads it from the APIC that it keeps. With APICv no exit."),
		.expect.may_not_exit = true,
	},
	{
		APIC_READ("x2apic-rd-tpr", X2APIC_MSR(APIC_TPR), "x2APIC TPR",
			"Compare insn/cr8-read. With VMX's TPR shadow no exit."),
		.expect.may_not_exit = true,
	},
	{
		APIC_READ("x2apic-rd-tmcct", X2APIC_TMCCT, "x2APIC TMCCT",
			"The timer's current count, which KVM works out: it exits with APICv, too."),
	},
	{
		DEADLINE("tscdeadline-past", "deadline", -1, "WRMSR of a TSC deadline that is past",
			"The timer expires at once; its interrupt is masked. The fast path takes it on VMX, whose preemption "
			"timer serves it; on SVM the slow one. Compare msr/tscdeadline-irq-now."),
	},
	{
		DEADLINE("tscdeadline-future", "deadline", 1ull << 40, "WRMSR of a TSC deadline that is far",
			"The timer is armed anew each time: VMX's preemption timer, or a timer of the host's. Compare "
			"msr/tscdeadline-disarm."),
	},
	{
		DEADLINE("tscdeadline-disarm", "x2apic_write", 0, "WRMSR of a TSC deadline of 0: disarm",
			"Nothing is armed, so nothing is to be cancelled: the floor of the deadline's writes."),
	},
	{
		DEADLINE_IRQ("tscdeadline-irq-now", 0,
			"a TSC deadline of now, until its interrupt is handled",
			"WRMSR, the timer's interrupt, the guest's handler, EOI. Net of msr/tscdeadline-past it is about the "
			"interrupt."),
	},
	{
		DEADLINE_IRQ("tscdeadline-irq-soon", 20000,
			"a TSC deadline in 20,000 ticks, until it is handled",
			"The guest spins meanwhile: what exceeds 20,000 is how late the interrupt came and was handled."),
	},
};

BENCH_FAMILY_PART("msr", msr_apic);
