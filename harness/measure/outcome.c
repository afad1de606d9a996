// SPDX-License-Identifier: MIT
#include "measure/outcome.h"

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
