// SPDX-License-Identifier: MIT
/* PAUSE in loops: when it is time for KVM to think that a vCPU spins in vain. */
#include <unistd.h>

#include "bench/insn.h"
#include "measure/machine.h"

GUEST_DECLARE(spin);

#define INSN_MANUALS .sdm = "vol. 3C 26.1.3", .apm = "15.14.4"

#define PAUSES 4096

static const char *two_cpus(const struct kvm_host *host)
{
	(void)host;
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return "two CPUs are needed: on one the vCPUs would wait for the scheduler, not for each other";
	return NULL;
}

static void begin_turns(struct machine *m)
{
	m->vcpus[0].abi->shared[0] = 0;
	m->vcpus[0].abi->shared[1] = m->vcpu_count;
}

static const struct bench spin[] = {
	{
		INSN_IDENTITY("pause-loop", spin, "pauses", "4096 PAUSEs in a row",
			"Pause-loop exiting (VMX) and the pause filter (SVM) suspect a vain spin and let KVM run another "
			"vCPU; KVM raises the limit each time, so that exits get rarer. Net of insn/pause-loop-native it is "
			"what that costs one that spins on."),
		INSN_EXITS(PAUSE_INSTRUCTION, PAUSE),
		.arg = { PAUSES },
		.handled_in = HANDLED_KERNEL,
		.expect.exits = PAUSES,
		.expect.exits_relation = AT_MOST,
		.round_samples = 8,
		.samples_max = 256,
		.baseline = "insn/pause-loop-native",
	},
	{
		INSN_IDENTITY("pause-loop-native", spin, "pauses", "4096 PAUSEs in a row that don't exit",
			"A control: with KVM_X86_DISABLE_EXITS_PAUSE the guest may spin as long as it likes."),
		.arg = { PAUSES },
		.handled_in = HANDLED_NOWHERE,
		.round_samples = 8,
		.samples_max = 256,
		.needs.caps = { NEED_CAP_BITS(KVM_CAP_X86_DISABLE_EXITS, KVM_X86_DISABLE_EXITS_PAUSE) },
		.disable_exits = KVM_X86_DISABLE_EXITS_PAUSE,
		.baseline = "floor/null-loop",
	},
	{
		INSN_IDENTITY("pause-round-robin", spin, "round_robin",
			"vCPUs that spin with PAUSE until it is their turn",
			"Each passes the turn on to the next, a cache line between CPUs; whoever waits too long exits. "
			"With more vCPUs than CPUs it shows how well KVM guesses whom to run."),
		INSN_EXITS(PAUSE_INSTRUCTION, PAUSE),
		.handled_in = HANDLED_KERNEL,
		.expect.exits = 1,
		.expect.exits_relation = AT_MOST,
		.timing_dependent = true,
		.needs.vcpus = 2,
		.samples_max = 4096,
		.baseline = "floor/null-loop",
		.supported = two_cpus,
		.setup = begin_turns,
	},
};

BENCH_FAMILY_PART("insn", spin);
