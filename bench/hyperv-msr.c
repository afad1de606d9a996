// SPDX-License-Identifier: MIT
/* Hyper-V's synthetic MSRs: none is in the ranges that an MSR bitmap covers, so that each access exits. */
#include "base/fatal.h"
#include "guests/include/apic.h"
#include "hyperv.h"
#include "measure/machine.h"

GUEST_DECLARE(insn);
GUEST_DECLARE(msr);

#define LVT_MASKED      (1u << 16)
#define HV_CRASH_NOTIFY (1ull << 63)
#define SINT_MASKED     (1u << 16)
#define SOME_OS         (1ull << 63)

static void enforce_cpuid(struct machine *m)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_HYPERV_ENFORCE_CPUID, .args = { 1 } };
	unsigned i;

	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++)
		vcpu__ioctl(&m->vcpus[i], KVM_ENABLE_CAP, &cap);
}

static void set_up_tsc_page(struct machine *m)
{
	hyperv__set_up(m);
	hyperv__fill_tsc_page(m, m->bench->entry);
}

static void expect_event(const struct vcpu *v, uint32_t type)
{
	if (v->run->system_event.type != type)
		fatal("KVM_EXIT_SYSTEM_EVENT of type %u, wanted %u", v->run->system_event.type, type);
}

static void expect_crash(struct vcpu *v)
{
	expect_event(v, KVM_SYSTEM_EVENT_CRASH);
}

static void expect_reset(struct vcpu *v)
{
	expect_event(v, KVM_SYSTEM_EVENT_RESET);
}

#define READ_EXIT  .expect.vmx = VMX(MSR_READ), .expect.svm = SVM(MSR), .expect.exits = 1
#define WRITE_EXIT .expect.vmx = VMX(MSR_WRITE), .expect.svm = SVM(MSR), .expect.exits = 1
#define NET        .baseline = "floor/null-loop"

#define READ_FROM(guest_entry, variant, what, why)                                                           \
	HYPERV(variant, msr, guest_entry, "RDMSR of " what, why), HYPERV_MSR_MANUALS, READ_EXIT,             \
		.handled_in = HANDLED_KERNEL
#define READ(variant, number, what, why) READ_FROM("rdmsr", variant, what, why), .arg = { number }
#define WRITE_IN(where, guest_entry, variant, what, why)                                                     \
	HYPERV(variant, msr, guest_entry, "WRMSR of " what, why), HYPERV_MSR_MANUALS, WRITE_EXIT,            \
		.handled_in = HANDLED_##where, NET
#define WRITE(variant, number, value, what, why)                                                             \
	WRITE_IN(KERNEL, "wrmsr", variant, what, why), .arg = { number, value }

/* The value is the address of a page of the vCPU's. */
#define WRITE_PAGE_IN(where, variant, number, page, what, why)                                               \
	WRITE_IN(where, "wrmsr_area", variant, what, why), .arg = { number, (page) | HYPERV_ENABLED }

#define PLAIN .needs.caps = { HYPERV_CAPS }, .setup = hyperv__set_up
#define SYNIC                                                                                                \
	.needs = { .caps = { HYPERV_SYNIC_CAPS }, .irqchip = IRQCHIP_SPLIT }, .setup = hyperv__set_up_synic
#define SYNIC_USER .expect.kvm = KVM_EXIT(HYPERV), .on_exit = hyperv__expect_synic, SYNIC
#define EVENT_USER .expect.kvm = KVM_EXIT(SYSTEM_EVENT)

/* The local APIC's; the entries switch it on, and its timer stays masked. */
#define LAPIC                                                                                                \
	.expect.init_exits = 6, .needs = { .caps = { HYPERV_CAPS }, .irqchip = IRQCHIP_SPLIT },              \
	.setup = hyperv__set_up
#define WRITE_APIC(variant, number, value, what, why)                                                        \
	WRITE_IN(KERNEL, "x2apic_write", variant, what, why), .arg = { number, value, LVT_MASKED }, LAPIC

static const struct bench hyperv_msr[] = {
	{
		HYPERV("cpuid-features", insn, "cpuid", "CPUID leaf 0x40000003 (Hyper-V's features)",
			"What KVM offers of Hyper-V (TLFS, Feature and Interface Discovery) is at the begin of the table here, as QEMU puts it. Compare "
			"cpuid/hypervisor, which is behind all other leaves."),
		.sdm = "vol. 3C 26.1.2",
		.apm = "15.9",
		.expect = { .vmx = VMX(CPUID), .svm = SVM(CPUID), .exits = 1 },
		.handled_in = HANDLED_KERNEL,
		.arg = { 0x40000003 },
		PLAIN,
		NET,
	},
	{
		READ("rd-vp-index", HV_X64_MSR_VP_INDEX, "VP_INDEX",
			"A number that KVM keeps for each vCPU: the floor of Hyper-V's MSRs. Compare "
			"msr/kvm-poll-control, the floor of KVM's own."),
		PLAIN,
		NET,
	},
	{
		READ("rd-vp-index-enforced", HV_X64_MSR_VP_INDEX, "VP_INDEX, with CPUID enforced",
			"With KVM_CAP_HYPERV_ENFORCE_CPUID a guest may use only what its CPUID announces: net is the "
			"question, which then comes before every MSR and hypercall."),
		.needs.caps = { HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_ENFORCE_CPUID) },
		.setup = enforce_cpuid,
		.baseline = "hyperv/rd-vp-index",
	},
	{
		READ("rd-guest-os-id", HV_X64_MSR_GUEST_OS_ID, "GUEST_OS_ID",
			"One of the whole partition, so that KVM takes a lock around it: compare hyperv/rd-vp-index, and "
			"see what --vcpus does to it."),
		PLAIN,
		NET,
	},
	{
		WRITE("wr-guest-os-id", HV_X64_MSR_GUEST_OS_ID, SOME_OS, "GUEST_OS_ID",
			"With it a guest says that it knows Hyper-V, and its hypercalls are Hyper-V's from then on."),
		PLAIN,
	},
	{
		WRITE("wr-hypercall", HV_X64_MSR_HYPERCALL, HYPERV_HYPERCALL_PAGE | HYPERV_ENABLED,
			"HYPERCALL: where the hypercall page is",
			"KVM writes the vendor's instruction and a RET into the guest's memory (TLFS, Hypercall Interface). Compare "
			"hyperv/wr-guest-os-id."),
		PLAIN,
	},
	{
		WRITE_PAGE_IN(KERNEL, "wr-vp-assist-page", HV_X64_MSR_VP_ASSIST_PAGE, HYPERV_ASSIST_PAGE,
			"VP_ASSIST_PAGE: where an EOI may be left",
			"KVM clears the first word of the page and registers it. Compare msr/kvm-pv-eoi."),
		.needs = { .caps = { HYPERV_CAPS }, .irqchip = IRQCHIP_SPLIT },
		.setup = hyperv__set_up,
	},
	{
		WRITE_APIC("wr-eoi", HV_X64_MSR_EOI, 0, "EOI, nothing in service",
			"Hyper-V's door to the local APIC, for guests without x2APIC (TLFS, Virtual Interrupt Control). Compare irq/eoi-x2apic and, "
			"which it is to spare, irq/eoi-xapic."),
	},
	{
		WRITE_APIC("wr-icr", HV_X64_MSR_ICR, ICR_SELF | ICR_ASSERT | VECTOR, "ICR: an IPI to itself",
			"Interrupts are off: the IPI stays pending. Compare msr/x2apic-wr-icr-shorthand, and "
			"msr/x2apic-wr-icr, which has a fast path."),
	},
	{
		WRITE_APIC("wr-tpr", HV_X64_MSR_TPR, 0, "TPR, the value that it has",
			"Compare irq/tpr-x2apic and irq/tpr-xapic; 64-bit Windows uses CR8 (insn/cr8-write)."),
	},
	{
		READ_FROM("x2apic_read", "rd-tpr", "TPR", "Compare msr/x2apic-rd-tpr."),
		.arg = { HV_X64_MSR_TPR, 0, LVT_MASKED },
		LAPIC,
		NET,
	},
	{
		READ("rd-tsc-frequency", HV_X64_MSR_TSC_FREQUENCY, "TSC_FREQUENCY",
			"A product of two numbers. Compare hyperv/rd-vp-index."),
		PLAIN,
		NET,
	},
	{
		READ("rd-vp-runtime", HV_X64_MSR_VP_RUNTIME, "VP_RUNTIME",
			"The CPU time of the vCPU's thread, which KVM asks the scheduler for."),
		PLAIN,
		NET,
	},
	{
		READ("rd-time-ref-count", HV_X64_MSR_TIME_REF_COUNT, "TIME_REF_COUNT, without a TSC page",
			"The reference time, from kvmclock: what a guest reads before it has set up the TSC page (TLFS, Timers). "
			"Compare hyperv/rd-time-ref-count-page and hyperv/reference-time."),
		PLAIN,
		NET,
	},
	{
		READ("rd-time-ref-count-page", HV_X64_MSR_TIME_REF_COUNT, "TIME_REF_COUNT, with a TSC page",
			"KVM works it out as the guest could: TSC, scale, offset. Compare hyperv/reference-time, the same "
			"without an exit."),
		.needs.caps = { HYPERV_CAPS },
		.setup = set_up_tsc_page,
		NET,
	},
	{
		WRITE("wr-reference-tsc", HV_X64_MSR_REFERENCE_TSC, HYPERV_TSC_PAGE | HYPERV_ENABLED,
			"REFERENCE_TSC: where the TSC page is",
			"Before the next entry KVM brings its master clock up to date, for which no other vCPU may run, and "
			"fills the page (TLFS, Timers). Compare msr/kvm-system-time."),
		.needs = { .caps = { HYPERV_CAPS }, .max_vcpus = 1 },
		.setup = hyperv__set_up,
	},
	{
		WRITE_IN(USER, "wrmsr", "wr-scontrol-user", "SCONTROL to user space",
			"The SynIC is KVM's, its pages are user space's, too: it is told of each change of SCONTROL, SIMP and "
			"SIEFP (TLFS, Inter-Partition Communication). Compare msr/wr-user-unknown and pio/out-user-1b."),
		.arg = { HV_X64_MSR_SCONTROL, HYPERV_ENABLED },
		SYNIC_USER,
	},
	{
		WRITE_PAGE_IN(USER, "wr-simp-user", HV_X64_MSR_SIMP, HYPERV_MESSAGE_PAGE,
			"SIMP: where messages are left, to user space", "Compare hyperv/wr-scontrol-user."),
		SYNIC_USER,
	},
	{
		WRITE_PAGE_IN(USER, "wr-siefp-user", HV_X64_MSR_SIEFP, HYPERV_EVENT_PAGE,
			"SIEFP: where event flags are left, to user space",
			"Compare hyperv/wr-scontrol-user."),
		SYNIC_USER,
	},
	{
		WRITE("wr-sint", HV_X64_MSR_SINT0 + HYPERV_SINT, SINT_MASKED | VECTOR,
			"SINT2: a source's vector, masked",
			"KVM has to know at every EOI which vectors are the SynIC's: it goes through all sixteen sources for "
			"the old vector and for the new one, and through the interrupt routes before the next entry."),
		SYNIC,
	},
	{
		WRITE("wr-eom", HV_X64_MSR_EOM, 0, "EOM: a message's slot is free",
			"For each of the sixteen sources KVM looks whether one of the four timers has a message waiting. "
			"Compare hyperv/wr-sint."),
		SYNIC,
	},
	{
		WRITE("wr-stimer-config-off", HV_X64_MSR_STIMER0_CONFIG, 0, "STIMER0_CONFIG: off",
			"Nothing is armed: the floor of the synthetic timers (TLFS, Timers). Compare hyperv/stimer-arm."),
		SYNIC,
	},
	{
		WRITE("wr-stimer-count-off", HV_X64_MSR_STIMER0_COUNT, 0, "STIMER0_COUNT: 0, which disarms",
			"Nothing is armed. Compare hyperv/stimer-arm."),
		SYNIC,
	},
	{
		WRITE("wr-crash-p0", HV_X64_MSR_CRASH_P0, 0, "CRASH_P0",
			"One of five words about a crash, of the whole partition. Compare hyperv/wr-guest-os-id."),
		PLAIN,
	},
	{
		WRITE_IN(USER, "wrmsr", "wr-crash-ctl-user", "CRASH_CTL: the guest has crashed",
			"KVM_EXIT_SYSTEM_EVENT, which a VMM reports and leaves; here the guest goes on. Compare "
			"hyperv/wr-scontrol-user."),
		.arg = { HV_X64_MSR_CRASH_CTL, HV_CRASH_NOTIFY },
		EVENT_USER,
		.on_exit = expect_crash,
		PLAIN,
	},
	{
		WRITE_IN(USER, "wrmsr", "wr-reset-user", "RESET: the guest wants a reset",
			"KVM_EXIT_SYSTEM_EVENT; here the guest goes on. Compare hyperv/wr-crash-ctl-user."),
		.arg = { HV_X64_MSR_RESET, 1 },
		EVENT_USER,
		.on_exit = expect_reset,
		PLAIN,
	},
};

BENCH_FAMILY_PART("hyperv", hyperv_msr);
