// SPDX-License-Identifier: MIT
/* summary.csv, checks.csv: no input may crash the readers. */
#include "tests/fuzz/fuzz.h"

#include "results/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct summary_file f;
	struct checks_file c;
	struct error err;

	if (!summary_file__parse("f", (const char *)data, size, 1, &f, &err))
		summary_file__free(&f);
	if (!checks_file__read(fuzz__file(data, size), &c, &err))
		checks_file__free(&c);
	return 0;
}
