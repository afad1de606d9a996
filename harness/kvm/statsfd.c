// SPDX-License-Identifier: MIT
#include "kvm/statsfd.h"

#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fatal.h"

static void read_at(int fd, void *buf, size_t size, uint64_t offset, const char *what)
{
	ssize_t got = pread(fd, buf, size, (off_t)offset);

	if (got < 0)
		fatal_errno("reading %s of KVM's statistics", what);
	if ((size_t)got != size)
		fatal("reading %s of KVM's statistics: %zd bytes instead of %zu", what, got, size);
}

static const struct kvm_stats_desc *descriptor(const struct statsfd *s, uint32_t i)
{
	return (const struct kvm_stats_desc *)(s->descriptors + (size_t)i * s->stride);
}

void statsfd__open(struct statsfd *s, int kvm_fd, const char *whose)
{
	struct kvm_stats_header header;
	uint32_t i;

	s->fd = ioctl(kvm_fd, KVM_GET_STATS_FD, NULL);
	if (s->fd < 0)
		fatal_errno("KVM_GET_STATS_FD of %s", whose);
	read_at(s->fd, &header, sizeof(header), 0, "the header");
	s->count = header.num_desc;
	s->stride = (uint32_t)sizeof(struct kvm_stats_desc) + header.name_size;
	s->data_offset = header.data_offset;
	s->descriptors = malloc((size_t)s->count * s->stride);
	if (!s->descriptors)
		fatal("no memory for %u descriptors of KVM's statistics", s->count);
	read_at(s->fd, s->descriptors, (size_t)s->count * s->stride, header.desc_offset, "the descriptors");

	s->data_bytes = 0;
	for (i = 0; i < s->count; i++) {
		size_t end = descriptor(s, i)->offset + descriptor(s, i)->size * sizeof(uint64_t);

		if (end > s->data_bytes)
			s->data_bytes = end;
	}
	s->words = s->data_bytes / sizeof(uint64_t);
}

void statsfd__close(struct statsfd *s)
{
	close(s->fd);
	free(s->descriptors);
	s->descriptors = NULL;
}

int statsfd__find(const struct statsfd *s, const char *name)
{
	uint32_t i;
	int index;

	for (i = 0; i < s->count; i++)
		if (strcmp(statsfd__name(s, i, &index), name) == 0)
			return index;
	return -1;
}

const char *statsfd__name(const struct statsfd *s, uint32_t i, int *index)
{
	*index = (int)(descriptor(s, i)->offset / sizeof(uint64_t));
	return descriptor(s, i)->name;
}

void statsfd__read(const struct statsfd *s, uint64_t *values)
{
	read_at(s->fd, values, s->data_bytes, s->data_offset, "the values");
}
