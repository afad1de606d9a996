// SPDX-License-Identifier: MIT
/* The topology half of cpus.h: where the CPUs sit, and the orders made from it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "host/cpus.h"

#define CPU_DIR  "/sys/devices/system/cpu"
#define NODE_DIR "/sys/devices/system/node"

static unsigned read_cpu_number(const char *root, unsigned cpu, const char *name, unsigned fallback)
{
	char path[128];
	long long value;

	snprintf(path, sizeof(path), CPU_DIR "/cpu%u/%s", cpu, name);
	return file__read_long(root, path, &value) || value < 0 ? fallback : (unsigned)value;
}

/* Reads a CPU list below cpuN/; an absent or empty one becomes just this CPU. */
static int read_cpu_group(const char *root, unsigned cpu, const char *name, struct cpu_list *group)
{
	char path[128], text[16];

	snprintf(path, sizeof(path), CPU_DIR "/cpu%u/%s", cpu, name);
	if (!cpu_list__read(root, path, group) && group->count)
		return 0;
	snprintf(text, sizeof(text), "%u", cpu);
	return cpu_list__parse(text, group, NULL);
}

/* The first CPU that shares the cache of the highest level with this one. */
static unsigned read_llc(const char *root, unsigned cpu, unsigned fallback)
{
	unsigned highest = 0, llc = fallback;

	for (unsigned index = 0; index < 16; index++) {
		struct cpu_list sharing;
		unsigned level;
		char name[64], path[128];

		snprintf(name, sizeof(name), "cache/index%u/level", index);
		level = read_cpu_number(root, cpu, name, 0);
		if (!level)
			break;
		if (level < highest)
			continue;
		snprintf(path, sizeof(path), CPU_DIR "/cpu%u/cache/index%u/shared_cpu_list", cpu, index);
		if (cpu_list__read(root, path, &sharing))
			continue;
		if (sharing.count) {
			highest = level;
			llc = sharing.cpu[0];
		}
		cpu_list__free(&sharing);
	}
	return llc;
}

/* Nodes know their CPUs: one file a node, instead of a link a CPU. */
static void read_nodes(const char *root, struct cpu_topology *t)
{
	struct cpu_list nodes;

	if (cpu_list__read(root, NODE_DIR "/online", &nodes))
		return;
	for (size_t i = 0; i < nodes.count; i++) {
		struct cpu_list cpus;
		char path[64];

		snprintf(path, sizeof(path), NODE_DIR "/node%u/cpulist", nodes.cpu[i]);
		if (cpu_list__read(root, path, &cpus))
			continue;
		for (size_t j = 0; j < t->count; j++)
			if (cpu_list__contains(&cpus, t->place[j].cpu))
				t->place[j].node = nodes.cpu[i];
		cpu_list__free(&cpus);
	}
	cpu_list__free(&nodes);
}

/* How many places are the first with their value of a member. */
#define COUNT_DISTINCT(t, member)                                                                            \
	({                                                                                                   \
		unsigned distinct = 0;                                                                       \
		for (size_t i = 0, j; i < (t)->count; i++) {                                                 \
			for (j = 0; (t)->place[j].member != (t)->place[i].member; j++)                       \
				;                                                                            \
			distinct += j == i;                                                                  \
		}                                                                                            \
		distinct;                                                                                    \
	})

int cpu_topology__read(const char *root, struct cpu_topology *t, struct error *err)
{
	struct cpu_list online;
	int ret = cpu_list__read(root, CPU_DIR "/online", &online);

	*t = (struct cpu_topology){ 0 };
	if (!ret && !online.count)
		ret = -ENOENT;
	if (ret)
		return error__set_errno(err, EXIT_IO, -ret,
			"reading the online CPUs from %s" CPU_DIR "/online", root ? root : "");
	t->place = calloc(online.count, sizeof(*t->place));
	if (!t->place) {
		cpu_list__free(&online);
		return error__set_errno(err, EXIT_IO, ENOMEM, "topology of %zu CPUs", online.count);
	}
	t->count = online.count;
	for (size_t i = 0; i < t->count; i++) {
		struct cpu_place *p = &t->place[i];
		struct cpu_list siblings;

		p->cpu = online.cpu[i];
		p->package = read_cpu_number(root, p->cpu, "topology/physical_package_id", 0);
		p->core = p->cpu;
		if (!read_cpu_group(root, p->cpu, "topology/thread_siblings_list", &siblings)) {
			p->core = siblings.cpu[0];
			while (p->thread < siblings.count && siblings.cpu[p->thread] != p->cpu)
				p->thread++;
			t->threads_per_core = MAX(t->threads_per_core, (unsigned)siblings.count);
			cpu_list__free(&siblings);
		}
		p->llc = read_llc(root, p->cpu, online.cpu[0]);
	}
	cpu_list__free(&online);
	read_nodes(root, t);
	t->packages = COUNT_DISTINCT(t, package);
	t->nodes = COUNT_DISTINCT(t, node);
	t->llcs = COUNT_DISTINCT(t, llc);
	t->cores = COUNT_DISTINCT(t, core);
	return 0;
}

void cpu_topology__free(struct cpu_topology *t)
{
	free(t->place);
	*t = (struct cpu_topology){ 0 };
}

const struct cpu_place *cpu_topology__find(const struct cpu_topology *t, unsigned cpu)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->place[i].cpu == cpu)
			return &t->place[i];
	return NULL;
}

static const char *const placement_names[PLACEMENT_COUNT] = {
	[PLACEMENT_SPREAD] = "spread",
	[PLACEMENT_COMPACT] = "compact",
	[PLACEMENT_SMT] = "smt",
	[PLACEMENT_NUMA] = "numa",
};

const char *placement__name(enum placement placement)
{
	return placement < PLACEMENT_COUNT ? placement_names[placement] : "?";
}

int placement__parse(const char *name, enum placement *placement)
{
	for (int p = 0; p < PLACEMENT_COUNT; p++)
		if (!strcmp(name, placement_names[p])) {
			*placement = (enum placement)p;
			return 0;
		}
	return -1;
}

/* A place with the keys that its order is made of: compared from the first to the last. */
#define KEYS 6
struct candidate {
	unsigned key[KEYS];
	unsigned cpu;
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	for (int i = 0; i < KEYS; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

/* Ranks among the places that may be used: which core of its cache, which cache of its node, which CPU of
 * its node. "Spread" and "numa" take the first of every group before the second of any. */
static unsigned core_rank(const struct cpu_place *const *p, size_t n, const struct cpu_place *of)
{
	unsigned rank = 0;

	for (size_t i = 0; i < n; i++)
		rank += p[i]->llc == of->llc && p[i]->thread == of->thread && p[i]->core < of->core;
	return rank;
}

static unsigned llc_rank(const struct cpu_place *const *p, size_t n, const struct cpu_place *of)
{
	unsigned rank = 0;

	for (size_t i = 0; i < n; i++) {
		size_t first = 0;

		while (p[first]->llc != p[i]->llc || p[first]->node != p[i]->node)
			first++;
		rank += first == i && p[i]->node == of->node && p[i]->llc < of->llc;
	}
	return rank;
}

static unsigned node_rank(const struct cpu_place *const *p, size_t n, const struct cpu_place *of)
{
	unsigned rank = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i]->node != of->node || p[i]->thread > of->thread)
			continue;
		if (p[i]->thread < of->thread || p[i]->llc < of->llc ||
			(p[i]->llc == of->llc && p[i]->core < of->core))
			rank++;
	}
	return rank;
}

static void set_keys(struct candidate *c, enum placement placement, const struct cpu_place *const *p,
	size_t n, const struct cpu_place *of)
{
	unsigned keys[PLACEMENT_COUNT][KEYS] = {
		[PLACEMENT_SPREAD] = { of->thread, core_rank(p, n, of), llc_rank(p, n, of), of->package,
			of->node },
		[PLACEMENT_COMPACT] = { of->thread, of->package, of->node, of->llc, of->core },
		[PLACEMENT_SMT] = { of->package, of->node, of->llc, of->core, of->thread },
		[PLACEMENT_NUMA] = { node_rank(p, n, of), of->node },
	};

	memcpy(c->key, keys[placement], sizeof(c->key));
	c->cpu = of->cpu;
}

int placement__order(enum placement placement, const struct cpu_topology *t, const struct cpu_list *allowed,
	size_t n, struct cpu_list *order, bool *overcommitted, struct error *err)
{
	const struct cpu_place **usable = calloc(t->count + 1, sizeof(*usable));
	struct candidate *candidates = calloc(t->count + 1, sizeof(*candidates));
	size_t count = 0;
	int ret = -1;

	*order = (struct cpu_list){ 0 };
	if (n)
		order->cpu = calloc(n, sizeof(*order->cpu));
	if (!usable || !candidates || (n && !order->cpu)) {
		error__set_errno(err, EXIT_USAGE, ENOMEM, "placing %zu vCPUs", n);
		goto out;
	}
	for (size_t i = 0; i < t->count; i++)
		if (cpu_list__contains(allowed, t->place[i].cpu))
			usable[count++] = &t->place[i];
	if (!count) {
		char text[128];

		cpu_list__format(allowed, text, sizeof(text));
		error__set(err, EXIT_USAGE,
			"none of the CPUs \"%s\" is online; choose from /sys/devices/system/cpu/online",
			text);
		goto out;
	}
	for (size_t i = 0; i < count; i++)
		set_keys(&candidates[i], placement, usable, count, usable[i]);
	qsort(candidates, count, sizeof(*candidates), compare_candidates);
	for (size_t i = 0; i < n; i++)
		order->cpu[i] = candidates[i % count].cpu;
	order->count = n;
	if (overcommitted)
		*overcommitted = n > count;
	ret = 0;
out:
	free(usable);
	free(candidates);
	if (ret)
		cpu_list__free(order);
	return ret;
}
