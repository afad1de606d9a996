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
		[METRIC_TRACED_GUEST] = "traced_guest",
		[METRIC_TRACED_GUEST_ENTRY] = "traced_guest_entry",
		[METRIC_TRACED_GUEST_EXIT] = "traced_guest_exit",
		[METRIC_TRACED_GUEST_USER] = "traced_guest_user",
		[METRIC_TRACE_LEGS + TRACE_LEG_VMEXIT] = "trace_vmexit",
		[METRIC_TRACE_LEGS + TRACE_LEG_HANDLER] = "trace_handler",
		[METRIC_TRACE_LEGS + TRACE_LEG_RETURN] = "trace_return",
		[METRIC_TRACE_LEGS + TRACE_LEG_USER] = "trace_user",
		[METRIC_TRACE_LEGS + TRACE_LEG_SWITCH] = "trace_switch",
		[METRIC_TRACE_LEGS + TRACE_LEG_VMENTER] = "trace_vmenter",
		[METRIC_TRACE_LEGS + TRACE_LEG_BETWEEN] = "trace_between",
	};

	return names[m];
}
