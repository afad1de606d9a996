// SPDX-License-Identifier: MIT
/* Hyper-V's reference time, and its synthetic timers. */
#include "base/fatal.h"
#include "guests/include/apic.h"
#include "hyperv.h"
#include "measure/machine.h"
#include "measure/paced.h"

GUEST_DECLARE(hyperv);
GUEST_DECLARE(irq_timer);
GUEST_DECLARE(msr);

/* HV_X64_MSR_STIMER0_CONFIG, TLFS, Timers. */
#define STIMER_AUTO_ENABLE (1u << 3) /* by a write to COUNT that isn't 0 */
#define STIMER_VECTOR(v)   ((uint64_t)(v) << 4)
#define STIMER_DIRECT      (1u << 12)
#define STIMER_SINT(n)     ((uint64_t)(n) << 16)
#define DIRECT             (STIMER_AUTO_ENABLE | STIMER_DIRECT | STIMER_VECTOR(VECTOR))

#define FEATURES               0x40000003
#define FEATURES_STIMER_DIRECT (1u << 19) /* EDX */

#define FAR_FUTURE (1ull << 50) /* in units of 100 ns; more than three years after the VM began */
#define ONCE_NS    50000

static void need_direct_mode(struct machine *m)
{
	const struct kvm_cpuid_entry2 *features = cpuid__find(&m->cpuid, FEATURES, 0);

	if (!features || !(features->edx & FEATURES_STIMER_DIRECT))
		skip("KVM doesn't offer the direct mode of synthetic timers here (CPUID 40000003 EDX[19])");
}

static void configure_timer(struct machine *m, uint64_t config)
{
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++)
		hyperv__set_msr(&m->vcpus[i], HV_X64_MSR_STIMER0_CONFIG, config);
}

static void set_up_reference_time(struct machine *m)
{
	hyperv__set_up(m);
	hyperv__fill_tsc_page(m, m->bench->entry);
}

static void set_up_arming(struct machine *m)
{
	need_direct_mode(m);
	hyperv__set_up_synic(m);
	configure_timer(m, DIRECT);
}

static void set_up_direct(struct machine *m)
{
	need_direct_mode(m);
	hyperv__set_up_synic(m);
	hyperv__fill_tsc_page(m, "nothing");
	configure_timer(m, DIRECT);
}

static void set_up_message(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];

	hyperv__set_up_synic(m);
	hyperv__fill_tsc_page(m, "nothing");
	hyperv__set_msr(v, HV_X64_MSR_SIMP, hyperv__page(v, HYPERV_MESSAGE_PAGE));
	hyperv__set_msr(v, HV_X64_MSR_SINT0 + HYPERV_SINT, VECTOR);
	configure_timer(m, STIMER_AUTO_ENABLE | STIMER_SINT(HYPERV_SINT));
}

static void late(struct pass *p)
{
	paced__timer(p, false);
}

#define SYNIC_NEEDS .caps = { HYPERV_SYNIC_CAPS }, .irqchip = IRQCHIP_SPLIT

/* An operation arms, halts or not, and acknowledges; the host's timer makes it exit, too. */
#define LATE(variant, guest_entry, wait, halts, prepare, what, why)                                          \
	HYPERV("stimer-late-" variant, irq_timer, guest_entry, what,                                         \
		why                                                                                          \
		" `lateness` is from the time the timer was due to the first instruction of the handler; a " \
		"deadline is a multiple of 100 ns, and early by less than that."),                           \
		HYPERV_MSR_MANUALS,                                                                          \
		.arg = { wait, 0, ONCE_NS, PACED_NANOSECONDS }, .handled_in = HANDLED_KERNEL,                \
		.timing_dependent = true, .measure = late, .setup = prepare,                                 \
		.expect = { .vmx = VMX(MSR_WRITE),                                                           \
			.svm = SVM(MSR),                                                                     \
			.exits = 3,                                                                          \
			.exits_relation = AT_MOST,                                                           \
			.init_exits = 8,                                                                     \
			.stats = { { "halt_exits", halts }, { "irq_injections", 1, AT_MOST } } },            \
		.needs = { SYNIC_NEEDS, .max_vcpus = 1 }

static const struct bench hyperv_time[] = {
	{
		HYPERV("reference-time", hyperv, "reference_time", "the reference time by the TSC page",
			"TSC, scale, offset, and a look whether the page has changed meanwhile (TLFS, Timers): how a guest's "
			"clock is read without an exit. Compare hyperv/rd-time-ref-count-page."),
		.handled_in = HANDLED_NOWHERE,
		.ops = 64,
		.needs.caps = { HYPERV_CAPS },
		.setup = set_up_reference_time,
		.baseline = "floor/null-loop-64",
	},
	{
		HYPERV("stimer-arm", msr, "wrmsr", "WRMSR of STIMER0_COUNT: a far deadline, direct mode",
			"A synthetic timer that interrupts by a vector, as Windows and Linux use it. KVM cancels its timer "
			"in the exit and starts it anew before the next entry. Compare timer/arm-oneshot, "
			"timer/arm-deadline, and hyperv/wr-stimer-count-off."),
		HYPERV_MSR_MANUALS,
		.arg = { HV_X64_MSR_STIMER0_COUNT, FAR_FUTURE },
		.handled_in = HANDLED_KERNEL,
		.expect = { .vmx = VMX(MSR_WRITE), .svm = SVM(MSR), .exits = 1 },
		.needs = { SYNIC_NEEDS },
		.setup = set_up_arming,
		.baseline = "floor/null-loop",
	},
	{
		LATE("direct-running", "late_stimer", PACED_BUSY, 0, set_up_direct,
			"synthetic timer after 50 us, direct mode, vCPU running",
			"A timer of the host's; no preemption timer serves it. The deadline is absolute as the TSC's "
			"(timer/late-deadline-running), so that arming isn't in it, as it is in timer/late-oneshot-running."),
	},
	{
		LATE("direct-halted", "late_stimer", PACED_HALT, 1, set_up_direct,
			"synthetic timer after 50 us, direct mode, vCPU in HLT",
			"As hyperv/stimer-late-direct-running. Compare timer/late-deadline-halted."),
	},
	{
		LATE("message-running", "late_stimer_message", PACED_BUSY, 0, set_up_message,
			"synthetic timer after 50 us, by a message, vCPU running",
			"Without direct mode a timer leaves a message in the SynIC's page and raises a source (TLFS, Inter-Partition Communication). "
			"Compare hyperv/stimer-late-direct-running."),
	},
	{
		LATE("message-halted", "late_stimer_message", PACED_HALT, 1, set_up_message,
			"synthetic timer after 50 us, by a message, vCPU in HLT",
			"Compare hyperv/stimer-late-direct-halted."),
	},
};

BENCH_FAMILY_PART("hyperv", hyperv_time);
