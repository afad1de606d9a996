// SPDX-License-Identifier: MIT
/* Baseline files: run.json and two tables in one; what is accepted is compared with itself. */
#include "tests/fuzz/fuzz.h"

#include "compare/baseline.h"
#include "compare/compare.h"
#include "compare/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct compare_options options = COMPARE_OPTIONS_DEFAULT;
	struct side a = { 0 }, b = { 0 };
	struct comparison c;
	struct text text = { 0 };
	struct error err;
	const char *path = fuzz__file(data, size);

	if (side__read(path, &a, &err))
		return 0;
	REQUIRE(side__read(path, &b, &err) == 0);
	if (!compare__run(&a, &b, &options, &c, &err)) {
		/* Whatever a file holds, it isn't slower than itself. */
		REQUIRE(c.by_verdict[VERDICT_SLOWER] == 0 && c.by_verdict[VERDICT_FASTER] == 0);
		render__csv(&c, &text);
		render__json(&c, &text);
		render__markdown(&c, NULL, RENDER_MARKDOWN_MOST, &text);
		text__free(&text);
		comparison__free(&c);
	}
	side__free(&a);
	side__free(&b);
	return 0;
}
