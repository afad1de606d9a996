// SPDX-License-Identifier: MIT
/* samples.csv, described as it streams by. */
#include "tests/fuzz/fuzz.h"

#include "results/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct results_file f;
	struct error err;

	if (samples_file__describe(fuzz__file(data, size), &f, &err))
		return 0;
	for (size_t i = 0; i < f.count; i++)
		REQUIRE(!f.rows[i].n || (f.rows[i].min <= f.rows[i].p50 && f.rows[i].p50 <= f.rows[i].max));
	results_file__free(&f);
	return 0;
}
