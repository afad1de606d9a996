/* SPDX-License-Identifier: MIT */
/* Who else uses this machine: CPUs that were busy while watched, processes by name, CPU quotas. */
#ifndef HOST_ACTIVITY_H
#define HOST_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>

#include "host/cpus.h"

struct activity {
	struct cpu_list busy;     /* CPUs that worked for more than 10 % of the time, this process apart */
	struct cpu_list siblings; /* CPUs that aren't in `busy` but share a core with one that is */
	double stolen_percent;    /* of all CPUs' time, that a hypervisor gave to others */
};

/* Watches this machine for 200 ms, asleep. 0 or -errno. */
int activity__watch(struct activity *a);
void activity__free(struct activity *a);

/* The same from two texts of /proc/stat; pure. The topology may be NULL: no siblings then. */
int activity__compare(
	struct activity *a, const char *before, const char *after, const struct cpu_topology *topology);

/* Is there a process with that name (/proc/PID/comm) below root? */
bool activity__process_runs(const char *root, const char *name);

/* Does this process's control group, or one above it, have a CPU quota? Then its file and text. */
bool activity__quota(const char *root, char *path, size_t path_size, char *value, size_t value_size);

#endif
