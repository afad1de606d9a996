// SPDX-License-Identifier: MIT
/* What rows a job's raw ticks and counts become. */
#include "tests/unit/temp_folder.h"

#include "runner/cell.h"
#include "runner/rows.h"

static const struct bench bench = { .id = "b/one" };

static struct outcome *new_outcome(void)
{
	struct outcome *o = calloc(1, outcome__bytes(1));

	assert_non_null(o);
	o->state = OUTCOME_DONE;
	o->lane_count = 1;
	return o;
}

static void add(struct row_store *store, const char *name, const struct outcome *o)
{
	const struct cell cell = { .bench = &bench, .vcpus = 1, .vms = 1 };
	struct run_dir dir;
	struct error err;

	row_store__init(store, TRUST_HARDWARE, 2000000);
	assert_int_equal(run_dir__create(below(name), &dir, &err), 0);
	assert_int_equal(row_store__add(store, &dir, &cell, 0, o, false, &err), 0);
	assert_int_equal(run_dir__close(&dir, &err), 0);
}

static const struct results_row *row(const struct row_store *store, const char *metric)
{
	for (size_t i = 0; i < store->count; i++)
		if (strcmp(store->rows[i].metric, metric) == 0)
			return &store->rows[i];
	return NULL;
}

static void a_sample_of_several_operations_is_divided_by_them(void **state)
{
	struct outcome *o = new_outcome();
	struct row_store store;

	(void)state;
	o->lanes[0].series[METRIC_GUEST] =
		(struct tick_series){ .count = 3, .ops = 4, .ticks = { 400, 404, 900 } };
	add(&store, "ops", o);
	assert_int_equal(store.count, 1); /* no series without samples, no rate without a span */
	assert_true(row(&store, "guest")->p50 == 101);
	assert_true(row(&store, "guest")->max == 225);
	row_store__free(&store);
	free(o);
}

static void exits_are_the_guests_not_the_hosts(void **state)
{
	static const struct {
		double exits, irq;
		const char *verdict; /* of irq_exits: claimed by the descriptor, or only told */
		double wanted;
	} cases[] = { { 1.25, 0.25, "info", 1 }, { 1.25, 0.25, "ok", 1.25 }, { 0.1, 0.2, "info", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome *o = new_outcome();
		struct row_store store;
		char name[16];

		o->check_count = 2;
		o->checks[0] = (struct check){ "exits", 1, cases[i].exits, "ok" };
		o->checks[1] = (struct check){ .statistic = "irq_exits", .observed = cases[i].irq };
		snprintf(o->checks[1].verdict, sizeof(o->checks[1].verdict), "%s", cases[i].verdict);
		snprintf(name, sizeof(name), "exits-%zu", i);
		add(&store, name, o);
		assert_true(row(&store, "exits")->p50 == cases[i].wanted);
		row_store__free(&store);
		free(o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sample_of_several_operations_is_divided_by_them),
		cmocka_unit_test(exits_are_the_guests_not_the_hosts),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
