// SPDX-License-Identifier: MIT
/*
 * Waking a vCPU that is in HLT.  KVM polls for a while before it puts the thread to sleep: KVM_CAP_HALT_POLL
 * sets for how long at most, and KVM adapts within that.  The wake-up comes 100 us after HLT: that is not
 * polled for with 0 or 50 us, but with 200 us it is.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fatal.h"
#include "base/monotonic.h"
#include "guests/include/apic.h"
#include "host/tsc.h"
#include "measure/bench.h"
#include "measure/companion.h"
#include "measure/machine.h"
#include "measure/paced.h"
#include "measure/wiring.h"

GUEST_DECLARE(irq_async);
GUEST_DECLARE(irq_timer);

#define AFTER_NS 100000
#define MSI_GSI  24
#define WAKE     SIGUSR1

enum {
	ARG_POLL_NS = 4
}; /* those below are paced.h's */

static void set_halt_poll(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_HALT_POLL, m->bench->arg[ARG_POLL_NS], "KVM_CAP_HALT_POLL");
	wiring__announce_tsc_deadline(m);
}

static void wire_irqfd(struct machine *m)
{
	wiring__msi_route(m, MSI_GSI, VECTOR);
	m->user = (void *)(intptr_t)wiring__irqfd(m, MSI_GSI, NULL);
}

static void close_irqfd(struct machine *m)
{
	close((int)(intptr_t)m->user);
}

static void write_irqfd(struct machine *m)
{
	wiring__write_irqfd((int)(intptr_t)m->user);
}

static void by_irqfd(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = write_irqfd });
}

static void by_ipi(struct pass *p)
{
	paced__send(p, p->bench->entry, "receive_x2apic");
}

static void by_timer(struct pass *p)
{
	paced__timer(p, false);
}

/* ---- by signal: KVM_RUN returns, the vCPU stays halted ------------------------------------------------ */

struct sleeper {
	struct lane *lane;
	uint32_t samples;
	uint32_t entered, returned; /* KVM_RUNs */
	bool crowded;               /* one CPU for both threads */
	uint64_t *return_tsc;
};

/* The signal is blocked outside KVM_RUN, so that none can be lost between the look and the wait. */
static void block_wake(struct vcpu *v)
{
	struct {
		struct kvm_signal_mask header;
		uint8_t set[8];
	} mask = { .header = { .len = 8 } };
	sigset_t wake;

	sigemptyset(&wake);
	sigaddset(&wake, WAKE);
	pthread_sigmask(SIG_BLOCK, &wake, NULL);
	vcpu__ioctl(v, KVM_SET_SIGNAL_MASK, &mask);
}

static void take_wake(void)
{
	sigset_t wake;
	int signal;

	sigemptyset(&wake);
	sigaddset(&wake, WAKE);
	if (sigwait(&wake, &signal))
		fatal("sigwait failed after a signal ended KVM_RUN");
}

static void sleep_in_kvm(struct companion *c)
{
	struct sleeper *s = c->argument;
	struct vcpu *v = s->lane->vcpu;
	uint32_t i;

	block_wake(v);
	for (i = 0; i < s->samples; i++) {
		long value;

		__atomic_store_n(&s->entered, i + 1, __ATOMIC_RELEASE);
		value = vcpu__run(v->fd);
		s->return_tsc[i] = tsc__stamp();
		if (value != -EINTR)
			machine__unexpected(s->lane->machine, v, value);
		take_wake();
		__atomic_store_n(&s->returned, i + 1, __ATOMIC_RELEASE);
	}
}

static void await(const uint32_t *count, uint32_t value, bool crowded)
{
	while (__atomic_load_n(count, __ATOMIC_ACQUIRE) < value)
		paced__relax(crowded);
}

/* One thread runs the vCPU for `samples` wake-ups. */
static void signal_round(struct sleeper *s, uint32_t samples, bool record)
{
	struct lane *lane = s->lane;
	uint64_t after_ticks = paced__ticks(lane->machine, AFTER_NS);
	struct companion c;
	uint32_t i;

	s->samples = samples;
	s->entered = s->returned = 0;
	companion__start(&c, lane->cpu, sleep_in_kvm, s);
	for (i = 0; i < samples; i++) {
		uint64_t call_tsc;

		await(&s->entered, i + 1, s->crowded);
		paced__leave(AFTER_NS, after_ticks, s->crowded);
		call_tsc = tsc__stamp();
		if (pthread_kill(c.thread, WAKE))
			fatal("a signal to the vCPU's thread could not be sent");
		await(&s->returned, i + 1, s->crowded);
		if (record)
			lane__record(lane, METRIC_LATENCY, s->return_tsc[i] - call_tsc);
	}
	companion__join(&c);
}

#define WARM_SAMPLES 4

/* The guest executes in the first round alone: it halts, and stays so. */
static void by_signal(struct pass *p)
{
	struct lane *lane = &p->lanes[0];
	int spare = companion__spare_cpu(p);
	uint64_t began_ns = monotonic__now_ns();
	uint32_t samples;
	struct sleeper s = { .lane = lane, .crowded = spare < 0 };

	s.return_tsc = calloc(ABI_RING_SLOTS, sizeof(*s.return_tsc));
	if (!s.return_tsc)
		fatal("no memory for %d stamps", ABI_RING_SLOTS);
	if (s.crowded)
		p->flags |= FLAG_OVERCOMMIT;
	companion__move_to(spare);
	machine__arm(lane->machine, lane->vcpu, lane->machine->entry, ABI_MODE_GUEST, 1);
	signal_round(&s, WARM_SAMPLES, false);
	samples = paced__samples_from(p, began_ns, WARM_SAMPLES);
	proof__begin(&p->proofs[0]);
	signal_round(&s, samples, true);
	proof__end(&p->proofs[0], samples, 0);
	free(s.return_tsc);
	pass__judge(p);
}

/* ---- descriptors -------------------------------------------------------------------------------------- */

#define POLLED(poll_us)                                                                                      \
	" KVM may poll for up to " #poll_us " us before the thread sleeps; compare the others of hlt/wake-*."
#define COMMON(variant, poll_us, what)                                                                       \
	.id = "hlt/wake-" variant "-poll" #poll_us, .summary = what ", polling for up to " #poll_us " us",   \
	.sdm = "vol. 3C 26.1.3", .apm = "15.9", .timing_dependent = true, .configure = set_halt_poll
#define NEEDS(...) .needs = { .irqchip = IRQCHIP_SPLIT, .caps = { NEED_CAP(KVM_CAP_HALT_POLL) }, __VA_ARGS__ }

#define WOKEN(most)                                                                                          \
	.handled_in = HANDLED_KERNEL, .expect = { .vmx = VMX(HLT),                                           \
		.svm = SVM_OR(HLT, IDLE_HLT),                                                                \
		.exits = most,                                                                               \
		.exits_relation = AT_MOST,                                                                   \
		.init_exits = 8,                                                                             \
		.stats = { { "halt_exits", 1 } } }

#define IRQFD(poll_us)                                                                                        \
	{                                                                                                     \
		COMMON("irqfd", poll_us, "HLT ended by an irqfd"),                                            \
			.doc = "`latency` is from the write to the first instruction of the handler." POLLED( \
				poll_us),                                                                     \
			.guest = GUEST(irq_async), .entry = "receive_x2apic",                                 \
			.arg = { PACED_HALT, AFTER_NS, [ARG_POLL_NS] = (poll_us)*1000 }, WOKEN(2),            \
			NEEDS(.max_vcpus = 1), .setup = wire_irqfd, .measure = by_irqfd,                      \
			.teardown = close_irqfd,                                                              \
	}
#define IPI(poll_us)                                                                                                              \
	{                                                                                                                         \
		COMMON("ipi", poll_us, "HLT ended by another vCPU's IPI"),                                                        \
			.doc = "`guest` is the sender's ICR write, `latency` (of vCPU 1) from there to the first instruction of " \
			       "the receiver's handler." POLLED(poll_us),                                                         \
			.guest = GUEST(irq_async), .entry = "send_x2apic",                                                        \
			.arg = { PACED_HALT, AFTER_NS, [ARG_POLL_NS] = (poll_us)*1000 }, WOKEN(3),                                \
			NEEDS(.vcpus = 2, .max_vcpus = 2), .measure = by_ipi,                                                     \
			.disable_exits = KVM_X86_DISABLE_EXITS_PAUSE,                                                             \
	}
#define TIMER(poll_us)                                                                                            \
	{                                                                                                         \
		COMMON("timer", poll_us, "HLT ended by the TSC deadline"),                                        \
			.doc = "`lateness` is from the deadline to the first instruction of the handler." POLLED( \
				poll_us),                                                                         \
			.guest = GUEST(irq_timer), .entry = "late_deadline",                                      \
			.arg = { PACED_HALT, 0, AFTER_NS, PACED_TSC_TICKS, (poll_us)*1000 }, WOKEN(3),            \
			NEEDS(.max_vcpus = 1), .measure = by_timer,                                               \
	}
#define SIGNAL(poll_us)                                                                                                           \
	{                                                                                                                         \
		COMMON("signal", poll_us, "HLT ended by a signal: KVM_RUN returns"),                                              \
			.doc = "`latency` is from the sending of the signal to the return of KVM_RUN. The vCPU stays halted, so " \
			       "there is no entry and no exit between." POLLED(poll_us),                                          \
			.guest = GUEST(irq_async), .entry = "receive_x2apic",                                                     \
			.arg = { PACED_HALT, AFTER_NS, [ARG_POLL_NS] = (poll_us)*1000 },                                          \
			.handled_in = HANDLED_HOST, .expect = { .stats = { { "signal_exits", 1 } } },                             \
			NEEDS(.max_vcpus = 1), .measure = by_signal,                                                              \
	}
#define WITH_POLL(kind) kind(0), kind(50), kind(200)

static const struct bench wake[] = {
	WITH_POLL(IRQFD),
	WITH_POLL(IPI),
	WITH_POLL(TIMER),
	WITH_POLL(SIGNAL),
};

BENCH_FAMILY_PART("hlt", wake);
