// SPDX-License-Identifier: MIT
/* Single instructions: those that always exit, those that hardware took over, and those that never did. */
#include <string.h>

#include "base/fatal.h"
#include "bench/insn.h"
#include "measure/machine.h"

GUEST_DECLARE(insn);

#define INSN_MANUALS .sdm = "vol. 3C 26.1", .apm = "15.9"

#define CPUID_7_EBX_INVPCID   (1u << 10)
#define CPUID_1_ECX_RDRAND    (1u << 30)
#define CPUID_80000001_RDTSCP (1u << 27)

/* The machine's default is a VM without a PMU. */
static void offer_pmu(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_PMU_CAPABILITY, 0, "KVM_CAP_PMU_CAPABILITY");
}

static void hide_rdrand(struct machine *m)
{
	struct kvm_cpuid_entry2 *leaf = cpuid__find(&m->cpuid, 1, 0);

	if (!leaf)
		fatal("KVM_GET_SUPPORTED_CPUID has no leaf 1");
	leaf->ecx &= ~CPUID_1_ECX_RDRAND;
}

/* The CPU may have what KVM doesn't offer its guests: then KVM makes the instruction #UD. */
static void need_rdtscp(struct machine *m)
{
	struct kvm_cpuid_entry2 *leaf = cpuid__find(&m->cpuid, 0x80000001, 0);

	if (!leaf || !(leaf->edx & CPUID_80000001_RDTSCP))
		skip("KVM does not offer RDTSCP to guests here (CPUID 80000001 EDX[27])");
}

static void need_invpcid(struct machine *m)
{
	struct kvm_cpuid_entry2 *leaf = cpuid__find(&m->cpuid, 7, 0);

	if (!leaf || !(leaf->ebx & CPUID_7_EBX_INVPCID))
		skip("KVM does not offer INVPCID to guests here (CPUID 7 EBX[10])");
}

/* More host ticks than any CPU needs to fall through, and less than a host's timer interrupt is away. */
#define MWAIT_WAITS_TICKS 50000

/* By the manuals MWAIT falls through when nothing is armed; a CPU may wait all the same, then until the host's
 * next interrupt. Three tries: an interrupt may hit one. */
static void need_idle_mwait(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];
	uint64_t least_ticks = UINT64_MAX;
	int i;

	for (i = 0; i < 3; i++) {
		machine__run_entry(m, v, "mwait_once");
		if (v->abi->shared[0] < least_ticks)
			least_ticks = v->abi->shared[0];
	}
	if (least_ticks > MWAIT_WAITS_TICKS)
		skip("MWAIT waits here although nothing is armed (%llu ticks at least): the CPU, or its emulator, "
		     "halts until the host's next interrupt",
			(unsigned long long)least_ticks);
}

#define MWAIT_CAP                                                                                            \
	{                                                                                                    \
		NEED_CAP_BITS(KVM_CAP_X86_DISABLE_EXITS, KVM_X86_DISABLE_EXITS_MWAIT)                        \
	}
#define PAUSE_CAP                                                                                            \
	{                                                                                                    \
		NEED_CAP_BITS(KVM_CAP_X86_DISABLE_EXITS, KVM_X86_DISABLE_EXITS_PAUSE)                        \
	}

#define TABLE_WHY                                                                                            \
	"Doesn't exit, as KVM intercepts these only to emulate UMIP for a guest on a CPU without it."

static const struct bench insn[] = {
	{
		INSN("invd", insn, "invd", "INVD",
			"KVM skips it: an exit with nothing to do. Compare cpuid/leaf0. Linux 6.18 and later handle it "
			"in the fast path."),
		.expect.vmx = VMX(INVD),
		/* QEMU's emulated SVM gives WBINVD's code for both. */
		.expect.svm = { "INVD", SVM_EXIT_INVD, SVM_EXIT_WBINVD },
	},
	{
		INSN("wbinvd", insn, "wbinvd", "WBINVD",
			"Does nothing unless a device with non-coherent DMA is assigned. Compare insn/invd: as empty, but "
			"on the slow path everywhere."),
		INSN_EXITS(WBINVD, WBINVD),
	},
	{
		INSN("xsetbv-same", insn, "xsetbv", "XSETBV of the value that XCR0 has",
			"Always exits on Intel; KVM checks the value and finds that nothing changes. The guest's XCR0 isn't the "
			"host's here, so that each entry and exit loads XCR0, too (settings/cpuid-xcr0). Emulators of AMD CPUs may "
			"not intercept it."),
		INSN_EXITS(XSETBV, XSETBV),
		.arg = { 1, 0 },
		.expect.may_not_exit = true,
		.needs.cpu_flag = "xsave",
	},
	{
		INSN("xsetbv-toggle", insn, "xsetbv", "XSETBV that turns AVX state on and off",
			"As insn/xsetbv-same, but the size of the XSAVE area in CPUID changes and KVM brings that up to "
			"date; newer kernels put that off until the guest's next CPUID."),
		INSN_EXITS(XSETBV, XSETBV),
		.arg = { 3, 4 },
		.expect.may_not_exit = true,
		.needs.cpu_flag = "avx",
	},
	{
		INSN("rdpmc-no-pmu", insn, "rdpmc", "RDPMC without a virtual PMU: #GP",
			"The exit, KVM's refusal, the injected #GP and the guest's handler. Compare insn/gp, whose #GP the "
			"CPU raises itself on Intel."),
		INSN_EXITS(RDPMC, RDPMC),
	},
	{
		INSN("rdpmc", insn, "rdpmc", "RDPMC of counter 0 of the virtual PMU",
			"KVM reads the perf event behind the counter. A kernel with a mediated PMU lets the guest read it "
			"without an exit."),
		INSN_EXITS(RDPMC, RDPMC),
		.expect.may_not_exit = true,
		.needs.caps = { NEED_CAP(KVM_CAP_PMU_CAPABILITY) },
		.configure = offer_pmu,
	},
	{
		INSN("rdrand-denied", insn, "rdrand_denied",
			"RDRAND that the guest's CPUID doesn't offer: #UD",
			"On Intel KVM makes it exit and injects #UD; on AMD it executes all the same, as there is no such "
			"intercept."),
		.expect.vmx = VMX(RDRAND),
		.expect.no_exit_on = ON_SVM,
		.configure = hide_rdrand,
	},
	{
		INSN("monitor", insn, "monitor", "MONITOR",
			"KVM does nothing: a guest that doesn't look at CPUID finds it harmless. Compare insn/invd."),
		INSN_EXITS(MONITOR_INSTRUCTION, MONITOR),
		.needs.cpu_flag = "monitor",
	},
	{
		INSN("mwait", insn, "mwait", "MWAIT",
			"KVM does nothing and doesn't wait. Compare insn/mwait-native."),
		INSN_EXITS(MWAIT_INSTRUCTION, MWAIT),
		.needs.cpu_flag = "monitor",
	},
	{
		INSN_CONTROL("monitor-native", insn, "monitor", "MONITOR that doesn't exit",
			"With KVM_X86_DISABLE_EXITS_MWAIT the guest executes it itself. Compare insn/monitor."),
		.needs.caps = MWAIT_CAP,
		.disable_exits = KVM_X86_DISABLE_EXITS_MWAIT,
	},
	{
		INSN_CONTROL("mwait-native", insn, "mwait",
			"MWAIT that doesn't exit and has nothing to wait for",
			"With KVM_X86_DISABLE_EXITS_MWAIT and without MONITOR before: falls through. Compare insn/mwait."),
		.needs.caps = MWAIT_CAP,
		.disable_exits = KVM_X86_DISABLE_EXITS_MWAIT,
		.setup = need_idle_mwait,
	},
	{
		INSN_SOMETIMES("pause", insn, "pause", "PAUSE",
			"Exits every time on an AMD CPU without pause filter; with one after 3000 in a row, on VMX when a row of "
			"them has lasted for 4096 ticks, at first, as KVM raises the limit each time. Compare insn/pause-native."),
		INSN_EXITS(PAUSE_INSTRUCTION, PAUSE),
	},
	{
		INSN_CONTROL("pause-native", insn, "pause", "PAUSE that doesn't exit",
			"With KVM_X86_DISABLE_EXITS_PAUSE, as for guests whose CPUs aren't shared. Compare insn/pause."),
		.needs.caps = PAUSE_CAP,
		.disable_exits = KVM_X86_DISABLE_EXITS_PAUSE,
	},
	{
		INSN_SOMETIMES("invlpg", insn, "invlpg", "INVLPG",
			"Exits only where KVM shadows the guest's page tables (ept=0, npt=0)."),
		INSN_EXITS(INVLPG, INVLPG),
	},
	{
		INSN_SOMETIMES("invpcid-all", insn, "invpcid", "INVPCID of all contexts",
			"Exits only where KVM shadows the guest's page tables (ept=0, npt=0). Empties the TLB: what follows "
			"pays for it."),
		INSN_EXITS(INVPCID, INVPCID),
		.needs.cpu_flag = "invpcid",
		.configure = need_invpcid,
	},
	{
		INSN_CONTROL("rdtsc", insn, "rdtsc", "RDTSC",
			"A control: offset and scale of the guest's clock are the hardware's business."),
	},
	{
		INSN_CONTROL("rdtscp", insn, "rdtscp", "RDTSCP", "A control. Compare insn/rdtsc."),
		.needs.cpu_flag = "rdtscp",
		.configure = need_rdtscp,
	},
	{
		INSN_CONTROL("rdrand", insn, "rdrand", "RDRAND",
			"A control: hundreds of cycles without an exit. Compare insn/rdrand-denied."),
		.needs.cpu_flag = "rdrand",
	},
	{
		INSN_CONTROL("rdseed", insn, "rdseed", "RDSEED", "A control. Compare insn/rdrand."),
		.needs.cpu_flag = "rdseed",
	},
	{ INSN_CONTROL("sgdt", insn, "sgdt", "SGDT", TABLE_WHY) },
	{ INSN_CONTROL("sidt", insn, "sidt", "SIDT", TABLE_WHY) },
	{ INSN_CONTROL("sldt", insn, "sldt", "SLDT", TABLE_WHY) },
	{ INSN_CONTROL("str", insn, "str", "STR", TABLE_WHY) },
	{ INSN_CONTROL("lgdt", insn, "lgdt", "LGDT of the table that is loaded", TABLE_WHY) },
	{ INSN_CONTROL("lidt", insn, "lidt", "LIDT of the table that is loaded", TABLE_WHY) },
};

BENCH_FAMILY("insn",
	"single instructions: those that exit, those that hardware took over, those that never did", insn);
