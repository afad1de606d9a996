// SPDX-License-Identifier: MIT
#include "measure/trust.h"

#include <errno.h>

#include "base/fatal.h"
#include "measure/loop.h"
#include "measure/machine.h"
#include "measure/round.h"
#include "measure/verify.h"

#define PROBE_SAMPLES  128u
#define CONTROL_LENGTH 5

GUEST_DECLARE(null);

/* A descriptor of the probe's own: it must not depend on which families are linked. */
static const struct bench probe = {
	.id = "probe/null",
	.guest = GUEST(null),
	.entry = "null",
};

static double run_probe(struct machine *m, const char *entry)
{
	struct run_stamps stamps[4];
	struct vcpu *v = &m->vcpus[0];
	struct loop_end end;

	machine__arm(m, v, image__entry(m->bench->guest, entry), ABI_MODE_GUEST, PROBE_SAMPLES);
	do
		end = loop__guest(v, 4, KVM_EXIT_IO, NULL, stamps);
	while (end.run_value == -EINTR); /* a process that was stopped and continued */
	if (!end.round_done || v->abi->status != ABI_STATUS_DONE)
		machine__unexpected(m, v, end.run_value);
	vcpu__complete_io(v);
	return (double)round__median(v->ring, 0, PROBE_SAMPLES);
}

void trust__gather(const struct kvm_host *host, struct trust_evidence *evidence)
{
	struct machine m;
	struct proof proof;
	int khz;

	machine__create(&m, host, &probe, NULL, 1, 0);
	proof__init(&proof, &m);
	run_probe(&m, "null"); /* faults in what it touches */
	proof__begin(&proof);
	evidence->null_ticks = run_probe(&m, "null");
	proof__end(&proof, PROBE_SAMPLES, 1);
	evidence->control_ticks = run_probe(&m, "nop5");
	evidence->emulations_per_sample = (double)proof__sum(&proof, "insn_emulation") / PROBE_SAMPLES;
	evidence->shared_tsc = m.shared_tsc;
	khz = vcpu__try_ioctl(&m.vcpus[0], KVM_GET_TSC_KHZ, NULL);
	evidence->kvm_tsc_khz = khz > 0 ? (unsigned)khz : 0;
	proof__free(&proof);
	machine__destroy(&m);
	evidence->complete = true;
}

int trust__decide(const struct trust_evidence *evidence, bool exact_clock, bool hypervisor, enum trust *trust,
	struct error *err)
{
	double control = evidence->control_ticks - evidence->null_ticks;

	if (evidence->emulations_per_sample > 1) {
		*trust = TRUST_EMULATED;
		return 0;
	}
	if (exact_clock) {
		if (control != CONTROL_LENGTH)
			return error__set(err, EXIT_UNTRUSTWORTHY,
				"the clock counts instructions, but in the guest a control of %d reads %g: these figures "
				"would be no instruction counts (is the emulator's counting clock on for guests?)",
				CONTROL_LENGTH, control);
		*trust = TRUST_MODEL;
		return 0;
	}
	*trust = hypervisor ? TRUST_NESTED : TRUST_HARDWARE;
	return 0;
}

const char *trust__name(enum trust trust)
{
	static const char *const names[] = { "hardware", "nested", "model", "emulated" };

	return names[trust];
}

const char *trust__words(enum trust trust)
{
	static const char *const words[] = {
		"bare metal: the figures are this machine's exit costs",
		"a hypervisor runs below this host: its exits are part of every figure",
		"an instruction-counting emulator: the figures are instructions executed, exact and repeatable, "
		"and say nothing of time",
		"this backend emulates the guest's instructions instead of running them: the plumbing works, but "
		"THESE ARE NO EXIT COSTS",
	};

	return words[trust];
}

const char *trust__tick_unit(enum trust trust)
{
	return trust == TRUST_MODEL ? "insn" : "tsc";
}
