// SPDX-License-Identifier: MIT
/* What the kinds of exits cost, in a sentence. */
#include <math.h>
#include <string.h>

#include "report/model.h"
#include "report/report.h"
#include "results/json_file.h"

double report__median(const struct input *in, const char *bench, const char *metric)
{
	return model__median(in->summary.rows, in->summary.count, bench, metric);
}

void report__in_short(const struct report *r, struct text *t)
{
	static const struct {
		const char *bench, *metric, *what;
		const char *less; /* what surrounds a round trip, as in the model and the ladder */
	} costs[] = { { "floor/syscall", "roundtrip", "a system call", "floor/call-host" },
		{ "cpuid/leaf0", "net", "an exit that the kernel handles" },
		{ "pio/out-user-1b", "roundtrip", "an exit to user space", "floor/stamp-host" },
		{ "mmio/read-user-4b", "roundtrip", "one for MMIO", "floor/stamp-host" },
		{ "ept/first-write-4k-absent", "net", "a page fault" } };
	const struct input *in = report__first(r);
	bool exact = !strcmp(input__fact(in, "clock.unit", "tsc"), "insn");
	double khz = json_number_value(json__get(in->run, "clock.tsc_khz"));
	const char *between = "<p class=short>In short: ";

	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		double value = report__median(in, costs[i].bench, costs[i].metric);

		if (costs[i].less)
			value -= report__median(in, costs[i].less, "roundtrip");
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
