// SPDX-License-Identifier: MIT
/* Around KVM_RUN: registers by shared memory, signals, kicks, and vCPUs that change their CPU. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "base/fatal.h"
#include "host/cpus.h"
#include "host/tsc.h"
#include "measure/background.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "out.h"

GUEST_DECLARE(busy);

/* ---- sync_regs: arg1 the sets that KVM stores on exit, arg2 those that it loads on entry --------------- */

static void store_on_exit(struct machine *m)
{
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++)
		m->vcpus[i].run->kvm_valid_regs = m->bench->arg[1];
}

/* KVM clears kvm_dirty_regs when it has loaded them. */
static void load_regs(struct vcpu *v)
{
	v->run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
}

static void load_sregs(struct vcpu *v)
{
	v->run->kvm_dirty_regs = KVM_SYNC_X86_SREGS;
}

static void load_all(struct vcpu *v)
{
	v->run->kvm_dirty_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS | KVM_SYNC_X86_EVENTS;
}

#define ALL_SETS (KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS | KVM_SYNC_X86_EVENTS)
#define SYNC(variant, what, why, sets, load)                                                                                    \
	{                                                                                                                       \
		.id = "ioctl/sync-" variant, .summary = "OUT to user space, " what " by kvm_run",                               \
		.doc = "KVM_CAP_SYNC_REGS: state passes through the shared page on every exit, without an ioctl. Compare " why, \
		OUT_TO_USER, .arg = { ABI_PORT_MEASURE, sets }, .setup = store_on_exit, .on_exit = load,                        \
		.needs = { .caps = { NEED_CAP_BITS(KVM_CAP_SYNC_REGS, sets) } },                                                \
	}

/* ---- host operations: KVM_RUN that doesn't get far ---------------------------------------------- */

static void pend_signal(struct machine *m)
{
	/* The kernel's sigset is 8 bytes, whatever libc's is. */
	struct {
		struct kvm_signal_mask header;
		uint8_t none_blocked[8];
	} mask = { .header.len = 8 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	vcpu__ioctl(&m->vcpus[0], KVM_SET_SIGNAL_MASK, &mask);
	machine__arm(m, &m->vcpus[0], m->entry, ABI_MODE_HOST, 0);
}

static void run_into_signal(struct machine *m)
{
	if (vcpu__run(m->vcpus[0].fd) != -EINTR)
		fatal("KVM_RUN with a pending signal did not return EINTR");
}

static void arm(struct machine *m)
{
	machine__arm(m, &m->vcpus[0], m->entry, ABI_MODE_HOST, 0);
}

static void run_to_in(struct machine *m)
{
	run_to_out(m, &m->vcpus[0]);
}

static void complete(struct machine *m)
{
	vcpu__complete_io(&m->vcpus[0]);
}

/* ---- kicks -------------------------------------------------------------------------------------- */

#define FIRST 8 /* samples that don't count, from which the rest is planned */

/* One kick of a vCPU that has been seen in the guest: from the call to KVM_RUN's return, in ticks. */
static uint64_t kick(struct background *b, bool immediate_exit)
{
	uint32_t seen = b->interrupted;
	uint64_t before_tsc;

	background__await_guest(b);
	before_tsc = tsc__stamp();
	if (immediate_exit)
		b->lane->vcpu->run->immediate_exit = 1;
	background__signal(b);
	background__await_interrupted(b, seen);
	return b->interrupted_tsc - before_tsc;
}

static void measure_kicks(struct pass *p, bool immediate_exit)
{
	struct background b;
	uint64_t start_tsc;
	uint32_t wanted, i;

	background__start(&b, p);
	start_tsc = tsc__stamp();
	for (i = 0; i < FIRST; i++)
		kick(&b, immediate_exit);
	wanted = pass__samples_fitting(p, start_tsc, FIRST);
	for (i = 0; i < wanted; i++)
		lane__record(&p->lanes[0], METRIC_LATENCY, kick(&b, immediate_exit));
	background__stop(&b);
}

static void measure_signal(struct pass *p)
{
	measure_kicks(p, false);
}

static void measure_immediate_exit(struct pass *p)
{
	measure_kicks(p, true);
}

/* ---- vCPUs and CPUs: one KVM_RUN each, from OUT to OUT --------------------------------------------- */

static void timed_run(struct pass *p, struct vcpu *v)
{
	uint64_t before_tsc = tsc__stamp();

	run_to_out(&p->machines[0], v);
	lane__record(&p->lanes[0], METRIC_ROUNDTRIP, tsc__stamp() - before_tsc);
}

/* `turn` number i decides where and what runs; the first turns don't count. */
static void measure_turns(struct pass *p, struct vcpu *(*turn)(struct pass *, uint32_t))
{
	struct machine *m = &p->machines[0];
	uint64_t start_tsc;
	uint32_t wanted, i;

	for (i = 0; i < m->vcpu_count; i++)
		machine__arm(m, &m->vcpus[i], m->entry, ABI_MODE_HOST, 0);
	start_tsc = tsc__stamp();
	for (i = 0; i < FIRST; i++)
		timed_run(p, turn(p, i));
	wanted = pass__samples_fitting(p, start_tsc, FIRST);
	p->lanes[0].out->series[METRIC_ROUNDTRIP].count = 0;
	pass__begin_proof(p);
	for (i = 0; i < wanted; i++)
		timed_run(p, turn(p, i));
	proof__end(&p->proofs[0], wanted, 0);
	pass__judge(p);
}

static struct vcpu *other_cpu(struct pass *p, uint32_t i)
{
	struct error err;

	if (cpu__pin((unsigned)p->lanes[i % 2].cpu, &err) < 0)
		fatal("%s", err.text);
	return &p->machines[0].vcpus[0];
}

static struct vcpu *other_vcpu(struct pass *p, uint32_t i)
{
	return &p->machines[0].vcpus[i % 2];
}

static void measure_migration(struct pass *p)
{
	if (p->spec->overcommitted || p->lanes[0].cpu < 0 || p->lanes[1].cpu < 0)
		skip("a vCPU moves between two CPUs here: there is only one for it");
	measure_turns(p, other_cpu);
}

static void measure_switch(struct pass *p)
{
	measure_turns(p, other_vcpu);
}

#define PAIR .needs = { .vcpus = 2, .max_vcpus = 2 }
#define KICK(variant, what, why, hook)                                                                                         \
	{                                                                                                                      \
		.id = "ioctl/kick-" variant, .summary = what,                                                                  \
		.doc = "From the sender's call to KVM_RUN's return on the other CPU: an interrupt of that CPU, the exit, the " \
		       "way out of KVM. What pausing a VM costs per vCPU. " why,                                               \
		.guest = GUEST(busy), .entry = "count", .handled_in = HANDLED_HOST,                                            \
		.timing_dependent = true, .measure = hook, PAIR,                                                               \
	}

static const struct bench runs[] = {
	SYNC("store-regs", "general registers out", "ioctl/get-regs.", KVM_SYNC_X86_REGS, NULL),
	SYNC("store-sregs", "segments and control registers out", "ioctl/get-sregs.", KVM_SYNC_X86_SREGS,
		NULL),
	SYNC("store-events", "pending events out", "ioctl/get-vcpu-events.", KVM_SYNC_X86_EVENTS, NULL),
	SYNC("store-all", "all three sets out", "the single sets.", ALL_SETS, NULL),
	SYNC("load-regs", "general registers out and in", "ioctl/sync-store-regs and ioctl/set-regs.",
		KVM_SYNC_X86_REGS, load_regs),
	SYNC("load-sregs", "segments and control registers out and in",
		"ioctl/sync-store-sregs and ioctl/set-sregs.", KVM_SYNC_X86_SREGS, load_sregs),
	SYNC("load-all", "all three sets out and in", "ioctl/sync-store-all.", ALL_SETS, load_all),
	{
		.id = "ioctl/run-signal",
		.summary = "KVM_RUN with a signal pending: in and out without VMENTER",
		.doc = "With the vCPU's own signal mask (KVM_SET_SIGNAL_MASK). KVM notices just before it would enter; compare "
		       "floor/run-immediate, where it notices at once.",
		.guest = GUEST(busy),
		.entry = "count",
		.handled_in = HANDLED_HOST,
		.setup = pend_signal,
		.host_op = run_into_signal,
		.baseline = "floor/run-immediate",
	},
	{
		.id = "ioctl/run-complete-io",
		.summary = "KVM_RUN that completes an IN and returns (immediate_exit)",
		.doc = "The part of an IN's round trip that delivers the value and steps over the instruction, without "
		       "entering. Compare floor/run-immediate and pio/in-user-1b.",
		.guest = GUEST(pio),
		.entry = "in1",
		.arg = { ABI_PORT_MEASURE },
		.handled_in = HANDLED_HOST,
		.setup = arm,
		.host_prepare = run_to_in,
		.host_op = complete,
		.needs = { .caps = { NEED_CAP(KVM_CAP_IMMEDIATE_EXIT) } },
		.baseline = "floor/run-immediate",
	},
	KICK("signal", "a running vCPU is made to leave KVM_RUN by a signal",
		"Compare ioctl/kick-immediate-exit.", measure_signal),
	KICK("immediate-exit", "the same with immediate_exit set before the signal",
		"The flag closes the race with a vCPU that is about to enter. Compare ioctl/kick-signal.",
		measure_immediate_exit),
	{
		.id = "ioctl/vcpu-migrate",
		.summary = "OUT to user space, on another CPU than the time before",
		.doc = "The round trip contains the vCPU's move: on VMX the other CPU has to give the VMCS up, TLBs and caches "
		       "are cold. Moving the thread is outside the stamps.",
		OUT_TO_USER,
		.arg = { ABI_PORT_MEASURE },
		.timing_dependent = true,
		.measure = measure_migration,
		PAIR,
	},
	{
		.id = "ioctl/vcpu-switch",
		.summary = "OUT to user space, on the CPU where another vCPU ran just before",
		.doc = "Two vCPUs take turns on one CPU: each KVM_RUN loads the other's state, and mitigations may flush the "
		       "branch predictors.",
		OUT_TO_USER,
		.arg = { ABI_PORT_MEASURE },
		.measure = measure_switch,
		PAIR,
	},
};

BENCH_FAMILY_PART("ioctl", runs);
