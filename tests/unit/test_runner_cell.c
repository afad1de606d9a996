// SPDX-License-Identifier: MIT
/* What a finished job means for its benchmark. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/cell.h"

static void settle(
	struct cell *cell, enum outcome_state state, const char *reason, bool suspect, bool emulated)
{
	struct outcome *o = calloc(1, outcome__bytes(1));

	assert_non_null(o);
	o->state = state;
	o->suspect = suspect;
	o->lane_count = 1;
	snprintf(o->reason, sizeof(o->reason), "%s", reason);
	if (suspect) {
		o->check_count = 1;
		o->checks[0] = (struct check){ "exits", 1, 3, "suspect" };
	}
	cell__settle(cell, o, emulated);
	free(o);
}

static void figures_make_a_cell_ok_and_let_it_go_on(void **state)
{
	struct cell c = { 0 };

	(void)state;
	settle(&c, OUTCOME_DONE, "", false, false);
	settle(&c, OUTCOME_DONE, "", false, false);
	assert_int_equal(c.status, ROW_OK);
	assert_int_equal(c.finished_runs, 2);
	assert_false(c.over);
}

static void one_suspect_run_is_not_made_good_by_another(void **state)
{
	struct cell c = { 0 };

	(void)state;
	settle(&c, OUTCOME_DONE, "", true, false);
	settle(&c, OUTCOME_DONE, "", false, false);
	assert_int_equal(c.status, ROW_SUSPECT);
	assert_string_equal(c.reason, "KVM counted 3 exits an operation where 1 were claimed");
	assert_false(c.over);
}

static void what_ends_a_cell_keeps_its_reason(void **state)
{
	struct cell skipped = { 0 }, timeout = { 0 }, failed = { 0 };

	(void)state;
	settle(&skipped, OUTCOME_SKIPPED, "no huge pages", false, false);
	assert_int_equal(skipped.status, ROW_SKIPPED);
	assert_string_equal(skipped.reason, "no huge pages");
	settle(&timeout, OUTCOME_TIMEOUT, "did not come back", false, false);
	assert_int_equal(timeout.status, ROW_TIMEOUT);
	settle(&failed, OUTCOME_FAILED, "broken", false, false);
	assert_int_equal(failed.status, ROW_FAILED);
	assert_true(skipped.over && timeout.over && failed.over);
}

static void what_a_backend_cannot_execute_is_its_limit_only_if_it_emulates(void **state)
{
	struct cell real = { 0 }, emulating = { 0 };

	(void)state;
	settle(&real, OUTCOME_BACKEND, "exception 6", false, false);
	assert_int_equal(real.status, ROW_FAILED);
	settle(&emulating, OUTCOME_BACKEND, "exception 6", false, true);
	assert_int_equal(emulating.status, ROW_SKIPPED);
	assert_non_null(strstr(emulating.reason, "can't execute it: exception 6"));
}

static void the_worst_status_stays(void **state)
{
	struct cell c = { 0 };

	(void)state;
	cell__worsen(&c, ROW_TIMEOUT, "late");
	cell__worsen(&c, ROW_SUSPECT, "odd");
	assert_int_equal(c.status, ROW_TIMEOUT);
	assert_string_equal(c.reason, "late");
	cell__worsen(&c, ROW_FAILED, "broken");
	assert_int_equal(c.status, ROW_FAILED);
}

static void vcpus_that_share_a_cpu_get_the_time_of_all(void **state)
{
	struct cell cell = { .vcpus = 4, .vms = 2 };

	(void)state;
	assert_int_equal(cell__timeout_ms(&cell, 5000), 5000);
	cell.overcommitted = true;
	assert_int_equal(cell__timeout_ms(&cell, 5000), 40000);
	assert_int_equal(cell__timeout_ms(&cell, 1000000000), UINT_MAX); /* not what is left of 8e9 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_make_a_cell_ok_and_let_it_go_on),
		cmocka_unit_test(one_suspect_run_is_not_made_good_by_another),
		cmocka_unit_test(what_ends_a_cell_keeps_its_reason),
		cmocka_unit_test(what_a_backend_cannot_execute_is_its_limit_only_if_it_emulates),
		cmocka_unit_test(the_worst_status_stays),
		cmocka_unit_test(vcpus_that_share_a_cpu_get_the_time_of_all),
	};

	return cmocka_run_group_tests_name("runner/cell", tests, NULL, NULL);
}
