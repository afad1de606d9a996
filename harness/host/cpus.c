// SPDX-License-Identifier: MIT
#include "host/cpus.h"

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"

/* Linux supports 8192 (CONFIG_NR_CPUS_RANGE_END of x86-64): room for as many, and then some. */
#define CPUS_MAX 65536u

void cpu_list__free(struct cpu_list *list)
{
	free(list->cpu);
	*list = (struct cpu_list){ 0 };
}

int cpu_list__append(struct cpu_list *list, unsigned cpu)
{
	/* Doubles at each power of two. */
	if (!(list->count & (list->count - 1))) {
		unsigned *more = realloc(list->cpu, MAX(list->count * 2, (size_t)1) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		list->cpu = more;
	}
	list->cpu[list->count++] = cpu;
	return 0;
}

static bool parse_number(const char **text, unsigned *value)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	number = strtoul(*text, &end, 10);
	if (errno || number >= CPUS_MAX)
		return false;
	*value = (unsigned)number;
	*text = end;
	return true;
}

/* One "A", "A-B" or "A-B:STEP". */
static int parse_range(const char **text, struct cpu_list *list)
{
	unsigned first, last, step = 1;

	if (!parse_number(text, &first))
		return -EINVAL;
	last = first;
	if (**text == '-') {
		++*text;
		if (!parse_number(text, &last) || last < first)
			return -EINVAL;
		if (**text == ':') {
			++*text;
			if (!parse_number(text, &step) || !step)
				return -EINVAL;
		}
	}
	for (unsigned cpu = first; cpu <= last; cpu += step) {
		int ret = cpu_list__contains(list, cpu) ? 0 : cpu_list__append(list, cpu);

		if (ret)
			return ret;
	}
	return 0;
}

static int parse(const char *text, struct cpu_list *list)
{
	*list = (struct cpu_list){ 0 };
	while (*text) {
		int ret = parse_range(&text, list);

		if (!ret && *text && *text++ != ',')
			ret = -EINVAL;
		if (!ret && !*text && text[-1] == ',')
			ret = -EINVAL;
		if (ret) {
			cpu_list__free(list);
			return ret;
		}
	}
	return 0;
}

int cpu_list__parse(const char *text, struct cpu_list *list, struct error *err)
{
	int ret = parse(text, list);

	if (ret == -EINVAL)
		return error__set(err, EXIT_USAGE,
			"\"%s\" is no CPU list; write numbers and ranges like 0-3,8 (as in /sys/devices/system/cpu/online)",
			text);
	if (ret)
		return error__set_errno(err, EXIT_USAGE, -ret, "CPU list \"%s\"", text);
	return 0;
}

int cpu_list__format(const struct cpu_list *list, char *buf, size_t size)
{
	size_t used = 0;

	if (size)
		*buf = '\0';
	for (size_t i = 0, run; i < list->count; i += run) {
		size_t left = used < size ? size - used : 0;
		const char *comma = i ? "," : "";

		for (run = 1; i + run < list->count && list->cpu[i + run] == list->cpu[i] + run; run++)
			;
		if (run == 1)
			used += (size_t)snprintf(left ? buf + used : NULL, left, "%s%u", comma, list->cpu[i]);
		else
			used += (size_t)snprintf(left ? buf + used : NULL, left, "%s%u-%u", comma,
				list->cpu[i], list->cpu[i + run - 1]);
	}
	return (int)used;
}

bool cpu_list__contains(const struct cpu_list *list, unsigned cpu)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->cpu[i] == cpu)
			return true;
	return false;
}

int cpu_list__read(const char *root, const char *path, struct cpu_list *list)
{
	char text[4096];
	int got = file__read(root, path, text, sizeof(text));

	*list = (struct cpu_list){ 0 };
	if (got < 0)
		return got;
	/* "(null)" is what some kernels print for an empty list (nohz_full). */
	if (!strcmp(text, "(null)"))
		return 0;
	return parse(text, list);
}

int cpu_list__allowed(struct cpu_list *list, struct error *err)
{
	size_t cpus = 1024;
	cpu_set_t *set = NULL;
	int ret;

	*list = (struct cpu_list){ 0 };
	/* The kernel says EINVAL as long as the set is smaller than its own. */
	for (;; cpus *= 2) {
		set = CPU_ALLOC(cpus);
		if (!set)
			return error__set_errno(err, EXIT_USAGE, ENOMEM, "CPU set of %zu CPUs", cpus);
		if (!sched_getaffinity(0, CPU_ALLOC_SIZE(cpus), set))
			break;
		ret = errno;
		CPU_FREE(set);
		if (ret != EINVAL || cpus >= CPUS_MAX)
			return error__set_errno(err, EXIT_USAGE, ret,
				"sched_getaffinity() for the CPUs that this process may use");
	}
	for (size_t cpu = 0; cpu < cpus; cpu++) {
		if (!CPU_ISSET_S(cpu, CPU_ALLOC_SIZE(cpus), set))
			continue;
		ret = cpu_list__append(list, (unsigned)cpu);
		if (ret) {
			CPU_FREE(set);
			cpu_list__free(list);
			return error__set_errno(
				err, EXIT_USAGE, -ret, "list of the CPUs this process may use");
		}
	}
	CPU_FREE(set);
	return 0;
}

int cpu__pin(unsigned cpu, struct error *err)
{
	size_t cpus = MAX((size_t)cpu + 1, (size_t)1024);
	cpu_set_t *set = CPU_ALLOC(cpus);
	struct cpu_list allowed;
	char text[256] = "?";
	int ret = 0;

	if (!set)
		return error__set_errno(err, EXIT_USAGE, ENOMEM, "CPU set of %zu CPUs", cpus);
	CPU_ZERO_S(CPU_ALLOC_SIZE(cpus), set);
	CPU_SET_S(cpu, CPU_ALLOC_SIZE(cpus), set);
	if (sched_setaffinity(0, CPU_ALLOC_SIZE(cpus), set))
		ret = errno;
	CPU_FREE(set);
	if (!ret)
		return 0;
	if (!cpu_list__allowed(&allowed, NULL)) {
		cpu_list__format(&allowed, text, sizeof(text));
		cpu_list__free(&allowed);
	}
	return error__set(err, EXIT_USAGE,
		"pinning to CPU %u with sched_setaffinity(): %s; it may be offline or outside this cpuset. "
		"This process may use %s: choose from these with --cpus",
		cpu, strerror(ret), text);
}
