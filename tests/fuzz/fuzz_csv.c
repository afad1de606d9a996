// SPDX-License-Identifier: MIT
/* The CSV reader: from memory and in pieces from a file it must say the same, and fields must survive writing. */
#include "tests/fuzz/fuzz.h"

#include "results/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_reader whole, pieces, again;
	struct text line = { 0 };
	struct error err;
	int a, b;

	REQUIRE(csv_reader__open_text(&whole, "f", (const char *)data, size, &err) == 0);
	REQUIRE(csv_reader__open(&pieces, fuzz__file(data, size), &err) == 0);
	do {
		a = csv_reader__next(&whole, &err);
		b = csv_reader__next(&pieces, &err);
		REQUIRE(a == b);
		if (a <= 0)
			break;
		REQUIRE(whole.field_count == pieces.field_count && whole.line == pieces.line);
		line.used = 0;
		for (size_t i = 0; i < whole.field_count; i++) {
			REQUIRE(!strcmp(whole.fields[i].text, pieces.fields[i].text));
			REQUIRE(strlen(whole.fields[i].text) == whole.fields[i].length);
			if (i)
				text__putc(&line, ',');
			csv__add_field(&line, whole.fields[i].text);
		}
		text__putc(&line, '\n');
		REQUIRE(csv_reader__open_text(&again, "f", line.data, line.used, &err) == 0);
		REQUIRE(csv_reader__next(&again, &err) == 1 && again.field_count == whole.field_count);
		for (size_t i = 0; i < whole.field_count; i++)
			REQUIRE(!strcmp(whole.fields[i].text, again.fields[i].text));
		csv_reader__close(&again);
	} while (a > 0);
	csv_reader__close(&whole);
	csv_reader__close(&pieces);
	text__free(&line);
	return 0;
}
