// SPDX-License-Identifier: MIT
/* The dirty bitmap: what a write costs while KVM logs it, and what the ioctls cost that read and clear it. */
#include "base/fatal.h"
#include "ept.h"
#include "kvm/dirty.h"
#include "measure/bench.h"
#include "measure/machine.h"

#define PAGES 1024
#define BYTES (PAGES * 4096ul)

#define PML_OPS 513ul /* the write that finds the buffer's 512 entries used exits; SDM vol. 3C 29.3.6 */

#define HUGE_PAGES 8
#define MIB2       (2ul << 20)

/* Of the measuring process: one machine, one log. */
static struct dirty_log log;

static void init_log(struct machine *m)
{
	dirty_log__init(&log, VM_SLOT_ARENA, m->arena.bytes);
}

static void init_walk(struct machine *m)
{
	init_log(m);
	machine__run_entry_samples(m, &m->vcpus[0], "write", m->bench->round_samples);
}

static void free_log(struct machine *m)
{
	(void)m;
	dirty_log__free(&log);
}

/* The log must show just the pages that the last round wrote: a proof besides the statistics. */
static void get_and_check(struct machine *m)
{
	uint64_t written = m->vcpus[0].abi->taken * bench__ops(m->bench);

	dirty_log__get(&log, &m->vm);
	if (dirty_log__count(&log) != written)
		fatal("the dirty log shows %u pages, the guest wrote %llu", dirty_log__count(&log),
			(unsigned long long)written);
}

/* Reading it clears it and protects the pages again, unless KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 is on. */
static void protect_by_get(struct machine *m)
{
	get_and_check(m);
}

static void protect_by_clear(struct machine *m)
{
	get_and_check(m);
	dirty_log__clear(&log, &m->vm, log.pages);
}

static void manual(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE,
		"KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2");
}

static void manual_initially_set(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | KVM_DIRTY_LOG_INITIALLY_SET,
		"KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2");
}

static void set_logging(struct machine *m, bool on)
{
	vm__set_slot(&m->vm, VM_SLOT_ARENA, on ? KVM_MEM_LOG_DIRTY_PAGES : 0, ABI_ARENA, m->arena.bytes,
		m->arena.start);
}

static void map_unlogged(struct machine *m)
{
	set_logging(m, false);
	machine__run_entry_samples(m, &m->vcpus[0], "write", m->bench->round_samples);
}

static void enable(struct machine *m)
{
	set_logging(m, true);
}

static void disable(struct machine *m)
{
	set_logging(m, false);
}

static void map_then_enable(struct machine *m)
{
	map_unlogged(m);
	enable(m);
}

/* A walk of writes through the arena; what happens before each round makes the variants. */
#define WALK(stride, pages)                                                                                  \
	.guest = GUEST(memory), .entry = "write", .arg = { ABI_ARENA, stride }, .round_samples = (pages),    \
	.setup = init_walk, .teardown = free_log
#define WALK_4K     WALK(4096, PAGES)
#define LOGGED_4K   .arena = { .backing = BACKING_ANON_4K, .bytes = BYTES, .log_dirty = true }
#define UNLOGGED_4K .arena = { .backing = BACKING_ANON_4K, .bytes = BYTES }
#define UNLOGGED_2M .arena = { .backing = BACKING_THP, .bytes = HUGE_PAGES * MIB2 }

#define FAULTS                                                                                               \
	.handled_in = HANDLED_KERNEL,                                                                        \
	.expect = { FAULT_EXITS, .exits = 1, .may_not_exit = true,                                           \
		.stats = { { "pf_taken", 1 }, { "pf_fast", 1 } } },                                          \
	.baseline = "dirty/write-again"
#define MAYBE_PML                                                                                            \
	" Where the CPU logs writes itself (kvm_intel.pml=Y) the write doesn't exit: see dirty/write-pml."

#define NEED_MANUAL .needs = { .caps = { NEED_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2) } }
#define NEED_INITIALLY_SET                                                                                   \
	.needs = { .caps = { NEED_CAP_BITS(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, KVM_DIRTY_LOG_INITIALLY_SET) } }

static const struct bench writes[] = {
	{
		.id = "dirty/write-again",
		.summary = "a write to a page that the log has already: no exit",
		.doc = "The control of the other writes here: page after page, logged and writable.",
		.handled_in = HANDLED_NOWHERE,
		.baseline = "floor/null-loop",
		LOGGED_4K,
		WALK_4K,
	},
	{
		.id = "dirty/write-protected",
		.summary = "the first write to a 4 KiB page after KVM_GET_DIRTY_LOG",
		.doc = "Reading the log write-protects the pages: the next write faults, KVM sets the bit and makes the page "
		       "writable. What live migration costs the guest per page and pass." MAYBE_PML,
		FAULT_MANUALS,
		.before_round = protect_by_get,
		FAULTS,
		LOGGED_4K,
		WALK_4K,
	},
	{
		.id = "dirty/write-protected-manual",
		.summary = "the first write to a 4 KiB page after KVM_CLEAR_DIRTY_LOG",
		.doc = "As dirty/write-protected, where the VMM protects what it chooses, when it chooses "
		       "(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2)." MAYBE_PML,
		FAULT_MANUALS,
		.configure = manual,
		.before_round = protect_by_clear,
		FAULTS,
		NEED_MANUAL,
		LOGGED_4K,
		WALK_4K,
	},
	{
		.id = "dirty/write-enabled",
		.summary = "the first write to a mapped 4 KiB page after logging was switched on",
		.doc = "Switching logging on write-protects all that is mapped. Compare dirty/write-enabled-initially-set." MAYBE_PML,
		FAULT_MANUALS,
		.before_round = map_then_enable,
		FAULTS,
		UNLOGGED_4K,
		WALK_4K,
	},
	{
		.id = "dirty/write-enabled-initially-set",
		.summary =
			"the same with all pages dirty from the start (KVM_DIRTY_LOG_INITIALLY_SET): no exit",
		.doc = "All pages count as dirty when logging starts, so nothing needs protection before the first "
		       "KVM_CLEAR_DIRTY_LOG. Compare dirty/write-enabled.",
		.configure = manual_initially_set,
		.before_round = map_then_enable,
		.handled_in = HANDLED_NOWHERE,
		.baseline = "dirty/write-again",
		NEED_INITIALLY_SET,
		UNLOGGED_4K,
		WALK_4K,
	},
	{
		.id = "dirty/write-split-2m",
		.summary = "the first write to a 2 MiB page after logging was switched on",
		.doc = "With kvm.eager_page_split=N the huge page is only protected: its first write has KVM split it and map "
		       "one page of 4 KiB. Compare dirty/write-eager-2m and dirty/enable-2m.",
		FAULT_MANUALS,
		.before_round = map_then_enable,
		.handled_in = HANDLED_KERNEL,
		.expect = { FAULT_EXITS, .exits = 1, .stats = { { "pf_taken", 1 } } },
		.needs = { .parameter = "kvm.eager_page_split=N" },
		.baseline = "dirty/write-again",
		UNLOGGED_2M,
		WALK(MIB2, HUGE_PAGES),
	},
	{
		.id = "dirty/write-eager-2m",
		.summary = "the first write to a page of 4 KiB that was split from 2 MiB beforehand",
		.doc = "With kvm.eager_page_split=Y (the default) switching logging on splits and protects; the write then "
		       "faults as any other. Compare dirty/write-split-2m and dirty/write-enabled." MAYBE_PML,
		FAULT_MANUALS,
		.before_round = map_then_enable,
		FAULTS,
		.needs = { .parameter = "kvm.eager_page_split=Y" },
		UNLOGGED_2M,
		WALK(MIB2, HUGE_PAGES),
	},
	{
		.id = "dirty/write-pml",
		.summary =
			"a first write that the CPU logs itself; an exit every 512 (page modification logging)",
		.doc = "The CPU writes the address to a buffer of 512 entries and exits when it is full; every other exit "
		       "empties it too. A sample is one write more than the buffer takes, so that it holds one exit, in which "
		       "KVM enters 512 pages in its log. Compare dirty/write-protected with kvm_intel.pml=N.",
		.sdm = "vol. 3C 29.3.6",
		.before_round = protect_by_get,
		.handled_in = HANDLED_KERNEL,
		.expect = { .vmx = VMX(PML_FULL), .exits = 1.0 / PML_OPS, .exits_relation = AT_MOST },
		.needs = { .vendor = VENDOR_INTEL, .parameter = "kvm_intel.pml=Y" },
		.ops = PML_OPS,
		.arena = { .backing = BACKING_ANON_4K, .bytes = 2 * PML_OPS * 4096, .log_dirty = true },
		WALK(4096, 2),
	},
};

BENCH_FAMILY(
	"dirty", "dirty page logging: writes that KVM must see, and the ioctls that collect them", writes);

/* ---- the ioctls ---------------------------------------------------------------------------------- */

/* arg2: pages that the guest writes before each operation. */
static void write_pages(struct machine *m)
{
	if (m->bench->arg[2])
		machine__run_entry_samples(m, &m->vcpus[0], "write", m->bench->arg[2]);
	else
		m->vcpus[0].abi->taken = 0;
}

static void get(struct machine *m)
{
	dirty_log__get(&log, &m->vm);
}

static void write_and_get(struct machine *m)
{
	write_pages(m);
	get_and_check(m);
}

static void clear(struct machine *m)
{
	dirty_log__clear(&log, &m->vm, (uint32_t)m->bench->arg[2]);
}

static void clean_all(struct machine *m)
{
	init_log(m);
	get(m);
}

#define OPERATION(variant, what, why, stride, pages)                                                         \
	.id = "dirty/" variant, .summary = what, .doc = why, .guest = GUEST(memory), .entry = "write",       \
	.arg = { ABI_ARENA, stride, pages }, .handled_in = HANDLED_HOST, .teardown = free_log,               \
	.baseline = "floor/ioctl-device"

#define SWITCH(variant, what, why, prepare, op, stride, pages)                                               \
	OPERATION(variant, "switching logging " what, "A change of the slot's flags. " why, stride, 0),      \
		.round_samples = pages, .setup = init_log, .host_prepare = prepare, .host_op = op,           \
		.timing_dependent = true

#define GET_WHY                                                                                                      \
	"Without KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 one ioctl copies the bitmap and protects the dirty pages again, " \
	"under the MMU's lock. The slot has 1024 pages; the differences between the variants are the cost per page."
#define GET(variant, what, pages)                                                                            \
	{                                                                                                    \
		OPERATION("get-log-" variant, "KVM_GET_DIRTY_LOG of 1024 pages, " what " dirty", GET_WHY,    \
			4096, pages),                                                                        \
			.setup = clean_all, .host_prepare = write_pages, .host_op = get, LOGGED_4K,          \
	}
#define CLEAR(variant, what, pages)                                                                                    \
	{                                                                                                              \
		OPERATION("clear-log-" variant, "KVM_CLEAR_DIRTY_LOG of " what " dirty pages",                         \
			"Protects the pages that the VMM names. With page modification logging it clears their dirty " \
			"bits instead. Compare dirty/get-log-manual and dirty/get-log-512.",                           \
			4096, pages),                                                                                  \
			.configure = manual, .setup = init_log, .host_prepare = write_and_get,                         \
			.host_op = clear, NEED_MANUAL, LOGGED_4K,                                                      \
	}

/* clear-log leaves nothing dirty only if it covers all that was written: arg2 is both. */
static const struct bench ioctls[] = {
	GET("clean", "none", 0),
	GET("1", "one", 1),
	GET("64", "64", 64),
	GET("512", "512", 512),
	{
		OPERATION("get-log-manual", "KVM_GET_DIRTY_LOG of 1024 pages without protecting any",
			"With KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 the ioctl only copies the bitmap. Compare dirty/get-log-512.",
			4096, 0),
		.configure = manual,
		.setup = init_log,
		.host_op = get,
		NEED_MANUAL,
		LOGGED_4K,
	},
	CLEAR("64", "64", 64),
	CLEAR("512", "512", 512),
	{
		SWITCH("enable-4k", "on for 1024 mapped pages of 4 KiB",
			"Protects every page. Compare dirty/disable-4k and ioctl/memslot-flags-idle.",
			map_unlogged, enable, 4096, PAGES),
		UNLOGGED_4K,
	},
	{
		SWITCH("disable-4k", "off for 1024 pages of 4 KiB",
			"KVM looks for pages that could be huge again; here there are none. Compare dirty/enable-4k.",
			map_then_enable, disable, 4096, PAGES),
		UNLOGGED_4K,
	},
	{
		SWITCH("enable-2m", "on for 8 mapped pages of 2 MiB",
			"With kvm.eager_page_split=Y KVM splits every huge page now, so that the guest's writes need not; "
			"else it protects them and dirty/write-split-2m pays. Compare dirty/enable-2m-initially-set.",
			map_unlogged, enable, MIB2, HUGE_PAGES),
		UNLOGGED_2M,
	},
	{
		SWITCH("enable-2m-initially-set", "on for 8 mapped pages of 2 MiB, all dirty at first",
			"Nothing is split or protected before the first KVM_CLEAR_DIRTY_LOG. Compare dirty/enable-2m.",
			map_unlogged, enable, MIB2, HUGE_PAGES),
		.configure = manual_initially_set,
		NEED_INITIALLY_SET,
		UNLOGGED_2M,
	},
	{
		SWITCH("disable-2m", "off for 8 split pages of 2 MiB",
			"KVM zaps or rebuilds what could be huge again; the guest's next touches fault. Compare "
			"dirty/disable-4k.",
			map_then_enable, disable, MIB2, HUGE_PAGES),
		UNLOGGED_2M,
	},
};

BENCH_FAMILY_PART("dirty", ioctls);
