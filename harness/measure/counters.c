// SPDX-License-Identifier: MIT
#include "measure/counters.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/fatal.h"
#include "measure/events.h"
#include "measure/round.h"

/* Enough that the exit which ends the round, and starting and stopping the counters, are below half a per cent. */
#define COUNTED_SAMPLES 512u

/* Runs `samples` operations, however this benchmark does it. Host-timed exits are counted in the guest's round: it
 * leaves as often. */
static void run_samples(struct pass *p, uint32_t samples)
{
	if (p->bench->handled_in != HANDLED_HOST)
		pass__round(p, ROUND_GUEST, p->machines[0].entry, samples);
	else if (p->bench->host_op)
		loop__operation(&p->machines[0], samples, p->scratch);
	else
		loop__stamps(samples, p->scratch);
}

static uint32_t samples_of(const struct pass *p)
{
	uint32_t most = p->bench->samples_max ? p->bench->samples_max : COUNTED_SAMPLES;

	if (p->bench->handled_in != HANDLED_HOST)
		most = MIN(most, round__samples_max(p->bench));
	if (p->spec->budget.samples)
		most = MIN(most, p->spec->budget.samples);
	return MIN(most, COUNTED_SAMPLES);
}

static void store(struct pass *p, size_t event, uint64_t value, double operations)
{
	struct outcome *o = p->outcome;

	if (o->count_count == COUNTS_MAX)
		return; /* events_plan__make() was given no more names than that */
	o->counts[o->count_count++] = (struct counted){ (uint32_t)event, (double)value / operations };
}

/* A group that could not stay on the whole time gives no figure: a scaled count is none. */
static void count_group(struct pass *p, size_t first, size_t count)
{
	uint32_t samples = samples_of(p);
	double operations = (double)samples * bench__ops(p->bench);
	uint64_t values[EVENT_GROUP_MAX];
	struct event_group group;
	struct error err;
	size_t i;

	if (events__open(&group, p->spec->events->event + first, count, 0, NULL, &err) < 0)
		return;
	pass__before_round(p);
	if (events__start(&group) == 0) {
		run_samples(p, samples);
		if (events__stop(&group) == 0 && events__read(&group, values, &err) == 0)
			for (i = 0; i < count; i++)
				store(p, first + i, values[i], operations);
	}
	events__close(&group);
}

void counters__run(struct pass *p)
{
	const struct events_plan *plan = p->spec->events;
	size_t pass, first = 0;

	if (!plan || p->bench->measure)
		return;
	for (pass = 0; pass < plan->pass_count; pass++) {
		count_group(p, first, plan->pass_size[pass]);
		first += plan->pass_size[pass];
	}
}
