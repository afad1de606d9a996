// SPDX-License-Identifier: MIT
#include "kvm/memory.h"

#include <errno.h>
#include <linux/mman.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fatal.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

#define KIB 1024ul

size_t backing__page_bytes(enum backing backing)
{
	switch (backing) {
	case BACKING_THP:
	case BACKING_HUGETLB_2M:
		return 2048 * KIB;
	case BACKING_HUGETLB_1G:
		return 1024 * 1024 * KIB;
	default:
		return 4 * KIB;
	}
}

const char *backing__name(enum backing backing)
{
	switch (backing) {
	case BACKING_NONE:
		return "none";
	case BACKING_ANON_4K:
		return "4 KiB anonymous";
	case BACKING_THP:
		return "transparent huge page";
	case BACKING_HUGETLB_2M:
		return "hugetlb 2 MiB";
	case BACKING_HUGETLB_1G:
		return "hugetlb 1 GiB";
	case BACKING_SHMEM:
		return "shared memory";
	}
	return "?";
}

static void map_hugetlb(struct host_memory *m, int size_flag)
{
	m->map = mmap(NULL, m->bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | size_flag, -1, 0);
	if (m->map == MAP_FAILED)
		skip("no %s pages to be had for %zu MiB (%s); remedy: echo %zu > "
		     "/sys/kernel/mm/hugepages/hugepages-%zukB/nr_hugepages",
			backing__name(m->backing), m->bytes >> 20, strerror(errno),
			m->bytes / backing__page_bytes(m->backing), backing__page_bytes(m->backing) / KIB);
	m->map_bytes = m->bytes;
	m->start = m->map;
}

static void map_shmem(struct host_memory *m)
{
	m->fd = memfd_create("vmexit-bench", MFD_CLOEXEC);
	if (m->fd < 0 || ftruncate(m->fd, (off_t)m->bytes) < 0)
		fatal_errno("a memfd of %zu bytes", m->bytes);
	m->map = mmap(NULL, m->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (m->map == MAP_FAILED)
		fatal_errno("mapping a memfd of %zu bytes", m->bytes);
	m->map_bytes = m->bytes;
	m->start = m->map;
}

/* 2 MiB alignment for every anonymous backing: whether a huge page fits must not depend on luck. */
static void map_anonymous(struct host_memory *m)
{
	size_t align = backing__page_bytes(BACKING_THP);

	m->map_bytes = m->bytes + align;
	m->map = mmap(NULL, m->map_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		-1, 0);
	if (m->map == MAP_FAILED)
		fatal_errno("mapping %zu bytes", m->map_bytes);
	m->start = (char *)(((uintptr_t)m->map + align - 1) & ~(align - 1));
	if (m->backing == BACKING_THP) {
		if (madvise(m->start, m->bytes, MADV_HUGEPAGE) < 0)
			skip("transparent huge pages are not in this kernel: MADV_HUGEPAGE: %s",
				strerror(errno));
	} else if (madvise(m->start, m->bytes, MADV_NOHUGEPAGE) < 0 && errno != EINVAL) {
		fatal_errno("MADV_NOHUGEPAGE"); /* EINVAL: no THP in this kernel, which is as good */
	}
}

void host_memory__map(struct host_memory *m, enum backing backing, size_t bytes)
{
	size_t page = backing__page_bytes(backing);

	memset(m, 0, sizeof(*m));
	m->backing = backing;
	m->fd = -1;
	m->bytes = (bytes + page - 1) & ~(page - 1);
	switch (backing) {
	case BACKING_HUGETLB_2M:
		map_hugetlb(m, MAP_HUGE_2MB);
		break;
	case BACKING_HUGETLB_1G:
		map_hugetlb(m, MAP_HUGE_1GB);
		break;
	case BACKING_SHMEM:
		map_shmem(m);
		break;
	default:
		map_anonymous(m);
	}
}

void host_memory__unmap(struct host_memory *m)
{
	if (m->map)
		munmap(m->map, m->map_bytes);
	if (m->fd >= 0)
		close(m->fd);
	m->map = NULL;
	m->fd = -1;
}

/* How much of the range the kernel backs with huge pages, from its own account of the mapping. */
static size_t huge_bytes(const struct host_memory *m)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	unsigned long start, end, kib;
	bool inside = false;
	size_t total = 0;
	char line[256];

	if (!smaps)
		return 0;
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			inside = start < (uintptr_t)m->start + m->bytes && end > (uintptr_t)m->start;
		else if (inside && sscanf(line, "AnonHugePages: %lu kB", &kib) == 1)
			total += kib * KIB;
	}
	fclose(smaps);
	return total;
}

void host_memory__populate(struct host_memory *m)
{
	size_t page = backing__page_bytes(m->backing);
	size_t at;

	if (madvise(m->start, m->bytes, MADV_POPULATE_WRITE) < 0) {
		if (errno != EINVAL)
			skip("no memory to populate %zu MiB of %s: %s", m->bytes >> 20,
				backing__name(m->backing), strerror(errno));
		for (at = 0; at < m->bytes; at += page) /* a kernel before 5.14 */
			*(volatile char *)(m->start + at) = *(volatile char *)(m->start + at);
	}
	if (m->backing == BACKING_THP && huge_bytes(m) < m->bytes)
		skip("the kernel gave no transparent huge pages for %zu MiB; remedy: echo madvise > "
		     "/sys/kernel/mm/transparent_hugepage/enabled, and free memory that is not fragmented",
			m->bytes >> 20);
}

void host_memory__drop(struct host_memory *m)
{
	if (madvise(m->start, m->bytes, MADV_DONTNEED) < 0)
		fatal_errno("MADV_DONTNEED on %zu bytes of %s", m->bytes, backing__name(m->backing));
}

void host_memory__unmap_from_guest(struct host_memory *m)
{
	if (mprotect(m->start, m->bytes, PROT_NONE) < 0 ||
		mprotect(m->start, m->bytes, PROT_READ | PROT_WRITE) < 0)
		fatal_errno("mprotect on %zu bytes of %s", m->bytes, backing__name(m->backing));
}
