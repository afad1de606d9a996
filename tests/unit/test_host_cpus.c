// SPDX-License-Identifier: MIT
/* CPU lists, topology and placement against the recorded trees; pinning on this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sched.h>

#include "base/array.h"
#include "host/cpus.h"
#include "tests/hosts/tree.h"

static void lists_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		const char *written;
	} cases[] = {
		{ "0-3,8", 5, "0-3,8" },
		{ "", 0, "" },
		{ "7", 1, "7" },
		{ "0-6:2,1", 5, "0,2,4,6,1" },
		{ "3,2,1", 3, "3,2,1" },
		{ "0-1,1-2", 3, "0-2" },
		{ "4096", 1, "4096" },
	};
	struct cpu_list list;
	char text[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(cpu_list__parse(cases[i].text, &list, NULL), 0);
		assert_int_equal(list.count, cases[i].count);
		assert_int_equal(cpu_list__format(&list, text, sizeof(text)), strlen(cases[i].written));
		assert_string_equal(text, cases[i].written);
		cpu_list__free(&list);
	}
}

static void lists_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = { "a", "1,", ",1", "3-1", "1-", "-1", "1;2", "0-4:0", "1 2",
		"99999999", "0-65536" };
	struct cpu_list list;
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(cpu_list__parse(bad[i], &list, &err), -1);
		assert_int_equal(err.status, EXIT_USAGE);
		assert_non_null(strstr(err.text, bad[i]));
		assert_null(list.cpu);
	}
}

static void format_cuts_at_the_size_but_says_the_length(void **state)
{
	struct cpu_list list;
	char text[4];

	(void)state;
	assert_int_equal(cpu_list__parse("10,12,14", &list, NULL), 0);
	assert_int_equal(cpu_list__format(&list, text, sizeof(text)), 8);
	assert_string_equal(text, "10,");
	cpu_list__free(&list);
}

static void topology_of_every_tree(void **state)
{
	static const struct {
		const char *tree;
		unsigned cpus, packages, nodes, llcs, cores, threads;
	} expected[] = {
		{ "intel-bare-metal", 32, 2, 2, 2, 16, 2 },
		{ "amd-bare-metal", 16, 1, 2, 4, 16, 1 },
		{ "cloud-vm", 4, 1, 1, 1, 2, 2 },
		{ "firecracker-pvm", 2, 1, 1, 1, 2, 1 },
	};
	struct cpu_topology t;
	struct tree tree;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		tree__open(&tree, expected[i].tree);
		assert_int_equal(cpu_topology__read(tree.root, &t, NULL), 0);
		assert_int_equal(t.count, expected[i].cpus);
		assert_int_equal(t.packages, expected[i].packages);
		assert_int_equal(t.nodes, expected[i].nodes);
		assert_int_equal(t.llcs, expected[i].llcs);
		assert_int_equal(t.cores, expected[i].cores);
		assert_int_equal(t.threads_per_core, expected[i].threads);
		cpu_topology__free(&t);
		tree__close(&tree);
	}
}

static void places_of_siblings(void **state)
{
	const struct cpu_place *place;
	struct cpu_topology t;
	struct tree tree;

	(void)state;
	tree__open(&tree, "intel-bare-metal");
	assert_int_equal(cpu_topology__read(tree.root, &t, NULL), 0);
	place = cpu_topology__find(&t, 25);
	assert_non_null(place);
	assert_int_equal(place->core, 9);
	assert_int_equal(place->thread, 1);
	assert_int_equal(place->package, 1);
	assert_int_equal(place->node, 1);
	assert_int_equal(place->llc, 8);
	assert_null(cpu_topology__find(&t, 32));
	cpu_topology__free(&t);
	tree__close(&tree);
}

static void a_bare_tree_is_a_flat_machine(void **state)
{
	struct cpu_topology t;
	struct error err;
	struct tree tree;

	(void)state;
	tree__open(&tree, NULL);
	assert_int_equal(cpu_topology__read(tree.root, &t, &err), -1);
	assert_non_null(strstr(err.text, "/sys/devices/system/cpu/online"));
	tree__write(&tree, "/sys/devices/system/cpu/online", "0-2\n");
	assert_int_equal(cpu_topology__read(tree.root, &t, NULL), 0);
	assert_int_equal(t.packages, 1);
	assert_int_equal(t.nodes, 1);
	assert_int_equal(t.llcs, 1);
	assert_int_equal(t.cores, 3);
	assert_int_equal(t.threads_per_core, 1);
	cpu_topology__free(&t);
	tree__close(&tree);
}

static void placements(void **state)
{
	static const struct {
		const char *tree, *allowed;
		enum placement placement;
		size_t n;
		const char *order;
	} cases[] = {
		/* Two sockets with SMT: other socket first, siblings after all cores. */
		{ "intel-bare-metal", "0-31", PLACEMENT_SPREAD, 4, "0,8,1,9" },
		{ "intel-bare-metal", "0-31", PLACEMENT_COMPACT, 4, "0-3" },
		{ "intel-bare-metal", "0-31", PLACEMENT_COMPACT, 18, "0-17" },
		{ "intel-bare-metal", "0-31", PLACEMENT_SMT, 4, "0,16,1,17" },
		{ "intel-bare-metal", "0-31", PLACEMENT_NUMA, 4, "0,8,1,9" },
		{ "intel-bare-metal", "4,20,21", PLACEMENT_COMPACT, 3, "4,20-21" },
		{ "intel-bare-metal", "4,20,21", PLACEMENT_SMT, 3, "4,20-21" },
		{ "intel-bare-metal", "20,5,4", PLACEMENT_SMT, 3, "4,20,5" },
		/* Four caches in two nodes: spread goes through the caches, numa fills a node's first. */
		{ "amd-bare-metal", "0-15", PLACEMENT_SPREAD, 5, "0,8,4,12,1" },
		{ "amd-bare-metal", "0-15", PLACEMENT_NUMA, 5, "0,8,1,9,2" },
		{ "amd-bare-metal", "8-15", PLACEMENT_SPREAD, 4, "8,12,9,13" },
		{ "cloud-vm", "0-3", PLACEMENT_COMPACT, 4, "0-3" },
		{ "cloud-vm", "0-3", PLACEMENT_SMT, 4, "0,2,1,3" },
		/* More vCPUs than CPUs: from the start again. */
		{ "firecracker-pvm", "0-1", PLACEMENT_SPREAD, 5, "0-1,0-1,0" },
	};
	struct cpu_list allowed, order;
	struct cpu_topology t;
	bool overcommitted;
	struct tree tree;
	char text[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		tree__open(&tree, cases[i].tree);
		assert_int_equal(cpu_topology__read(tree.root, &t, NULL), 0);
		assert_int_equal(cpu_list__parse(cases[i].allowed, &allowed, NULL), 0);
		assert_int_equal(placement__order(cases[i].placement, &t, &allowed, cases[i].n, &order,
					 &overcommitted, NULL),
			0);
		assert_int_equal(overcommitted, cases[i].n > allowed.count);
		cpu_list__format(&order, text, sizeof(text));
		assert_string_equal(text, cases[i].order);
		cpu_list__free(&order);
		cpu_list__free(&allowed);
		cpu_topology__free(&t);
		tree__close(&tree);
	}
}

static void placement_needs_an_online_cpu(void **state)
{
	struct cpu_list allowed, order;
	struct cpu_topology t;
	struct tree tree;
	struct error err;

	(void)state;
	tree__open(&tree, "cloud-vm");
	assert_int_equal(cpu_topology__read(tree.root, &t, NULL), 0);
	assert_int_equal(cpu_list__parse("77", &allowed, NULL), 0);
	assert_int_equal(placement__order(PLACEMENT_SPREAD, &t, &allowed, 1, &order, NULL, &err), -1);
	assert_non_null(strstr(err.text, "77"));
	cpu_list__free(&allowed);
	cpu_topology__free(&t);
	tree__close(&tree);
}

static void placement_names(void **state)
{
	enum placement p;

	(void)state;
	for (int i = 0; i < PLACEMENT_COUNT; i++) {
		assert_int_equal(placement__parse(placement__name((enum placement)i), &p), 0);
		assert_int_equal(p, i);
	}
	assert_int_equal(placement__parse("dense", &p), -1);
}

static void pinning(void **state)
{
	struct cpu_list before, after;
	struct error err;

	(void)state;
	assert_int_equal(cpu_list__allowed(&before, NULL), 0);
	assert_true(before.count > 0);
	assert_int_equal(cpu__pin(before.cpu[before.count - 1], &err), 0);
	assert_int_equal(sched_getcpu(), before.cpu[before.count - 1]);
	assert_int_equal(cpu_list__allowed(&after, NULL), 0);
	assert_int_equal(after.count, 1);
	assert_int_equal(cpu__pin(60000, &err), -1);
	assert_non_null(strstr(err.text, "60000"));
	assert_non_null(strstr(err.text, "--cpus"));
	cpu_list__free(&before);
	cpu_list__free(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read_and_written),
		cmocka_unit_test(lists_that_are_none_are_refused),
		cmocka_unit_test(format_cuts_at_the_size_but_says_the_length),
		cmocka_unit_test(topology_of_every_tree),
		cmocka_unit_test(places_of_siblings),
		cmocka_unit_test(a_bare_tree_is_a_flat_machine),
		cmocka_unit_test(placements),
		cmocka_unit_test(placement_needs_an_online_cpu),
		cmocka_unit_test(placement_names),
		cmocka_unit_test(pinning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
