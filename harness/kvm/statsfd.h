/* SPDX-License-Identifier: MIT */
/*
 * KVM's own statistics (KVM_GET_STATS_FD, Documentation/virt/kvm/api.rst 4.133): what a VM or vCPU did,
 * counted by KVM.  Needs no privilege; a read is one pread.  Names are looked up as text, since the list
 * grows with the kernel.
 */
#ifndef KVM_STATSFD_H
#define KVM_STATSFD_H

#include <stddef.h>
#include <stdint.h>

struct statsfd {
	int fd;
	uint32_t count; /* descriptors */
	uint32_t stride;
	uint64_t data_offset;
	size_t data_bytes;
	uint8_t *descriptors;
	size_t words;
};

/* Opens the statistics of a VM or vCPU descriptor. Ends the process on an error, which names `whose` they were. */
void statsfd__open(struct statsfd *s, int kvm_fd, const char *whose);
void statsfd__close(struct statsfd *s);

/* Index of the first value of a statistic, or -1 where this kernel doesn't offer it. */
int statsfd__find(const struct statsfd *s, const char *name);

/* Reads all values; `values` has room for s->words. */
void statsfd__read(const struct statsfd *s, uint64_t *values);

/* Name of the statistic whose descriptor is number `i` (0 ... count - 1), and the index of its value. */
const char *statsfd__name(const struct statsfd *s, uint32_t i, int *index);

#endif
