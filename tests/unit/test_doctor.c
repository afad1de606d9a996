// SPDX-License-Identifier: MIT
/* The doctor against the recorded trees, and against each thing it should see changed in one of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/array.h"
#include "host/doctor.h"
#include "tests/hosts/tree.h"

static const char *const trees[] = { "intel-bare-metal", "amd-bare-metal", "cloud-vm", "firecracker-pvm" };

static void states_of_every_tree(void **state)
{
	/* One letter per tree in the order above: ok, info, warning, unknown. */
	static const struct {
		const char *id, *states;
	} expected[] = {
		{ "kvm-device", "uuuu" },
		{ "kvm-backend", "ooow" },
		{ "hypervisor", "ooww" },
		{ "kvm-paging", "ooou" },
		{ "kvm-halt-poll", "ioii" },
		{ "kvm-parameters", "iiii" },
		{ "governor", "woii" },
		{ "turbo", "woii" },
		{ "idle-states", "woio" },
		{ "smt", "ioio" },
		{ "busy-cpus", "uuuu" },
		{ "load", "oowo" },
		{ "isolation", "ioii" },
		{ "irqbalance", "wooo" },
		{ "cpu-quota", "oowo" },
		{ "clocksource", "oowo" },
		{ "tsc", "oooo" },
		{ "nmi-watchdog", "wooo" },
		{ "perf-paranoid", "ioii" },
		{ "pmu", "ooii" },
		{ "tracing", "oowo" },
		{ "mitigations", "iiii" },
		{ "debug-kernel", "uuuu" },
		{ "thp", "wooo" },
		{ "ksm", "oowo" },
		{ "numa-balancing", "wooo" },
		{ "huge-pages", "oiii" },
	};
	struct doctor_report r;
	struct tree tree;

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(trees); t++) {
		tree__open(&tree, trees[t]);
		assert_int_equal(doctor__run(tree.root, &r, NULL), 0);
		/* A new check belongs into the table above. */
		assert_int_equal(r.count, ARRAY_SIZE(expected));
		for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
			const struct finding *f = doctor_report__find(&r, expected[i].id);

			assert_non_null(f);
			if (*finding_state__name(f->state) != expected[i].states[t])
				fail_msg("%s on %s: %s (%s), not %c", f->id, trees[t],
					finding_state__name(f->state), f->value, expected[i].states[t]);
		}
		doctor_report__free(&r);
		tree__close(&tree);
	}
}

static void every_finding_is_complete(void **state)
{
	struct doctor_report r;
	size_t states = 0;
	struct tree tree;

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(trees); t++) {
		tree__open(&tree, trees[t]);
		assert_int_equal(doctor__run(tree.root, &r, NULL), 0);
		for (size_t i = 0; i < r.count; i++) {
			const struct finding *f = &r.finding[i];

			assert_true(*f->value && strlen(f->why) > 20);
			assert_true(strlen(f->change) < sizeof(f->change) - 1);
			assert_true(strlen(f->restore) < sizeof(f->restore) - 1);
			/* What can't be changed can't be put back, and a good state needs neither. */
			assert_false(*f->restore && !*f->change);
			assert_false(f->state == FINDING_OK && *f->change);
			for (size_t j = 0; j < i; j++)
				assert_string_not_equal(f->id, r.finding[j].id);
		}
		for (size_t s = 0; s < FINDING_STATE_COUNT; s++)
			states += r.by_state[s];
		assert_int_equal(states, r.count);
		states = 0;
		doctor_report__free(&r);
		tree__close(&tree);
	}
}

/* On a tree that shows nothing every check still answers. */
static void an_empty_tree_is_unknown_not_wrong(void **state)
{
	struct doctor_report r;
	struct tree tree;

	(void)state;
	tree__open(&tree, NULL);
	assert_int_equal(doctor__run(tree.root, &r, NULL), 0);
	for (size_t i = 0; i < r.count; i++)
		if (r.finding[i].state == FINDING_WARNING && strcmp(r.finding[i].id, "kvm-backend"))
			fail_msg("%s: %s", r.finding[i].id, r.finding[i].value);
	doctor_report__free(&r);
	tree__close(&tree);
}

/* One thing changed in a tree, and what the doctor must say and advise then. */
static void changes_are_seen(void **state)
{
	static const struct {
		const char *tree, *path, *text, *id;
		enum finding_state state;
		const char *value, *change, *restore;
	} cases[] = {
		{ "amd-bare-metal", "/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "schedutil\n",
			"governor", FINDING_WARNING, "performance on 15, schedutil on 1 of 16 CPUs",
			"echo performance | tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
			"echo 3 | tr , ' '" },
		{ "amd-bare-metal", "/sys/devices/system/cpu/cpufreq/boost", "1\n", "turbo", FINDING_WARNING,
			"boost is on", "echo 0 > /sys/devices/system/cpu/cpufreq/boost",
			"echo 1 > /sys/devices/system/cpu/cpufreq/boost" },
		{ "amd-bare-metal", "/sys/devices/system/cpu/cpu0/cpuidle/state2/disable", "0\n",
			"idle-states", FINDING_WARNING, "C2, which takes 800 us",
			"echo 1 | tee /sys/devices/system/cpu/cpu*/cpuidle/state[2]/disable",
			"echo 0 | tee /sys/devices/system/cpu/cpu*/cpuidle/state[2]/disable" },
		{ "amd-bare-metal", "/sys/module/kvm_amd/parameters/npt", "N\n", "kvm-paging",
			FINDING_WARNING, "kvm_amd.npt=N", "modprobe kvm_amd npt=1",
			"modprobe kvm_amd npt=0" },
		{ "intel-bare-metal", "/sys/module/kvm_intel/parameters/ept", "N\n", "kvm-paging",
			FINDING_WARNING, "kvm_intel.ept=N", "modprobe kvm_intel ept=1",
			"modprobe kvm_intel ept=0" },
		{ "amd-bare-metal", "/sys/kernel/mm/ksm/run", "1\n", "ksm", FINDING_WARNING, "merging",
			"echo 0 > /sys/kernel/mm/ksm/run", "echo 1 > /sys/kernel/mm/ksm/run" },
		{ "amd-bare-metal", "/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n",
			"thp", FINDING_INFO, "never", "echo madvise > ", "echo never > " },
		{ "amd-bare-metal", "/proc/sys/kernel/nmi_watchdog", "1\n", "nmi-watchdog", FINDING_WARNING,
			"on", "sysctl -w kernel.nmi_watchdog=0", "sysctl -w kernel.nmi_watchdog=1" },
		{ "amd-bare-metal", "/proc/4711/comm", "irqbalance\n", "irqbalance", FINDING_WARNING,
			"running", "systemctl stop irqbalance", "systemctl start irqbalance" },
		{ "amd-bare-metal", "/sys/kernel/tracing/set_event", "kvm:kvm_exit\n", "tracing",
			FINDING_WARNING, "kvm:kvm_exit", "echo > /sys/kernel/tracing/set_event",
			"for e in kvm:kvm_exit; do" },
		{ "amd-bare-metal", "/proc/lockdep_stats", "\n", "debug-kernel", FINDING_WARNING, "lockdep",
			"", "" },
		{ "amd-bare-metal", "/boot/config-6.12.9-200.fc41.x86_64", "CONFIG_KASAN=y\n", "debug-kernel",
			FINDING_WARNING, "CONFIG_KASAN", "", "" },
		{ "amd-bare-metal", "/boot/config-6.12.9-200.fc41.x86_64", "# CONFIG_KASAN is not set\n",
			"debug-kernel", FINDING_OK, "no debugging", "", "" },
		{ "amd-bare-metal", "/proc/loadavg", "1.00 0 0 1/1 1\n", "load", FINDING_WARNING, "1.00",
			"ps ", "" },
		{ "amd-bare-metal", "/sys/devices/system/clocksource/clocksource0/current_clocksource",
			"hpet\n", "clocksource", FINDING_WARNING, "hpet, though tsc", "echo tsc > ",
			"echo hpet > " },
		{ "amd-bare-metal", "/proc/sys/kernel/perf_event_paranoid", "3\n", "perf-paranoid",
			FINDING_INFO, "only root", "kernel.perf_event_paranoid=1",
			"kernel.perf_event_paranoid=3" },
		{ "amd-bare-metal", "/sys/hypervisor/type", "xen\n", "hypervisor", FINDING_WARNING, "virtual",
			"bare metal", "" },
		{ "amd-bare-metal", "/proc/self/cgroup", "4:cpu,cpuacct:/a/b\n0::/\n", "cpu-quota",
			FINDING_OK, "no CPU quota", "", "" },
		{ "amd-bare-metal", "/sys/module/kvm/parameters/halt_poll_ns", "400000\n", "kvm-halt-poll",
			FINDING_INFO, "400000", "echo 0 > ", "echo 400000 > " },
		{ "amd-bare-metal", "/sys/devices/system/cpu/nohz_full", "\n", "isolation", FINDING_INFO,
			"isolcpus=8-15, but the timer", "nohz_full=15", "reboot" },
	};
	struct doctor_report r;
	struct tree tree;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct finding *f;

		tree__open(&tree, cases[i].tree);
		tree__write(&tree, cases[i].path, cases[i].text);
		assert_int_equal(doctor__run(tree.root, &r, NULL), 0);
		f = doctor_report__find(&r, cases[i].id);
		assert_non_null(f);
		if (f->state != cases[i].state || !strstr(f->value, cases[i].value) ||
			!strstr(f->change, cases[i].change) || !strstr(f->restore, cases[i].restore))
			fail_msg("%s with %s: %s, \"%s\", change \"%s\", restore \"%s\"", f->id,
				cases[i].path, finding_state__name(f->state), f->value, f->change,
				f->restore);
		doctor_report__free(&r);
		tree__close(&tree);
	}
}

/* The advice is for a shell: what it says must run, and putting back must put back. */
static void commands_do_what_they_say(void **state)
{
	static const char *const ids[] = { "governor", "turbo", "idle-states", "thp", "ksm", "kvm-halt-poll",
		"clocksource", "huge-pages" };
	char command[PATH_MAX * 2], before[64], after[64];
	struct doctor_report r;
	struct tree tree;
	FILE *pipe;

	(void)state;
	tree__open(&tree, "cloud-vm");
	for (int cpu = 0; cpu < 4; cpu++) {
		char path[96];

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
		tree__write(&tree, path, cpu % 2 ? "powersave\n" : "ondemand\n");
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpuidle/state0/latency", cpu);
		tree__write(&tree, path, "90\n");
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpuidle/state0/disable", cpu);
		tree__write(&tree, path, "0\n");
	}
	tree__write(&tree, "/sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
	tree__write(&tree, "/sys/kernel/mm/transparent_hugepage/enabled", "always\n");
#define SUM "cd %s && find . -type f | sort | xargs cat | cksum"
	assert_int_equal(doctor__run(tree.root, &r, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		const struct finding *f = doctor_report__find(&r, ids[i]);

		assert_true(*f->change && *f->restore);
		for (int step = 0; step < 2; step++) {
			const char *now = step ? f->restore : f->change;

			snprintf(command, sizeof(command), SUM, tree.root);
			pipe = popen(command, "r");
			assert_non_null(fgets(step ? after : before, sizeof(before), pipe));
			pclose(pipe);
			/* The same commands below the tree. */
			snprintf(command, sizeof(command),
				"sed 's|/sys/|%s/sys/|g' <<'END' | sh >/dev/null\n%s\nEND\n", tree.root, now);
			assert_int_equal(system(command), 0);
		}
		/* Changing changed something ... */
		assert_string_not_equal(before, after);
		snprintf(command, sizeof(command), SUM, tree.root);
		pipe = popen(command, "r");
		assert_non_null(fgets(after, sizeof(after), pipe));
		pclose(pipe);
		/* ... and putting back put it back. */
		if (strcmp(before, after))
			fail_msg("%s: \"%s\" doesn't undo \"%s\"", ids[i], f->restore, f->change);
	}
	doctor_report__free(&r);
	tree__close(&tree);
}

static void json_has_every_member(void **state)
{
	struct doctor_report r;
	struct tree tree;
	json_t *array, *value;
	size_t i;

	(void)state;
	tree__open(&tree, "intel-bare-metal");
	assert_int_equal(doctor__run(tree.root, &r, NULL), 0);
	array = doctor_report__json(&r);
	assert_int_equal(json_array_size(array), r.count);
	json_array_foreach(array, i, value)
	{
		assert_string_equal(json_string_value(json_object_get(value, "id")), r.finding[i].id);
		assert_string_equal(json_string_value(json_object_get(value, "state")),
			finding_state__name(r.finding[i].state));
		assert_string_equal(json_string_value(json_object_get(value, "value")), r.finding[i].value);
		assert_non_null(json_object_get(value, "change"));
		assert_non_null(json_object_get(value, "restore"));
	}
	json_decref(array);
	doctor_report__free(&r);
	tree__close(&tree);
}

static void this_machine_answers(void **state)
{
	struct doctor_report r;
	const struct finding *f;

	(void)state;
	assert_int_equal(doctor__run("", &r, NULL), 0);
	f = doctor_report__find(&r, "busy-cpus");
	assert_int_not_equal(f->state, FINDING_UNKNOWN);
	f = doctor_report__find(&r, "kvm-device");
	assert_int_equal(f->state, access("/dev/kvm", R_OK | W_OK) ? FINDING_WARNING : FINDING_OK);
	doctor_report__free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_of_every_tree),
		cmocka_unit_test(every_finding_is_complete),
		cmocka_unit_test(an_empty_tree_is_unknown_not_wrong),
		cmocka_unit_test(changes_are_seen),
		cmocka_unit_test(commands_do_what_they_say),
		cmocka_unit_test(json_has_every_member),
		cmocka_unit_test(this_machine_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
