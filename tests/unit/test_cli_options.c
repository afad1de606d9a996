// SPDX-License-Identifier: MIT
/* Options as data: values checked, errors that name option and value, usage text and dump from one table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/nearest.h"
#include "cli/options.h"
#include "cli/values.h"

struct settings {
	bool flag;
	int set, choice;
	unsigned number, ms;
	uint64_t seed;
	double ratio, seconds;
	const char *text, *cpus;
	struct string_list many;
	struct unsigned_list list;
	int handled;
};

static int even_only(const struct option_spec *s, const char *value, void *settings, struct error *err)
{
	(void)s;
	if (atoi(value) % 2)
		return error__set(err, EXIT_USAGE, "is odd");
	((struct settings *)settings)->handled = atoi(value);
	return 0;
}

#define AT(f) .offset = offsetof(struct settings, f)
static const char *const words[] = { "text", "csv", "json", NULL };
static const struct option_spec specs[] = {
	{ .name = "flag", .letter = 'f', .type = OPTION_FLAG, AT(flag), .help = "a flag" },
	{ .name = "quick", .type = OPTION_SET, AT(set), .value = 7, .help = "a preset" },
	{ .name = "runs",
		.letter = 'r',
		.type = OPTION_UNSIGNED,
		AT(number),
		.argument = "N",
		.min = 1,
		.max = 1000,
		.help = "what it does" },
	{ .name = "timeout", .type = OPTION_MS, AT(ms), .argument = "MS", .help = "what it does" },
	{ .name = "time",
		.type = OPTION_SECONDS,
		AT(seconds),
		.argument = "SECONDS",
		.help = "what it does" },
	{ .name = "seed", .type = OPTION_U64, AT(seed), .argument = "N", .help = "what it does" },
	{ .name = "ratio",
		.type = OPTION_NUMBER,
		AT(ratio),
		.argument = "X",
		.min = -1,
		.max = 1,
		.help = "what it does" },
	{ .name = "output",
		.letter = 'o',
		.type = OPTION_STRING,
		AT(text),
		.argument = "DIR",
		.help = "what it does" },
	{ .name = "bench", .type = OPTION_STRINGS, AT(many), .argument = "ID", .help = "what it does" },
	{ .name = "vcpus",
		.type = OPTION_LIST,
		AT(list),
		.argument = "LIST",
		.min = 1,
		.max = 64,
		.help = "what it does" },
	{ .name = "cpus", .type = OPTION_CPUS, AT(cpus), .argument = "LIST", .help = "what it does" },
	{ .name = "format",
		.type = OPTION_CHOICE,
		AT(choice),
		.argument = "FORMAT",
		.choices = words,
		.help = "how" },
	{ .name = "even",
		.type = OPTION_HANDLER,
		AT(handled),
		.argument = "N",
		.handler = even_only,
		.help = "what it does" },
};
static const struct option_table table = {
	.command = "test", .operands = "[WORD...]", .specs = specs, .count = ARRAY_SIZE(specs)
};
static const struct option_table no_operands = {
	.command = "bare", .specs = specs, .count = ARRAY_SIZE(specs)
};

static struct settings got;
static struct error err;
static char *args[32];
static int arg_count;

/* getopt moves the words about: they have to be in an array of their own. */
static int parse_by(const struct option_table *t, const char *const *list)
{
	arg_count = 0;
	args[arg_count++] = (char *)"test";
	for (; *list; list++)
		args[arg_count++] = (char *)*list;
	args[arg_count] = NULL;
	got = (struct settings){ 0 };
	err = (struct error){ 0 };
	return options__parse(t, &got, arg_count, args, &err);
}
#define parse(...) parse_by(&table, (const char *const[]){ __VA_ARGS__, NULL })

#define assert_refused(wanted, ...)                                                                          \
	do {                                                                                                 \
		assert_int_equal(parse(__VA_ARGS__), OPTIONS_ERROR);                                         \
		assert_int_equal(err.status, EXIT_USAGE);                                                    \
		assert_string_equal(err.text, wanted);                                                       \
	} while (0)

static void every_type_is_stored(void **state)
{
	(void)state;
	int first = parse("-f", "one", "--quick", "--runs", "12", "--timeout=1500", "--time", "2m", "--seed",
		"0xffffffffffffffff", "--ratio", "-0.25", "-o", "dir", "--bench", "a", "--bench", "b",
		"--vcpus", "1,2,4-6", "--cpus", "0-3,8", "--format", "json", "--even", "4", "two");

	assert_string_equal(err.text, "");
	assert_int_equal(arg_count - first, 2);
	assert_string_equal(args[first], "one");
	assert_string_equal(args[first + 1], "two");
	assert_true(got.flag);
	assert_int_equal(got.set, 7);
	assert_int_equal(got.number, 12);
	assert_int_equal(got.ms, 1500);
	assert_float_equal(got.seconds, 120, 0);
	assert_true(got.seed == UINT64_MAX);
	assert_float_equal(got.ratio, -0.25, 1e-12);
	assert_string_equal(got.text, "dir");
	assert_int_equal(got.many.count, 2);
	assert_string_equal(got.many.items[1], "b");
	assert_int_equal(got.list.count, 5);
	assert_int_equal(got.list.items[4], 6);
	assert_string_equal(got.cpus, "0-3,8");
	assert_int_equal(got.choice, 2);
	assert_int_equal(got.handled, 4);
}

static void options_follow_words_whatever_posix_says(void **state)
{
	int first;

	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1);
	first = parse("one", "--runs", "12", "two");
	assert_int_equal(got.number, 12);
	assert_int_equal(arg_count - first, 2);
	assert_string_equal(args[first + 1], "two");
}

static void a_second_parse_starts_anew(void **state)
{
	int first;

	(void)state;
	assert_int_equal(parse("--nonsense"), OPTIONS_ERROR);
	first = parse("x", "-f");
	assert_int_equal(arg_count - first, 1);
	assert_true(got.flag);
	first = parse("--", "--flag");
	assert_int_equal(arg_count - first, 1);
	assert_false(got.flag);
}

static void errors_name_option_and_value(void **state)
{
	(void)state;
	assert_refused("option --runs: '0' is not a whole number from 1 to 1000", "--runs", "0");
	assert_refused("option --runs: '12x' is not a whole number from 1 to 1000", "-r", "12x");
	assert_refused("option --runs: '-1' is not a whole number from 1 to 1000", "--runs=-1");
	assert_refused("option --runs: '' is not a whole number from 1 to 1000", "--runs=");
	assert_refused("option --time: '1,5' is not a duration: the decimal point is '.', as in 1.5s",
		"--time", "1,5");
	assert_refused(
		"option --time: 'soon' is not a duration such as 90, 1.5s, 200ms or 2m", "--time", "soon");
	assert_refused("option --time: '0' is not a duration above 0 and below a week", "--time", "0");
	assert_refused("option --ratio: '2' is not within -1 to 1", "--ratio", "2");
	assert_refused("option --ratio: '0,5' is not a number (the decimal point is '.')", "--ratio", "0,5");
	assert_refused("option --ratio: 'nan' is not a number", "--ratio", "nan");
	assert_refused(
		"option --vcpus: '1,,2' is not a list of numbers such as 1,2,4 or 1-4", "--vcpus", "1,,2");
	assert_refused("option --vcpus: '0' names a number outside 1 to 64", "--vcpus", "0");
	assert_refused("option --vcpus: '1,2,1' names 1 twice", "--vcpus", "1,2,1");
	assert_refused(
		"option --vcpus: '4-2' is not a list of numbers such as 1,2,4 or 1-4", "--vcpus", "4-2");
	assert_refused("option --cpus: '0-' is not a CPU list such as 0-3,8", "--cpus", "0-");
	assert_refused("option --cpus: '9999' is not a CPU list such as 0-3,8", "--cpus", "9999");
	assert_refused("option --format: 'jsn' is not one of text, csv, json; did you mean 'json'?",
		"--format", "jsn");
	assert_refused("option --output: '' is empty", "--output=");
	assert_refused("option --even: '3' is odd", "--even", "3");
	assert_refused("option '--runs' needs an argument: N", "--runs");
	assert_refused("option '--output' needs an argument: DIR", "-o");
	assert_refused("option '--quick' takes no argument", "--quick=3");
}

static void unknown_options_get_a_suggestion(void **state)
{
	(void)state;
	assert_refused("unknown option '--rusn'; did you mean '--runs'?", "--rusn", "3");
	assert_refused("unknown option '--formt'; did you mean '--format'?", "--formt=csv");
	assert_refused("unknown option '--hlep'; did you mean '--help'?", "--hlep");
	assert_refused("unknown option '--zzzzzz'; 'vmexit-bench test --help' lists them", "--zzzzzz");
	assert_refused("unknown option '-z'; 'vmexit-bench test --help' lists them", "-z");
	assert_refused("unknown option '-z'; 'vmexit-bench test --help' lists them", "-fz");
	assert_refused("option '--f' could be several; write it out", "--f");
	assert_int_equal(parse("--qui"), 2); /* what is unambiguous may be cut short, as getopt_long has it */
	assert_int_equal(got.set, 7);
}

static void operands_only_where_they_are_taken(void **state)
{
	(void)state;
	assert_int_equal(parse_by(&no_operands, (const char *const[]){ "-f", "x", NULL }), OPTIONS_ERROR);
	assert_string_equal(err.text, "'x' is one word too many: 'bare' takes options only");
	assert_int_equal(parse_by(&no_operands, (const char *const[]){ "-f", NULL }), 2);
}

static void help_wins_over_what_follows(void **state)
{
	(void)state;
	assert_int_equal(parse("--help", "--nonsense"), OPTIONS_HELP);
	assert_int_equal(parse("-h"), OPTIONS_HELP);
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		double bare, want;
	} good[] = { { "90", 1, 90 }, { "1.5s", 1, 1.5 }, { "200ms", 1, 0.2 }, { "2m", 1, 120 },
		{ "2min", 1, 120 }, { "1h", 1, 3600 }, { ".5", 1, 0.5 }, { "250", 0.001, 0.25 },
		{ "3s", 0.001, 3 } };
	static const char *const bad[] = { "", "s", "1.5.2", "-3", "1e3", "0x10", "inf", "10 s", "8000h",
		"5d", "." };
	double seconds;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(value__duration(good[i].text, good[i].bare, &seconds, &err), 0);
		assert_float_equal(seconds, good[i].want, 1e-12);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(value__duration(bad[i], 1, &seconds, &err), -1);
}

static unsigned one_or_two(const char *word)
{
	return strcmp(word, "one") ? strcmp(word, "two") ? 0 : 2 : 1;
}

static void lists_of_words(void **state)
{
	static const char *const bad[] = { "three", "one,three", "one,,two", ",", "One", "one two",
		"one-that-is-longer-than-any-word-there-is" };
	unsigned bits = 4;

	(void)state;
	assert_int_equal(value__bits("two", one_or_two, "one, two", &bits, &err), 0);
	assert_int_equal(bits, 2);
	assert_int_equal(value__bits("one,two,one,", one_or_two, "one, two", &bits, &err), 0);
	assert_int_equal(bits, 3);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(value__bits(bad[i], one_or_two, "one, two", &bits, &err), -1);
		assert_string_equal(err.text, "is not a list of one, two");
	}
	assert_int_equal(value__bits("", one_or_two, "one, two", &bits, &err), -1);
	assert_string_equal(err.text, "names nothing");
}

static void whole_numbers_at_their_limits(void **state)
{
	unsigned u;
	uint64_t v;

	(void)state;
	assert_int_equal(value__unsigned("4294967295", 0, 0, &u, &err), 0);
	assert_true(u == UINT32_MAX);
	assert_int_equal(value__unsigned("4294967296", 0, 0, &u, &err), -1);
	assert_int_equal(value__u64("18446744073709551615", &v, &err), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(value__u64("18446744073709551616", &v, &err), -1);
	assert_int_equal(value__u64("0x10000000000000000", &v, &err), -1);
	assert_int_equal(value__u64("0x", &v, &err), -1);
	assert_int_equal(value__u64("+1", &v, &err), -1);
	assert_int_equal(value__u64(" 1", &v, &err), -1);
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(nearest__distance("kitten", "sitting"), 3);
	assert_int_equal(nearest__distance("runs", "rusn"), 1); /* two neighbours swapped are one mistake */
	assert_int_equal(nearest__distance("", "abc"), 3);
	assert_int_equal(nearest__distance("abc", ""), 3);
	assert_int_equal(nearest__distance("same", "same"), 0);
}

static char *written(void (*write)(FILE *out))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	write(out);
	fclose(out);
	return text;
}

static void write_usage(FILE *out)
{
	options__usage(&table, out, 60);
}

static void write_dump(FILE *out)
{
	options__dump(&table, out);
}

static void usage_and_dump_come_from_the_table(void **state)
{
	char *usage = written(write_usage), *dump = written(write_dump);

	(void)state;
	assert_non_null(strstr(usage, "Usage: vmexit-bench test [OPTION...] [WORD...]\n"));
	assert_non_null(strstr(usage, "  -r, --runs N"));
	assert_non_null(strstr(usage, "      --vcpus LIST"));
	assert_non_null(strstr(usage, "  -h, --help"));
	for (char *line = strtok(usage, "\n"); line; line = strtok(NULL, "\n"))
		assert_in_range(strlen(line), 0, 60);
	assert_non_null(strstr(dump, "test\t--format\t-\tFORMAT\ttext,csv,json\thow\n"));
	assert_non_null(strstr(dump, "test\t--flag\t-f\t-\t-\ta flag\n"));
	assert_non_null(strstr(dump, "test\t--help\t-h\t-\t-\t"));
	free(usage);
	free(dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_stored),
		cmocka_unit_test(options_follow_words_whatever_posix_says),
		cmocka_unit_test(a_second_parse_starts_anew),
		cmocka_unit_test(errors_name_option_and_value),
		cmocka_unit_test(unknown_options_get_a_suggestion),
		cmocka_unit_test(operands_only_where_they_are_taken),
		cmocka_unit_test(help_wins_over_what_follows),
		cmocka_unit_test(durations),
		cmocka_unit_test(lists_of_words),
		cmocka_unit_test(whole_numbers_at_their_limits),
		cmocka_unit_test(distances),
		cmocka_unit_test(usage_and_dump_come_from_the_table),
	};

	return cmocka_run_group_tests_name("cli/options", tests, NULL, NULL);
}
