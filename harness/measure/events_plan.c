// SPDX-License-Identifier: MIT
/* Which events this machine counts, in which passes, and why not the others. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "host/json.h"
#include "measure/events.h"
#include "measure/events_name.h"
#include "measure/events_tracefs.h"

/* Reasons are shown once for all events that share them: without the name that the error begins with. */
static void set_missing(struct events_plan *plan, const char *name, const struct error *err)
{
	struct event_missing *m = &plan->missing[plan->missing_count++];
	const char *text = err->text;
	size_t length = strlen(name);

	snprintf(m->name, sizeof(m->name), "%s", name);
	if (!strncmp(text, name, length) && !strncmp(text + length, ": ", 2))
		text += length + 2;
	snprintf(m->reason, sizeof(m->reason), "%s", text);
}

/* Does this group count all the time? Opened, run for a moment and read, on this thread. */
static bool counts_together(const struct event *events, size_t count, struct error *err)
{
	struct event_group group;
	uint64_t value[EVENT_GROUP_MAX];
	bool fine;

	if (events__open(&group, events, count, 0, NULL, err))
		return false;
	fine = !events__start(&group);
	for (volatile int i = 0; i < 10000; i++)
		;
	fine = fine && !events__stop(&group) && !events__read(&group, value, err);
	events__close(&group);
	return fine;
}

/* May these two be in one pass? */
static bool alike(const struct event *a, const struct event *b)
{
	bool software_a = a->kind == EVENT_SOFTWARE || a->kind == EVENT_TRACEPOINT;
	bool software_b = b->kind == EVENT_SOFTWARE || b->kind == EVENT_TRACEPOINT;

	if (a->by_bpf != b->by_bpf)
		return false;
	if (software_a || software_b)
		return software_a == software_b;
	if (a->kind != b->kind || (a->kind == EVENT_PMU && a->type != b->type))
		return false;
	return a->exclude_host == b->exclude_host && a->exclude_guest == b->exclude_guest;
}

/* Takes the events into passes in their order: each begins a pass, and those after it that are like it join
 * while they still count together. */
static void group_passes(struct events_plan *plan, struct event *event, size_t count)
{
	bool *taken = calloc(count + 1, sizeof(*taken));

	for (size_t i = 0; taken && i < count; i++) {
		struct event *pass = &plan->event[plan->event_count];
		size_t size = 1;

		if (taken[i])
			continue;
		pass[0] = event[i];
		for (size_t j = i + 1; j < count && size < EVENT_GROUP_MAX; j++) {
			if (taken[j] || !alike(&event[i], &event[j]))
				continue;
			pass[size] = event[j];
			if (!counts_together(pass, size + 1, NULL))
				continue;
			taken[j] = true;
			size++;
		}
		plan->event_count += size;
		plan->pass_size[plan->pass_count++] = size;
	}
	free(taken);
}

/* Named twice (alone and among the defaults) it is counted once: a row is one figure. */
static void add_once(const char **name, size_t *count, const char *wanted)
{
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(name[i], wanted))
			return;
	name[(*count)++] = wanted;
}

int events_plan__make(struct events_plan *plan, const char *const *names, size_t count, struct error *err)
{
	size_t most = count * (events_default_count + 1), wanted = 0, usable = 0;
	const char **name = malloc((most + 1) * sizeof(*name));
	struct event *event = calloc(most + 1, sizeof(*event));

	*plan = (struct events_plan){ 0 };
	plan->event = calloc(most + 1, sizeof(*plan->event));
	plan->pass_size = calloc(most + 1, sizeof(*plan->pass_size));
	plan->missing = calloc(most + 1, sizeof(*plan->missing));
	if (!name || !event || !plan->event || !plan->pass_size || !plan->missing) {
		free(name);
		free(event);
		events_plan__free(plan);
		return error__set_errno(err, EXIT_IO, ENOMEM, "planning %zu events", count);
	}
	for (size_t i = 0; i < count; i++) {
		size_t defaults = strcmp(names[i], "default") ? 0 : events_default_count;

		for (size_t d = 0; d < defaults; d++)
			add_once(name, &wanted, events_default[d]);
		if (!defaults)
			add_once(name, &wanted, names[i]);
	}
	for (size_t i = 0; i < wanted; i++) {
		struct error why = { 0 };

		if (event__resolve(name[i], &event[usable], &why) ||
			!counts_together(&event[usable], 1, &why))
			set_missing(plan, name[i], &why);
		else
			usable++;
	}
	group_passes(plan, event, usable);
	free(name);
	free(event);
	return 0;
}

void events_plan__free(struct events_plan *plan)
{
	free(plan->event);
	free(plan->pass_size);
	free(plan->missing);
	*plan = (struct events_plan){ 0 };
}

/* Tells one event, tried on this thread. */
static void list_one(const char *name, event_list_fn fn, void *context)
{
	struct error why = { 0 };
	struct event event;
	const char *text = why.text;

	if (!event__resolve(name, &event, &why))
		counts_together(&event, 1, &why);
	if (!strncmp(text, name, strlen(name)) && !strncmp(text + strlen(name), ": ", 2))
		text += strlen(name) + 2;
	fn(context, name, event_kind__name(event.kind), text);
}

static void list_tracepoints(event_list_fn fn, void *context)
{
	struct error err = { 0 };
	const char *tracefs = tracefs__find("", &err);
	char folder[128], name[EVENT_NAME_MAX];
	size_t count;
	char **event;

	if (!tracefs) {
		/* Nobody lists them then; these three are what KVM has had on x86 for ever. */
		list_one("kvm:kvm_exit", fn, context);
		list_one("kvm:kvm_entry", fn, context);
		list_one("kvm:kvm_userspace_exit", fn, context);
		fn(context, "kvm:*", event_kind__name(EVENT_TRACEPOINT), err.text);
		return;
	}
	snprintf(folder, sizeof(folder), "%s/events/kvm", tracefs);
	event = names__list("", folder, "kvm_", &count);
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "kvm:%.100s", event[i]);
		list_one(name, fn, context);
	}
	names__free(event, count);
}

/* Units whose events belong to a thread's time; those of memory controllers and packages don't. */
static void list_units(event_list_fn fn, void *context)
{
	static const char *const units[] = { "msr" };

	for (size_t u = 0; u < ARRAY_SIZE(units); u++) {
		char folder[128], name[EVENT_NAME_MAX];
		size_t count;
		char **event;

		snprintf(folder, sizeof(folder), "/sys/bus/event_source/devices/%s/events", units[u]);
		event = names__list("", folder, "", &count);
		for (size_t i = 0; i < count; i++) {
			snprintf(name, sizeof(name), "%s/%.80s/", units[u], event[i]);
			list_one(name, fn, context);
		}
		names__free(event, count);
	}
}

void events__list(event_list_fn fn, void *context)
{
	bool have_pmu = file__exists("", "/sys/bus/event_source/devices/cpu") ||
			file__exists("", "/sys/bus/event_source/devices/cpu_core");
	enum event_kind kind;
	const char *name;

	for (size_t i = 0; (name = generic_event__name(i, &kind)); i++)
		list_one(name, fn, context);
	list_units(fn, context);
	list_tracepoints(fn, context);
	if (have_pmu)
		pfm__list(fn, context);
}
