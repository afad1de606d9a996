// SPDX-License-Identifier: MIT
#include "measure/outcome.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"

const char *metric__name(enum metric m)
{
	static const char *const names[METRIC_COUNT] = {
		[METRIC_ROUNDTRIP] = "roundtrip",
		[METRIC_GUEST] = "guest",
		[METRIC_EXIT_LEG] = "exit_leg",
		[METRIC_ENTRY_LEG] = "entry_leg",
		[METRIC_LATENCY] = "latency",
		[METRIC_LATENESS] = "lateness",
	};

	return names[m];
}

const char *flags__text(uint32_t flags, char *buf, size_t size)
{
	static const char *const words[] = {
		"irq",
		"preempted",
		"unsettled",
		"faults",
		"no-exit",
		"emulated",
		"overcommit",
		"split-tsc",
		"skip-emulated",
	};
	size_t used = 0;
	unsigned i;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (flags & (1u << i))
			used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? "+" : "", words[i]);
	return buf;
}
