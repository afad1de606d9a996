// SPDX-License-Identifier: MIT
/* Faults that meet each other, and faults among many memory slots. */
#include "base/fatal.h"
#include "ept.h"
#include "kvm/many_slots.h"
#include "measure/bench.h"
#include "measure/machine.h"

#define FAULTS                                                                                               \
	FAULT_MANUALS, .guest = GUEST(memory), .entry = "write", .handled_in = HANDLED_KERNEL,               \
		       .before_round = zap_arena, .baseline = "ept/warm-write"
#define ONE_EXIT FAULT_EXITS, .exits = 1

/* ---- several vCPUs -------------------------------------------------------------------------------- */

#define VCPUS_MAX 16
#define ROUND     256

/* All walk at once, each in a thread of its own; nothing but the faults keeps them together. */
#define CONTENDED(variant, what, why, stride, apart, bytes_, ...)                                                              \
	{                                                                                                                      \
		.id = "ept/contended-" variant, .summary = what,                                                               \
		.doc = "Faults of several vCPUs at once, the host's pages present; the mappings were removed before. Compare " \
		       "ept/refault-zapped-write, which has one vCPU, and the variants; --vcpus has more than two. " why,      \
		FAULTS, .arg = { ABI_ARENA, stride, apart }, .round_samples = ROUND,                                           \
		.expect = { ONE_EXIT, __VA_ARGS__ }, .needs = { .vcpus = 2, .max_vcpus = VCPUS_MAX },                          \
		.arena = { .backing = BACKING_ANON_4K, .bytes = bytes_ }, .timing_dependent = true,                            \
		.supported = faults_page_by_page,                                                                              \
	}

/* ---- many slots ----------------------------------------------------------------------------------- */

#define TOUCHED   512
#define SLOTS_ALL 0 /* as many as this KVM allows */

static uint32_t slots_wanted(const struct machine *m)
{
	int all = vm__cap(&m->vm, KVM_CAP_NR_MEMSLOTS) - VM_SLOT_FREE;

	if (m->bench->arg[3] == SLOTS_ALL)
		return all > 0 ? (uint32_t)all : 1;
	if ((int)m->bench->arg[3] > all)
		skip("this KVM allows %d more memory slots", all);
	return (uint32_t)m->bench->arg[3];
}

/* One range of memory in equal slots; arg1 is the distance at which the guest touches a page of it. */
static void create_slots(struct machine *m)
{
	uint32_t count = slots_wanted(m), i;

	host_memory__map(&m->arena, BACKING_ANON_4K, TOUCHED * m->bench->arg[1]);
	for (i = 0; i < TOUCHED; i++)
		m->arena.start[i * m->bench->arg[1]] = 1;
	many_slots__create(&m->vm, VM_SLOT_FREE, count, ABI_ARENA, &m->arena);
}

#define SLOTS(variant, what, slots, stride)                                                                                      \
	{                                                                                                                        \
		.id = "ept/slots-" variant, .summary = "first write to mapped-away pages spread over " what,                     \
		.doc = "KVM looks the faulting address up among the VM's memory slots: a tree since Linux 5.17, a sorted array " \
		       "before, behind a cache of the last hit that this walk defeats. Each of the 512 pages of a round lies "   \
		       "in another slot, as far as there are as many. Compare the variants of ept/slots-*.",                     \
		FAULTS, .arg = { ABI_ARENA, stride, 0, slots }, .round_samples = TOUCHED,                                        \
		.configure = create_slots,                                                                                       \
		.expect = { ONE_EXIT, .stats = { { "pf_taken", 1 }, { "pf_fixed", 1 } } },                                       \
		.needs = { .max_vcpus = 1 },                                                                                     \
	}

static const struct bench shared[] = {
	CONTENDED("same-page", "first write to a page that other vCPUs touch at the same time",
		"Whoever comes second finds the page mapped, or finds out after the exit: at most one exit an operation.",
		4 * KIB, 0, ROUND * 4 * KIB, .exits_relation = AT_MOST,
		.stats = { { "pf_taken", 1, AT_MOST }, { "pf_taken", 1.0 / VCPUS_MAX, AT_LEAST } }),
	CONTENDED("same-2m", "first write to a page while other vCPUs touch its neighbours",
		"Each its own page, all in one table of 2 MiB.", VCPUS_MAX * 4 * KIB, 4 * KIB,
		ROUND *VCPUS_MAX * 4 * KIB, .stats = { { "pf_taken", 1 } }),
	CONTENDED("disjoint", "first write to a page while other vCPUs touch memory elsewhere",
		"Each in a range of 2 MiB of its own: what they share is KVM's lock.", 4 * KIB, 2 * MIB,
		VCPUS_MAX * 2 * MIB, .stats = { { "pf_taken", 1 } }),
	SLOTS("1", "one slot", 1, 64 * KIB),
	SLOTS("64", "64 slots", 64, 64 * KIB),
	SLOTS("1024", "1024 slots", 1024, 64 * KIB),
	SLOTS("8192", "8192 slots", 8192, 64 * KIB),
	SLOTS("all", "as many slots as KVM allows (32k)", SLOTS_ALL, 512 * KIB),
};

BENCH_FAMILY_PART("ept", shared);
