// SPDX-License-Identifier: MIT
/* The fingerprint and the single facts, against the recorded trees and this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/array.h"
#include "host/fingerprint.h"
#include "tests/hosts/tree.h"

static const char *const trees[] = { "intel-bare-metal", "amd-bare-metal", "cloud-vm", "firecracker-pvm" };

/* The value at "a/b/c"; fails where a member is missing (null is a value). */
static json_t *at(json_t *object, const char *path)
{
	char copy[128], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name = strtok_r(copy, "/", &save); name; name = strtok_r(NULL, "/", &save)) {
		object = json_object_get(object, name);
		if (!object)
			fail_msg("the fingerprint has no %s", path);
	}
	return object;
}

static void assert_value(json_t *fingerprint, const char *path, const char *expected)
{
	char *text =
		json_dumps(at(fingerprint, path), JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));

	if (strcmp(text, expected))
		fail_msg("%s is %s, not %s", path, text, expected);
	free(text);
}

static void facts_of_every_tree(void **state)
{
	static const struct {
		const char *tree, *path, *value;
	} cases[] = {
		{ "intel-bare-metal", "hostname", "\"host\"" },
		{ "intel-bare-metal", "cpu/vendor", "\"GenuineIntel\"" },
		{ "intel-bare-metal", "cpu/model", "106" },
		{ "intel-bare-metal", "cpu/model_name", "\"Intel(R) Xeon(R) Silver 4309Y CPU @ 2.80GHz\"" },
		{ "intel-bare-metal", "cpu/microcode", "\"0xd0003d1\"" },
		{ "intel-bare-metal", "kvm/backend", "\"vmx\"" },
		{ "intel-bare-metal", "kvm/parameters/kvm_intel.pml", "\"Y\"" },
		{ "intel-bare-metal", "kvm/parameters/kvm.halt_poll_ns", "\"200000\"" },
		{ "intel-bare-metal", "frequency/governor", "\"powersave\"" },
		{ "intel-bare-metal", "frequency/base_khz", "2800000" },
		{ "intel-bare-metal", "frequency/intel_no_turbo", "0" },
		{ "intel-bare-metal", "smt/active", "1" },
		{ "intel-bare-metal", "topology/nodes", "2" },
		{ "intel-bare-metal", "memory/thp_enabled", "\"always\"" },
		{ "intel-bare-metal", "memory/total_kib", "131720920" },
		{ "intel-bare-metal", "memory/huge_pages",
			"{\"1048576kB\":{\"total\":4,\"free\":4},"
			"\"2048kB\":{\"total\":512,\"free\":500}}" },
		{ "intel-bare-metal", "mitigations/gather_data_sampling", "\"Mitigation: Microcode\"" },
		{ "intel-bare-metal", "hypervisor/present", "false" },
		{ "intel-bare-metal", "hypervisor/system_vendor", "\"Dell Inc.\"" },
		{ "intel-bare-metal", "perf/paranoid", "3" },
		{ "intel-bare-metal", "idle/states",
			"[{\"name\":\"POLL\",\"latency_us\":0,\"disabled\":0},"
			"{\"name\":\"C1\",\"latency_us\":1,\"disabled\":0},"
			"{\"name\":\"C1E\",\"latency_us\":4,\"disabled\":0},"
			"{\"name\":\"C6\",\"latency_us\":170,\"disabled\":0}]" },
		{ "amd-bare-metal", "kvm/backend", "\"svm\"" },
		{ "amd-bare-metal", "kvm/parameters/kvm_amd.pause_filter_count", "\"3000\"" },
		{ "amd-bare-metal", "topology/isolated", "\"8-15\"" },
		{ "amd-bare-metal", "topology/nohz_full", "\"8-15\"" },
		{ "amd-bare-metal", "topology/last_level_caches", "4" },
		{ "amd-bare-metal", "smt/control", "\"off\"" },
		{ "amd-bare-metal", "frequency/boost", "0" },
		{ "amd-bare-metal", "frequency/base_khz", "null" },
		{ "amd-bare-metal", "frequency/amd_pstate", "\"active\"" },
		{ "amd-bare-metal", "mitigations/spec_rstack_overflow", "\"Vulnerable\"" },
		{ "amd-bare-metal", "perf/paranoid", "-1" },
		{ "amd-bare-metal", "cpu/vmx_flags", "null" },
		{ "cloud-vm", "hypervisor/present", "true" },
		{ "cloud-vm", "hypervisor/product_name", "\"Google Compute Engine\"" },
		{ "cloud-vm", "hypervisor/cpuid_signature", "null" },
		{ "cloud-vm", "kvm/backend", "\"vmx\"" },
		{ "cloud-vm", "clocksource/current", "\"kvm-clock\"" },
		{ "cloud-vm", "frequency/driver", "null" },
		{ "cloud-vm", "memory/ksm_run", "1" },
		{ "cloud-vm", "load", "[3.12,1.8,0.9]" },
		{ "firecracker-pvm", "kvm/backend", "\"pvm\"" },
		{ "firecracker-pvm", "hypervisor/present", "true" },
		{ "firecracker-pvm", "hypervisor/system_vendor", "null" },
		{ "firecracker-pvm", "memory/swap_kib", "0" },
	};
	struct tree tree;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		json_t *fingerprint;

		tree__open(&tree, trees[i]);
		fingerprint = host__fingerprint(tree.root);
		assert_non_null(fingerprint);
		for (size_t j = 0; j < ARRAY_SIZE(cases); j++)
			if (!strcmp(cases[j].tree, trees[i]))
				assert_value(fingerprint, cases[j].path, cases[j].value);
		json_decref(fingerprint);
		tree__close(&tree);
	}
}

/* A machine that shows nothing has the same members, as null or empty: readers need no special case. */
static void an_empty_tree_has_the_same_members(void **state)
{
	struct tree full, empty;
	json_t *a, *b, *section;
	const char *name, *key;
	json_t *value;

	(void)state;
	tree__open(&full, "intel-bare-metal");
	tree__open(&empty, NULL);
	a = host__fingerprint(full.root);
	b = host__fingerprint(empty.root);
	json_object_foreach(a, name, section)
	{
		assert_non_null(json_object_get(b, name));
		if (!json_is_object(section) || !strcmp(name, "mitigations"))
			continue;
		json_object_foreach(section, key, value)
			assert_non_null(json_object_get(json_object_get(b, name), key));
	}
	assert_value(b, "kernel/release", "null");
	assert_value(b, "mitigations", "null");
	assert_value(b, "topology/cpus", "null");
	assert_value(b, "kvm/backend", "\"unknown\"");
	assert_value(b, "kvm/parameters", "{}");
	assert_value(b, "load", "null");
	json_decref(a);
	json_decref(b);
	tree__close(&full);
	tree__close(&empty);
}

static void strange_bytes_are_kept_out(void **state)
{
	json_t *fingerprint;
	struct tree tree;

	(void)state;
	tree__open(&tree, "cloud-vm");
	tree__write(&tree, "/sys/class/dmi/id/sys_vendor", "Ve\xffndor\x01\n");
	tree__write(&tree, "/proc/cmdline", "ro quiet rdinit=/secret mitigations=off -- --token x\n");
	fingerprint = host__fingerprint(tree.root);
	assert_value(fingerprint, "hypervisor/system_vendor", "\"Ve?ndor?\"");
	assert_value(fingerprint, "kernel/command_line", "\"ro quiet mitigations=off\"");
	json_decref(fingerprint);
	tree__close(&tree);
}

/* What a figure depends on and neither the kernel's version nor the CPU's name says. */
static void cores_and_preemption_are_told(void **state)
{
	json_t *fingerprint;
	struct tree tree;

	(void)state;
	tree__open(&tree, "intel-bare-metal");
	tree__write(&tree, "/sys/devices/cpu_core/cpus", "0-15\n");
	tree__write(&tree, "/sys/devices/cpu_atom/cpus", "16-23\n");
	tree__write(&tree, "/sys/kernel/debug/sched/preempt", "none voluntary (full) lazy\n");
	tree__write(&tree, "/proc/sys/kernel/tainted", "4096\n");
	fingerprint = host__fingerprint(tree.root);
	assert_value(fingerprint, "topology/performance_cpus", "\"0-15\"");
	assert_value(fingerprint, "topology/efficiency_cpus", "\"16-23\"");
	assert_value(fingerprint, "kernel/preempt", "\"none voluntary (full) lazy\"");
	assert_value(fingerprint, "kernel/tainted", "4096");
	assert_value(fingerprint, "kernel/split_lock_mitigate", "null");
	json_decref(fingerprint);
	tree__close(&tree);
}

static void config_hash_tells_configurations_apart(void **state)
{
	json_t *one, *two;
	struct tree tree;

	(void)state;
	tree__open(&tree, "cloud-vm");
	tree__write(&tree, "/boot/config-6.8.0-1021-gcp", "CONFIG_KVM=m\n");
	one = host__fingerprint(tree.root);
	tree__write(&tree, "/boot/config-6.8.0-1021-gcp", "CONFIG_KVM=y\n");
	two = host__fingerprint(tree.root);
	assert_true(json_is_string(at(one, "kernel/config_hash")));
	assert_false(json_equal(at(one, "kernel/config_hash"), at(two, "kernel/config_hash")));
	json_decref(one);
	json_decref(two);
	tree__close(&tree);
}

static void single_facts(void **state)
{
	struct tree tree;
	char text[64];

	(void)state;
	tree__open(&tree, "intel-bare-metal");
	assert_string_equal(host__vendor(tree.root, text, sizeof(text)), "GenuineIntel");
	assert_true(host__cpu_has_flag(tree.root, "invpcid"));
	assert_true(host__cpu_has_flag(tree.root, "fpu"));
	assert_true(host__cpu_has_flag(tree.root, "arch_capabilities"));
	assert_false(host__cpu_has_flag(tree.root, "invp"));
	assert_false(host__cpu_has_flag(tree.root, ""));
	assert_false(host__cpu_has_flag(tree.root, "svm"));
	assert_false(host__has_hypervisor(tree.root));
	assert_int_equal(host__module_parameter(tree.root, "kvm_intel.ple_gap", text, sizeof(text)), 0);
	assert_string_equal(text, "128");
	assert_true(host__module_parameter(tree.root, "kvm_intel.nonesuch", text, sizeof(text)) < 0);
	assert_true(host__module_parameter(tree.root, "nodot", text, sizeof(text)) < 0);
	assert_int_equal(host__choice(tree.root, "/sys/kernel/mm/transparent_hugepage/enabled", text, 64), 0);
	assert_string_equal(text, "always");
	assert_string_equal(host__hypervisor_signature(tree.root, text, sizeof(text)), "");
	tree__close(&tree);
}

static void command_line_parameters(void **state)
{
	struct tree tree;
	char text[64];

	(void)state;
	tree__open(&tree, "amd-bare-metal");
	assert_int_equal(host__cmdline(tree.root, "isolcpus", text, sizeof(text)), 0);
	assert_string_equal(text, "8-15");
	assert_int_equal(host__cmdline(tree.root, "nosmt", text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_true(host__cmdline(tree.root, "isol", text, sizeof(text)) < 0);
	tree__write(&tree, "/proc/cmdline", "a=1 a=2 -- a=3\n");
	assert_int_equal(host__cmdline(tree.root, "a", text, sizeof(text)), 0);
	assert_string_equal(text, "2");
	tree__close(&tree);
}

static void kernel_options(void **state)
{
	static const char *const options[] = { "CONFIG_KASAN", "CONFIG_LOCKDEP", "CONFIG_KCOV", NULL };
	struct tree tree;
	char text[64], command[128];

	(void)state;
	tree__open(&tree, "cloud-vm");
	assert_true(host__kernel_options(tree.root, options, text, sizeof(text)) < 0);
	tree__write(&tree, "/boot/config-6.8.0-1021-gcp",
		"CONFIG_KASAN=y\n# CONFIG_LOCKDEP is not set\nCONFIG_KCOV=y\nCONFIG_KASAN_INLINE=y\n");
	assert_int_equal(host__kernel_options(tree.root, options, text, sizeof(text)), 0);
	assert_string_equal(text, "CONFIG_KASAN CONFIG_KCOV");
	tree__remove(&tree, "/boot");
	assert_int_equal(system("command -v gzip >/dev/null"), 0);
	tree__write(&tree, "/proc/config", "CONFIG_LOCKDEP=y\n");
	snprintf(command, sizeof(command), "gzip %s/proc/config", tree.root);
	assert_int_equal(system(command), 0);
	assert_int_equal(host__kernel_options(tree.root, options, text, sizeof(text)), 0);
	assert_string_equal(text, "CONFIG_LOCKDEP");
	tree__close(&tree);
}

/* Both vendor modules built in, a vendor module that can't run, and none. */
static void backend_of_odd_machines(void **state)
{
	struct tree tree;
	char text[64];

	(void)state;
	tree__open(&tree, "amd-bare-metal");
	tree__write(&tree, "/sys/module/kvm_intel/parameters/pml", "Y\n");
	assert_string_equal(host__backend(tree.root, text, sizeof(text)), "svm");
	tree__close(&tree);

	tree__open(&tree, "intel-bare-metal");
	tree__write(&tree, "/sys/module/kvm_amd/parameters/npt", "Y\n");
	assert_string_equal(host__backend(tree.root, text, sizeof(text)), "vmx");
	tree__close(&tree);

	tree__open(&tree, "firecracker-pvm");
	tree__write(&tree, "/sys/module/kvm_amd/parameters/npt", "Y\n");
	assert_string_equal(host__backend(tree.root, text, sizeof(text)), "pvm");
	tree__remove(&tree, "/sys/module/kvm_pvm");
	assert_string_equal(host__backend(tree.root, text, sizeof(text)), "svm");
	tree__remove(&tree, "/sys/module/kvm_amd");
	assert_string_equal(host__backend(tree.root, text, sizeof(text)), "unknown");
	tree__close(&tree);
}

/* On whatever machine this is, what the fingerprint says must agree with the system's own calls. */
static void this_machine(void **state)
{
	json_t *fingerprint = host__fingerprint("");
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char host[256];

	(void)state;
	assert_int_equal(gethostname(host, sizeof(host)), 0);
	assert_string_equal(json_string_value(at(fingerprint, "hostname")), host);
	assert_int_equal(json_integer_value(at(fingerprint, "topology/cpus")), cpus);
	assert_true(json_is_string(at(fingerprint, "cpu/vendor")));
	assert_true(json_array_size(at(fingerprint, "cpu/flags")) > 20);
	assert_true(json_is_string(at(fingerprint, "kernel/boot_id")));
	assert_true(json_number_value(at(fingerprint, "kernel/uptime_s")) > 0);
	json_decref(fingerprint);
}

/* What scripts/record-host records must be all that the readers read: this machine and its recording have the
 * same fingerprint, but for what changes by itself and what a recording leaves out. */
static void a_recording_is_complete(void **state)
{
	static const char *const same[] = { "cpu", "topology", "kernel/release", "kernel/version",
		"kernel/machine", "kvm", "mitigations", "frequency", "idle", "smt", "memory/thp_enabled",
		"memory/thp_defrag", "memory/thp_shmem_enabled", "memory/khugepaged_scan_ms",
		"memory/ksm_run", "memory/numa_balancing", "memory/total_kib", "memory/swap_kib",
		"memory/huge_pages", "hypervisor/present", "hypervisor/product_name", "hypervisor/xen_type",
		"clocksource", "perf" };
	json_t *live, *recorded;
	char command[128];
	struct tree tree;

	(void)state;
	tree__open(&tree, NULL);
	snprintf(command, sizeof(command), "scripts/record-host %s", tree.root);
	assert_int_equal(system(command), 0);
	live = host__fingerprint("");
	recorded = host__fingerprint(tree.root);
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (!json_equal(at(live, same[i]), at(recorded, same[i])))
			fail_msg("%s of this machine and of its recording differ", same[i]);
	/* Nothing in it names the machine. */
	assert_value(recorded, "hostname", "\"host\"");
	assert_value(recorded, "kernel/boot_id", "\"00000000-0000-4000-8000-000000000000\"");
	json_decref(live);
	json_decref(recorded);
	tree__close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_of_every_tree),
		cmocka_unit_test(an_empty_tree_has_the_same_members),
		cmocka_unit_test(strange_bytes_are_kept_out),
		cmocka_unit_test(cores_and_preemption_are_told),
		cmocka_unit_test(config_hash_tells_configurations_apart),
		cmocka_unit_test(single_facts),
		cmocka_unit_test(command_line_parameters),
		cmocka_unit_test(kernel_options),
		cmocka_unit_test(backend_of_odd_machines),
		cmocka_unit_test(this_machine),
		cmocka_unit_test(a_recording_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
