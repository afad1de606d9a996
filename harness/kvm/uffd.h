/* SPDX-License-Identifier: MIT */
/* Page faults of guest memory handled in user space: userfaultfd(2) and a thread that answers. */
#ifndef KVM_UFFD_H
#define KVM_UFFD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "kvm/memory.h"

enum uffd_kind {
	UFFD_MISSING, /* no page: the handler copies one in */
	UFFD_MINOR,   /* the page is in the page cache (BACKING_SHMEM), its mapping is not */
	UFFD_WP,      /* the page is write-protected by the handler */
};

struct uffd {
	int fd;
	enum uffd_kind kind;
	const struct host_memory *memory;
	pthread_t thread;
	bool stop;        /* uffd__close() is waiting for the thread */
	uint64_t handled; /* faults; read it while nobody faults */
};

/* Registers the memory and starts the thread, which may run on any CPU that the parent process may use. Skips
 * (fatal.h) where the kernel or a missing permission refuses. */
void uffd__open(struct uffd *u, enum uffd_kind kind, const struct host_memory *memory);

/* Makes every page fault again. For UFFD_WP all pages must be present. */
void uffd__rearm(struct uffd *u);

void uffd__close(struct uffd *u);

#endif
