// SPDX-License-Identifier: MIT
/* What the kinds of exits cost, in a sentence. */
#include <math.h>
#include <string.h>

#include "report/report.h"
#include "results/json_file.h"

double report__median(const struct input *in, const char *bench, const char *metric)
{
	for (size_t i = 0; i < in->summary.count; i++) {
		const struct summary_row *row = &in->summary.rows[i];

		if (!strcmp(row->key.bench, bench) && !strcmp(row->metric, metric) && row->key.vcpus == 1 &&
			row->key.vms == 1 && row->status == ROW_OK)
			return row->median;
	}
	return NAN;
}

void report__in_short(const struct report *r, struct text *t)
{
	static const struct {
		const char *bench, *metric, *what;
	} costs[] = { { "floor/syscall", "roundtrip", "a system call" },
		{ "cpuid/leaf0", "net", "an exit that the kernel handles" },
		{ "pio/out-user-1b", "roundtrip", "an exit to user space" },
		{ "mmio/read-user-4b", "roundtrip", "one for MMIO" },
		{ "ept/first-write-4k-absent", "net", "a page fault" } };
	const struct input *in = report__first(r);
	bool exact = !strcmp(input__fact(in, "clock.unit", "tsc"), "insn");
	double khz = json_number_value(json__get(in->run, "clock.tsc_khz"));
	const char *between = "<p class=short>In short: ";

	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		double value = report__median(in, costs[i].bench, costs[i].metric);

		/* As in the ladder: round trips without an empty call. */
		if (!strcmp(costs[i].metric, "roundtrip"))
			value -= report__median(in, "floor/call-host", "roundtrip");
		if (isnan(value))
			continue;
		text__printf(t, "%s%s (%s) <b>%.0f</b> %s", between, costs[i].what, costs[i].bench, value,
			exact ? "instructions" : "ticks");
		if (!exact && khz > 0)
			text__printf(t, " (%.0f ns)", value * 1e6 / khz);
		between = ", ";
	}
	if (*between == ',')
		text__puts(t, ".</p>\n");
}
