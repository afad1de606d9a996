// SPDX-License-Identifier: MIT
/* Who else uses the machine: from two texts of /proc/stat, and quotas of both versions of control groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "host/activity.h"
#include "tests/hosts/tree.h"

/*                            user nice sys idle iowait irq softirq steal */
static const char before[] = "cpu  100 0 100 1000 0 0 0 0 0 0\n"
			     "cpu0 50 0 50 500 0 0 0 0 0 0\n"
			     "cpu1 50 0 50 500 0 0 0 0 0 0\n"
			     "intr 1 2 3\n";

static void nobody_is_busy(void **state)
{
	static const char after[] = "cpu  100 0 101 1039 0 0 0 0 0 0\n"
				    "cpu0 50 0 51 519 0 0 0 0 0 0\n"
				    "cpu1 50 0 50 520 0 0 0 0 0 0\n";
	struct activity a;

	(void)state;
	assert_int_equal(activity__compare(&a, before, after, NULL), 0);
	assert_int_equal(a.busy.count, 0);
	assert_true(a.stolen_percent == 0);
	activity__free(&a);
}

static void a_busy_cpu_and_stolen_time(void **state)
{
	static const char after[] = "cpu  110 0 110 1010 0 0 0 10 0 0\n"
				    "cpu0 50 0 50 510 0 0 0 10 0 0\n"
				    "cpu1 60 0 60 500 0 0 0 0 0 0\n";
	struct activity a;

	(void)state;
	assert_int_equal(activity__compare(&a, before, after, NULL), 0);
	assert_int_equal(a.busy.count, 1);
	assert_int_equal(a.busy.cpu[0], 1);
	assert_true(a.stolen_percent > 24.9 && a.stolen_percent < 25.1);
	activity__free(&a);
}

static void siblings_of_the_busy(void **state)
{
	static const char many_before[] = "cpu 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0\n"
					  "cpu2 0 0 0 0 0 0 0 0\ncpu3 0 0 0 0 0 0 0 0\n";
	static const char after[] = "cpu 20 0 0 60 0 0 0 0\ncpu0 20 0 0 0 0 0 0 0\ncpu1 0 0 0 20 0 0 0 0\n"
				    "cpu2 0 0 0 20 0 0 0 0\ncpu3 0 0 0 20 0 0 0 0\n";
	struct cpu_topology topology;
	struct activity a;
	struct tree tree;

	(void)state;
	tree__open(&tree, "cloud-vm");
	assert_int_equal(cpu_topology__read(tree.root, &topology, NULL), 0);
	assert_int_equal(activity__compare(&a, many_before, after, &topology), 0);
	assert_int_equal(a.busy.count, 1);
	assert_int_equal(a.busy.cpu[0], 0);
	assert_int_equal(a.siblings.count, 1);
	assert_int_equal(a.siblings.cpu[0], 2);
	activity__free(&a);
	cpu_topology__free(&topology);
	tree__close(&tree);
}

static void a_text_that_is_no_stat_is_refused(void **state)
{
	struct activity a;

	(void)state;
	assert_true(activity__compare(&a, "", before, NULL) < 0);
}

static void quotas(void **state)
{
	char path[512], value[64];
	struct tree tree;

	(void)state;
	tree__open(&tree, NULL);
	assert_false(activity__quota(tree.root, path, sizeof(path), value, sizeof(value)));
	tree__write(&tree, "/proc/self/cgroup", "0::/a/b\n");
	tree__write(&tree, "/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
	assert_false(activity__quota(tree.root, path, sizeof(path), value, sizeof(value)));
	tree__write(&tree, "/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
	assert_true(activity__quota(tree.root, path, sizeof(path), value, sizeof(value)));
	assert_string_equal(path, "/sys/fs/cgroup/a/cpu.max");
	assert_string_equal(value, "50000 100000");
	tree__write(&tree, "/proc/self/cgroup", "7:memory:/x\n4:cpu,cpuacct:/c\n");
	tree__write(&tree, "/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "-1\n");
	assert_false(activity__quota(tree.root, path, sizeof(path), value, sizeof(value)));
	tree__write(&tree, "/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "70000\n");
	assert_true(activity__quota(tree.root, path, sizeof(path), value, sizeof(value)));
	assert_string_equal(value, "70000");
	tree__close(&tree);
}

static void processes_by_name(void **state)
{
	struct tree tree;

	(void)state;
	tree__open(&tree, "intel-bare-metal");
	assert_true(activity__process_runs(tree.root, "irqbalance"));
	assert_false(activity__process_runs(tree.root, "irqbal"));
	tree__close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_busy),
		cmocka_unit_test(a_busy_cpu_and_stolen_time),
		cmocka_unit_test(siblings_of_the_busy),
		cmocka_unit_test(a_text_that_is_no_stat_is_refused),
		cmocka_unit_test(quotas),
		cmocka_unit_test(processes_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
