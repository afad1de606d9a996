// SPDX-License-Identifier: MIT
/* The one file that sees libpfm4: its header and linux/perf_event.h define the same structures. */
#include "measure/events_name.h"

#include <stdio.h>
#include <string.h>

#ifdef HAVE_LIBPFM

#include <perfmon/pfmlib_perf_event.h>

static bool initialised(void)
{
	static int state; /* 0 not tried, 1 fine, -1 failed */

	if (!state)
		state = pfm_initialize() == PFM_SUCCESS ? 1 : -1;
	return state > 0;
}

/* Does libpfm4 know the counters of this CPU? */
static bool knows_cpu(void)
{
	pfm_pmu_info_t info;
	int pmu;

	pfm_for_all_pmus(pmu)
	{
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		if (pfm_get_pmu_info(pmu, &info) == PFM_SUCCESS && info.is_present &&
			info.type == PFM_PMU_TYPE_CORE)
			return true;
	}
	return false;
}

int pfm__resolve(const char *name, struct event *event, struct error *err)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	pfm_perf_encode_arg_t arg = { .attr = &attr, .size = sizeof(arg) };
	int ret;

	if (!initialised())
		return error__set(err, EXIT_USAGE, "%s: libpfm4 doesn't start", name);
	ret = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT_EXT, &arg);
	if (ret != PFM_SUCCESS && !knows_cpu())
		return error__set(err, EXIT_USAGE,
			"%s: libpfm4 doesn't know this CPU's counters; the kernel's generic events may work: list --events",
			name);
	if (ret != PFM_SUCCESS)
		return error__set(err, EXIT_USAGE, "%s: libpfm4: %s; list --events shows what there is", name,
			pfm_strerror(ret));
	event->kind = attr.type == PERF_TYPE_SOFTWARE     ? EVENT_SOFTWARE
		      : attr.type == PERF_TYPE_TRACEPOINT ? EVENT_TRACEPOINT
							  : EVENT_HARDWARE;
	event->type = attr.type;
	event->config = attr.config;
	event->config1 = attr.config1;
	event->config2 = attr.config2;
	event->exclude_user = attr.exclude_user;
	event->exclude_kernel = attr.exclude_kernel;
	/* libpfm4 leaves the guest out unless told; here a name without modifiers counts everything. */
	if (strstr(name, ":mg") || strstr(name, ":mh")) {
		event->exclude_guest = attr.exclude_guest;
		event->exclude_host = attr.exclude_host;
	}
	return 0;
}

void pfm__list(event_list_fn fn, void *context)
{
	pfm_pmu_info_t unit;
	int pmu;

	if (!initialised())
		return;
	pfm_for_all_pmus(pmu)
	{
		memset(&unit, 0, sizeof(unit));
		unit.size = sizeof(unit);
		if (pfm_get_pmu_info(pmu, &unit) != PFM_SUCCESS || !unit.is_present ||
			unit.type != PFM_PMU_TYPE_CORE)
			continue;
		for (int i = unit.first_event; i != -1; i = pfm_get_event_next(i)) {
			pfm_event_info_t info = { .size = sizeof(info) };
			char name[EVENT_NAME_MAX];

			if (pfm_get_event_info(i, PFM_OS_PERF_EVENT_EXT, &info) != PFM_SUCCESS)
				continue;
			snprintf(name, sizeof(name), "%s::%s", unit.name, info.name);
			fn(context, name, event_kind__name(EVENT_HARDWARE), "");
		}
	}
}

#else

int pfm__resolve(const char *name, struct event *event, struct error *err)
{
	(void)event;
	return error__set(err, EXIT_USAGE,
		"%s: no such generic event, and this program was built without libpfm4, which knows the CPU's own: "
		"install it (Debian: libpfm4-dev) and build again",
		name);
}

void pfm__list(event_list_fn fn, void *context)
{
	(void)fn;
	(void)context;
}

#endif
