// SPDX-License-Identifier: MIT
#include "kvm/dirty.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fatal.h"

#define PAGE_BYTES 4096u
#define WORD_PAGES 64u /* KVM_CLEAR_DIRTY_LOG wants multiples of it */

void dirty_log__init(struct dirty_log *log, uint32_t slot, size_t bytes)
{
	log->slot = slot;
	log->pages = (uint32_t)(bytes / PAGE_BYTES);
	log->bitmap = calloc((log->pages + WORD_PAGES - 1) / WORD_PAGES, sizeof(*log->bitmap));
	if (!log->bitmap)
		fatal("no memory for the dirty bitmap of %zu bytes", bytes);
}

void dirty_log__free(struct dirty_log *log)
{
	free(log->bitmap);
	log->bitmap = NULL;
}

void dirty_log__get(struct dirty_log *log, const struct vm *vm)
{
	struct kvm_dirty_log argument = { .slot = log->slot, .dirty_bitmap = log->bitmap };

	vm__ioctl(vm, KVM_GET_DIRTY_LOG, &argument);
}

void dirty_log__clear(struct dirty_log *log, const struct vm *vm, uint32_t count)
{
	struct kvm_clear_dirty_log argument = {
		.slot = log->slot,
		.num_pages = count,
		.dirty_bitmap = log->bitmap,
	};

	vm__ioctl(vm, KVM_CLEAR_DIRTY_LOG, &argument);
}

uint32_t dirty_log__count(const struct dirty_log *log)
{
	uint32_t count = 0, i;

	for (i = 0; i < (log->pages + WORD_PAGES - 1) / WORD_PAGES; i++)
		count += (uint32_t)__builtin_popcountll(log->bitmap[i]);
	return count;
}

void dirty_ring__enable(const struct vm *vm, size_t bytes)
{
	/* Newer kernels offer the second on x86 too, but the first says what the protocol below relies on. */
	static const struct {
		uint32_t cap;
		const char *name;
	} caps[] = {
		{ KVM_CAP_DIRTY_LOG_RING_ACQ_REL, "KVM_CAP_DIRTY_LOG_RING_ACQ_REL" },
		{ KVM_CAP_DIRTY_LOG_RING, "KVM_CAP_DIRTY_LOG_RING" },
	};
	size_t i;

	for (i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
		if (vm__cap(vm, (int)caps[i].cap) < (int)bytes)
			continue;
		vm__enable_cap(vm, caps[i].cap, bytes, caps[i].name);
		return;
	}
	skip("this KVM has no dirty ring of %zu KiB (KVM_CAP_DIRTY_LOG_RING_ACQ_REL)", bytes >> 10);
}

void dirty_ring__map(struct dirty_ring *ring, const struct vcpu *vcpu, size_t bytes)
{
	memset(ring, 0, sizeof(*ring));
	ring->size = (uint32_t)(bytes / sizeof(*ring->entries));
	ring->entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd,
		(off_t)KVM_DIRTY_LOG_PAGE_OFFSET * (off_t)sysconf(_SC_PAGESIZE));
	if (ring->entries == MAP_FAILED)
		fatal_errno("mapping the dirty ring of vCPU %u (%zu KiB)", vcpu->index, bytes >> 10);
}

void dirty_ring__unmap(struct dirty_ring *ring)
{
	munmap(ring->entries, ring->size * sizeof(*ring->entries));
	ring->entries = NULL;
}

uint32_t dirty_ring__harvest(struct dirty_ring *ring, uint32_t max)
{
	uint32_t count;

	for (count = 0; count < max; count++) {
		struct kvm_dirty_gfn *entry = &ring->entries[ring->next % ring->size];

		/* The flag is written last by KVM and by us: acquire and release, as the protocol asks. */
		if (!(__atomic_load_n(&entry->flags, __ATOMIC_ACQUIRE) & KVM_DIRTY_GFN_F_DIRTY))
			break;
		__atomic_store_n(&entry->flags, KVM_DIRTY_GFN_F_RESET, __ATOMIC_RELEASE);
		ring->next++;
	}
	return count;
}

uint32_t dirty_ring__reset(const struct vm *vm)
{
	return (uint32_t)vm__ioctl(vm, KVM_RESET_DIRTY_RINGS, NULL);
}
