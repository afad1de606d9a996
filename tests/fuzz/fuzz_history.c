// SPDX-License-Identifier: MIT
/* History files, and the search for changes in what they hold. */
#include "tests/fuzz/fuzz.h"

#include "compare/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct change_options options = CHANGE_OPTIONS_DEFAULT;
	struct history h;
	struct trends t;
	struct error err;

	if (history__read(fuzz__file(data, size), &h, &err))
		return 0;
	options.permutations = 19;
	options.alpha = 0.2;
	REQUIRE(trends__of(&h, NULL, NULL, &options, &t, &err) == 0);
	for (size_t i = 0; i < t.count; i++)
		for (size_t c = 0; c < t.list[i].change_count; c++)
			REQUIRE(t.list[i].changes[c].index > 0 &&
				t.list[i].changes[c].index < t.list[i].count);
	trends__free(&t);
	history__free(&h);
	return 0;
}
