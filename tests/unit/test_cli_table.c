// SPDX-License-Identifier: MIT
/* What the terminal shows: tables, units, wrapped text, the progress line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/columns.h"
#include "cli/progress.h"
#include "cli/reasons.h"
#include "cli/table.h"
#include "cli/units.h"

static char *text;
static size_t size;

static FILE *begin(void)
{
	free(text);
	text = NULL;
	return open_memstream(&text, &size);
}

static const struct table_column columns[] = {
	{ .title = "name", .shrink = 4 },
	{ .title = "empty" },
	{ .title = "value", .align = ALIGN_RIGHT },
	{ .title = "p99", .align = ALIGN_RIGHT, .drop = 2 },
	{ .title = "note", .drop = 1 },
};

static struct table *sample(void)
{
	struct table *t = table__new(columns, ARRAY_SIZE(columns));

	table__heading(t, "nothing here");
	table__heading(t, "pio");
	table__row(t, COLOUR_NONE, (const char *[]){ "pio/out", NULL, "12", "15", "" });
	table__row(t, COLOUR_RED, (const char *[]){ "pio/in-µ", NULL, "3456", "", "late" });
	table__heading(t, "empty at the end");
	return t;
}

static void print(unsigned width, bool colour, bool utf8)
{
	struct terminal terminal = { .width = width, .colour = colour, .utf8 = utf8 };
	struct table *t = sample();
	FILE *out = begin();

	table__print(t, out, &terminal);
	fclose(out);
	table__free(t);
}

static void columns_are_aligned_and_empty_ones_left_out(void **state)
{
	(void)state;
	print(0, false, true);
	assert_string_equal(text, "  name      value  p99  note\n"
				  "pio\n"
				  "  pio/out      12   15\n"
				  "  pio/in-µ   3456       late\n");
}

static void a_narrow_terminal_drops_the_least_important_first(void **state)
{
	(void)state;
	print(28, false, true);
	assert_non_null(strstr(text, "p99"));
	print(27, false, true);
	assert_null(strstr(text, "p99"));
	assert_non_null(strstr(text, "note"));
	print(17, false, true);
	assert_string_equal(text, "  name      value\npio\n  pio/out      12\n  pio/in-µ   3456\n");
	print(15, false, true);
	assert_string_equal(text, "  name    value\npio\n  pio/o…     12\n  pio/i…   3456\n");
	print(15, false, false);
	assert_non_null(strstr(text, "pio/i~   3456\n"));
}

static void what_has_no_room_is_named(void **state)
{
	struct terminal terminal = { .width = 24 };
	struct table *t = sample();
	char buf[32];

	(void)state;
	assert_string_equal(table__left_out(t, &terminal, buf, sizeof(buf)), "p99");
	terminal.width = 16;
	assert_string_equal(table__left_out(t, &terminal, buf, sizeof(buf)), "p99, note");
	terminal.width = 0; /* a pipe */
	assert_string_equal(table__left_out(t, &terminal, buf, sizeof(buf)), "");
	table__free(t);
}

static void colour_only_where_it_is_wanted(void **state)
{
	(void)state;
	print(80, false, true);
	assert_null(strchr(text, '\033'));
	print(80, true, true);
	assert_non_null(strstr(text, "\033[31m  pio/in"));
	assert_non_null(strstr(text, "\033[1mpio\033[0m\n"));
}

static void ticks_keep_their_precision(void **state)
{
	static const struct {
		double value;
		const char *want;
	} cases[] = { { 0, "0" }, { 5, "5" }, { 0.25, "0.25" }, { 9.996, "10.0" }, { 99.96, "100" },
		{ 37.25, "37.2" }, { 999.4, "999" }, { 999.6, "1000" }, { 1234.5, "1234" },
		{ 9999999, "9999999" }, { 1.234e7, "12.3M" }, { 9.9999e9, "10.0G" }, { -12, "-12" },
		{ NAN, "" } };
	char buf[UNITS_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(units__ticks(buf, cases[i].value), cases[i].want);
}

static void times_are_scaled(void **state)
{
	char buf[UNITS_SIZE];

	(void)state;
	assert_string_equal(units__time(buf, 812.4, true), "812 ns");
	assert_string_equal(units__time(buf, 999.7, true), "1.00 µs");
	assert_string_equal(units__time(buf, 45600, false), "45.6 us");
	assert_string_equal(units__time(buf, 2e6, true), "2.00 ms");
	assert_string_equal(units__time(buf, 5e12, true), "5000 s");
	assert_string_equal(units__time(buf, NAN, true), "");
	assert_string_equal(units__rate(buf, 1234567), "1.23 M/s");
	assert_string_equal(units__percent(buf, 0.0023), "0.2 %");
	assert_string_equal(units__percent(buf, 0.00031), "0.03 %");
	assert_string_equal(units__percent(buf, 0.24), "24 %");
	assert_string_equal(units__wait(buf, 3.2), "4 s");
	assert_string_equal(units__wait(buf, 65), "1 min 05 s");
	assert_string_equal(units__wait(buf, 7800), "2 h 10 min");
	assert_string_equal(units__wait(buf, -1), "");
}

static void text_wraps_at_spaces(void **state)
{
	FILE *out = begin();

	(void)state;
	columns__wrap(out, "one two three\n  four five six", 0, 2, 11);
	fclose(out);
	assert_string_equal(text, "  one two\n  three\n    four\n    five\n    six\n");
	assert_int_equal(columns__of("1.2 µs…"), 7);
	assert_int_equal(columns__fit("µµµ", 2), 4);
}

static void reasons_are_gathered(void **state)
{
	struct reasons *r = reasons__new();
	FILE *out = begin();

	(void)state;
	reasons__add(r, "no 1 GiB pages", "ept/a");
	reasons__add(r, "no PIT", "pio/b");
	reasons__add(r, "no PIT", "pio/c");
	reasons__add(r, "no PIT", "pio/c"); /* once more, with another number of vCPUs */
	assert_int_equal(reasons__count(r), 3);
	reasons__print(r, out, 80);
	fclose(out);
	reasons__free(r);
	assert_string_equal(text, "  no PIT\n      pio/b pio/c\n  no 1 GiB pages\n      ept/a\n");
}

static void progress_fits_its_line(void **state)
{
	char line[256];

	(void)state;
	progress__format(line, sizeof(line), 200, 30, 120, 12, "pio/out");
	assert_string_equal(line, "[#####...............] 30/120  12 s left  pio/out");
	progress__format(line, sizeof(line), 30, 120, 120, -1, "pio/out");
	assert_string_equal(line, "[####################] 120/120");
	progress__format(line, sizeof(line), 200, 0, 0, NAN, "x");
	assert_string_equal(line, "[....................] 0/0  x");
}

static int free_text(void **state)
{
	(void)state;
	free(text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned_and_empty_ones_left_out),
		cmocka_unit_test(a_narrow_terminal_drops_the_least_important_first),
		cmocka_unit_test(what_has_no_room_is_named),
		cmocka_unit_test(colour_only_where_it_is_wanted),
		cmocka_unit_test(ticks_keep_their_precision),
		cmocka_unit_test(times_are_scaled),
		cmocka_unit_test(text_wraps_at_spaces),
		cmocka_unit_test(reasons_are_gathered),
		cmocka_unit_test(progress_fits_its_line),
	};

	return cmocka_run_group_tests_name("cli/table", tests, NULL, free_text);
}
