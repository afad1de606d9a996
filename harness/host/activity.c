// SPDX-License-Identifier: MIT
#include "host/activity.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "host/json.h"

#define WATCH_NS     200000000L
#define BUSY_PERCENT 10.0

/* One CPU's line of /proc/stat in clock ticks (proc(5)): all time, and the parts that matter here. */
struct cpu_time {
	unsigned long long all, idle, stolen;
};

/* Finds "cpuN " (or "cpu " for -1) at a line's start. */
static int cpu_time__parse(const char *stat, int cpu, struct cpu_time *t)
{
	unsigned long long v[8] = { 0 };
	char name[24];
	const char *line = stat;

	snprintf(name, sizeof(name), cpu < 0 ? "cpu " : "cpu%d ", cpu);
	while (line && strncmp(line, name, strlen(name))) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (!line || sscanf(line, "%*s %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3],
			     &v[4], &v[5], &v[6], &v[7]) < 4)
		return -ENOENT;
	*t = (struct cpu_time){ .idle = v[3] + v[4], .stolen = v[7] };
	for (int i = 0; i < 8; i++)
		t->all += v[i];
	return 0;
}

static double percent(unsigned long long part, unsigned long long all)
{
	return all ? 100.0 * (double)part / (double)all : 0;
}

int activity__compare(
	struct activity *a, const char *before, const char *after, const struct cpu_topology *topology)
{
	struct cpu_time b, e;

	*a = (struct activity){ 0 };
	if (cpu_time__parse(before, -1, &b) || cpu_time__parse(after, -1, &e))
		return -EINVAL;
	a->stolen_percent = percent(e.stolen - b.stolen, e.all - b.all);
	for (int cpu = 0; cpu < 8192; cpu++) {
		unsigned long long all, busy;

		if (cpu_time__parse(before, cpu, &b) || cpu_time__parse(after, cpu, &e)) {
			if (cpu > 0 && !topology)
				break;
			if (topology && (unsigned)cpu > topology->place[topology->count - 1].cpu)
				break;
			continue;
		}
		all = e.all - b.all;
		busy = all - (e.idle - b.idle) - (e.stolen - b.stolen);
		if (percent(busy, all) > BUSY_PERCENT && cpu_list__append(&a->busy, (unsigned)cpu))
			return -ENOMEM;
	}
	for (size_t i = 0; topology && i < topology->count; i++) {
		const struct cpu_place *p = &topology->place[i];
		bool shares = false;

		for (size_t j = 0; j < a->busy.count; j++) {
			const struct cpu_place *other = cpu_topology__find(topology, a->busy.cpu[j]);

			shares |= other && other->core == p->core && other != p;
		}
		if (shares && !cpu_list__contains(&a->busy, p->cpu) && cpu_list__append(&a->siblings, p->cpu))
			return -ENOMEM;
	}
	return 0;
}

int activity__watch(struct activity *a)
{
	/* Some 60 bytes a CPU; interrupts' lines after them are cut off and not needed. */
	const size_t size = 1 << 20;
	struct timespec pause = { .tv_nsec = WATCH_NS };
	struct cpu_topology topology;
	char *before = malloc(size), *after = malloc(size);
	int ret = before && after ? 0 : -ENOMEM;

	*a = (struct activity){ 0 };
	if (!ret)
		ret = file__read("", "/proc/stat", before, size);
	if (ret >= 0) {
		while (nanosleep(&pause, &pause) && errno == EINTR)
			;
		ret = file__read("", "/proc/stat", after, size);
	}
	if (ret >= 0) {
		bool known = !cpu_topology__read("", &topology, NULL);

		ret = activity__compare(a, before, after, known ? &topology : NULL);
		if (known)
			cpu_topology__free(&topology);
	}
	free(before);
	free(after);
	return ret < 0 ? ret : 0;
}

void activity__free(struct activity *a)
{
	cpu_list__free(&a->busy);
	cpu_list__free(&a->siblings);
}

bool activity__process_runs(const char *root, const char *name)
{
	size_t count;
	char **pid = names__list(root, "/proc", "", &count);
	bool runs = false;

	for (size_t i = 0; i < count && !runs; i++) {
		char path[64], comm[64];

		if (!isdigit((unsigned char)pid[i][0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/comm", pid[i]);
		runs = file__read(root, path, comm, sizeof(comm)) > 0 && !strcmp(comm, name);
	}
	names__free(pid, count);
	return runs;
}

/* Reads the quota file of the group and of those above it, innermost first. */
static bool find_quota(const char *root, const char *mount, const char *group, const char *file,
	const char *unlimited, char *path, size_t path_size, char *value, size_t value_size)
{
	char at[512];
	char *slash;

	snprintf(at, sizeof(at), "%s", group);
	for (;;) {
		snprintf(path, path_size, "%s%s/%s", mount, strcmp(at, "/") ? at : "", file);
		if (file__read(root, path, value, value_size) > 0 &&
			strncmp(value, unlimited, strlen(unlimited)))
			return true;
		slash = strrchr(at, '/');
		if (!slash)
			return false;
		*slash = '\0';
	}
}

bool activity__quota(const char *root, char *path, size_t path_size, char *value, size_t value_size)
{
	char text[4096], *save = NULL;

	if (file__read(root, "/proc/self/cgroup", text, sizeof(text)) < 0)
		return false;
	/* "0::/group" is version 2, "4:cpu,cpuacct:/group" version 1 (cgroups(7)). */
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!group)
			continue;
		*group++ = '\0';
		controllers++;
		if (!*controllers && find_quota(root, "/sys/fs/cgroup", group, "cpu.max", "max", path,
					     path_size, value, value_size))
			return true;
		if ((!strcmp(controllers, "cpu") || !strncmp(controllers, "cpu,", 4)) &&
			find_quota(root, "/sys/fs/cgroup/cpu", group, "cpu.cfs_quota_us", "-1", path,
				path_size, value, value_size))
			return true;
	}
	return false;
}
