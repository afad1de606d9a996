// SPDX-License-Identifier: MIT
/*
 * Faults in the second-level tables (EPT violations, NPT faults): the guest touches memory that KVM has not
 * mapped for it. With the host page present the cost is KVM's own; with it absent the host's memory
 * management comes on top.
 */
#include <string.h>

#include "ept.h"
#include "measure/bench.h"
#include "measure/machine.h"

/* Each page starts with a RET, so that it can be called. */
static void fill_with_code(struct machine *m)
{
	size_t page = backing__page_bytes(m->arena.backing), at;

	for (at = 0; at < m->arena.bytes; at += page)
		m->arena.start[at] = (char)RET;
}

static void warm_others(struct machine *m)
{
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++)
		machine__run_entry(m, &m->vcpus[i], "warm");
}

/* The slot is new: no mapping, and no tables for one. Host pages stay. */
static void renew_present(struct machine *m)
{
	machine__renew_arena_slot(m);
	warm_others(m);
}

static void renew_absent(struct machine *m)
{
	host_memory__drop(&m->arena);
	machine__renew_arena_slot(m);
	warm_others(m);
}

static void drop(struct machine *m)
{
	host_memory__drop(&m->arena);
}

/* Reads first: the zero page (or a read-only mapping) is behind every address when the measured write comes. */
static void drop_and_read(struct machine *m)
{
	unsigned i;

	host_memory__drop(&m->arena);
	for (i = 0; i < m->vcpu_count; i++)
		machine__run_entry_samples(m, &m->vcpus[i], "read", m->bench->round_samples);
}

/* Everything that will be touched has been touched. */
static void walk(struct machine *m)
{
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++)
		machine__run_entry_samples(m, &m->vcpus[i], m->bench->entry, m->bench->round_samples);
}

#define FAULT(id_, guest_entry, what, why, backing_, bytes_, page, prepare, absent_, ...)                    \
	{                                                                                                    \
		.id = "ept/" id_, .summary = what, .doc = why, FAULT_MANUALS, .guest = GUEST(memory),        \
		.entry = guest_entry, .arg = { ABI_ARENA, page }, .handled_in = HANDLED_KERNEL,              \
		.round_samples = (bytes_) / (page),                                                          \
		.expect = { FAULT_EXITS, .exits = 1, .stats = { { "pf_taken", 1 }, { "pf_fixed", 1 } } },    \
		.needs = { .max_vcpus = 1 },                                                                 \
		.arena = { .backing = backing_, .bytes = bytes_, .absent = absent_ },                        \
		.before_round = prepare, .baseline = "floor/null-loop", __VA_ARGS__                          \
	}

#define FIRST_WHY                                                                                                  \
	"The first touch of a slot's page: the exit, the look-up of slot and host page, and the mapping with the " \
	"tables that it needs. "
#define PRESENT_WHY FIRST_WHY "The host page is there beforehand: this is KVM's part alone."
#define ABSENT_WHY                                                                                           \
	FIRST_WHY                                                                                            \
	"The host page is not there: the difference to the -present variant is the host's own page fault."
#define EXEC_WHY " By instruction fetch."

/* A read, a write, by page size and by whether the host page is there. */
#define FIRST(access, name, what, backing_, bytes_, page, unless, unless_absent)                             \
	FAULT("first-" access "-" name "-present", access,                                                   \
		"first " access " of " what ", host page present", PRESENT_WHY, backing_, bytes_, page,      \
		renew_present, false, .supported = unless),                                                  \
		FAULT("first-" access "-" name "-absent", access,                                            \
			"first " access " of " what ", host page absent", ABSENT_WHY, backing_, bytes_,      \
			page, renew_absent, true, .supported = unless_absent)

#define FIRST_BOTH(name, what, backing_, bytes_, page, unless, unless_absent)                                \
	FIRST("read", name, what, backing_, bytes_, page, unless, unless_absent),                            \
		FIRST("write", name, what, backing_, bytes_, page, unless, unless_absent)

#define REFAULT(access, cause, what, why, prepare, unless)                                                   \
	FAULT("refault-" cause "-" access, access, access " of a page " what, why, BACKING_ANON_4K, 2 * MIB, \
		4 * KIB, prepare, false, .supported = unless)

#define ZAP_WHY                                                                                                      \
	"The mapping was removed through the MMU notifier (mprotect) while the host page stayed: a refault without " \
	"the allocation of tables. Compare ept/first-read-4k-present."
#define DROP_WHY                                                                                             \
	"As after a balloon or a discard: MADV_DONTNEED took the host page, and the touch brings a new one."

#define WARM(access)                                                                                          \
	{                                                                                                     \
		.id = "ept/warm-" access, .summary = access " of pages that are mapped: no exit",             \
		.doc = "The control of the family: the same walk over the same pages, once they are mapped.", \
		.guest = GUEST(memory), .entry = access, .arg = { ABI_ARENA, 4 * KIB },                       \
		.handled_in = HANDLED_NOWHERE, .round_samples = 512, .needs = { .max_vcpus = 1 },             \
		.arena = { .backing = BACKING_ANON_4K, .bytes = 2 * MIB }, .setup = fill_with_code,           \
		.before_round = walk, .baseline = "floor/null-loop",                                          \
	}

static const struct bench ept[] = {
	FIRST_BOTH("4k", "a 4 KiB page", BACKING_ANON_4K, 2 * MIB, 4 * KIB, faults_page_by_page, NULL),
	FIRST_BOTH("thp", "a transparent huge page", BACKING_THP, 32 * MIB, 2 * MIB, NULL, NULL),
	FIRST_BOTH("hugetlb2m", "a hugetlb page of 2 MiB", BACKING_HUGETLB_2M, 32 * MIB, 2 * MIB, NULL, NULL),
	FIRST_BOTH("hugetlb1g", "a hugetlb page of 1 GiB", BACKING_HUGETLB_1G, 1024 * MIB, 1024 * MIB, NULL,
		NULL),
	/* Of a read the host maps neighbours, too. */
	FIRST("read", "shmem", "a page of shared memory", BACKING_SHMEM, 2 * MIB, 4 * KIB,
		faults_page_by_page, faults_page_by_page),
	FIRST("write", "shmem", "a page of shared memory", BACKING_SHMEM, 2 * MIB, 4 * KIB,
		faults_page_by_page, NULL),
	FAULT("first-execute-4k-present", "execute", "first fetch from a 4 KiB page, host page present",
		PRESENT_WHY EXEC_WHY, BACKING_ANON_4K, 2 * MIB, 4 * KIB, renew_present, false,
		.setup = fill_with_code, .supported = faults_page_by_page),
	FAULT("first-execute-shmem-present", "execute", "first fetch from shared memory, host page present",
		PRESENT_WHY EXEC_WHY, BACKING_SHMEM, 2 * MIB, 4 * KIB, renew_present, false,
		.setup = fill_with_code, .supported = faults_page_by_page),
	FAULT("first-execute-shmem-absent", "execute",
		"first fetch from shared memory, not mapped in the host",
		ABSENT_WHY EXEC_WHY " The page cache keeps the code; anonymous memory would lose it.",
		BACKING_SHMEM, 2 * MIB, 4 * KIB, renew_absent, false, .setup = fill_with_code,
		.supported = faults_page_by_page),
	REFAULT("read", "zapped", "whose mapping was removed", ZAP_WHY, zap_arena, faults_page_by_page),
	REFAULT("write", "zapped", "whose mapping was removed", ZAP_WHY, zap_arena, faults_page_by_page),
	REFAULT("read", "dontneed", "after MADV_DONTNEED", DROP_WHY, drop, NULL),
	REFAULT("write", "dontneed", "after MADV_DONTNEED", DROP_WHY, drop, NULL),
	{
		.id = "ept/write-after-read",
		.summary = "first write to a page that was only read (zero page)",
		.doc = "A read of untouched anonymous memory maps the zero page without the right to write; the write copies "
		       "it. Replacing the host's page removes KVM's mapping while KVM is at it, so that the guest faults "
		       "twice. Compare ept/refault-dontneed-write, which faults once.",
		FAULT_MANUALS,
		.guest = GUEST(memory),
		.entry = "write",
		.arg = { ABI_ARENA, 4 * KIB },
		.handled_in = HANDLED_KERNEL,
		.round_samples = 512,
		.expect = { FAULT_EXITS, .exits = 2, .stats = { { "pf_taken", 2 }, { "pf_fixed", 1 } } },
		.needs = { .max_vcpus = 1 },
		.arena = { .backing = BACKING_ANON_4K, .bytes = 2 * MIB },
		.before_round = drop_and_read,
		.baseline = "floor/null-loop",
	},
	WARM("read"),
	WARM("write"),
	WARM("execute"),
};

BENCH_FAMILY("ept", "EPT and NPT faults: the guest touches memory that KVM has not mapped", ept);
