// SPDX-License-Identifier: MIT
/* results.csv: what is accepted is written and read back the same, and can be summarised. */
#include "tests/fuzz/fuzz.h"

#include "results/summary.h"
#include "results/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct results_file f, again;
	struct summary_row *rows;
	struct text text = { 0 };
	struct error err;
	size_t count;

	if (results_file__parse("f", (const char *)data, size, 1, &f, &err))
		return 0;
	schema__add_header(&schema_results, &text);
	schema__add_rows(&schema_results, &text, f.rows, f.count);
	REQUIRE(results_file__parse("g", text.data, text.used, 1, &again, &err) == 0);
	REQUIRE(again.count == f.count);
	for (size_t i = 0; i < f.count; i++)
		REQUIRE(!strcmp(f.rows[i].key.bench, again.rows[i].key.bench) &&
			f.rows[i].n == again.rows[i].n &&
			(f.rows[i].p50 == again.rows[i].p50 || f.rows[i].p50 != f.rows[i].p50));
	REQUIRE(summary__compute(f.rows, f.count, NULL, 0, &rows, &count, &err) == 0 && count <= f.count);
	free(rows);
	results_file__free(&f);
	results_file__free(&again);
	text__free(&text);
	return 0;
}
