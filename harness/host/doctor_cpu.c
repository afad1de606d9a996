// SPDX-License-Identifier: MIT
/* The doctor on frequency, idle states, SMT, isolation and who else uses the CPUs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "host/activity.h"
#include "host/cpus.h"
#include "host/doctor_checks.h"
#include "host/host.h"

#define CPU_DIR "/sys/devices/system/cpu"

/* What the online CPUs say in one of their files, by value. */
#define DISTINCT_MAX 4
struct survey {
	unsigned cpus; /* that have the file */
	unsigned values;
	struct {
		char text[64];
		struct cpu_list cpus;
	} value[DISTINCT_MAX];
};

static void survey__free(struct survey *s)
{
	for (unsigned i = 0; i < s->values; i++)
		cpu_list__free(&s->value[i].cpus);
}

static void survey__add(struct survey *s, const char *text, unsigned cpu)
{
	unsigned i = 0;

	s->cpus++;
	while (i < s->values && strcmp(s->value[i].text, text))
		i++;
	if (i == DISTINCT_MAX || cpu_list__append(&s->value[i].cpus, cpu))
		return;
	if (i == s->values)
		snprintf(s->value[s->values++].text, sizeof(s->value[i].text), "%s", text);
}

static void survey__read(struct survey *s, const char *root, const char *name)
{
	struct cpu_list online;

	*s = (struct survey){ 0 };
	if (cpu_list__read(root, CPU_DIR "/online", &online))
		return;
	for (size_t i = 0; i < online.count; i++) {
		char path[128], text[64];

		snprintf(path, sizeof(path), CPU_DIR "/cpu%u/%s", online.cpu[i], name);
		if (file__read(root, path, text, sizeof(text)) >= 0)
			survey__add(s, text, online.cpu[i]);
	}
	cpu_list__free(&online);
}

/* The commands that put every CPU's file back as it is now. */
static void survey__restore(const struct survey *s, struct finding *f, const char *name)
{
	size_t used = 0;

	if (s->values == 1) {
		finding__restore(f, "echo %s | tee " CPU_DIR "/cpu*/%s", s->value[0].text, name);
		return;
	}
	for (unsigned i = 0; i < s->values && used < sizeof(f->restore); i++) {
		char cpus[192];

		cpu_list__format(&s->value[i].cpus, cpus, sizeof(cpus));
		used += (size_t)snprintf(f->restore + used, sizeof(f->restore) - used,
			"%sfor c in $(echo %s | tr , ' '); do for n in $(seq ${c%%-*} ${c#*-}); do echo %s > " CPU_DIR
			"/cpu$n/%s; done; done",
			i ? "; " : "", cpus, s->value[i].text, name);
	}
}

static void no_cpufreq(const char *root, struct finding *f)
{
	if (host__has_hypervisor(root))
		finding__set(f, FINDING_INFO, "no cpufreq in this VM: the host below decides");
	else
		finding__set(f, FINDING_UNKNOWN, "no cpufreq driver: firmware decides, look in its settings");
}

static void look_governor(const char *root, struct finding *f)
{
	struct survey s;
	bool fixed;

	survey__read(&s, root, "cpufreq/scaling_governor");
	fixed = s.values == 1 && !strcmp(s.value[0].text, "performance");
	if (!s.values)
		no_cpufreq(root, f);
	else if (s.values == 1)
		finding__set(f, fixed ? FINDING_OK : FINDING_WARNING, "%s on all %u CPUs", s.value[0].text,
			s.cpus);
	else
		finding__set(f, FINDING_WARNING, "%s on %zu, %s on %zu of %u CPUs", s.value[0].text,
			s.value[0].cpus.count, s.value[1].text, s.value[1].cpus.count, s.cpus);
	if (f->state == FINDING_WARNING) {
		finding__change(f, "echo performance | tee " CPU_DIR "/cpu*/cpufreq/scaling_governor");
		survey__restore(&s, f, "cpufreq/scaling_governor");
	}
	survey__free(&s);
}

static void look_turbo(const char *root, struct finding *f)
{
	long long value;

	if (!file__read_long(root, CPU_DIR "/intel_pstate/no_turbo", &value)) {
		finding__set(f, value ? FINDING_OK : FINDING_WARNING, "turbo is %s", value ? "off" : "on");
		if (!value)
			finding__file_commands(f, CPU_DIR "/intel_pstate/no_turbo", "1", "0");
	} else if (!file__read_long(root, CPU_DIR "/cpufreq/boost", &value)) {
		finding__set(f, value ? FINDING_WARNING : FINDING_OK, "boost is %s", value ? "on" : "off");
		if (value)
			finding__file_commands(f, CPU_DIR "/cpufreq/boost", "0", "1");
	} else {
		no_cpufreq(root, f);
	}
}

/* Idle states that take longer than this to leave show in an exit that waits (HLT, IPIs). */
#define IDLE_LATENCY_LIMIT_US 2

static void look_idle(const char *root, struct finding *f)
{
	long long latency, disabled, deepest = -1;
	char states[64] = "", name[64] = "", deepest_name[64] = "";

	for (unsigned i = 0; i < 10; i++) {
		char path[128];

		snprintf(path, sizeof(path), CPU_DIR "/cpu0/cpuidle/state%u/latency", i);
		if (file__read_long(root, path, &latency))
			break;
		snprintf(path, sizeof(path), CPU_DIR "/cpu0/cpuidle/state%u/name", i);
		file__read(root, path, name, sizeof(name));
		snprintf(path, sizeof(path), CPU_DIR "/cpu0/cpuidle/state%u/disable", i);
		if (file__read_long(root, path, &disabled))
			disabled = 0;
		if (disabled)
			continue;
		if (latency > IDLE_LATENCY_LIMIT_US)
			snprintf(states + strlen(states), sizeof(states) - strlen(states), "%u", i);
		if (latency > deepest) {
			deepest = latency;
			snprintf(deepest_name, sizeof(deepest_name), "%s", name);
		}
	}
	if (deepest < 0)
		finding__set(f, FINDING_INFO, "no idle states here: %s",
			host__has_hypervisor(root) ? "the host below decides" : "cpuidle has no driver");
	else if (!*states)
		finding__set(f, FINDING_OK, "deepest state in use is %s (%lld us)", deepest_name, deepest);
	else {
		finding__set(f, FINDING_WARNING, "CPUs may sleep in %s, which takes %lld us to leave",
			deepest_name, deepest);
		finding__change(f, "echo 1 | tee " CPU_DIR "/cpu*/cpuidle/state[%s]/disable", states);
		finding__restore(f, "echo 0 | tee " CPU_DIR "/cpu*/cpuidle/state[%s]/disable", states);
	}
}

static void look_smt(const char *root, struct finding *f)
{
	char control[32] = "";
	long long active;

	if (file__read_long(root, CPU_DIR "/smt/active", &active)) {
		finding__set(f, FINDING_UNKNOWN, "the kernel doesn't say");
		return;
	}
	file__read(root, CPU_DIR "/smt/control", control, sizeof(control));
	if (!active) {
		finding__set(f, FINDING_OK, "off (%s)", control);
		return;
	}
	finding__set(f, FINDING_INFO, "on: two CPUs share a core");
	finding__file_commands(f, CPU_DIR "/smt/control", "off", *control ? control : "on");
}

static void look_isolation(const char *root, struct finding *f)
{
	struct cpu_list isolated, nohz, online;
	char a[96], b[96];
	unsigned last = 1;

	cpu_list__read(root, CPU_DIR "/isolated", &isolated);
	cpu_list__read(root, CPU_DIR "/nohz_full", &nohz);
	cpu_list__format(&isolated, a, sizeof(a));
	cpu_list__format(&nohz, b, sizeof(b));
	if (isolated.count && nohz.count) {
		finding__set(
			f, FINDING_OK, "isolcpus=%s nohz_full=%s: measure there with --cpus %s", a, b, a);
	} else {
		if (isolated.count)
			finding__set(
				f, FINDING_INFO, "isolcpus=%s, but the timer ticks there (no nohz_full)", a);
		else
			finding__set(f, FINDING_INFO, "no CPU is isolated");
		if (!cpu_list__read(root, CPU_DIR "/online", &online) && online.count)
			last = online.cpu[online.count - 1];
		cpu_list__free(&online);
		finding__change(f,
			"add isolcpus=%u nohz_full=%u rcu_nocbs=%u to the kernel command line and reboot",
			last, last, last);
		finding__restore(f, "take them out again and reboot");
	}
	cpu_list__free(&isolated);
	cpu_list__free(&nohz);
}

static void look_irqbalance(const char *root, struct finding *f)
{
	if (!activity__process_runs(root, "irqbalance")) {
		finding__set(f, FINDING_OK, "not running");
		return;
	}
	finding__set(f, FINDING_WARNING, "irqbalance is running");
	finding__change(f, "systemctl stop irqbalance");
	finding__restore(f, "systemctl start irqbalance");
}

static void look_load(const char *root, struct finding *f)
{
	char text[128];
	double load;

	if (file__read(root, "/proc/loadavg", text, sizeof(text)) < 0 || sscanf(text, "%lf", &load) != 1) {
		finding__set(f, FINDING_UNKNOWN, "/proc/loadavg can't be read");
		return;
	}
	/* One process that always runs is one too many, however many CPUs there are. */
	finding__set(
		f, load >= 0.8 ? FINDING_WARNING : FINDING_OK, "load average %.2f in the last minute", load);
	if (f->state == FINDING_WARNING)
		finding__change(f, "ps -eo pcpu,psr,pid,comm --sort=-pcpu | head");
}

static void look_busy(const char *root, struct finding *f)
{
	struct activity a;
	char busy[96], siblings[96];

	if (*root || activity__watch(&a)) {
		finding__set(f, FINDING_UNKNOWN, "needs watching the machine itself");
		return;
	}
	cpu_list__format(&a.busy, busy, sizeof(busy));
	cpu_list__format(&a.siblings, siblings, sizeof(siblings));
	if (a.stolen_percent >= 1)
		finding__set(f, FINDING_WARNING, "the host below took %.0f %% of the time; busy CPUs: %s",
			a.stolen_percent, a.busy.count ? busy : "none");
	else if (a.siblings.count)
		finding__set(
			f, FINDING_WARNING, "busy: CPUs %s; they slow their siblings %s", busy, siblings);
	else if (a.busy.count)
		finding__set(f, FINDING_WARNING, "busy: CPUs %s", busy);
	else
		finding__set(f, FINDING_OK, "all CPUs idle while watched for 200 ms");
	if (f->state == FINDING_WARNING)
		finding__change(
			f, "ps -eo pcpu,psr,pid,comm --sort=-pcpu | head, and --cpus for the idle ones");
	activity__free(&a);
}

static void look_quota(const char *root, struct finding *f)
{
	char path[512], value[64];

	if (!activity__quota(root, path, sizeof(path), value, sizeof(value))) {
		finding__set(f, FINDING_OK, "no CPU quota on this control group");
		return;
	}
	finding__set(f, FINDING_WARNING, "quota \"%s\" in %s", value, path);
	finding__file_commands(f, path, strstr(path, "cfs_quota") ? "-1" : "max", value);
}

static const struct check checks[] = {
	{ "governor",
		"a frequency that follows the load makes the same exit cost more ticks at first and fewer later",
		look_governor },
	{ "turbo",
		"turbo frequencies depend on heat and on what other cores do: runs differ by several per cent",
		look_turbo },
	{ "idle-states",
		"waking from a deep idle state adds microseconds to whatever waits: HLT, IPIs, timers",
		look_idle },
	{ "smt", "work on the sibling takes execution slots from the measured CPU", look_smt },
	{ "busy-cpus",
		"other work on the measured CPU or its sibling shows as slow samples and wandering medians",
		look_busy },
	{ "load", "a busy machine preempts the vCPU threads", look_load },
	{ "isolation",
		"without it, tasks, the timer tick and kernel threads interrupt the guest: longer tails",
		look_isolation },
	{ "irqbalance",
		"it moves device interrupts between CPUs while you measure: exits by interrupt come and go",
		look_irqbalance },
	{ "cpu-quota", "a control group that has used its share is stopped for milliseconds", look_quota },
};

const struct check_table doctor_cpu_checks = { checks, ARRAY_SIZE(checks) };
