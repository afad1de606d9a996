// SPDX-License-Identifier: MIT
#include "host/fingerprint.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "host/cpus.h"
#include "host/json.h"

#define CPU_DIR "/sys/devices/system/cpu"
#define THP_DIR "/sys/kernel/mm/transparent_hugepage"
#define DMI_DIR "/sys/class/dmi/id"

/* The facts that are a file each. Settings that a kernel has per CPU are CPU 0's; doctor looks at all. */
static const struct fact {
	const char *section; /* member of the fingerprint; "" for the fingerprint itself */
	const char *key;
	const char *path;
	json_t *(*read)(const char *root, const char *path);
} facts[] = {
	{ "", "hostname", "/proc/sys/kernel/hostname", host_json__file },
	{ "kernel", "name", "/proc/sys/kernel/ostype", host_json__file },
	{ "kernel", "release", "/proc/sys/kernel/osrelease", host_json__file },
	{ "kernel", "version", "/proc/sys/kernel/version", host_json__file },
	{ "kernel", "machine", "/proc/sys/kernel/arch", host_json__file },
	{ "kernel", "boot_id", "/proc/sys/kernel/random/boot_id", host_json__file },
	{ "kernel", "uptime_s", "/proc/uptime", host_json__number },
	{ "kernel", "preempt", "/sys/kernel/debug/sched/preempt", host_json__file },
	{ "kernel", "tainted", "/proc/sys/kernel/tainted", host_json__number },
	{ "kernel", "split_lock_mitigate", "/proc/sys/kernel/split_lock_mitigate", host_json__number },
	{ "", "mitigations", CPU_DIR "/vulnerabilities", host_json__folder },
	{ "topology", "online", CPU_DIR "/online", host_json__file },
	{ "topology", "isolated", CPU_DIR "/isolated", host_json__file },
	{ "topology", "nohz_full", CPU_DIR "/nohz_full", host_json__file },
	{ "topology", "performance_cpus", "/sys/devices/cpu_core/cpus", host_json__file },
	{ "topology", "efficiency_cpus", "/sys/devices/cpu_atom/cpus", host_json__file },
	{ "frequency", "driver", CPU_DIR "/cpu0/cpufreq/scaling_driver", host_json__file },
	{ "frequency", "governor", CPU_DIR "/cpu0/cpufreq/scaling_governor", host_json__file },
	{ "frequency", "preference", CPU_DIR "/cpu0/cpufreq/energy_performance_preference", host_json__file },
	{ "frequency", "scaling_min_khz", CPU_DIR "/cpu0/cpufreq/scaling_min_freq", host_json__number },
	{ "frequency", "scaling_max_khz", CPU_DIR "/cpu0/cpufreq/scaling_max_freq", host_json__number },
	{ "frequency", "hardware_min_khz", CPU_DIR "/cpu0/cpufreq/cpuinfo_min_freq", host_json__number },
	{ "frequency", "hardware_max_khz", CPU_DIR "/cpu0/cpufreq/cpuinfo_max_freq", host_json__number },
	{ "frequency", "base_khz", CPU_DIR "/cpu0/cpufreq/base_frequency", host_json__number },
	{ "frequency", "boost", CPU_DIR "/cpufreq/boost", host_json__number },
	{ "frequency", "intel_pstate", CPU_DIR "/intel_pstate/status", host_json__file },
	{ "frequency", "intel_no_turbo", CPU_DIR "/intel_pstate/no_turbo", host_json__number },
	{ "frequency", "amd_pstate", CPU_DIR "/amd_pstate/status", host_json__file },
	{ "idle", "driver", CPU_DIR "/cpuidle/current_driver", host_json__file },
	{ "idle", "governor", CPU_DIR "/cpuidle/current_governor", host_json__file },
	{ "smt", "active", CPU_DIR "/smt/active", host_json__number },
	{ "smt", "control", CPU_DIR "/smt/control", host_json__file },
	{ "memory", "thp_enabled", THP_DIR "/enabled", host_json__choice },
	{ "memory", "thp_defrag", THP_DIR "/defrag", host_json__choice },
	{ "memory", "thp_shmem_enabled", THP_DIR "/shmem_enabled", host_json__choice },
	{ "memory", "khugepaged_scan_ms", THP_DIR "/khugepaged/scan_sleep_millisecs", host_json__number },
	{ "memory", "ksm_run", "/sys/kernel/mm/ksm/run", host_json__number },
	{ "memory", "ksm_pages_sharing", "/sys/kernel/mm/ksm/pages_sharing", host_json__number },
	{ "memory", "numa_balancing", "/proc/sys/kernel/numa_balancing", host_json__number },
	{ "hypervisor", "xen_type", "/sys/hypervisor/type", host_json__file },
	{ "hypervisor", "system_vendor", DMI_DIR "/sys_vendor", host_json__file },
	{ "hypervisor", "product_name", DMI_DIR "/product_name", host_json__file },
	{ "hypervisor", "bios_vendor", DMI_DIR "/bios_vendor", host_json__file },
	{ "hypervisor", "bios_version", DMI_DIR "/bios_version", host_json__file },
	{ "hypervisor", "bios_date", DMI_DIR "/bios_date", host_json__file },
	{ "clocksource", "current", "/sys/devices/system/clocksource/clocksource0/current_clocksource",
		host_json__file },
	{ "clocksource", "available", "/sys/devices/system/clocksource/clocksource0/available_clocksource",
		host_json__file },
	{ "perf", "paranoid", "/proc/sys/kernel/perf_event_paranoid", host_json__number },
	{ "perf", "nmi_watchdog", "/proc/sys/kernel/nmi_watchdog", host_json__number },
};

/* The member object of that name, made where it isn't there yet; "" is the fingerprint itself. */
static json_t *section(json_t *fingerprint, const char *name)
{
	json_t *object = *name ? json_object_get(fingerprint, name) : fingerprint;

	if (!object) {
		object = json_object();
		json_object_set_new(fingerprint, name, object);
	}
	return object;
}

static void add_cpu(const char *root, json_t *cpu)
{
	static const struct {
		const char *key, *field;
		enum {
			TEXT,
			NUMBER,
			WORDS
		} kind;
	} fields[] = {
		{ "vendor", "vendor_id", TEXT },
		{ "model_name", "model name", TEXT },
		{ "family", "cpu family", NUMBER },
		{ "model", "model", NUMBER },
		{ "stepping", "stepping", NUMBER },
		{ "microcode", "microcode", TEXT },
		{ "address_sizes", "address sizes", TEXT },
		{ "flags", "flags", WORDS },
		{ "vmx_flags", "vmx flags", WORDS },
		{ "bugs", "bugs", WORDS },
	};
	char text[16384];

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		json_t *value = NULL;

		if (!host__cpu_field(root, fields[i].field, text, sizeof(text)))
			value = fields[i].kind == NUMBER  ? json_integer(strtoll(text, NULL, 0))
				: fields[i].kind == WORDS ? host_json__words(text)
							  : host_json__text(text);
		json_object_set_new(cpu, fields[i].key, value ? value : json_null());
	}
}

static void add_topology(const char *root, json_t *object)
{
	struct cpu_topology t;

	/* Without a list of online CPUs all counts are 0: not known. */
	cpu_topology__read(root, &t, NULL);
	json_object_set_new(object, "cpus", t.count ? json_integer((json_int_t)t.count) : json_null());
	json_object_set_new(object, "packages", t.count ? json_integer(t.packages) : json_null());
	json_object_set_new(object, "nodes", t.count ? json_integer(t.nodes) : json_null());
	json_object_set_new(object, "last_level_caches", t.count ? json_integer(t.llcs) : json_null());
	json_object_set_new(object, "cores", t.count ? json_integer(t.cores) : json_null());
	json_object_set_new(
		object, "threads_per_core", t.count ? json_integer(t.threads_per_core) : json_null());
	cpu_topology__free(&t);
}

/* The command line without what is init's (what it runs, and all that follows "--"): it changes no figure
 * and may hold secrets. */
static json_t *command_line(const char *root)
{
	char text[4096], kept[4096] = "", *save = NULL;

	if (file__read(root, "/proc/cmdline", text, sizeof(text)) < 0)
		return json_null();
	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (!strcmp(word, "--"))
			break;
		if (!strncmp(word, "init=", 5) || !strncmp(word, "rdinit=", 7))
			continue;
		if (*kept)
			strcat(kept, " "); /* never longer than text */
		strcat(kept, word);
	}
	return host_json__text(kept);
}

/* FNV-1a, 64 bits, of the configuration as stored: tells two kernels apart, promises nothing more. */
static json_t *config_hash(const char *root)
{
	char release[256], path[512], text[64];
	uint64_t hash = 0xcbf29ce484222325u;
	FILE *file = NULL;
	int byte;

	if (file__read(root, "/proc/sys/kernel/osrelease", release, sizeof(release)) > 0) {
		snprintf(path, sizeof(path), "%s/boot/config-%s", root, release);
		file = fopen(path, "re");
	}
	if (!file) {
		snprintf(path, sizeof(path), "%s/proc/config.gz", root);
		file = fopen(path, "re");
	}
	if (!file)
		return json_null();
	while ((byte = getc(file)) != EOF)
		hash = (hash ^ (uint64_t)byte) * 0x100000001b3u;
	fclose(file);
	snprintf(text, sizeof(text), "fnv1a64:%016llx", (unsigned long long)hash);
	return json_string(text);
}

/* "module.parameter": value, of every module whose name starts with kvm. */
static json_t *kvm_parameters(const char *root)
{
	json_t *object = json_object();
	size_t modules, parameters;
	char **module = names__list(root, "/sys/module", "kvm", &modules);
	char folder[512], path[1024], key[600];

	for (size_t i = 0; i < modules; i++) {
		char **parameter;

		snprintf(folder, sizeof(folder), "/sys/module/%s/parameters", module[i]);
		parameter = names__list(root, folder, "", &parameters);
		for (size_t j = 0; j < parameters; j++) {
			snprintf(path, sizeof(path), "%s/%s", folder, parameter[j]);
			snprintf(key, sizeof(key), "%s.%s", module[i], parameter[j]);
			json_object_set_new(object, key, host_json__file(root, path));
		}
		names__free(parameter, parameters);
	}
	names__free(module, modules);
	return object;
}

static json_t *idle_states(const char *root)
{
	json_t *states = json_array();

	for (unsigned i = 0; i < 16; i++) {
		char name[128], latency[128], disable[128];

		snprintf(name, sizeof(name), CPU_DIR "/cpu0/cpuidle/state%u/name", i);
		snprintf(latency, sizeof(latency), CPU_DIR "/cpu0/cpuidle/state%u/latency", i);
		snprintf(disable, sizeof(disable), CPU_DIR "/cpu0/cpuidle/state%u/disable", i);
		if (!file__exists(root, name))
			break;
		json_array_append_new(states, json_pack("{so so so}", "name", host_json__file(root, name),
						      "latency_us", host_json__number(root, latency),
						      "disabled", host_json__number(root, disable)));
	}
	return states;
}

/* "MemTotal" of /proc/meminfo in KiB. */
static json_t *meminfo_kib(const char *root, const char *name)
{
	char text[8192], *at = text;
	size_t length = strlen(name);

	if (file__read(root, "/proc/meminfo", text, sizeof(text)) < 0)
		return json_null();
	while (at && (strncmp(at, name, length) || at[length] != ':')) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at ? json_integer(strtoll(at + length + 1, NULL, 10)) : json_null();
}

/* "2048kB": { total, free } of every page size. */
static json_t *huge_pages(const char *root)
{
	json_t *object = json_object();
	size_t count;
	char **size = names__list(root, "/sys/kernel/mm/hugepages", "hugepages-", &count);

	for (size_t i = 0; i < count; i++) {
		char total[512], free_pages[512];

		snprintf(total, sizeof(total), "/sys/kernel/mm/hugepages/%s/nr_hugepages", size[i]);
		snprintf(free_pages, sizeof(free_pages), "/sys/kernel/mm/hugepages/%s/free_hugepages",
			size[i]);
		json_object_set_new(object, size[i] + strlen("hugepages-"),
			json_pack("{so so}", "total", host_json__number(root, total), "free",
				host_json__number(root, free_pages)));
	}
	names__free(size, count);
	return object;
}

static json_t *load(const char *root)
{
	char text[128];
	double load[3];

	if (file__read(root, "/proc/loadavg", text, sizeof(text)) < 0 ||
		sscanf(text, "%lf %lf %lf", &load[0], &load[1], &load[2]) != 3)
		return json_null();
	return json_pack("[fff]", load[0], load[1], load[2]);
}

static json_t *measuring_units(const char *root)
{
	json_t *array = json_array();
	size_t count;
	char **name = names__list(root, "/sys/bus/event_source/devices", "", &count);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, host_json__text(name[i]));
	names__free(name, count);
	return array;
}

json_t *host__fingerprint(const char *root)
{
	json_t *fingerprint = json_object();
	char text[64];

	if (!root)
		root = "";
	json_object_set_new(fingerprint, "hostname", json_null()); /* first in the file */
	add_cpu(root, section(fingerprint, "cpu"));
	add_topology(root, section(fingerprint, "topology"));
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		json_object_set_new(section(fingerprint, facts[i].section), facts[i].key,
			facts[i].read(root, facts[i].path));
	json_object_set_new(section(fingerprint, "kernel"), "command_line", command_line(root));
	json_object_set_new(section(fingerprint, "kernel"), "config_hash", config_hash(root));
	json_object_set_new(section(fingerprint, "kvm"), "backend",
		host_json__text(host__backend(root, text, sizeof(text))));
	json_object_set_new(section(fingerprint, "kvm"), "parameters", kvm_parameters(root));
	json_object_set_new(section(fingerprint, "idle"), "states", idle_states(root));
	json_object_set_new(section(fingerprint, "memory"), "total_kib", meminfo_kib(root, "MemTotal"));
	json_object_set_new(
		section(fingerprint, "memory"), "available_kib", meminfo_kib(root, "MemAvailable"));
	json_object_set_new(section(fingerprint, "memory"), "swap_kib", meminfo_kib(root, "SwapTotal"));
	json_object_set_new(section(fingerprint, "memory"), "huge_pages", huge_pages(root));
	json_object_set_new(
		section(fingerprint, "hypervisor"), "present", json_boolean(host__has_hypervisor(root)));
	host__hypervisor_signature(root, text, sizeof(text));
	json_object_set_new(section(fingerprint, "hypervisor"), "cpuid_signature",
		*text ? host_json__text(text) : json_null());
	json_object_set_new(section(fingerprint, "perf"), "units", measuring_units(root));
	json_object_set_new(fingerprint, "load", load(root));
	return fingerprint;
}
