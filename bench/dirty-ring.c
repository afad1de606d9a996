// SPDX-License-Identifier: MIT
/* The dirty ring: KVM hands written pages over in a ring per vCPU, and stops the vCPU when it is full. */
#include "base/fatal.h"
#include "ept.h"
#include "host/host.h"
#include "kvm/dirty.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/pass.h"

#define PAGES      1024
#define RING_LARGE 65536 /* 4096 entries: a round never fills it */
#define RING_SMALL 16384 /* 1024 entries: the least that leaves room beside what KVM reserves with PML */
#define FULL_PAGES (RING_SMALL / 16) /* more than a small ring takes */
#define FULL_ROUND 512

/* Of the measuring process: one vCPU, one ring. arg3 has its size. */
static struct dirty_ring ring;

static void configure(struct machine *m)
{
	dirty_ring__enable(&m->vm, (size_t)m->bench->arg[3]);
}

static void teardown(struct machine *m)
{
	(void)m;
	dirty_ring__unmap(&ring);
}

static void empty(struct machine *m)
{
	uint32_t harvested = dirty_ring__harvest(&ring, UINT32_MAX);
	uint32_t reset = dirty_ring__reset(&m->vm);

	if (reset != harvested)
		fatal("KVM_RESET_DIRTY_RINGS took %u entries back, %u were harvested", reset, harvested);
}

/* Maps all pages, so that what comes later is protection, not a missing mapping. */
static void setup(struct machine *m)
{
	dirty_ring__map(&ring, &m->vcpus[0], (size_t)m->bench->arg[3]);
	machine__run_entry_samples(m, &m->vcpus[0], "write", PAGES);
	empty(m);
	m->vcpus[0].abi->taken = 0;
}

/* The ring must hold just the pages that the last round wrote: a proof besides the statistics. */
static void harvest_and_check(struct machine *m)
{
	uint64_t written = m->vcpus[0].abi->taken;
	uint32_t entries = dirty_ring__harvest(&ring, UINT32_MAX);

	if (entries != written)
		fatal("the dirty ring held %u entries, the guest wrote %llu pages", entries,
			(unsigned long long)written);
}

static void protect(struct machine *m)
{
	harvest_and_check(m);
	dirty_ring__reset(&m->vm);
}

/* ---- the full ring: each further write fills the one entry that on_exit freed ------------------------- */

/* Entries would come 512 at a time, and not with the write. */
static const char *logs_each_write(const struct kvm_host *host)
{
	char pml[8];

	(void)host;
	if (host__module_parameter("", "kvm_intel.pml", pml, sizeof(pml)) == 0 && pml[0] == 'Y')
		return "page modification logging fills the ring by the 512: it needs kvm_intel.pml=N";
	return NULL;
}

static void run_until_full(struct machine *m, struct vcpu *v)
{
	long value;

	v->abi->shared[0] = 0;
	machine__arm(m, v, m->entry, ABI_MODE_HOST, 0);
	value = vcpu__run(v->fd);
	if (value || v->run->exit_reason != KVM_EXIT_DIRTY_RING_FULL)
		machine__unexpected(m, v, value);
}

static void free_one_entry(struct vcpu *v)
{
	if (dirty_ring__harvest(&ring, 1) != 1 || dirty_ring__reset(v->vm) != 1)
		fatal("a full dirty ring gave no entry back");
}

static void setup_full(struct machine *m)
{
	dirty_ring__map(&ring, &m->vcpus[0], (size_t)m->bench->arg[3]);
}

/* The guest goes on behind the pages that are in the ring. */
static void fill(struct machine *m)
{
	empty(m);
	run_until_full(m, &m->vcpus[0]);
	free_one_entry(&m->vcpus[0]);
	m->vcpus[0].abi->shared[0] = FULL_PAGES * 4096ul;
}

/* ---- the ioctl ---------------------------------------------------------------------------------- */

/* arg4: pages that the guest writes before each operation. */
static void write_and_harvest(struct machine *m)
{
	machine__run_entry_samples(m, &m->vcpus[0], "write", m->bench->arg[4]);
	harvest_and_check(m);
}

static void reset(struct machine *m)
{
	dirty_ring__reset(&m->vm);
}

#define RING(bytes, pages)                                                                                   \
	.guest = GUEST(memory), .entry = "write", .arg = { ABI_ARENA, 4096, 0, bytes, pages },               \
	.configure = configure, .teardown = teardown, .needs = { .max_vcpus = 1 }

#define RESET(variant, what, pages)                                                                                       \
	{                                                                                                                 \
		.id = "dirty/ring-reset-" variant, .summary = "KVM_RESET_DIRTY_RINGS with " what,                         \
		.doc = "Takes harvested entries back and protects their pages again: what KVM_CLEAR_DIRTY_LOG is to the " \
		       "bitmap. Compare dirty/clear-log-512.",                                                            \
		.handled_in = HANDLED_HOST, .setup = setup, .host_prepare = write_and_harvest,                            \
		.host_op = reset,                                                                                         \
		.arena = { .backing = BACKING_ANON_4K, .bytes = PAGES * 4096ul, .log_dirty = true },                      \
		.baseline = "floor/ioctl-device", RING(RING_LARGE, pages),                                                \
	}

static const struct bench rings[] = {
	{
		.id = "dirty/ring-push",
		.summary = "the first write to a page after its entry in the dirty ring was reset",
		.doc = "As dirty/write-protected, with an entry pushed to the vCPU's ring instead of a bit set in a bitmap. "
		       "With page modification logging the write itself need not exit.",
		FAULT_MANUALS,
		.handled_in = HANDLED_KERNEL,
		.round_samples = PAGES,
		.setup = setup,
		.before_round = protect,
		.expect = { FAULT_EXITS, .exits = 1, .may_not_exit = true,
			.stats = { { "pf_taken", 1 }, { "pf_fast", 1 } } },
		.arena = { .backing = BACKING_ANON_4K, .bytes = PAGES * 4096ul, .log_dirty = true },
		.baseline = "dirty/write-again",
		RING(RING_LARGE, 0),
	},
	{
		.id = "dirty/ring-full",
		.summary = "a write that fills the dirty ring: the vCPU leaves to user space",
		.doc = "KVM stops a vCPU before its ring overflows. The host gives one entry back at a time, so that every "
		       "write fills the ring anew; the page fault is contained. Compare dirty/ring-push and pio/out-user-1b.",
		FAULT_MANUALS,
		.handled_in = HANDLED_USER,
		.round_samples = FULL_ROUND,
		.supported = logs_each_write,
		.setup = setup_full,
		.before_round = fill,
		.on_exit = free_one_entry,
		.measure = pass__host_timed,
		.expect = { FAULT_EXITS, .kvm = KVM_EXIT(DIRTY_RING_FULL), .exits = 1,
			.stats = { { "pf_taken", 1 } } },
		.arena = { .backing = BACKING_ANON_4K,
			.bytes = (FULL_PAGES + FULL_ROUND) * 4096ul,
			.log_dirty = true },
		.baseline = "floor/stamp-host",
		RING(RING_SMALL, 0),
	},
	RESET("1", "one entry", 1),
	RESET("512", "512 entries", 512),
};

BENCH_FAMILY_PART("dirty", rings);
