// SPDX-License-Identifier: MIT
#include "measure/events_name.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "measure/events_tracefs.h"

#define CACHE(cache, op, result)                                                                             \
	(PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##op << 8 |                                    \
		PERF_COUNT_HW_CACHE_RESULT_##result << 16)
#define HARDWARE(event)     EVENT_HARDWARE, PERF_TYPE_HARDWARE, PERF_COUNT_HW_##event
#define HARDWARE_CACHE(...) EVENT_HARDWARE, PERF_TYPE_HW_CACHE, CACHE(__VA_ARGS__)
#define SOFTWARE(event)     EVENT_SOFTWARE, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##event

/* The kernel maps these to whatever the CPU has, so they work on CPUs that libpfm4 doesn't know yet. */
static const struct {
	const char *name;
	enum event_kind kind;
	uint32_t type;
	uint64_t config;
} generic[] = {
	{ "cycles", HARDWARE(CPU_CYCLES) },
	{ "ref-cycles", HARDWARE(REF_CPU_CYCLES) },
	{ "instructions", HARDWARE(INSTRUCTIONS) },
	{ "branches", HARDWARE(BRANCH_INSTRUCTIONS) },
	{ "branch-misses", HARDWARE(BRANCH_MISSES) },
	{ "cache-references", HARDWARE(CACHE_REFERENCES) },
	{ "cache-misses", HARDWARE(CACHE_MISSES) },
	{ "stalled-cycles-frontend", HARDWARE(STALLED_CYCLES_FRONTEND) },
	{ "stalled-cycles-backend", HARDWARE(STALLED_CYCLES_BACKEND) },
	{ "L1-icache-load-misses", HARDWARE_CACHE(L1I, READ, MISS) },
	{ "L1-dcache-load-misses", HARDWARE_CACHE(L1D, READ, MISS) },
	{ "LLC-load-misses", HARDWARE_CACHE(LL, READ, MISS) },
	{ "iTLB-load-misses", HARDWARE_CACHE(ITLB, READ, MISS) },
	{ "dTLB-load-misses", HARDWARE_CACHE(DTLB, READ, MISS) },
	{ "dTLB-store-misses", HARDWARE_CACHE(DTLB, WRITE, MISS) },
	{ "context-switches", SOFTWARE(CONTEXT_SWITCHES) },
	{ "cpu-migrations", SOFTWARE(CPU_MIGRATIONS) },
	{ "page-faults", SOFTWARE(PAGE_FAULTS) },
	{ "minor-faults", SOFTWARE(PAGE_FAULTS_MIN) },
	{ "major-faults", SOFTWARE(PAGE_FAULTS_MAJ) },
	{ "task-clock", SOFTWARE(TASK_CLOCK) },
};

const char *const events_default[] = {
	"cycles:k:mh",
	"instructions:k:mh",
	"cycles:u:mh",
	"instructions:u:mh",
	"branch-misses:mh",
	"L1-icache-load-misses:mh",
	"iTLB-load-misses:mh",
	"dTLB-load-misses:mh",
	"cycles:mg",
	"instructions:mg",
};
const size_t events_default_count = ARRAY_SIZE(events_default);

const char *event_kind__name(enum event_kind kind)
{
	static const char *const names[] = {
		[EVENT_HARDWARE] = "hardware",
		[EVENT_SOFTWARE] = "software",
		[EVENT_TRACEPOINT] = "tracepoint",
		[EVENT_PMU] = "unit",
	};

	return names[kind];
}

const char *generic_event__name(size_t i, enum event_kind *kind)
{
	if (i >= ARRAY_SIZE(generic))
		return NULL;
	*kind = generic[i].kind;
	return generic[i].name;
}

/* Modifiers choose: naming one of a pair leaves the other out, naming both leaves none out. */
static int apply_modifiers(struct event *event, const char *modifiers)
{
	bool user = false, kernel = false, host = false, guest = false;
	char text[EVENT_NAME_MAX], *save = NULL;

	snprintf(text, sizeof(text), "%s", modifiers);
	for (char *word = strtok_r(text, ":", &save); word; word = strtok_r(NULL, ":", &save)) {
		if (!strcmp(word, "u"))
			user = true;
		else if (!strcmp(word, "k"))
			kernel = true;
		else if (!strcmp(word, "mh"))
			host = true;
		else if (!strcmp(word, "mg"))
			guest = true;
		else
			return -EINVAL;
	}
	event->exclude_user = kernel && !user;
	event->exclude_kernel = user && !kernel;
	event->exclude_guest = host && !guest;
	event->exclude_host = guest && !host;
	return 0;
}

/* 1 found, 0 no such name, -1 with err. */
static int resolve_generic(const char *name, struct event *event, struct error *err)
{
	size_t length = strcspn(name, ":");

	for (size_t i = 0; i < ARRAY_SIZE(generic); i++) {
		if (strlen(generic[i].name) != length || strncmp(generic[i].name, name, length))
			continue;
		event->kind = generic[i].kind;
		event->type = generic[i].type;
		event->config = generic[i].config;
		if (apply_modifiers(event, name + length))
			return error__set(err, EXIT_USAGE,
				"%s: modifiers are :u :k (user, kernel) and :mh :mg (host, guest)", name);
		return 1;
	}
	return 0;
}

/* Puts a value into the bits that a format file names: "config:0-7,32-35" (sysfs-bus-event_source-devices-format). */
static int put_bits(struct event *event, const char *format, uint64_t value)
{
	const char *colon = strchr(format, ':');
	uint64_t *field = !strncmp(format, "config1:", 8)   ? &event->config1
			  : !strncmp(format, "config2:", 8) ? &event->config2
			  : !strncmp(format, "config:", 7)  ? &event->config
							    : NULL;

	if (!field)
		return -EINVAL;
	for (const char *p = colon + 1; *p;) {
		char *end;
		unsigned long first = strtoul(p, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (unsigned long bit = first; bit <= last && bit < 64; bit++, value >>= 1)
			*field |= (value & 1) << bit;
		if (*end && *end != ',')
			return -EINVAL;
		p = *end ? end + 1 : end;
	}
	return 0;
}

/* "unit/event/" or "unit/field=value,.../" by the files of the unit's folder. */
static int resolve_unit(const char *name, struct event *event, struct error *err)
{
	char unit[64], terms[256], path[256], text[256], *save = NULL;
	const char *slash = strchr(name, '/'), *last = strrchr(name, '/');
	long long type;

	if (last == slash || last[1]) /* modifiers aren't for units: what they count has no user or guest */
		return error__set(err, EXIT_USAGE, "%s: write UNIT/EVENT/, e.g. msr/smi/", name);
	snprintf(unit, sizeof(unit), "%.*s", (int)(slash - name), name);
	snprintf(terms, sizeof(terms), "%.*s", (int)(last - slash - 1), slash + 1);
	snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/type", unit);
	if (strstr(unit, "..") || file__read_long("", path, &type))
		return error__set(err, EXIT_USAGE,
			"%s: this machine has no unit \"%s\" (ls /sys/bus/event_source/devices)", name, unit);
	event->kind = strcmp(unit, "cpu") ? EVENT_PMU : EVENT_HARDWARE;
	event->type = (uint32_t)type;
	if (!strchr(terms, '=')) {
		snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/events/%.64s", unit, terms);
		if (strchr(terms, '/') || file__read("", path, terms, sizeof(terms)) < 0)
			return error__set(err, EXIT_USAGE, "%s: the unit has no such event (ls %.*s)", name,
				(int)(strrchr(path, '/') - path), path);
	}
	for (char *term = strtok_r(terms, ",", &save); term; term = strtok_r(NULL, ",", &save)) {
		char *value = strchr(term, '=');

		if (value)
			*value++ = '\0';
		snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/format/%.60s", unit, term);
		if (file__read("", path, text, sizeof(text)) < 0 ||
			put_bits(event, text, value ? strtoull(value, NULL, 0) : 1))
			return error__set(err, EXIT_USAGE, "%s: the unit has no field \"%s\"", name, term);
	}
	return 1;
}

/* "kvm:kvm_exit" or "kvm:kvm_exit[filter]". 1 found, 0 no such name, -1 with err. */
static int resolve_tracepoint(const char *name, struct event *event, struct error *err)
{
	const char *bracket = strchr(name, '[');
	size_t length = bracket ? (size_t)(bracket - name) : strlen(name);
	char plain[EVENT_NAME_MAX];
	long id;

	snprintf(plain, sizeof(plain), "%.*s", (int)length, name);
	if (!tracepoint__is_name(plain))
		return 0;
	if (bracket && (strlen(bracket) < 3 || bracket[strlen(bracket) - 1] != ']'))
		return error__set(err, EXIT_USAGE,
			"%s: write TRACEPOINT[FILTER], e.g. kvm:kvm_exit[exit_reason==10]", name);
	event->kind = EVENT_TRACEPOINT;
	if (!bracket && !tracefs__find("", NULL)) {
		event->by_bpf = true;
		return 1;
	}
	if (!tracefs__find("", err))
		return error__prefix(err, "%s: a filter needs the fields' layout", name);
	id = tracepoint__id("", plain, err);
	if (id < 0)
		return -1;
	event->type = PERF_TYPE_TRACEPOINT;
	event->config = (uint64_t)id;
	if (bracket)
		snprintf(event->filter, sizeof(event->filter), "%.*s", (int)strlen(bracket) - 2, bracket + 1);
	return 1;
}

int event__resolve(const char *name, struct event *event, struct error *err)
{
	int found;

	memset(event, 0, sizeof(*event));
	if (!*name || strlen(name) >= sizeof(event->name))
		return error__set(err, EXIT_USAGE, "\"%.40s\" is no event's name", name);
	strcpy(event->name, name);
	found = resolve_generic(name, event, err);
	if (!found && strchr(name, '/'))
		found = resolve_unit(name, event, err);
	if (!found)
		found = resolve_tracepoint(name, event, err);
	if (found)
		return found < 0 ? -1 : 0;
	return pfm__resolve(name, event, err);
}
