// SPDX-License-Identifier: MIT
/* Model-specific registers that KVM keeps for the guest, and those it lets the guest have. */
#include "base/fatal.h"
#include "bench/msr.h"
#include "measure/machine.h"

GUEST_DECLARE(msr);

#define PRED_CMD_IBPB              1
#define CPUID_7_EDX_SPEC_CTRL      (1u << 26)
#define CPUID_80000008_EBX_IBPB    (1u << 12)
#define CPUID_80000008_EBX_IBRS    (1u << 14)
#define ARCH_CAPABILITIES_TSX_CTRL (1u << 7)

/* IBRS and IBPB have one bit on Intel and two on AMD. */
static bool guest_speculation_control(struct machine *m, uint32_t amd_bit)
{
	const struct kvm_cpuid_entry2 *intel = cpuid__find(&m->cpuid, 7, 0);
	const struct kvm_cpuid_entry2 *amd = cpuid__find(&m->cpuid, 0x80000008, 0);

	return (intel && intel->edx & CPUID_7_EDX_SPEC_CTRL) || (amd && amd->ebx & amd_bit);
}

static void need_ibrs(struct machine *m)
{
	if (!guest_speculation_control(m, CPUID_80000008_EBX_IBRS))
		skip("KVM offers its guests no IBRS here (CPUID 7 EDX[26], 80000008 EBX[14])");
}

static void need_ibpb(struct machine *m)
{
	if (!guest_speculation_control(m, CPUID_80000008_EBX_IBPB))
		skip("KVM offers its guests no IBPB here (CPUID 7 EDX[26], 80000008 EBX[12])");
}

static void need_tsx_ctrl(struct machine *m)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entry;
	} msrs = { .header.nmsrs = 1, .entry.index = IA32_ARCH_CAPABILITIES };

	if (vcpu__try_ioctl(&m->vcpus[0], KVM_GET_MSRS, &msrs) != 1 ||
		!(msrs.entry.data & ARCH_CAPABILITIES_TSX_CTRL))
		skip("the guest has no TSX_CTRL here (ARCH_CAPABILITIES[7])");
}

#define ADJUST_WHY                                                                                                  \
	"KVM keeps this one in software: exit, the search for the MSR, entry. The row to compare other MSRs with; " \
	"cpuid/leaf0 is about as short."

static const struct bench msr[] = {
	{ MSR_READ("rd-tsc-adjust", "rdmsr", "RDMSR of TSC_ADJUST", ADJUST_WHY), .arg = { IA32_TSC_ADJUST } },
	{
		MSR_WRITE("wr-tsc-adjust", "wrmsr", "WRMSR of TSC_ADJUST, the value that it has",
			"A write also looks at the guest's clock. Compare msr/rd-tsc-adjust."),
		.arg = { IA32_TSC_ADJUST, 0 },
	},
	{
		MSR_READ("rd-misc-enable", "rdmsr", "RDMSR of MISC_ENABLE",
			"Kept in software. Compare msr/rd-tsc-adjust."),
		.arg = { IA32_MISC_ENABLE },
	},
	{
		MSR_WRITE("wr-misc-enable", "wrmsr_back", "WRMSR of MISC_ENABLE, the value that it has",
			"KVM looks at what changed, as CPUID depends on it. Compare msr/rd-misc-enable."),
		.arg = { IA32_MISC_ENABLE },
	},
	{ MSR_READ("rd-pat", "rdmsr", "RDMSR of PAT", "Compare msr/rd-tsc-adjust."), .arg = { IA32_PAT } },
	{
		MSR_WRITE("wr-pat", "wrmsr_back", "WRMSR of PAT, the value that it has",
			"KVM checks each of the eight memory types. Compare msr/rd-pat."),
		.arg = { IA32_PAT },
	},
	{
		MSR_READ("rd-mtrr", "rdmsr", "RDMSR of MTRR_DEF_TYPE",
			"The memory type ranges are kept in software. Compare msr/rd-tsc-adjust."),
		.arg = { IA32_MTRR_DEF_TYPE },
	},
	{
		MSR_WRITE("wr-mtrr", "wrmsr_back", "WRMSR of MTRR_PHYSBASE0, the value that it has",
			"Older kernels work out anew what each range means. Compare msr/rd-mtrr."),
		.arg = { IA32_MTRR_PHYSBASE0 },
	},
	{
		MSR_READ("rd-apic-base", "rdmsr", "RDMSR of APIC_BASE", "Compare msr/rd-tsc-adjust."),
		.arg = { IA32_APIC_BASE },
		.needs.irqchip = IRQCHIP_KERNEL,
	},
	{
		MSR_WRITE("wr-apic-base", "wrmsr_back", "WRMSR of APIC_BASE, the value that it has",
			"KVM checks the change of the APIC's mode. Compare msr/rd-apic-base."),
		.arg = { IA32_APIC_BASE },
		.needs.irqchip = IRQCHIP_KERNEL,
	},
	{ MSR_READ("rd-efer", "rdmsr", "RDMSR of EFER", "Compare msr/rd-tsc-adjust."), .arg = { IA32_EFER } },
	{
		MSR_WRITE("wr-efer", "wrmsr_back", "WRMSR of EFER, the value that it has",
			"Nothing changes, and KVM finds that out. Compare msr/rd-efer."),
		.arg = { IA32_EFER },
	},
	{
		MSR_READ("rd-tsc", "rdmsr", "RDMSR of the time stamp counter",
			"VMX lets the guest read it, as it adds the offset; SVM has no such help. Compare insn/rdtsc."),
		.arg = { IA32_TSC },
		.expect.no_exit_on = ON_VMX,
	},
	{
		MSR_WRITE("wr-lstar", "wrmsr_back", "WRMSR of LSTAR, the value that it has",
			"KVM on VMX switches it by itself and must see it; SVM switches it in hardware. Compare "
			"msr/wr-kernel-gs-base."),
		.arg = { IA32_LSTAR },
		.expect.no_exit_on = ON_SVM,
	},
	{
		MSR_READ("rd-unknown", "rdmsr_gp", "RDMSR of an MSR that doesn't exist: #GP",
			"The whole search, the injected #GP and the guest's handler. Compare msr/rd-user-unknown."),
		.arg = { MSR_NOBODY_HAS },
	},
	{
		MSR_WRITE("wr-unknown", "wrmsr_gp", "WRMSR of an MSR that doesn't exist: #GP",
			"As msr/rd-unknown. Compare msr/wr-user-unknown."),
		.arg = { MSR_NOBODY_HAS },
	},
	{
		MSR_WRITE("wr-tsx-ctrl", "wrmsr_back", "WRMSR of TSX_CTRL, the value that it has",
			"What a guest does that turns TSX off. Compare msr/wr-tsc-adjust."),
		.arg = { IA32_TSX_CTRL },
		.setup = need_tsx_ctrl,
	},
	{
		MSR_CONTROL("wr-spec-ctrl", "spec_ctrl_toggle", "WRMSR of SPEC_CTRL that flips IBRS",
			"Passed through once the guest has written a value: no exit, the CPU's own cost. Compare "
			"msr/cpuid-with-spec-ctrl for what its use costs at every exit."),
		.expect.init_exits = 1,
		.configure = need_ibrs,
	},
	{
		MSR_IDENTITY("cpuid-with-spec-ctrl", "spec_ctrl_cpuid",
			"CPUID in a guest that has set SPEC_CTRL",
			"From the guest's first use on KVM saves and switches the MSR at every exit: net of cpuid/leaf0 it is "
			"the price of that. AMD CPUs with a virtual SPEC_CTRL (v_spec_ctrl, from Zen 3 on) switch it with VMRUN, and "
			"KVM leaves it alone."),
		.expect.vmx = VMX(CPUID),
		.expect.svm = SVM(CPUID),
		.handled_in = HANDLED_KERNEL,
		.expect.exits = 1,
		.expect.init_exits = 1,
		.baseline = "cpuid/leaf0",
		.configure = need_ibrs,
	},
	{
		MSR_CONTROL("wr-pred-cmd", "wrmsr",
			"WRMSR of PRED_CMD: an indirect branch prediction barrier",
			"Passed through: no exit, but the barrier itself is dear, and so are the branches after it."),
		.arg = { IA32_PRED_CMD, PRED_CMD_IBPB },
		.expect.init_exits = 1,
		.configure = need_ibpb,
	},
#define PASSED_WHY "Passed through: no exit. Compare msr/rd-tsc-adjust and msr/wr-tsc-adjust."
	{ MSR_CONTROL("rd-fs-base", "rdmsr", "RDMSR of FS_BASE", PASSED_WHY), .arg = { IA32_FS_BASE } },
	{ MSR_CONTROL("wr-fs-base", "wrmsr", "WRMSR of FS_BASE", PASSED_WHY), .arg = { IA32_FS_BASE } },
	{
		MSR_CONTROL("rd-kernel-gs-base", "rdmsr", "RDMSR of KERNEL_GS_BASE", PASSED_WHY),
		.arg = { IA32_KERNEL_GS_BASE },
	},
	{
		MSR_CONTROL("wr-kernel-gs-base", "wrmsr", "WRMSR of KERNEL_GS_BASE",
			PASSED_WHY " What a guest's context switch writes."),
		.arg = { IA32_KERNEL_GS_BASE },
	},
	{
		MSR_CONTROL("wr-sysenter-cs", "wrmsr", "WRMSR of SYSENTER_CS", PASSED_WHY),
		.arg = { IA32_SYSENTER_CS },
	},
	{
		MSR_CONTROL("wr-sysenter-esp", "wrmsr", "WRMSR of SYSENTER_ESP", PASSED_WHY),
		.arg = { IA32_SYSENTER_ESP },
	},
};

BENCH_FAMILY("msr", "model-specific registers: kept by KVM, passed through, refused, or user space's", msr);
