// SPDX-License-Identifier: MIT
/* The doctor on the kernel: clocks, counters, tracing, mitigations, debug options. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "host/doctor_checks.h"
#include "host/host.h"
#include "host/json.h"

#define CLOCK_DIR "/sys/devices/system/clocksource/clocksource0"

static void look_clocksource(const char *root, struct finding *f)
{
	char current[64], available[256] = "";

	if (file__read(root, CLOCK_DIR "/current_clocksource", current, sizeof(current)) < 0) {
		finding__set(f, FINDING_UNKNOWN, "the kernel doesn't say");
		return;
	}
	file__read(root, CLOCK_DIR "/available_clocksource", available, sizeof(available));
	if (!strcmp(current, "tsc")) {
		finding__set(f, FINDING_OK, "tsc");
	} else if (strstr(available, "tsc")) {
		finding__set(f, FINDING_WARNING, "%s, though tsc is available", current);
		finding__file_commands(f, CLOCK_DIR "/current_clocksource", "tsc", current);
	} else {
		finding__set(f, FINDING_WARNING, "%s: the kernel has given up on the TSC", current);
		finding__change(f, "dmesg | grep -i tsc");
	}
}

static void look_tsc(const char *root, struct finding *f)
{
	char text[16];

	if (host__cpu_field(root, "flags", text, sizeof(text)))
		finding__set(f, FINDING_UNKNOWN, "/proc/cpuinfo has no flags");
	else if (host__cpu_has_flag(root, "constant_tsc") && host__cpu_has_flag(root, "nonstop_tsc"))
		finding__set(f, FINDING_OK, "constant and non-stop");
	else
		finding__set(f, FINDING_WARNING, "the CPU promises no constant_tsc and nonstop_tsc");
}

static void look_nmi_watchdog(const char *root, struct finding *f)
{
	long long value;

	if (file__read_long(root, "/proc/sys/kernel/nmi_watchdog", &value)) {
		finding__set(f, FINDING_OK, "this kernel has none");
		return;
	}
	finding__set(f, value ? FINDING_WARNING : FINDING_OK, "%s", value ? "on" : "off");
	if (value) {
		finding__change(f, "sysctl -w kernel.nmi_watchdog=0");
		finding__restore(f, "sysctl -w kernel.nmi_watchdog=%lld", value);
	}
}

static void look_paranoid(const char *root, struct finding *f)
{
	long long value;

	if (file__read_long(root, "/proc/sys/kernel/perf_event_paranoid", &value)) {
		finding__set(f, FINDING_INFO, "this kernel has no perf events");
		return;
	}
	/* Above 1 the kernel and guests may be counted with CAP_PERFMON only. */
	finding__set(f, value > 1 ? FINDING_INFO : FINDING_OK, "%lld%s", value,
		value > 1 ? ": only root may count what the kernel and guests do" : "");
	if (value > 1) {
		finding__change(f, "sysctl -w kernel.perf_event_paranoid=1");
		finding__restore(f, "sysctl -w kernel.perf_event_paranoid=%lld", value);
	}
}

static void look_pmu(const char *root, struct finding *f)
{
	/* "cpu_core" and "cpu_atom" where cores differ. */
	if (file__exists(root, "/sys/bus/event_source/devices/cpu"))
		finding__set(f, FINDING_OK, "the kernel drives this CPU's counters");
	else if (file__exists(root, "/sys/bus/event_source/devices/cpu_core"))
		finding__set(f, FINDING_WARNING, "cores of two kinds, each with its own counters");
	else
		finding__set(f, FINDING_INFO, "no hardware counters: %s",
			host__has_hypervisor(root) ? "this VM has no virtual PMU" : "no driver for this CPU");
	if (f->state == FINDING_WARNING)
		finding__change(f, "run with --cpus \"$(cat /sys/devices/cpu_core/cpus)\"");
}

/* One line for the shell: newlines as printf writes them. */
static void one_line(char *text)
{
	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = ' ';
}

static void look_tracing(const char *root, struct finding *f)
{
	static const char *const folders[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char tracer[64], events[256] = "", path[128];
	int got = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s/current_tracer", folders[i]);
		got = file__read(root, path, tracer, sizeof(tracer));
		if (got < 0)
			continue;
		snprintf(path, sizeof(path), "%s/set_event", folders[i]);
		file__read(root, path, events, sizeof(events));
		one_line(events);
		if (strcmp(tracer, "nop")) {
			finding__set(f, FINDING_WARNING, "tracer %s is on%s%s", tracer,
				*events ? ", and events: " : "", events);
			finding__change(f, "echo nop > %s/current_tracer; echo > %s", folders[i], path);
			finding__restore(f,
				"for e in %s; do echo $e >> %s; done; echo %s > %s/current_tracer", events,
				path, tracer, folders[i]);
		} else if (*events) {
			finding__set(f, FINDING_WARNING, "events are on: %s", events);
			finding__change(f, "echo > %s", path);
			finding__restore(f, "for e in %s; do echo $e >> %s; done", events, path);
		} else {
			finding__set(f, FINDING_OK, "no tracer, no events");
		}
		return;
	}
	if (got == -EACCES)
		finding__set(f, FINDING_UNKNOWN, "only root may look");
	else
		finding__set(f, FINDING_OK, "tracefs isn't mounted");
}

static void look_mitigations(const char *root, struct finding *f)
{
	unsigned mitigated = 0, vulnerable = 0, unaffected = 0;
	char names[160] = "", mode[64];
	size_t count;
	char **name = names__list(root, "/sys/devices/system/cpu/vulnerabilities", "", &count);

	for (size_t i = 0; i < count; i++) {
		char path[256], text[256];

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/vulnerabilities/%s", name[i]);
		if (file__read(root, path, text, sizeof(text)) < 0)
			continue;
		if (!strncmp(text, "Not affected", 12)) {
			unaffected++;
			continue;
		}
		if (strncmp(text, "Mitigation", 10)) {
			vulnerable++;
			continue;
		}
		mitigated++;
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", *names ? " " : "",
			name[i]);
	}
	names__free(name, count);
	if (!count) {
		finding__set(f, FINDING_UNKNOWN, "the kernel doesn't say");
		return;
	}
	if (host__cmdline(root, "mitigations", mode, sizeof(mode)))
		snprintf(mode, sizeof(mode), "default");
	finding__set(f, FINDING_INFO, "mitigations=%s; mitigated: %s; %u vulnerable, %u not affected", mode,
		mitigated ? names : "none", vulnerable, unaffected);
	if (mitigated) {
		finding__change(f,
			"to see what they cost, on a machine that can bear it: boot with mitigations=off "
			"and compare");
		finding__restore(f, "boot without it");
	}
}

static void look_debug_kernel(const char *root, struct finding *f)
{
	static const char *const options[] = { "CONFIG_PROVE_LOCKING", "CONFIG_LOCKDEP",
		"CONFIG_DEBUG_LOCK_ALLOC", "CONFIG_LOCK_STAT", "CONFIG_KASAN", "CONFIG_KCSAN", "CONFIG_KMSAN",
		"CONFIG_UBSAN", "CONFIG_KCOV", "CONFIG_SLUB_DEBUG_ON",
		"CONFIG_DEBUG_PAGEALLOC_ENABLE_DEFAULT", "CONFIG_DEBUG_KMEMLEAK", "CONFIG_DEBUG_ATOMIC_SLEEP",
		"CONFIG_DEBUG_PREEMPT", "CONFIG_DEBUG_VM", "CONFIG_KVM_PROVE_MMU", "CONFIG_GCOV_PROFILE_ALL",
		NULL };
	char set[200];

	if (file__exists(root, "/proc/lockdep_stats")) {
		finding__set(f, FINDING_WARNING, "lockdep is on");
	} else if (host__kernel_options(root, options, set, sizeof(set))) {
		finding__set(f, FINDING_UNKNOWN,
			"the kernel's configuration can't be read "
			"(/boot/config-RELEASE, /proc/config.gz)");
	} else if (*set) {
		finding__set(f, FINDING_WARNING, "%s", set);
	} else {
		finding__set(f, FINDING_OK, "no debugging options that cost time");
	}
	if (f->state == FINDING_WARNING)
		finding__change(f, "measure on a kernel built without them");
}

static const struct check checks[] = {
	{ "clocksource",
		"the kernel's own clock falls back from the TSC where it found it unsteady; others are slow",
		look_clocksource },
	{ "tsc", "ticks are time only where the TSC neither changes its rate nor stops", look_tsc },
	{ "nmi-watchdog", "it holds a hardware counter, and its NMIs make the guest exit",
		look_nmi_watchdog },
	{ "perf-paranoid", "decides who may count cycles and tracepoints", look_paranoid },
	{ "pmu", "without hardware counters there are no core cycles, instructions or misses", look_pmu },
	{ "tracing", "a tracer or an enabled event runs code on every exit", look_tracing },
	{ "mitigations",
		"what runs at every kernel entry and VMENTER explains hundreds of cycles between two CPUs",
		look_mitigations },
	{ "debug-kernel", "debugging options multiply the cost of the kernel's part of an exit",
		look_debug_kernel },
};

const struct check_table doctor_system_checks = { checks, ARRAY_SIZE(checks) };
