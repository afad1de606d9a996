// SPDX-License-Identifier: MIT
#include "measure/trace_legs.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fatal.h"
#include "measure/round.h"
#include "measure/trace_instance.h"
#include "measure/trace_split.h"

#define TRACED_SAMPLES 256u
/* An exit leaves two events, one to user space three; some samples have hundreds of exits. About as many as an
 * instance's buffer holds by default (1.4 MiB a CPU). */
#define EVENTS_MAX 32768u

#define ALL_POINTS ((1u << TRACE_POINTS) - 1)

static bool is_traceable(const struct pass *p)
{
	const struct bench *b = p->bench;

	return p->spec->trace_instance && p->lane_count == 1 && bench__ops(b) == 1 &&
	       b->handled_in != HANDLED_NOWHERE && b->handled_in != HANDLED_HOST && p->machines[0].shared_tsc;
}

static uint32_t samples_of(const struct pass *p)
{
	uint32_t most = MIN(round__samples_max(p->bench), TRACED_SAMPLES);

	return p->spec->budget.samples ? MIN(most, p->spec->budget.samples) : most;
}

static void traced_round(struct pass *p, unsigned points, enum metric metric, uint32_t samples)
{
	const struct abi_sample *ring = p->lanes[0].vcpu->ring;
	struct error err;
	uint32_t i;

	pass__before_round(p);
	if (trace_instance__record(p->spec->trace_instance, points, &err) < 0)
		fatal("%s", err.text);
	pass__round(p, ROUND_GUEST, p->machines[0].entry, samples);
	if (trace_instance__record(p->spec->trace_instance, 0, &err) < 0)
		fatal("%s", err.text);
	for (i = 0; i < samples; i++)
		lane__record(&p->lanes[0], metric, ring[i].after_tsc - ring[i].before_tsc);
}

/* Legs that this kind of exit doesn't have are no rows. */
static void drop_empty_legs(struct lane *lane)
{
	enum trace_leg leg;

	for (leg = 0; leg < TRACE_LEGS; leg++) {
		struct tick_series *s = &lane->out->series[METRIC_TRACE_LEGS + leg];
		uint64_t sum = 0;
		uint32_t i;

		for (i = 0; i < s->count; i++)
			sum += s->ticks[i];
		if (!sum)
			s->count = 0;
	}
}

/* What the round in the lane's ring and stamps left in the trace. Returns how many samples it tells the way of. */
static uint32_t record_legs(struct pass *p, const struct trace_event *events, size_t count, uint32_t samples)
{
	struct lane *lane = &p->lanes[0];
	unsigned exits = bench__user_exits(p->bench);
	uint64_t legs[TRACE_LEGS];
	uint32_t i, told = 0;
	enum trace_leg leg;
	size_t next = 0;

	for (i = 0; i < samples; i++) {
		if (!trace_split__sample(&lane->vcpu->ring[i], lane->stamps + (size_t)i * exits, exits,
			    events, count, &next, legs))
			continue;
		for (leg = 0; leg < TRACE_LEGS; leg++)
			lane__record(lane, METRIC_TRACE_LEGS + leg, legs[leg]);
		told++;
	}
	drop_empty_legs(lane);
	return told;
}

void trace_legs__run(struct pass *p)
{
	struct trace_event *events;
	uint32_t samples = samples_of(p), told;
	struct error err;
	ssize_t count;

	if (!is_traceable(p))
		return;
	events = calloc(EVENTS_MAX, sizeof(*events));
	if (!events)
		fatal("no memory for the events of a trace");
	traced_round(p, ALL_POINTS, METRIC_TRACED_GUEST, samples);
	count = trace_instance__read(p->spec->trace_instance, gettid(), events, EVENTS_MAX, &err);
	if (count < 0)
		fatal("%s", err.text);
	told = record_legs(p, events, (size_t)count, samples);
	free(events);
	outcome__add_check(p->outcome, "samples traced", 1, (double)told / samples, "info");
	if (!told) { /* it doesn't exit here, or this kernel doesn't trace its way: nothing to compare with */
		p->lanes[0].out->series[METRIC_TRACED_GUEST].count = 0;
		return;
	}
	traced_round(p, 1u << TRACE_ENTRY, METRIC_TRACED_GUEST_ENTRY, samples);
	traced_round(p, 1u << TRACE_EXIT, METRIC_TRACED_GUEST_EXIT, samples);
	if (bench__user_exits(p->bench))
		traced_round(p, 1u << TRACE_USERSPACE_EXIT, METRIC_TRACED_GUEST_USER, samples);
}
