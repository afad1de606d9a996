// SPDX-License-Identifier: MIT
/*
 * Faults on memory that belongs to KVM instead of a process: guest_memfd. Here in an ordinary VM, which can map the
 * file since Linux 6.18 (GUEST_MEMFD_FLAG_MMAP); KVM takes the pages from the file and asks no page table of the host.
 */
#include <fcntl.h>
#include <linux/falloc.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fatal.h"
#include "ept.h"
#include "measure/bench.h"
#include "measure/machine.h"

#define BYTES    (2 * MIB)
#define MAPPABLE (GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)

static void put_slot(struct machine *m, size_t bytes)
{
	struct kvm_userspace_memory_region2 region = {
		.slot = VM_SLOT_ARENA,
		.flags = KVM_MEM_GUEST_MEMFD,
		.guest_phys_addr = ABI_ARENA,
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)m->arena.start,
		.guest_memfd = (uint32_t)m->arena.fd,
	};

	if (!bytes)
		region.flags = 0;
	vm__ioctl(&m->vm, KVM_SET_USER_MEMORY_REGION2, &region);
}

static void create_memfd(struct machine *m)
{
	struct kvm_create_guest_memfd create = { .size = BYTES, .flags = MAPPABLE };

	m->arena.fd = vm__ioctl(&m->vm, KVM_CREATE_GUEST_MEMFD, &create);
	m->arena.map = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, m->arena.fd, 0);
	if (m->arena.map == MAP_FAILED)
		fatal_errno("mapping a guest_memfd of %lu bytes", BYTES);
	m->arena.start = m->arena.map;
	m->arena.bytes = m->arena.map_bytes = BYTES;
	put_slot(m, BYTES);
}

/* A new slot has no mapping, and no tables for one. */
static void renew_slot(struct machine *m)
{
	put_slot(m, 0);
	put_slot(m, BYTES);
	machine__run_entry(m, &m->vcpus[0], "warm");
}

static void renew_present(struct machine *m)
{
	memset(m->arena.start, 0, BYTES);
	renew_slot(m);
}

static void renew_absent(struct machine *m)
{
	if (fallocate(m->arena.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)BYTES) < 0)
		fatal_errno("punching a hole into a guest_memfd");
	renew_slot(m);
}

#define FIRST(access, presence, why)                                                                                \
	{                                                                                                           \
		.id = "ept/first-" access "-guest-memfd-" #presence,                                                \
		.summary = "first " access " of a page of guest_memfd, page " #presence,                            \
		.doc = "The file belongs to KVM, which maps its pages without asking the host's page tables. " why, \
		FAULT_MANUALS, .guest = GUEST(memory), .entry = access, .arg = { ABI_ARENA, 4 * KIB },              \
		.handled_in = HANDLED_KERNEL, .round_samples = BYTES / (4 * KIB),                                   \
		.expect = { FAULT_EXITS, .exits = 1, .stats = { { "pf_taken", 1 }, { "pf_fixed", 1 } } },           \
		.needs = { .caps = { NEED_CAP_BITS(KVM_CAP_GUEST_MEMFD_FLAGS, MAPPABLE) }, .max_vcpus = 1 },        \
		.configure = create_memfd, .before_round = renew_##presence, .baseline = "floor/null-loop",         \
	}
#define PRESENT_WHY "Compare the same access to -4k-present and -shmem-present."
#define ABSENT_WHY                                                                                           \
	"The file has no page there: KVM allocates it and clears it. Compare the same access to -4k-absent."

static const struct bench guest_memfd[] = {
	FIRST("read", present, PRESENT_WHY),
	FIRST("write", present, PRESENT_WHY),
	FIRST("read", absent, ABSENT_WHY),
	FIRST("write", absent, ABSENT_WHY),
};

BENCH_FAMILY_PART("ept", guest_memfd);
