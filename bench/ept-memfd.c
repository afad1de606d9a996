// SPDX-License-Identifier: MIT
/*
 * Faults on memory that belongs to KVM instead of a process: guest_memfd. KVM takes the pages from the file and asks no
 * page table of the host. In an ordinary VM, which can map the file since Linux 6.18 (GUEST_MEMFD_FLAG_MMAP), and
 * as the private memory of a VM that no process can look into.
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

static void create_mappable(struct machine *m)
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

/* Private is what KVM's attributes say is private; behind shared pages of the slot there is anonymous memory. */
static void create_private(struct machine *m)
{
	struct kvm_create_guest_memfd create = { .size = BYTES };

	host_memory__map(&m->arena, BACKING_ANON_4K, BYTES);
	m->arena.fd = vm__ioctl(&m->vm, KVM_CREATE_GUEST_MEMFD, &create);
	put_slot(m, BYTES);
	vm__set_attributes(&m->vm, ABI_ARENA, BYTES, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

/* A new slot has no mapping, and no tables for one. */
static void renew_slot(struct machine *m)
{
	put_slot(m, 0);
	put_slot(m, BYTES);
	machine__run_entry(m, &m->vcpus[0], "warm");
}

/* Only the guest can make a page of it present, and KVM clears it for its first use. */
static void renew_private_present(struct machine *m)
{
	machine__run_entry_samples(m, &m->vcpus[0], "write", m->bench->round_samples);
	renew_slot(m);
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

#define FIRST(access, kind, presence, what, why, create, renew, ...)                                         \
	{                                                                                                    \
		.id = "ept/first-" access "-" kind "-" presence,                                             \
		.summary = "first " access " of a page of " what ", page " presence, .doc = why,             \
		FAULT_MANUALS, .guest = GUEST(memory), .entry = access, .arg = { ABI_ARENA, 4 * KIB },       \
		.handled_in = HANDLED_KERNEL, .round_samples = BYTES / (4 * KIB),                            \
		.expect = { FAULT_EXITS, .exits = 1, .stats = { { "pf_taken", 1 }, { "pf_fixed", 1 } } },    \
		.configure = create, .before_round = renew, .baseline = "floor/null-loop", __VA_ARGS__       \
	}

#define MEMFD_WHY  "The file belongs to KVM, which maps its pages without asking the host's page tables. "
#define ABSENT_WHY "The file has no page there: KVM allocates it and clears it. "
#define PRIVATE_WHY                                                                                          \
	"What only the guest of a confidential VM can read, without the hardware for it: " MEMFD_WHY

#define MAPPABLE_FIRST(access, presence, why)                                                                \
	FIRST(access, "guest-memfd", #presence, "guest_memfd", MEMFD_WHY why, create_mappable,               \
		renew_##presence,                                                                            \
		.needs = { .caps = { NEED_CAP_BITS(KVM_CAP_GUEST_MEMFD_FLAGS, MAPPABLE) }, .max_vcpus = 1 })

#define PRIVATE_FIRST(access, presence, renew, why)                                                          \
	FIRST(access, "private", presence, "private memory", PRIVATE_WHY why, create_private, renew,         \
		.needs = { .vm_type = VM_TYPE(KVM_X86_SW_PROTECTED_VM), .max_vcpus = 1 })

#define LIKE_PRESENT "Compare the same access to -4k-present and -shmem-present."
#define LIKE_ABSENT  ABSENT_WHY "Compare the same access to -4k-absent."

static const struct bench guest_memfd[] = {
	MAPPABLE_FIRST("read", present, LIKE_PRESENT),
	MAPPABLE_FIRST("write", present, LIKE_PRESENT),
	MAPPABLE_FIRST("read", absent, LIKE_ABSENT),
	MAPPABLE_FIRST("write", absent, LIKE_ABSENT),
	PRIVATE_FIRST("read", "present", renew_private_present, LIKE_PRESENT),
	PRIVATE_FIRST("write", "present", renew_private_present, LIKE_PRESENT),
	PRIVATE_FIRST("read", "absent", renew_absent, LIKE_ABSENT),
	PRIVATE_FIRST("write", "absent", renew_absent, LIKE_ABSENT),
};

BENCH_FAMILY_PART("ept", guest_memfd);
