/* SPDX-License-Identifier: MIT */
/* CPU lists, the topology of this machine, pinning, and the order in which vCPUs are given CPUs. */
#ifndef HOST_CPUS_H
#define HOST_CPUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A list of CPU numbers in the order given, malloc'ed; { NULL, 0 } is the empty list. */
struct cpu_list {
	unsigned *cpu;
	size_t count;
};

void cpu_list__free(struct cpu_list *list);

/* Parses the kernel's list format, "0-3,8,10-14:2"; "" is the empty list. 0, or -1 with err (usage). */
int cpu_list__parse(const char *text, struct cpu_list *list, struct error *err);

/* Writes the list format, runs joined ("0-3,8"). Returns the length; cut to size. */
int cpu_list__format(const struct cpu_list *list, char *buf, size_t size);

/* Adds a CPU at the end. 0 or -ENOMEM. */
int cpu_list__append(struct cpu_list *list, unsigned cpu);

bool cpu_list__contains(const struct cpu_list *list, unsigned cpu);

/* The CPUs this process may run on (sched_getaffinity). */
int cpu_list__allowed(struct cpu_list *list, struct error *err);

/* The list of a file of /proc or /sys below root, e.g. /sys/devices/system/cpu/isolated. 0 or -errno. */
int cpu_list__read(const char *root, const char *path, struct cpu_list *list);

/* Where one CPU sits. Numbers identify and order; they are the kernel's, or the first CPU of the group. */
struct cpu_place {
	unsigned cpu;
	unsigned package; /* physical_package_id */
	unsigned node;    /* NUMA node; 0 where the kernel has no nodes */
	unsigned llc;     /* first CPU that shares the last-level cache */
	unsigned core;    /* first CPU of the core */
	unsigned thread;  /* 0 for the first SMT thread of the core, 1 for its sibling... */
};

struct cpu_topology {
	struct cpu_place *place; /* online CPUs in ascending order, malloc'ed */
	size_t count;
	unsigned packages, nodes, llcs, cores;
	unsigned threads_per_core; /* of the widest core */
};

/* Reads the topology of the online CPUs below root. Files that a small or virtual machine lacks read as
 * "a package, a node and a cache for all, a core each". 0, or -1 with err where no CPU can be found. */
int cpu_topology__read(const char *root, struct cpu_topology *topology, struct error *err);
void cpu_topology__free(struct cpu_topology *topology);
const struct cpu_place *cpu_topology__find(const struct cpu_topology *topology, unsigned cpu);

enum placement {
	PLACEMENT_SPREAD,  /* as far apart as possible: other caches and nodes first, siblings last */
	PLACEMENT_COMPACT, /* neighbours: cores of one cache, then of one node; siblings last */
	PLACEMENT_SMT,     /* siblings first: vCPUs 0 and 1 share a core */
	PLACEMENT_NUMA,    /* nodes in turn, within a node like compact */
	PLACEMENT_COUNT,
};

const char *placement__name(enum placement placement);
int placement__parse(const char *name, enum placement *placement);

/* CPUs for n vCPUs: `allowed` CPUs of the topology in the placement's order, from the start again where n
 * exceeds them (*overcommitted says so; may be NULL). 0, or -1 with err where no allowed CPU is online. */
int placement__order(enum placement placement, const struct cpu_topology *topology,
	const struct cpu_list *allowed, size_t n, struct cpu_list *order, bool *overcommitted,
	struct error *err);

/* Pins the calling thread to one CPU; 0, or -1 with err: which CPU, why not, what to do. */
int cpu__pin(unsigned cpu, struct error *err);

#endif
