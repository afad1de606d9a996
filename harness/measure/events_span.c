// SPDX-License-Identifier: MIT
#include "measure/events_span.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Opens all of these as one group, or leaves the group empty and says why. */
static void open_group(
	struct event_group *group, const char *const *names, size_t count, char *missing, size_t size)
{
	struct event event[EVENT_GROUP_MAX];
	struct error err = { 0 };
	size_t i = 0;

	while (i < count && !event__resolve(names[i], &event[i], &err))
		i++;
	if (i == count && !events__open(group, event, count, 0, NULL, &err))
		return;
	group->count = 0;
	snprintf(missing + strlen(missing), size - strlen(missing), "%s%.200s", *missing ? "; " : "",
		err.text);
}

void events_span__open(struct events_span *s)
{
	static const char *const frequency[] = { "msr/aperf/", "msr/mperf/" };
	static const char *const smi[] = { "msr/smi/" };

	memset(s, 0, sizeof(*s));
	open_group(&s->frequency, frequency, 2, s->missing, sizeof(s->missing));
	open_group(&s->smi, smi, 1, s->missing, sizeof(s->missing));
}

int events_span__start(struct events_span *s)
{
	int ret = s->frequency.count ? events__start(&s->frequency) : 0;

	return ret || !s->smi.count ? ret : events__start(&s->smi);
}

int events_span__stop(struct events_span *s, struct span_facts *facts)
{
	int frequency = s->frequency.count ? events__stop(&s->frequency) : 0;
	int smi = s->smi.count ? events__stop(&s->smi) : 0;
	uint64_t value[2];

	*facts = (struct span_facts){ NAN, NAN };
	if (frequency || smi)
		return frequency ? frequency : smi;
	if (s->frequency.count && !events__read(&s->frequency, value, NULL) && value[1])
		facts->core_per_reference = (double)value[0] / (double)value[1];
	if (s->smi.count && !events__read(&s->smi, value, NULL))
		facts->smis = (double)value[0];
	return 0;
}

void events_span__close(struct events_span *s)
{
	events__close(&s->frequency);
	events__close(&s->smi);
}
