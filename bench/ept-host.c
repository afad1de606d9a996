// SPDX-License-Identifier: MIT
/* Faults in which the host takes part: user space, look-ahead, the iTLB mitigation, the age of pages. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "ept.h"
#include "kvm/uffd.h"
#include "measure/bench.h"
#include "measure/machine.h"

#define PAGES 256
#define BYTES (PAGES * 4 * KIB)

#define WALK(entry_, stride, pages)                                                                          \
	.guest = GUEST(memory), .entry = entry_, .arg = { ABI_ARENA, stride }, .round_samples = pages

/* ---- userfaultfd ---------------------------------------------------------------------------------- */

static struct uffd uffd; /* of the measuring process */

static void open_missing(struct machine *m)
{
	uffd__open(&uffd, UFFD_MISSING, &m->arena);
}

static void open_minor(struct machine *m)
{
	uffd__open(&uffd, UFFD_MINOR, &m->arena);
}

static void open_wp(struct machine *m)
{
	uffd__open(&uffd, UFFD_WP, &m->arena);
}

/* Each page touched must have come to the handler: a proof besides the statistics. */
static void rearm(struct machine *m)
{
	if (uffd.handled != m->vcpus[0].abi->taken)
		fatal("the handler of page faults saw %llu, the guest touched %llu pages",
			(unsigned long long)uffd.handled, (unsigned long long)m->vcpus[0].abi->taken);
	uffd.handled = 0;
	m->vcpus[0].abi->taken = 0;
	uffd__rearm(&uffd);
}

static void close_uffd(struct machine *m)
{
	(void)m;
	uffd__close(&uffd);
}

#define UFFD(variant, what, why, open, backing_, faults)                                                                        \
	{                                                                                                                       \
		.id = "ept/uffd-" variant, .summary = what,                                                                     \
		.doc = "The vCPU's thread sleeps in the exit while another thread answers the fault: what post-copy migration " \
		       "and lazy restore pay per page. " why,                                                                   \
		FAULT_MANUALS, WALK("write", 4 * KIB, PAGES), .handled_in = HANDLED_KERNEL,                                     \
		.timing_dependent = true, .setup = open, .before_round = rearm, .teardown = close_uffd,                         \
		.expect = { FAULT_EXITS, .exits = faults, .stats = { { "pf_taken", faults } } },                                \
		.needs = { .max_vcpus = 1 }, .arena = { .backing = backing_, .bytes = BYTES },                                  \
		.baseline = "ept/warm-write",                                                                                   \
	}

/* ---- KVM_PRE_FAULT_MEMORY --------------------------------------------------------------------------- */

/* arg3: bytes to map. */
static void pre_fault(struct machine *m)
{
	struct kvm_pre_fault_memory range = { .gpa = ABI_ARENA, .size = m->bench->arg[3] };

	vcpu__ioctl(&m->vcpus[0], KVM_PRE_FAULT_MEMORY, &range);
}

#define PRE_FAULT(variant, what, backing_, bytes_)                                                                 \
	{                                                                                                          \
		.id = "ept/pre-fault-" variant, .summary = "KVM_PRE_FAULT_MEMORY maps " what,                      \
		.doc = "The fault's work without the exit, ahead of the guest, the host's pages present. Compare " \
		       "ept/refault-zapped-write, and the variants for the cost per page.",                        \
		.guest = GUEST(memory), .entry = "write", .arg = { ABI_ARENA, 4 * KIB, 0, bytes_ },                \
		.handled_in = HANDLED_HOST, .host_prepare = zap_arena, .host_op = pre_fault,                       \
		.needs = { .caps = { NEED_CAP(KVM_CAP_PRE_FAULT_MEMORY) } },                                       \
		.arena = { .backing = backing_, .bytes = 2 * MIB }, .baseline = "floor/ioctl-vcpu",                \
	}

/* ---- the split of executable huge pages ---------------------------------------------------------------- */

#define HUGE_PAGES 16

static void write_code(struct machine *m)
{
	memset(m->arena.start, RET, m->arena.bytes);
}

/* Data first: KVM maps 2 MiB without the right to execute. */
static void map_as_data(struct machine *m)
{
	machine__renew_arena_slot(m);
	machine__run_entry(m, &m->vcpus[0], "warm");
	machine__run_entry_samples(m, &m->vcpus[0], "read", HUGE_PAGES);
}

/* ---- page_idle ------------------------------------------------------------------------------------- */

#define IDLE_BITMAP "/sys/kernel/mm/page_idle/bitmap"

static int pagemap = -1, idle_bitmap = -1;

static const char *has_page_idle(const struct kvm_host *host)
{
	(void)host;
	if (access(IDLE_BITMAP, F_OK) < 0)
		return "this kernel has no page_idle (CONFIG_IDLE_PAGE_TRACKING)";
	if (access("/proc/self/pagemap", F_OK) < 0)
		return "this kernel has no /proc/self/pagemap (CONFIG_PROC_PAGE_MONITOR)";
	return access(IDLE_BITMAP, W_OK) < 0 ? "writing " IDLE_BITMAP " needs root" : NULL;
}

static void open_idle(struct machine *m)
{
	(void)m;
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	idle_bitmap = open(IDLE_BITMAP, O_WRONLY | O_CLOEXEC);
	if (pagemap < 0 || idle_bitmap < 0)
		fatal_errno("/proc/self/pagemap and " IDLE_BITMAP);
}

static void close_idle(struct machine *m)
{
	(void)m;
	close(pagemap);
	close(idle_bitmap);
}

/* Marks the arena's pages, and no others, as not accessed (Documentation/admin-guide/mm/idle_page_tracking.rst):
 * zero bits in a written word leave their pages alone. */
static void mark_idle(struct machine *m)
{
	size_t at;

	for (at = 0; at < m->arena.bytes; at += 4 * KIB) {
		uintptr_t page = ((uintptr_t)m->arena.start + at) / (4 * KIB);
		uint64_t entry, pfn, word;

		if (pread(pagemap, &entry, sizeof(entry), (off_t)(page * sizeof(entry))) !=
			(ssize_t)sizeof(entry))
			fatal_errno("reading /proc/self/pagemap");
		pfn = entry & ((1ull << 55) - 1);
		if (!pfn)
			skip("the kernel hides page frame numbers: CAP_SYS_ADMIN is needed");
		word = 1ull << (pfn % 64);
		/* Of the last word, where memory ends within it, the kernel says that it wrote 0 bytes. */
		if (pwrite(idle_bitmap, &word, sizeof(word), (off_t)(pfn / 64 * 8)) < 0)
			fatal_errno("writing " IDLE_BITMAP);
	}
}

static const struct bench host_parts[] = {
	UFFD("missing", "first write to a page that a userfaultfd handler has to bring",
		"The handler copies a page in. Compare ept/refault-dontneed-write, where the kernel does.",
		open_missing, BACKING_ANON_4K, 1),
	UFFD("minor", "first write to a page that the page cache has and a handler has to map",
		"The handler says UFFDIO_CONTINUE. Compare ept/uffd-missing.", open_minor, BACKING_SHMEM, 1),
	UFFD("wp", "first write to a page that a userfaultfd handler had protected",
		"The handler lifts the protection: how snapshots are taken of running VMs. That changes the host's mapping "
		"while KVM waits for it, so the guest faults a second time.",
		open_wp, BACKING_ANON_4K, 2),
	PRE_FAULT("4k-1", "one page of 4 KiB", BACKING_ANON_4K, 4 * KIB),
	PRE_FAULT("4k-512", "512 pages of 4 KiB", BACKING_ANON_4K, 2 * MIB),
	PRE_FAULT("2m", "a transparent huge page", BACKING_THP, 2 * MIB),
	{
		.id = "ept/nx-split",
		.summary = "first fetch from a 2 MiB page that was mapped as data, under kvm.nx_huge_pages",
		.doc = "The mitigation of the iTLB multihit erratum maps huge pages without the right to execute and splits "
		       "those from which the guest fetches. Compare ept/first-execute-4k-present.",
		FAULT_MANUALS,
		WALK("execute", 2 * MIB, HUGE_PAGES),
		.handled_in = HANDLED_KERNEL,
		.setup = write_code,
		.before_round = map_as_data,
		.expect = { FAULT_EXITS, .exits = 1,
			.stats = { { "pf_taken", 1 }, { "nx_lpage_splits", 1, AT_LEAST } } },
		.needs = { .parameter = "kvm.nx_huge_pages=Y", .max_vcpus = 1 },
		.arena = { .backing = BACKING_THP, .bytes = HUGE_PAGES * 2 * MIB },
		.baseline = "ept/warm-execute",
	},
	{
		.id = "ept/touch-after-idle",
		.summary = "first write to a page after the host marked it as not accessed",
		.doc = "Reclaim and working set estimation clear the accessed bits. Where the second-level tables have such "
		       "bits (NPT, EPT with A/D) the next touch doesn't exit; else KVM takes the access away and the touch "
		       "faults.",
		FAULT_MANUALS,
		WALK("write", 4 * KIB, PAGES),
		.handled_in = HANDLED_KERNEL,
		.supported = has_page_idle,
		.setup = open_idle,
		.before_round = mark_idle,
		.teardown = close_idle,
		.expect = { FAULT_EXITS, .exits = 1, .may_not_exit = true, .stats = { { "pf_taken", 1 } } },
		.needs = { .max_vcpus = 1 },
		.arena = { .backing = BACKING_ANON_4K, .bytes = BYTES },
		.baseline = "ept/warm-write",
	},
};

BENCH_FAMILY_PART("ept", host_parts);
