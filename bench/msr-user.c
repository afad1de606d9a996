// SPDX-License-Identifier: MIT
/* MSRs that user space answers, and what a filter costs those that pass it. */
#include <string.h>

#include "bench/msr.h"
#include "measure/machine.h"

GUEST_DECLARE(msr);

static void hand_over(struct machine *m, uint64_t reasons)
{
	vm__enable_cap(&m->vm, KVM_CAP_X86_USER_SPACE_MSR, reasons, "KVM_CAP_X86_USER_SPACE_MSR");
}

static void hand_over_unknown(struct machine *m)
{
	hand_over(m, KVM_MSR_EXIT_REASON_UNKNOWN | KVM_MSR_EXIT_REASON_INVAL);
}

/* Everything is allowed but, where `denied`, the benchmark's own MSR: a range of one, its bit clear or set. */
static void filter(struct machine *m, bool denied)
{
	uint8_t bitmap[8] = { denied ? 0 : 1 };
	struct kvm_msr_filter f;

	memset(&f, 0, sizeof(f));
	f.flags = KVM_MSR_FILTER_DEFAULT_ALLOW;
	f.ranges[0].flags = KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE;
	f.ranges[0].nmsrs = 1;
	f.ranges[0].base = (uint32_t)m->bench->arg[0];
	f.ranges[0].bitmap = bitmap;
	vm__ioctl(&m->vm, KVM_X86_SET_MSR_FILTER, &f);
}

static void filter_to_user(struct machine *m)
{
	hand_over(m, KVM_MSR_EXIT_REASON_FILTER);
	filter(m, true);
}

static void filter_to_guest(struct machine *m)
{
	filter(m, true);
}

static void filter_allows(struct machine *m)
{
	filter(m, false);
}

#define USER_CAPS                                                                                            \
	{                                                                                                    \
		NEED_CAP(KVM_CAP_X86_USER_SPACE_MSR)                                                         \
	}
#define FILTER_CAPS                                                                                          \
	{                                                                                                    \
		NEED_CAP(KVM_CAP_X86_USER_SPACE_MSR), NEED_CAP(KVM_CAP_X86_MSR_FILTER)                       \
	}

#define USER_READ(variant, what, why)                                                                        \
	MSR_IDENTITY(variant, "rdmsr", what, why), MSR_READ_EXIT,                                            \
		.handled_in = HANDLED_USER, .expect.exits = 1, .expect.kvm = KVM_EXIT(X86_RDMSR),            \
		.baseline = "floor/null-loop"
#define USER_WRITE(variant, what, why)                                                                       \
	MSR_IDENTITY(variant, "wrmsr", what, why), MSR_WRITE_EXIT,                                           \
		.handled_in = HANDLED_USER, .expect.exits = 1, .expect.kvm = KVM_EXIT(X86_WRMSR),            \
		.baseline = "floor/null-loop"

static const struct bench msr_user[] = {
	{
		USER_READ("rd-user-unknown", "RDMSR of an MSR that doesn't exist, to user space",
			"KVM searches, finds nothing and asks user space; the value is delivered on the next KVM_RUN. "
			"Compare msr/rd-unknown and pio/in-user-1b."),
		.arg = { MSR_NOBODY_HAS },
		.needs.caps = USER_CAPS,
		.configure = hand_over_unknown,
	},
	{
		USER_WRITE("wr-user-unknown", "WRMSR of an MSR that doesn't exist, to user space",
			"As msr/rd-user-unknown. Compare pio/out-user-1b."),
		.arg = { MSR_NOBODY_HAS },
		.needs.caps = USER_CAPS,
		.configure = hand_over_unknown,
	},
	{
		USER_READ("rd-user-filter", "RDMSR that a filter denies, to user space",
			"The filter is asked before anything else, so this is shorter than msr/rd-user-unknown: the floor of "
			"MSRs that a VMM emulates."),
		.arg = { IA32_TSC_ADJUST },
		.needs.caps = FILTER_CAPS,
		.configure = filter_to_user,
	},
	{
		USER_WRITE("wr-user-filter", "WRMSR that a filter denies, to user space",
			"As msr/rd-user-filter. Compare pio/out-user-1b."),
		.arg = { IA32_TSC_ADJUST },
		.needs.caps = FILTER_CAPS,
		.configure = filter_to_user,
	},
	{
		USER_WRITE("wr-user-filter-passed",
			"WRMSR of KERNEL_GS_BASE that a filter denies, to user space",
			"A filter takes an MSR back that is otherwise passed through. Compare msr/wr-kernel-gs-base."),
		.arg = { IA32_KERNEL_GS_BASE },
		.needs.caps = FILTER_CAPS,
		.configure = filter_to_user,
	},
	{
		MSR_READ("rd-filter-gp", "rdmsr_gp", "RDMSR that a filter denies: #GP",
			"User space doesn't want to be asked, so the guest gets #GP. Compare msr/rd-unknown."),
		.arg = { IA32_TSC_ADJUST },
		.needs.caps = { NEED_CAP(KVM_CAP_X86_MSR_FILTER) },
		.configure = filter_to_guest,
	},
	{
		MSR_IDENTITY("rd-filter-allowed", "rdmsr", "RDMSR of TSC_ADJUST that a filter allows",
			"Net of msr/rd-tsc-adjust it is what asking a filter of one range costs every MSR that exits."),
		MSR_READ_EXIT,
		.handled_in = HANDLED_KERNEL,
		.arg = { IA32_TSC_ADJUST },
		.expect.exits = 1,
		.needs.caps = { NEED_CAP(KVM_CAP_X86_MSR_FILTER) },
		.baseline = "msr/rd-tsc-adjust",
		.configure = filter_allows,
	},
};

BENCH_FAMILY_PART("msr", msr_user);
