// SPDX-License-Identifier: MIT
/* run --matrix: axes become combinations, each once, named after what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "cli/run_matrix.h"

static int parse(
	struct run_matrix *m, bool change_host, struct error *err, const char *first, const char *second)
{
	struct string_list texts = { .count = second ? 2 : 1, .items = { first, second } };

	return run_matrix__parse(&texts, change_host, m, err);
}

static void every_combination_comes_once(void **state)
{
	struct matrix_choices c[6];
	struct run_request request;
	struct run_matrix m;
	struct error err;
	size_t i, j;

	(void)state;
	assert_int_equal(parse(&m, false, &err, "halt-poll=0,50000,200000", "vpmu=on,off"), 0);
	assert_int_equal(m.combinations, 6);
	for (i = 0; i < 6; i++) {
		run_matrix__choose(&m, i, &c[i], &request);
		assert_int_equal(request.settings.count, 2);
		assert_int_equal(request.host_setting_count, 0);
		for (j = 0; j < i; j++)
			assert_string_not_equal(c[i].name, c[j].name);
	}
	assert_string_equal(c[0].name, "halt-poll=0,vpmu=on");
	assert_string_equal(c[5].name, "halt-poll=200000,vpmu=off");
	run_matrix__free(&m);
}

static void files_of_the_host_need_permission(void **state)
{
	static const char file[] = "/sys/module/kvm/parameters/halt_poll_ns=0,200000";
	struct matrix_choices c;
	struct run_request request;
	struct run_matrix m;
	struct error err;

	(void)state;
	assert_int_equal(parse(&m, false, &err, file, NULL), -1);
	assert_non_null(strstr(err.text, "--change-host"));
	assert_int_equal(parse(&m, true, &err, file, "thp=disabled"), 0);
	run_matrix__choose(&m, 1, &c, &request);
	assert_int_equal(request.host_setting_count, 1);
	assert_string_equal(request.host_settings[0].path, "/sys/module/kvm/parameters/halt_poll_ns");
	assert_string_equal(request.host_settings[0].value, "200000");
	assert_string_equal(c.name, "halt_poll_ns=200000,thp=disabled");
	run_matrix__free(&m);
}

static void wrong(const char *text, const char *words)
{
	struct run_matrix m;
	struct error err;

	assert_int_equal(parse(&m, true, &err, text, NULL), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	if (!strstr(err.text, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", text, err.text, words);
}

static void bad_axes_are_named(void **state)
{
	(void)state;
	wrong("halt-poll", "is not NAME=VALUE");
	wrong("=1", "is not NAME=VALUE");
	wrong("halt-poll=", "is not NAME=VALUE");
	wrong("halt-poll=1,,2", "an empty value");
	wrong("halt-poll=soon", "'soon' is not a number");
	wrong("halt-poll=-1", "'-1' is not a number");
	wrong("vpmu=maybe", "there are on, off");
	wrong("no-such=1", "no setting 'no-such'");
	wrong("halt-poll=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", "too many values");
	wrong("halt-poll=0,1,0", "names 0 twice");
}

static void a_setting_is_an_axis_once(void **state)
{
	struct run_matrix m;
	struct error err;

	(void)state;
	assert_int_equal(parse(&m, true, &err, "halt-poll=0", "halt-poll=1"), -1);
	assert_non_null(strstr(err.text, "halt-poll is given twice"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_comes_once),
		cmocka_unit_test(files_of_the_host_need_permission),
		cmocka_unit_test(bad_axes_are_named),
		cmocka_unit_test(a_setting_is_an_axis_once),
	};

	return cmocka_run_group_tests_name("cli/matrix", tests, NULL, NULL);
}
