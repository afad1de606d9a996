// SPDX-License-Identifier: MIT
/* Thresholds files. */
#include "tests/fuzz/fuzz.h"

#include "compare/thresholds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct thresholds t;
	struct error err;

	if (thresholds__parse("f", (const char *)data, size, &t, &err))
		return 0;
	for (size_t i = 0; i < t.count; i++)
		REQUIRE(t.list[i].off || (t.list[i].limit >= 0 && t.list[i].limit <= 10));
	(void)thresholds__find(&t, "pio/out-user-1b", "guest");
	thresholds__free(&t);
	return 0;
}
