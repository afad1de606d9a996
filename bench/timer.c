// SPDX-License-Identifier: MIT
/* Timers: arming them, and how late their interrupts come. */
#include "guests/include/apic.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/paced.h"
#include "measure/wiring.h"

GUEST_DECLARE(clock);
GUEST_DECLARE(irq_timer);

#define PIT_PIN 0 /* of KVM's IOAPIC, by its default routing */

static void wire_pit(struct machine *m)
{
	struct kvm_reinject_control control = { .pit_reinject = 0 };

	wiring__ioapic_pin(m, PIT_PIN, VECTOR);
	vm__ioctl(&m->vm, KVM_REINJECT_CONTROL, &control);
}

static void late(struct pass *p)
{
	paced__timer(p, false);
}

static void late_periodic(struct pass *p)
{
	paced__timer(p, true);
}

#define ONCE_NS   50000
#define PERIOD_NS 250000 /* KVM allows no periods below kvm.min_timer_period_us, 200 by default */

#define MSR_EXITS      .vmx = VMX(MSR_WRITE), .svm = SVM(MSR)
#define COUNT_EXITS    .vmx = VMX(MSR_WRITE), .svm = SVM_OR(MSR, AVIC_UNACCELERATED_ACCESS) /* x2AVIC's */
#define PIO_EXITS      .vmx = VMX(IO_INSTRUCTION), .svm = SVM(IOIO)
#define DEADLINE       .configure = wiring__announce_tsc_deadline
#define NEEDS_DEADLINE .needs = { .irqchip = IRQCHIP_SPLIT, .caps = { NEED_CAP(KVM_CAP_TSC_DEADLINE_TIMER) } }
#define NEEDS_LAPIC    .needs = { .irqchip = IRQCHIP_SPLIT }
#define NEEDS_PIT      .needs = { .irqchip = IRQCHIP_KERNEL, .pit = true }

#define ARM(variant, guest_entry, what, why)                                                                 \
	.id = "timer/arm-" variant, .summary = what, .doc = why, .guest = GUEST(irq_timer),                  \
	.entry = guest_entry, .handled_in = HANDLED_KERNEL, .baseline = "floor/null-loop"

/*
 * An operation arms (one exit, three for the PIT, none where the timer is periodic), halts or not, and
 * acknowledges. VMX has one more exit for the preemption timer where KVM uses it.
 */
#define LATE(variant, guest_entry, wait, kind, what, why)                                                    \
	.id = "timer/late-" variant, .summary = what,                                                        \
	.doc = why " `lateness` is from the time the timer was due "                                         \
		   "to the first instruction of the handler.",                                               \
	.guest = GUEST(irq_timer), .entry = guest_entry, .arg = { wait, 0, ONCE_NS, kind },                  \
	.handled_in = HANDLED_KERNEL, .timing_dependent = true, .measure = late
#define LATE_EXPECT(exit, most, halts)                                                                       \
	.expect = { exit, .exits = most, .exits_relation = AT_MOST, .init_exits = 8,                         \
		.stats = { { "halt_exits", halts }, { "irq_injections", 1, AT_MOST } } }

#define APIC_MANUALS .sdm = "vol. 3A 11.5.4", .apm = "16.4.1"
#define PIT_MANUALS  .sdm = "vol. 3C 26.1.3", .apm = "15.10.2"
#define BUSY_WHY     "The vCPU runs; the host's timer, or VMX's preemption timer, must make it exit."
#define HALTED_WHY   "The vCPU is in HLT; it polls (halt_poll_ns) or sleeps, and hlt/wake-timer-* set which."

static const struct bench timer[] = {
	{
		ARM("deadline", "arm_deadline", "a write to IA32_TSC_DEADLINE, far in the future",
			"What a tickless guest does whenever it goes idle. VMX has a fast path for it."),
		APIC_MANUALS,
		.expect = { MSR_EXITS, .exits = 1, .init_exits = 6 },
		NEEDS_DEADLINE,
		DEADLINE,
	},
	{
		ARM("oneshot", "arm_oneshot", "a write to the APIC timer's count, one-shot",
			"An interval instead of a time; KVM starts a host timer each time. Compare timer/arm-deadline."),
		APIC_MANUALS,
		.expect = { COUNT_EXITS, .exits = 1, .init_exits = 6 },
		NEEDS_LAPIC,
	},
	{
		ARM("periodic", "arm_periodic", "a write to the APIC timer's count, periodic",
			"Compare timer/arm-oneshot."),
		APIC_MANUALS,
		.expect = { COUNT_EXITS, .exits = 1, .init_exits = 6 },
		NEEDS_LAPIC,
	},
	{
		ARM("pit", "arm_pit", "the PIT's counter 0, one-shot: three OUTs",
			"The oldest timer: a control word and two bytes of count, each an exit. Compare three times "
			"pio/out-pit-speaker."),
		PIT_MANUALS,
		.expect = { PIO_EXITS, .exits = 3 },
		NEEDS_PIT,
		.setup = wire_pit,
	},
	{
		.id = "timer/deadline-expired",
		.summary = "a deadline that has passed: armed, delivered, acknowledged",
		.doc = "As vmexit.c's tscdeadline_immed: no waiting, so all of it is KVM's way from WRMSR to the interrupt. "
		       "Compare irq/self-ipi-x2apic-open.",
		APIC_MANUALS,
		.guest = GUEST(irq_timer),
		.entry = "expired",
		.handled_in = HANDLED_KERNEL,
		.expect = { MSR_EXITS, .exits = 2, .exits_relation = AT_MOST, .init_exits = 6,
			.stats = { { "irq_injections", 1, AT_MOST } } },
		NEEDS_DEADLINE,
		DEADLINE,
		.baseline = "floor/null-loop",
	},
	{
		LATE("deadline-running", "late_deadline", PACED_BUSY, PACED_TSC_TICKS,
			"TSC deadline 50 us ahead, vCPU running", "As vmexit.c's tscdeadline. " BUSY_WHY),
		APIC_MANUALS,
		LATE_EXPECT(MSR_EXITS, 3, 0),
		NEEDS_DEADLINE,
		DEADLINE,
	},
	{
		LATE("deadline-halted", "late_deadline", PACED_HALT, PACED_TSC_TICKS,
			"TSC deadline 50 us ahead, vCPU in HLT", HALTED_WHY),
		APIC_MANUALS,
		LATE_EXPECT(MSR_EXITS, 3, 1),
		NEEDS_DEADLINE,
		DEADLINE,
	},
	{
		LATE("oneshot-running", "late_oneshot", PACED_BUSY, PACED_NANOSECONDS,
			"APIC timer after 50 us, vCPU running", BUSY_WHY),
		APIC_MANUALS,
		LATE_EXPECT(MSR_EXITS, 3, 0),
		NEEDS_LAPIC,
	},
	{
		LATE("oneshot-halted", "late_oneshot", PACED_HALT, PACED_NANOSECONDS,
			"APIC timer after 50 us, vCPU in HLT", HALTED_WHY),
		APIC_MANUALS,
		LATE_EXPECT(MSR_EXITS, 3, 1),
		NEEDS_LAPIC,
	},
	{
		LATE("pit-running", "late_pit", PACED_BUSY, PACED_PIT_TICKS, "PIT after 50 us, vCPU running",
			"A thread of KVM's raises the pin when the host's timer fires."),
		PIT_MANUALS,
		LATE_EXPECT(PIO_EXITS, 4, 0),
		NEEDS_PIT,
		.setup = wire_pit,
	},
	{
		LATE("pit-halted", "late_pit", PACED_HALT, PACED_PIT_TICKS, "PIT after 50 us, vCPU in HLT",
			HALTED_WHY),
		PIT_MANUALS,
		LATE_EXPECT(PIO_EXITS, 5, 1),
		NEEDS_PIT,
		.setup = wire_pit,
	},
	{
		.id = "timer/read-kvmclock",
		.summary = "the time read from KVM's clock page: no exit",
		.doc = "A control: what a guest without a TSC that it trusts pays for the time, RDTSC and a multiplication by "
		       "numbers that KVM keeps in a shared page. Compare insn/rdtsc.",
		.sdm = "vol. 3B 18.17",
		.guest = GUEST(clock),
		.entry = "read",
		.handled_in = HANDLED_NOWHERE,
		.ops = 64,
		.expect.init_exits = 1,
		.baseline = "floor/null-loop-64",
	},
#define PERIODIC(variant, wait, halts, why)                                                                  \
	{                                                                                                    \
		.id = "timer/late-periodic-" variant, .summary = "APIC timer every 250 us, vCPU " variant,   \
		.doc = "Lateness against the grid that begins with arming, so a drift would show. " why,     \
		APIC_MANUALS, .guest = GUEST(irq_timer), .entry = "late_periodic",                           \
		.arg = { wait, 0, PERIOD_NS, PACED_NANOSECONDS }, .handled_in = HANDLED_KERNEL,              \
		.timing_dependent = true, .measure = late_periodic, LATE_EXPECT(MSR_EXITS, 2, halts),        \
		NEEDS_LAPIC,                                                                                 \
	}
	PERIODIC("running", PACED_BUSY, 0, BUSY_WHY),
	PERIODIC("halted", PACED_HALT, 1, HALTED_WHY),
};

BENCH_FAMILY("timer", "timers of the guest: what arming costs, how late they fire", timer);
