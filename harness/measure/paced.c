// SPDX-License-Identifier: MIT
#include "measure/paced.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/fatal.h"
#include "base/monotonic.h"
#include "host/tsc.h"
#include "measure/companion.h"

#define WARM_SAMPLES       8u
#define NOTIFY_NS          20000 /* long enough for a thread to have gone to sleep */
#define PIT_HZ             1193182ull
#define GUEST_TSC(lane, i) ((lane)->vcpu->ring[i].before_tsc)

uint64_t paced__ticks(const struct machine *m, uint64_t ns)
{
	int khz = vcpu__ioctl(&m->vcpus[0], KVM_GET_TSC_KHZ, NULL);

	return ns * (uint64_t)khz / 1000000;
}

static void set_word(struct lane *lane, unsigned word, uint64_t value)
{
	__atomic_store_n(&lane->vcpu->abi->shared[word], value, __ATOMIC_RELEASE);
}

void paced__relax(bool crowded)
{
	if (crowded)
		sched_yield();
	else
		__asm__ __volatile__("pause");
}

static void await_word(struct lane *lane, unsigned word, uint64_t value, bool crowded)
{
	while (__atomic_load_n(&lane->vcpu->abi->shared[word], __ATOMIC_ACQUIRE) < value)
		paced__relax(crowded);
}

void paced__leave(uint64_t ns, uint64_t ticks, bool crowded)
{
	struct timespec t = { .tv_nsec = (long)ns };
	uint64_t end_tsc = tsc__stamp() + ticks;

	if (crowded)
		nanosleep(&t, NULL);
	else
		while (tsc__stamp() < end_tsc)
			paced__relax(false);
}

static void need_one_clock(const struct pass *p)
{
	if (!p->machines[0].shared_tsc)
		skip("guest and host have no common clock here (KVM_VCPU_TSC_OFFSET): a latency from one to the other "
		     "can't be measured");
}

/* An emulated vCPU that is busy was never seen to take an interrupt from another CPU; halted ones do. */
static void need_kicks(const struct pass *p)
{
	if (p->spec->emulated && p->bench->arg[PACED_ARG_WAIT] != PACED_HALT)
		skip("a busy vCPU that KVM emulates does not notice interrupts from another CPU");
}

static void arm(struct lane *lane, const char *entry, uint32_t samples)
{
	struct machine *m = lane->machine;
	uint64_t address = image__entry(m->bench->guest, entry);

	if (!address)
		fatal("guest %s has no entry %s", m->bench->guest->name, entry);
	machine__arm(m, lane->vcpu, address, ABI_MODE_GUEST, samples);
	set_word(lane, PACED_READY, 0);
	set_word(lane, PACED_DONE, 0);
	set_word(lane, PACED_DELAY, paced__ticks(m, m->bench->arg[PACED_ARG_LEAVE_NS]));
	set_word(lane, PACED_PARTNERS, m->vcpu_count - 1);
}

/* What the round functions need. */
struct round {
	struct pass *pass;
	uint32_t samples;
	bool record;
	bool crowded; /* partners share a CPU */
	const struct paced_delivery *delivery;
	void (*wait)(struct machine *m);
	uint64_t *times_tsc; /* what the other thread stamped */
	const char *entry, *receiver;
	bool periodic;
};

uint32_t paced__samples_from(const struct pass *p, uint64_t began_ns, uint32_t done)
{
	return MIN(
		pass__samples_wanted(p, (monotonic__now_ns() - began_ns) / done), (uint32_t)ABI_RING_SLOTS);
}

/* Warm-up, which tells how long an operation takes with all its waiting; then the round that counts. `vcpus`
 * run in a round and end through ABI_PORT_DONE. */
static void measure(struct round *r, void (*one_round)(struct round *r), unsigned vcpus)
{
	struct pass *p = r->pass;
	uint64_t began_ns;

	r->times_tsc = calloc(ABI_RING_SLOTS, sizeof(*r->times_tsc));
	if (!r->times_tsc)
		fatal("no memory for %u stamps", ABI_RING_SLOTS);
	began_ns = monotonic__now_ns();
	r->samples = WARM_SAMPLES;
	one_round(r);
	r->samples = paced__samples_from(p, began_ns, WARM_SAMPLES);
	r->record = true;
	proof__begin(&p->proofs[0]);
	one_round(r);
	proof__end(&p->proofs[0], r->samples, vcpus);
	free(r->times_tsc);
	pass__judge(p);
}

/* ---- the guest notifies a thread ---------------------------------------------------------------------- */

static void waiter(struct companion *c)
{
	struct round *r = c->argument;
	struct lane *lane = &r->pass->lanes[0];
	uint32_t i;

	for (i = 0; i < r->samples; i++) {
		set_word(lane, PACED_READY, i + 1);
		r->wait(lane->machine);
		r->times_tsc[i] = tsc__stamp();
	}
}

static void notify_round(struct round *r)
{
	struct lane *lane = &r->pass->lanes[0];
	const struct abi_sample *ring = lane->vcpu->ring;
	struct companion c;
	uint32_t i;

	arm(lane, lane->machine->bench->entry, r->samples);
	set_word(lane, PACED_DELAY, paced__ticks(lane->machine, NOTIFY_NS));
	companion__start(&c, companion__spare_cpu(r->pass), waiter, r);
	lane__run_to_end(lane);
	companion__join(&c);
	for (i = 0; i < r->samples && r->record; i++) {
		lane__record(lane, METRIC_GUEST, ring[i].after_tsc - ring[i].before_tsc);
		lane__record(lane, METRIC_LATENCY, r->times_tsc[i] - ring[i].before_tsc);
	}
}

void paced__notify(struct pass *p, void (*wait)(struct machine *m))
{
	struct round r = { .pass = p, .wait = wait };

	need_one_clock(p);
	if (companion__spare_cpu(p) < 0)
		skip("the thread that waits needs a CPU besides the vCPU's, and there is none");
	measure(&r, notify_round, 1);
}

/* ---- a thread interrupts the vCPU --------------------------------------------------------------------- */

static void deliver_round(struct round *r)
{
	const struct paced_delivery *d = r->delivery;
	struct lane *lane = &r->pass->lanes[0];
	struct machine *m = lane->machine;
	uint64_t leave_ns = m->bench->arg[PACED_ARG_LEAVE_NS], leave_ticks = paced__ticks(m, leave_ns);
	struct companion c;
	uint32_t i;

	arm(lane, m->bench->entry, r->samples);
	companion__start(&c, lane->cpu, companion__run_vcpu, lane);
	for (i = 0; i < r->samples; i++) {
		uint64_t call_tsc, return_tsc;

		await_word(lane, PACED_READY, i + 1, r->crowded);
		paced__leave(leave_ns, leave_ticks, r->crowded);
		call_tsc = tsc__stamp();
		d->cause(m);
		return_tsc = tsc__stamp();
		await_word(lane, PACED_DONE, i + 1, r->crowded);
		if (d->settle)
			d->settle(m);
		if (d->answered)
			return_tsc = tsc__stamp();
		r->times_tsc[i] = call_tsc;
		if (r->record)
			lane__record(lane, METRIC_ROUNDTRIP, return_tsc - call_tsc);
	}
	companion__join(&c);
	for (i = 0; i < r->samples && r->record; i++)
		lane__record(lane, METRIC_LATENCY, GUEST_TSC(lane, i) - r->times_tsc[i]);
}

void paced__deliver(struct pass *p, const struct paced_delivery *d)
{
	int spare = companion__spare_cpu(p);
	const uint64_t *arg = p->bench->arg;
	struct round r = { .pass = p, .delivery = d, .crowded = spare < 0 };

	need_one_clock(p);
	need_kicks(p);
	if (r.crowded && arg[PACED_ARG_WAIT] != PACED_HALT)
		skip("the thread that interrupts needs a CPU besides that of the running vCPU, and there is none");
	if (r.crowded)
		p->flags |= FLAG_OVERCOMMIT;
	companion__move_to(spare);
	measure(&r, deliver_round, 1);
}

/* ---- a vCPU interrupts others ------------------------------------------------------------------------- */

static uint64_t last_arrival_tsc(const struct pass *p, uint32_t sample)
{
	uint64_t last_tsc = 0;
	unsigned i;

	for (i = 1; i < p->lane_count; i++)
		last_tsc = MAX(last_tsc, GUEST_TSC(&p->lanes[i], sample));
	return last_tsc;
}

static void send_round(struct round *r)
{
	struct pass *p = r->pass;
	const struct abi_sample *ring = p->lanes[0].vcpu->ring;
	struct companion *receivers = calloc(p->lane_count, sizeof(*receivers));
	unsigned i;
	uint32_t s;

	if (!receivers)
		fatal("no memory for %u threads", p->lane_count);
	for (i = 0; i < p->lane_count; i++)
		arm(&p->lanes[i], i ? r->receiver : r->entry, r->samples);
	for (i = 1; i < p->lane_count; i++)
		companion__start(&receivers[i], p->lanes[i].cpu, companion__run_vcpu, &p->lanes[i]);
	lane__run_to_end(&p->lanes[0]);
	for (i = 1; i < p->lane_count; i++)
		companion__join(&receivers[i]);
	free(receivers);
	for (s = 0; s < r->samples && r->record; s++) {
		lane__record(&p->lanes[0], METRIC_GUEST, ring[s].after_tsc - ring[s].before_tsc);
		if (p->machines[0].shared_tsc)
			lane__record(
				&p->lanes[1], METRIC_LATENCY, last_arrival_tsc(p, s) - ring[s].before_tsc);
	}
}

void paced__send(struct pass *p, const char *entry, const char *receiver)
{
	struct round r = { .pass = p, .entry = entry, .receiver = receiver };

	if (p->spec->overcommitted)
		skip("sender and receiver need a CPU each, and there are fewer than vCPUs");
	if (p->spec->vms > 1)
		skip("the vCPUs of one VM interrupt each other: it is for one VM");
	need_kicks(p);
	measure(&r, send_round, p->lane_count);
}

/* ---- timers ------------------------------------------------------------------------------------------- */

static uint64_t units(const struct machine *m)
{
	uint64_t ns = m->bench->arg[PACED_ARG_INTERVAL_NS];

	switch (m->bench->arg[PACED_ARG_UNITS]) {
	case PACED_TSC_TICKS:
		return paced__ticks(m, ns);
	case PACED_PIT_TICKS:
		return ns * PIT_HZ / 1000000000;
	default:
		return ns;
	}
}

static uint64_t units_to_ticks(const struct machine *m, uint64_t count)
{
	switch (m->bench->arg[PACED_ARG_UNITS]) {
	case PACED_TSC_TICKS:
		return count;
	case PACED_PIT_TICKS:
		return paced__ticks(m, count * 1000000000 / PIT_HZ);
	default:
		return paced__ticks(m, count);
	}
}

static void timer_round(struct round *r)
{
	struct lane *lane = &r->pass->lanes[0];
	const struct machine *m = lane->machine;
	uint64_t interval = units(m);
	uint32_t i;

	arm(lane, m->bench->entry, r->samples);
	set_word(lane, PACED_INTERVAL, interval);
	lane__run_to_end(lane);
	for (i = 0; i < r->samples && r->record; i++) {
		const struct abi_sample *s = &lane->vcpu->ring[i];
		uint64_t due_tsc = s->before_tsc + units_to_ticks(m, interval * (r->periodic ? i + 1 : 1));

		/* Not before its time, but for what rounding the interval to ticks takes. */
		lane__record(lane, METRIC_LATENESS, s->after_tsc > due_tsc ? s->after_tsc - due_tsc : 0);
	}
}

void paced__timer(struct pass *p, bool periodic)
{
	struct round r = { .pass = p, .periodic = periodic };

	measure(&r, timer_round, 1);
}
