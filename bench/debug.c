// SPDX-License-Identifier: MIT
/* A guest under user space's debugger (KVM_SET_GUEST_DEBUG): what a debugger pays for each stop. */
#include <stddef.h>

#include "base/array.h"
#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/pass.h"
#include "measure/probe.h"

GUEST_DECLARE(debug);

#define DB_VECTOR 1
#define BP_VECTOR 3

/* DR7, SDM vol. 3B 18.2.4: breakpoint 0 on, exactly; bit 10 is always set. */
#define DR7_ON            (1u << 10 | 1u << 9 | 1u << 1)
#define DR7_EXECUTION     (0u << 16)
#define DR7_WRITE_8_BYTES (1u << 16 | 2u << 18)
#define NEVER_EXECUTED    0xdeadb000

static void set_guest_debug(struct machine *m, uint32_t control, uint64_t dr0, uint64_t dr7)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | control,
		.arch.debugreg = { [0] = dr0, [7] = dr7 },
	};

	vcpu__ioctl(&m->vcpus[0], KVM_SET_GUEST_DEBUG, &debug);
}

/* Emulators lack some of the hardware that a debugger needs; whether this CPU has it shows by trying. */
static void need_debug_exit(struct machine *m, const char *entry, const char *what)
{
	struct vcpu *v = &m->vcpus[0];

	if (!probe__returns(m, v, entry, PROBE_CPU_MS) || v->run->exit_reason != KVM_EXIT_DEBUG)
		skip("%s doesn't leave to user space here although KVM_SET_GUEST_DEBUG asks for it: the CPU, or its "
		     "emulator, has no such intercept",
			what);
}

static void break_on_int3(struct machine *m)
{
	set_guest_debug(m, KVM_GUESTDBG_USE_SW_BP, 0, 0);
	need_debug_exit(m, "int3_once", "INT3");
}

static void break_at_site(struct machine *m)
{
	uint64_t site = image__entry(m->bench->guest, "site");

	set_guest_debug(m, KVM_GUESTDBG_USE_HW_BP, site, DR7_ON | DR7_EXECUTION);
	need_debug_exit(m, "call_site_once", "an execution breakpoint");
}

static void watch_shared(struct machine *m)
{
	set_guest_debug(m, KVM_GUESTDBG_USE_HW_BP, ABI_VCPU + ABI_OFF_SHARED, DR7_ON | DR7_WRITE_8_BYTES);
	need_debug_exit(m, "store_once", "a data breakpoint");
}

static void arm_in_vain(struct machine *m)
{
	set_guest_debug(m, KVM_GUESTDBG_USE_HW_BP, NEVER_EXECUTED, DR7_ON | DR7_EXECUTION);
}

/* Both INT3 and an execution breakpoint stop in front of an instruction; here each has one byte. */
static void step_over(struct vcpu *v)
{
	struct kvm_regs regs;

	vcpu__ioctl(v, KVM_GET_REGS, &regs);
	regs.rip++;
	vcpu__ioctl(v, KVM_SET_REGS, &regs);
}

#define STEP_NS    5000 /* about: only for how many fit into the budget */
#define WARM_STEPS 64

/* KVM sets RFLAGS.TF where the vCPU stands when it is told to single-step: after its registers are set, so
 * the standard round won't do. Nor can the guest time anything: its stamps are stepped, too. */
static void measure_steps(struct pass *p)
{
	struct lane *lane = &p->lanes[0];
	uint32_t samples = pass__samples_wanted(p, STEP_NS), warm = MIN(samples, (uint32_t)WARM_STEPS), i;
	struct loop_end end;

	machine__arm(lane->machine, lane->vcpu, lane->machine->entry, ABI_MODE_HOST, samples);
	set_guest_debug(lane->machine, KVM_GUESTDBG_SINGLESTEP, 0, 0);
	end = loop__host(lane->vcpu, warm, KVM_EXIT_DEBUG, NULL, lane->stamps);
	if (end.count != warm)
		machine__unexpected(lane->machine, lane->vcpu, end.run_value);
	pass__begin_proof(p);
	end = loop__host(lane->vcpu, samples, KVM_EXIT_DEBUG, NULL, lane->stamps);
	pass__end_proof(p, samples, 0);
	if (end.count != samples)
		machine__unexpected(lane->machine, lane->vcpu, end.run_value);
	for (i = 0; i < samples; i++)
		lane__record(lane, METRIC_ROUNDTRIP, lane->stamps[i].return_tsc - lane->stamps[i].call_tsc);
	pass__judge(p);
}

#define DEBUG_USER(variant, guest_entry, vector, what, why)                                                  \
	.id = "debug/" variant, .summary = what, .doc = why, .sdm = "vol. 3C 26.2", .apm = "15.12",          \
	.guest = GUEST(debug), .entry = guest_entry, .handled_in = HANDLED_USER,                             \
	.expect.vmx = VMX(EXCEPTION_NMI),                                                                    \
	.expect.svm = { "EXCP_BASE + " #vector, SVM_EXIT_EXCP_BASE + vector##_VECTOR },                      \
	.expect.kvm = KVM_EXIT(DEBUG), .expect.exits = 1,                                                    \
	.needs.caps = { NEED_CAP(KVM_CAP_SET_GUEST_DEBUG) }

static const struct bench debug[] = {
	{
		DEBUG_USER("sw-breakpoint", "int3", BP, "INT3 to user space",
			"How debuggers set most breakpoints. The guest's view contains the two ioctls by which user space "
			"steps over it. Compare pio/out-user-1b, and insn/bp-native without a debugger."),
		.baseline = "floor/null-loop",
		.setup = break_on_int3,
		.on_exit = step_over,
	},
	{
		DEBUG_USER("hw-breakpoint", "call_site", DB, "an execution breakpoint to user space",
			"In a debug register: KVM switches those at each entry and exit. Compare debug/sw-breakpoint, and "
			"debug/cpuid-armed for the switch alone."),
		.baseline = "floor/null-loop",
		.setup = break_at_site,
		.on_exit = step_over,
	},
	{
		DEBUG_USER("hw-watchpoint", "store", DB, "a data breakpoint to user space",
			"Comes after the store: nothing is to be stepped over, so the guest's view has the exit alone. "
			"Compare debug/hw-breakpoint."),
		.baseline = "floor/null-loop",
		.setup = watch_shared,
	},
	{
		DEBUG_USER("step-user", "nothing", DB, "an instruction single-stepped by user space",
			"Every instruction of the guest leaves to user space, its time stamps too: the host's view alone "
			"says something. Compare insn/step, where the guest debugs itself."),
		.baseline = "floor/stamp-host",
		.measure = measure_steps,
	},
	{
		.id = "debug/cpuid-armed",
		.summary = "CPUID while a hardware breakpoint is armed that is never met",
		.doc = "KVM loads the debugger's registers before each entry and its own after each exit: net of cpuid/leaf0 "
		       "it is what an idle debugger costs every exit.",
		.sdm = "vol. 3C 26.1.2",
		.apm = "15.9",
		.guest = GUEST(debug),
		.entry = "cpuid",
		.handled_in = HANDLED_KERNEL,
		.expect = { .vmx = VMX(CPUID), .svm = SVM(CPUID), .exits = 1 },
		.needs.caps = { NEED_CAP(KVM_CAP_SET_GUEST_DEBUG) },
		.baseline = "cpuid/leaf0",
		.setup = arm_in_vain,
	},
	{
		.id = "debug/store-armed",
		.summary = "a store while a hardware breakpoint is armed that is never met",
		.doc = "A control: no exit, whatever user space has armed elsewhere. Compare debug/hw-watchpoint.",
		.sdm = "vol. 3B 18.2.4",
		.apm = "13.1.1",
		.guest = GUEST(debug),
		.entry = "store",
		.ops = 64,
		.handled_in = HANDLED_NOWHERE,
		.needs.caps = { NEED_CAP(KVM_CAP_SET_GUEST_DEBUG) },
		.baseline = "floor/null-loop-64",
		.setup = arm_in_vain,
	},
};

BENCH_FAMILY("debug",
	"a guest under user space's debugger: breakpoints, steps, and what an idle debugger costs", debug);
