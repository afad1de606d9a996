// SPDX-License-Identifier: MIT
/* A job from building its machines to tearing them down. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fatal.h"
#include "host/cpus.h"
#include "host/tsc.h"
#include "measure/counters.h"
#include "measure/events_span.h"
#include "measure/pass.h"
#include "measure/preemptions.h"
#include "measure/round.h"
#include "measure/trace_legs.h"

static void pin(const struct lane *lane)
{
	struct error err;

	if (lane->cpu >= 0 && cpu__pin((unsigned)lane->cpu, &err) < 0)
		fatal("%s", err.text);
}

static void *lane_main(void *argument)
{
	struct lane *lane = argument;
	struct pass *p = lane->pass;

	pin(lane);
	for (;;) {
		pthread_barrier_wait(&p->start);
		if (p->kind == ROUND_QUIT)
			return NULL;
		round__run(lane);
		pthread_barrier_wait(&p->end);
	}
}

/* The measured loops must not fault on what they write. */
static void prefault(struct lane *lane)
{
	lane->stamps = calloc(ROUND_STAMPS_MAX, sizeof(*lane->stamps));
	if (!lane->stamps)
		fatal("no memory for the stamps of a round");
	if (bench__user_exits(lane->pass->bench))
		memset(lane->stamps, 1, ROUND_STAMPS_MAX * sizeof(*lane->stamps));
	else
		memset(lane->stamps, 1, 64 * sizeof(*lane->stamps));
	if (bench__user_exits(lane->pass->bench) || lane->pass->bench->handled_in == HANDLED_HOST)
		memset(lane->out->series[METRIC_ROUNDTRIP].ticks, 1, sizeof(lane->out->series[0].ticks));
}

static void make_lanes(struct pass *p)
{
	unsigned i;

	for (i = 0; i < p->lane_count; i++) {
		struct lane *lane = &p->lanes[i];

		lane->pass = p;
		lane->machine = &p->machines[i / p->spec->vcpus];
		lane->vcpu = &lane->machine->vcpus[i % p->spec->vcpus];
		lane->out = &p->outcome->lanes[i];
		lane->cpu = p->spec->cpus ? (int)p->spec->cpus[i] : -1;
		prefault(lane);
	}
}

/* A `measure` hook that uses other vCPUs makes threads of its own; then lanes other than 0 stay unused. */
static void start_lanes(struct pass *p)
{
	unsigned i;

	if (p->lane_count == 1)
		return;
	pthread_barrier_init(&p->start, NULL, p->lane_count);
	pthread_barrier_init(&p->end, NULL, p->lane_count);
	for (i = 1; i < p->lane_count; i++) {
		int err = pthread_create(&p->lanes[i].thread, NULL, lane_main, &p->lanes[i]);

		if (err)
			fatal("a thread for vCPU %u: %s (free memory, or raise the process limit: ulimit -u)",
				i, strerror(err));
	}
}

static void stop_lanes(struct pass *p)
{
	unsigned i;

	if (p->lane_count == 1)
		return;
	pass__round(p, ROUND_QUIT, 0, 0);
	for (i = 1; i < p->lane_count; i++)
		pthread_join(p->lanes[i].thread, NULL);
}

uint32_t pass__samples_fitting(const struct pass *p, uint64_t start_tsc, uint32_t n)
{
	/* Ticks for nanoseconds: at 1 to 5 GHz right within a factor that doesn't matter here. */
	return pass__samples_wanted(p, (tsc__stamp() - start_tsc) / n / 2 + 1);
}

void pass__host_operation(struct pass *p, uint32_t most)
{
	struct tick_series *s = &p->outcome->lanes[0].series[METRIC_ROUNDTRIP];
	struct machine *m = &p->machines[0];
	uint32_t first = most ? 1 : 8, count;
	uint64_t start_tsc = tsc__stamp();

	/* A first handful to warm up and to learn what one costs. */
	if (p->bench->host_op)
		loop__operation(m, first, s->ticks);
	else
		loop__stamps(first, s->ticks);
	count = pass__samples_fitting(p, start_tsc, first);
	if (most)
		count = MIN(count, most);
	if (p->bench->host_op)
		loop__operation(m, count, s->ticks);
	else
		loop__stamps(count, s->ticks);
	s->ops = 1;
	s->count = count;
}

static void measure(struct pass *p)
{
	uint32_t preempted = preemptions__so_far();

	if (p->bench->measure) {
		p->bench->measure(p);
		pass__flag_preempted(p, preempted);
		return;
	}
	if (p->bench->handled_in == HANDLED_HOST) {
		pass__host_operation(p, 0);
		pass__flag_preempted(p, preempted);
		counters__run(p);
		return;
	}
	start_lanes(p);
	pass__standard(p);
	counters__run(p);
	trace_legs__run(p);
	stop_lanes(p);
}

static void watch_begin(const struct pass *p, struct events_span *span)
{
	if (!p->spec->watch_core)
		return;
	events_span__open(span);
	events_span__start(span);
}

static void watch_end(struct pass *p, struct events_span *span)
{
	struct span_facts facts;

	if (!p->spec->watch_core)
		return;
	if (events_span__stop(span, &facts) == 0) {
		p->outcome->core_per_reference = facts.core_per_reference;
		if (facts.smis > 0)
			p->flags |= FLAG_SMI;
	}
	events_span__close(span);
}

void job__measure(const struct job_spec *spec, struct outcome *outcome)
{
	struct pass p = {
		.spec = spec,
		.bench = spec->bench,
		.lane_count = spec->vcpus * spec->vms,
		.outcome = outcome,
	};
	struct events_span span;
	unsigned i;

	if (spec->bench->measure && spec->vms > 1)
		skip("it measures in a way of its own, and in one VM only");
	setting__apply_process(&spec->settings);
	outcome->lane_count = p.lane_count;
	p.machines = calloc(spec->vms, sizeof(*p.machines));
	p.proofs = calloc(spec->vms, sizeof(*p.proofs));
	p.lanes = calloc(p.lane_count, sizeof(*p.lanes));
	p.scratch = spec->events ? calloc(SERIES_MAX, sizeof(*p.scratch)) : NULL;
	if (!p.machines || !p.proofs || !p.lanes || (spec->events && !p.scratch))
		fatal("no memory for %u VMs", spec->vms);
	if (spec->cpus) {
		struct lane first = { .cpu = (int)spec->cpus[0] };

		pin(&first); /* before the VM exists: its memory comes from this CPU's node */
	}
	for (i = 0; i < spec->vms; i++) {
		machine__create(&p.machines[i], spec->host, spec->bench, &spec->settings, spec->vcpus, i);
		proof__init(&p.proofs[i], &p.machines[i]);
	}
	make_lanes(&p);
	if (spec->overcommitted)
		p.flags |= FLAG_OVERCOMMIT;
	if (!p.machines[0].shared_tsc && bench__user_exits(spec->bench))
		p.flags |= FLAG_SPLIT_TSC;

	watch_begin(&p, &span);
	measure(&p);
	watch_end(&p, &span);
	for (i = 0; i < p.lane_count; i++)
		outcome->lanes[i].flags |= p.flags;
	for (i = 0; i < spec->vms; i++)
		machine__destroy(&p.machines[i]);
	/* The process ends now; what it allocated goes with it. */
	outcome->state = OUTCOME_DONE;
}
