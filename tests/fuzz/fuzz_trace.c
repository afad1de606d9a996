// SPDX-License-Identifier: MIT
/* A line of ftrace, with whatever a thread may be called: what is taken for an event must be one. */
#include "tests/fuzz/fuzz.h"

#include "measure/trace_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_event e, again;
	char line[512], *copy = strndup((const char *)data, size);

	REQUIRE(copy);
	if (trace_text__parse(copy, 231, &e)) {
		REQUIRE(strstr(copy, "-231 ") && strstr(copy, trace_point__name(e.point)));
		snprintf(line, sizeof(line), " vmexit-bench-231 [000] d..1. %llu: %s: vcpu 0\n",
			(unsigned long long)e.tsc, trace_point__name(e.point));
		REQUIRE(trace_text__parse(line, 231, &again));
		REQUIRE(again.tsc == e.tsc && again.point == e.point);
		REQUIRE(!trace_text__parse(line, 232, &again));
	}
	free(copy);
	return 0;
}
