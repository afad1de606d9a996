// SPDX-License-Identifier: MIT
#include "tests/unit/temp_folder.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "results/csv.h"
#include "results/number.h"
#include "stats/random.h"

static void open_text(struct csv_reader *r, const char *text)
{
	struct error err;

	assert_int_equal(csv_reader__open_text(r, "f.csv", text, strlen(text), &err), 0);
}

static void expect_fields(struct csv_reader *r, size_t count, const char *const *fields)
{
	struct error err = { 0 };

	if (csv_reader__next(r, &err) != 1)
		fail_msg("no record: %s", err.text);
	assert_int_equal(r->field_count, count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(r->fields[i].text, fields[i]);
		assert_int_equal(r->fields[i].length, strlen(fields[i]));
	}
}

#define EXPECT(r, ...)                                                                                       \
	expect_fields(                                                                                       \
		r, ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })), (const char *const[]){ __VA_ARGS__ })

static void expect_end(struct csv_reader *r)
{
	struct error err;

	assert_int_equal(csv_reader__next(r, &err), 0);
	csv_reader__close(r);
}

static void expect_error(const char *text, const char *wanted)
{
	struct error err = { 0 };
	struct csv_reader r;
	int got;

	open_text(&r, text);
	while ((got = csv_reader__next(&r, &err)) > 0)
		;
	csv_reader__close(&r);
	assert_int_equal(got, -1);
	assert_int_equal(err.status, EXIT_USAGE);
	if (!strstr(err.text, wanted))
		fail_msg("'%s' does not say '%s'", err.text, wanted);
}

static void reads_rfc_4180(void **state)
{
	struct csv_reader r;

	(void)state;
	open_text(&r, "\xef\xbb\xbf"
		      "a,b,c\n1,,3\r\n\"x,y\",\"say \"\"no\"\"\",\"two\nlines\"\r\n,,\n\"\",\"\"\"\",z");
	EXPECT(&r, "a", "b", "c");
	EXPECT(&r, "1", "", "3");
	EXPECT(&r, "x,y", "say \"no\"", "two\nlines");
	assert_int_equal(r.line, 3);
	assert_int_equal(r.fields[1].column, 7);
	EXPECT(&r, "", "", "");
	assert_int_equal(r.line, 5);
	assert_false(r.unterminated);
	EXPECT(&r, "", "\"", "z");
	assert_true(r.unterminated);
	expect_end(&r);
}

static void an_empty_file_has_no_record(void **state)
{
	struct csv_reader r;

	(void)state;
	open_text(&r, "");
	expect_end(&r);
}

static void malformed_text_is_named_by_line_and_column(void **state)
{
	(void)state;
	expect_error("a,b\n1,x\"y\n", "f.csv:2:4: a quote inside");
	expect_error("a,b\n1,\"x\"y\n", "f.csv:2:6: text behind a closing quote");
	expect_error("a,b\n\"p\nq\",\"r\ns", "f.csv:3:4: the quote is never closed");
	expect_error("a\rb\n", "f.csv:1:2: a carriage return");
}

static void a_nul_byte_is_refused(void **state)
{
	struct csv_reader r;
	struct error err;

	(void)state;
	assert_int_equal(csv_reader__open_text(&r, "f.csv", "a,b\n1,\0\n", 8, &err), 0);
	assert_int_equal(csv_reader__next(&r, &err), 1);
	assert_int_equal(csv_reader__next(&r, &err), -1);
	assert_non_null(strstr(err.text, "f.csv:2:3: a NUL byte"));
	csv_reader__close(&r);
}

static void a_quote_that_is_never_closed_does_not_eat_the_memory(void **state)
{
	size_t length = 3 * 1024 * 1024;
	char *text = malloc(length + 1), path[] = "/tmp/csv-XXXXXX";
	struct csv_reader r;
	struct error err;
	int fd;

	(void)state;
	memset(text, 'x', length);
	text[0] = '"';
	fd = mkstemp(path);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	assert_int_equal(csv_reader__open(&r, path, &err), 0);
	assert_int_equal(csv_reader__next(&r, &err), -1);
	assert_non_null(strstr(err.text, ":1:1: a line longer than"));
	assert_true(r.size < 4 * 1024 * 1024);
	csv_reader__close(&r);
	unlink(path);
	free(text);
}

/* Records lie across the edges of the reader's buffer. */
static void long_files_are_read_in_pieces(void **state)
{
	char path[] = "/tmp/csv-XXXXXX", number[16], wide[5000];
	struct csv_reader r;
	struct error err;
	FILE *f = fdopen(mkstemp(path), "w");
	size_t lines = 0;

	(void)state;
	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	for (int i = 0; i < 400; i++)
		fprintf(f, "%d,\"%.*s\n\"\"\",end\n", i, i * 12, wide);
	fclose(f);
	assert_int_equal(csv_reader__open(&r, path, &err), 0);
	while (csv_reader__next(&r, &err) == 1) {
		snprintf(number, sizeof(number), "%zu", lines);
		assert_int_equal(r.field_count, 3);
		assert_string_equal(r.fields[0].text, number);
		assert_int_equal(r.fields[1].length, lines * 12 + 2);
		assert_string_equal(r.fields[2].text, "end");
		assert_int_equal(r.line, 2 * lines + 1);
		lines++;
	}
	assert_int_equal(lines, 400);
	csv_reader__close(&r);
	unlink(path);
}

static void a_missing_file_says_so(void **state)
{
	struct csv_reader r;
	struct error err;

	(void)state;
	assert_int_equal(csv_reader__open(&r, "/nonexistent/f.csv", &err), -1);
	assert_string_equal(err.text, "/nonexistent/f.csv: No such file or directory");
	assert_int_equal(err.status, EXIT_USAGE);
}

static void what_is_written_reads_back(void **state)
{
	static const char *const fields[] = { "", "plain", "a,b", "\"", "line\nbreak", "cr\rhere", "é" };
	struct text t = { 0 };
	struct csv_reader r;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (i)
			text__putc(&t, ',');
		csv__add_field(&t, fields[i]);
	}
	text__puts(&t, "\r\n");
	open_text(&r, t.data);
	expect_fields(&r, ARRAY_SIZE(fields), fields);
	expect_end(&r);
	text__free(&t);
}

static void numbers_are_the_shortest_that_read_back(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = { { 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -12345, "-12345" }, { 0.1, "0.1" },
		{ 1.5, "1.5" }, { 1e15, "1e+15" }, { 123456789012345, "123456789012345" },
		{ 1.0 / 3, "0.3333333333333333" }, { 0.1 + 0.2, "0.30000000000000004" }, { 1e300, "1e+300" },
		{ 5e-324, "4.94065645841247e-324" }, { 2812.75, "2812.75" } };
	char out[NUMBER_SIZE];
	struct random r;
	double back;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(number__format(cases[i].value, out), strlen(cases[i].text));
		assert_string_equal(out, cases[i].text);
	}
	assert_int_equal(number__format(NAN, out), 0);
	random__seed(&r, 11);
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = random__next(&r);
		double value;

		memcpy(&value, &bits, sizeof(value));
		if (i & 1)
			value = (double)(int64_t)(bits >> 20) / 1000;
		if (!isfinite(value))
			continue;
		assert_int_equal(number__parse(out, number__format(value, out), &back), 0);
		assert_true(back == value);
	}
}

/* The short cut must round as strtod does. */
static void numbers_are_read_as_strtod_reads_them(void **state)
{
	struct random r;
	char text[32];
	double value;

	(void)state;
	random__seed(&r, 12);
	for (int i = 0; i < 100000; i++) {
		snprintf(text, sizeof(text), "%s%llu.%0*llu", i & 1 ? "-" : "",
			(unsigned long long)(random__next(&r) >> (20 + i % 40)), 1 + i % 9,
			(unsigned long long)random__below(&r, 10));
		assert_int_equal(number__parse(text, strlen(text), &value), 0);
		assert_true(value == strtod(text, NULL));
	}
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const bad[] = { "x", "1,5", "1.5.", "1 ", " 1", "0x10", "nan", "inf", "-", ".",
		"1e", "1e999", "--1", "1_000" };
	double value;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (!number__parse(bad[i], strlen(bad[i]), &value))
			fail_msg("'%s' was read as %g", bad[i], value);
	}
	assert_int_equal(number__parse("", 0, &value), 0);
	assert_true(isnan(value));
	assert_int_equal(number__parse("-1.5e-3", 7, &value), 0);
	assert_true(value == -1.5e-3);
}

static void a_comma_locale_changes_nothing(void **state)
{
	char command[128], out[NUMBER_SIZE];
	double value;
	bool set;

	(void)state;
	/* Few machines have such a locale installed; most have what makes one. */
	snprintf(command, sizeof(command), "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null", folder);
	if (system(command) == 0)
		setenv("LOCPATH", folder, 1);
	set = setlocale(LC_ALL, "de_DE.UTF-8");
	if (!set) {
		print_message("neither the locale de_DE.UTF-8 nor localedef to make it\n");
		skip();
	}
	snprintf(out, sizeof(out), "%.1f", 0.5);
	assert_string_equal(out, "0,5");
	number__format(2812.75, out);
	assert_string_equal(out, "2812.75");
	number__format(0.1 + 0.2, out);
	assert_string_equal(out, "0.30000000000000004");
	assert_int_equal(number__parse("1.25e0", 6, &value), 0);
	assert_true(value == 1.25);
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rfc_4180),
		cmocka_unit_test(an_empty_file_has_no_record),
		cmocka_unit_test(malformed_text_is_named_by_line_and_column),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(a_quote_that_is_never_closed_does_not_eat_the_memory),
		cmocka_unit_test(long_files_are_read_in_pieces),
		cmocka_unit_test(a_missing_file_says_so),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(numbers_are_the_shortest_that_read_back),
		cmocka_unit_test(numbers_are_read_as_strtod_reads_them),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test_setup_teardown(a_comma_locale_changes_nothing, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("results/csv", tests, NULL, NULL);
}
