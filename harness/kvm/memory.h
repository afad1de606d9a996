/* SPDX-License-Identifier: MIT */
/* Host memory to put under a VM, with control over what backs it. */
#ifndef KVM_MEMORY_H
#define KVM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

enum backing {
	BACKING_NONE,
	BACKING_ANON_4K, /* MADV_NOHUGEPAGE */
	BACKING_THP,     /* MADV_HUGEPAGE, 2 MiB aligned */
	BACKING_HUGETLB_2M,
	BACKING_HUGETLB_1G,
	BACKING_SHMEM, /* memfd, MAP_SHARED */
};

struct host_memory {
	enum backing backing;
	char *start; /* aligned to the backing's page */
	size_t bytes;
	int fd; /* of BACKING_SHMEM, else -1 */
	void *map;
	size_t map_bytes;
};

/* Page size of a backing in bytes. */
size_t backing__page_bytes(enum backing backing);
const char *backing__name(enum backing backing);

/* Maps memory; host pages are absent until touched or populated. Skips (fatal.h) where the host has no huge
 * pages to give. `bytes` is rounded up to the page. */
void host_memory__map(struct host_memory *m, enum backing backing, size_t bytes);
void host_memory__unmap(struct host_memory *m);

/* Makes every host page present and writable, now. For BACKING_THP skips if the kernel gave no huge page. */
void host_memory__populate(struct host_memory *m);

/* Drops the host pages (MADV_DONTNEED): the next touch faults in the host, too. */
void host_memory__drop(struct host_memory *m);

/* Removes the mappings from page tables, and so from the VM's, but keeps the pages: mprotect there and back. */
void host_memory__unmap_from_guest(struct host_memory *m);

#endif
