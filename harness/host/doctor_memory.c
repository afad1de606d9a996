// SPDX-License-Identifier: MIT
/* The doctor on memory: huge pages, merging, balancing. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "host/doctor_checks.h"
#include "host/host.h"

#define THP_DIR "/sys/kernel/mm/transparent_hugepage"
#define KSM_RUN "/sys/kernel/mm/ksm/run"
#define HUGE_2M "/sys/kernel/mm/hugepages/hugepages-2048kB"

static void look_thp(const char *root, struct finding *f)
{
	char enabled[32];

	if (host__choice(root, THP_DIR "/enabled", enabled, sizeof(enabled))) {
		finding__set(f, FINDING_INFO, "this kernel has no transparent huge pages");
	} else if (!strcmp(enabled, "always")) {
		finding__set(
			f, FINDING_WARNING, "always: khugepaged may rebuild any memory while it is measured");
		finding__file_commands(f, THP_DIR "/enabled", "madvise", enabled);
	} else if (!strcmp(enabled, "never")) {
		finding__set(f, FINDING_INFO, "never: variants on huge pages can't run");
		finding__file_commands(f, THP_DIR "/enabled", "madvise", enabled);
	} else {
		finding__set(f, FINDING_OK, "%s", enabled);
	}
}

static void look_ksm(const char *root, struct finding *f)
{
	long long run;

	if (file__read_long(root, KSM_RUN, &run)) {
		finding__set(f, FINDING_OK, "this kernel has none");
		return;
	}
	finding__set(f, run == 1 ? FINDING_WARNING : FINDING_OK, "%s", run == 1 ? "merging" : "off");
	if (run == 1)
		finding__file_commands(f, KSM_RUN, "0", "1");
}

static void look_numa_balancing(const char *root, struct finding *f)
{
	char nodes[64] = "0";
	long long on;

	file__read(root, "/sys/devices/system/node/online", nodes, sizeof(nodes));
	if (file__read_long(root, "/proc/sys/kernel/numa_balancing", &on)) {
		finding__set(f, FINDING_OK, "this kernel has none");
	} else if (!on) {
		finding__set(f, FINDING_OK, "off");
	} else if (!strcmp(nodes, "0")) {
		finding__set(f, FINDING_OK, "on, but there is one node");
	} else {
		finding__set(f, FINDING_WARNING, "on, nodes %s", nodes);
		finding__change(f, "sysctl -w kernel.numa_balancing=0");
		finding__restore(f, "sysctl -w kernel.numa_balancing=%lld", on);
	}
}

static void look_huge_pages(const char *root, struct finding *f)
{
	long long total, unused;

	if (file__read_long(root, HUGE_2M "/nr_hugepages", &total) ||
		file__read_long(root, HUGE_2M "/free_hugepages", &unused)) {
		finding__set(
			f, FINDING_INFO, "this kernel has no hugetlbfs of 2 MiB: its variants are skipped");
		return;
	}
	if (unused) {
		finding__set(f, FINDING_OK, "%lld of %lld pages of 2 MiB are free", unused, total);
		return;
	}
	finding__set(f, FINDING_INFO,
		"no free page of 2 MiB (%lld reserved): variants on hugetlb are skipped", total);
	finding__change(f, "echo %lld > " HUGE_2M "/nr_hugepages", total + 64);
	finding__restore(f, "echo %lld > " HUGE_2M "/nr_hugepages", total);
}

static const struct check checks[] = {
	{ "thp", "guest memory that changes its page size changes the cost of faults and of TLB misses",
		look_thp },
	{ "ksm", "merging makes guest pages read-only behind the guest's back: faults that nobody asked for",
		look_ksm },
	{ "numa-balancing", "it unmaps guest pages to see who uses them: EPT and NPT faults come and go",
		look_numa_balancing },
	{ "huge-pages", "benchmarks on hugetlb need pages that were reserved beforehand", look_huge_pages },
};

const struct check_table doctor_memory_checks = { checks, ARRAY_SIZE(checks) };
