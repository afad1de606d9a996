// SPDX-License-Identifier: MIT
/* What an exit costs after it is over, and what it costs when the host's caches are cold. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fatal.h"
#include "host/tsc.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/pass.h"
#include "out.h"

GUEST_DECLARE(indirect);

#define LINE_BYTES 64u
#define KIB        1024u
#define MIB        (1024u * KIB)

/* Fixed sizes, so that hosts can be compared: the first fits every L1 data cache of the last fifteen years, the
 * second fits L2 since Skylake and Zen and no L1, the third fits no L2 that exit costs were published for. */
#define L1  (16u * KIB)
#define L2  (256u * KIB)
#define LLC (4u * MIB)

/*
 * A ring through all lines that jumps about, so that no prefetcher guesses the next: line i leads to line
 * a * i + c modulo their number, a power of two. With c odd and a = 1 modulo 4 that is one cycle through all (Hull
 * and Dobell, "Random Number Generators", SIAM Review 4, 1962).
 */
static void link_lines(struct machine *m)
{
	uint64_t count = m->arena.bytes / LINE_BYTES, i;

	for (i = 0; i < count; i++) {
		uint64_t next = (i * 1664525 + 1013904223) % count;

		*(uint64_t *)(m->arena.start + i * LINE_BYTES) = ABI_ARENA + next * LINE_BYTES;
	}
}

/* ---- exits in front of the first stamp: the standard pass would look for them between the stamps ------ */

#define FIRST 2 /* samples that don't count, from which the rest is planned */

static void measure_walks(struct pass *p)
{
	const struct abi_sample *ring = p->lanes[0].vcpu->ring;
	uint32_t wanted, done, n, i;
	uint64_t start_tsc;

	if (p->spec->emulated && p->bench->arena.bytes > L1)
		skip("this backend emulates the guest: a walk through %zu KiB takes seconds, and no cache of the CPU",
			p->bench->arena.bytes / KIB);
	start_tsc = tsc__stamp();
	pass__round(p, ROUND_GUEST, p->machines[0].entry, FIRST);
	wanted = pass__samples_fitting(p, start_tsc, FIRST); /* and all is mapped now */
	for (done = 0; done < wanted; done += n) {
		n = MIN(wanted - done, (uint32_t)p->bench->round_samples);
		pass__begin_proof(p);
		pass__round(p, ROUND_GUEST, p->machines[0].entry, n);
		pass__end_proof(p, n, 1);
		for (i = 0; i < n; i++)
			lane__record(&p->lanes[0], METRIC_GUEST, ring[i].after_tsc - ring[i].before_tsc);
	}
	pass__judge(p);
}

/* ---- the host's caches, emptied between exits --------------------------------------------------------- */

#define EVICT_MAX (32u * MIB)

static struct {
	char *memory;
	size_t bytes;
} evictor; /* of the measuring process */

static void map_evictor(size_t bytes)
{
	evictor.bytes = bytes;
	evictor.memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (evictor.memory == MAP_FAILED)
		fatal_errno("mapping %zu MiB to empty the caches with", bytes / MIB);
}

static void setup_evict_l2(struct machine *m)
{
	(void)m;
	map_evictor(LLC);
}

/* Twice the last-level cache, as far as that is affordable. */
static void setup_evict_llc(struct machine *m)
{
	long llc = sysconf(_SC_LEVEL3_CACHE_SIZE);

	(void)m;
	map_evictor(llc > 0 ? MIN(2 * (size_t)llc, (size_t)EVICT_MAX) : EVICT_MAX);
}

static void evict(struct vcpu *v)
{
	const volatile char *at = evictor.memory, *end = at + evictor.bytes;

	(void)v;
	for (; at < end; at += LINE_BYTES)
		(void)*at;
}

#define CHASE(size, entry_, samples)                                                                         \
	.sdm = "vol. 3C 26.1.2", .apm = "15.9", .guest = GUEST(indirect), .entry = entry_,                   \
	.arg = { ABI_ARENA, (size) / LINE_BYTES, ABI_PORT_MEASURE }, .round_samples = samples,               \
	.setup = link_lines, .measure = measure_walks,                                                       \
	.arena = { .backing = BACKING_ANON_4K, .bytes = size }, .needs = { .max_vcpus = 1 }

#define AFTER_WHY(direct)                                                                                                    \
	"The guest's work is timed, the exit before it is not: net of the walk without exits it is what the exit took from " \
	"the guest's caches, TLBs and predictors; " direct " is its direct cost."
#define WALK(level, exit, what, why, handled, compared_with, ...)                                            \
	{                                                                                                    \
		.id = "indirect/" level "-" exit, .summary = what, .doc = why, .handled_in = handled,        \
		.baseline = compared_with, __VA_ARGS__                                                       \
	}
#define WALKS(level, size, text, samples)                                                                    \
	WALK(level, "none", "a walk through " text ", no exit",                                              \
		"The control: the same walk of dependent loads through every line, without any exit.",       \
		HANDLED_NOWHERE, "floor/stamp-guest", CHASE(size, "chase_after_nothing", samples)),          \
		WALK(level, "cpuid", "a walk through " text ", after an exit to the kernel",                 \
			AFTER_WHY("cpuid/leaf0"), HANDLED_KERNEL, "indirect/" level "-none",                 \
			CHASE(size, "chase_after_cpuid", samples), EXPECT_CPUID),                            \
		WALK(level, "user", "a walk through " text ", after an exit to user space",                  \
			AFTER_WHY("pio/out-user-1b"), HANDLED_USER, "indirect/" level "-none",               \
			CHASE(size, "chase_after_user", samples), EXPECT_OUT)

#define COLD_WHY                                                                                                   \
	"Back-to-back exits find KVM's code and data in the caches; real guests and VMMs work in between. Net of " \
	"pio/out-user-1b it is what cold caches add to the round trip. "
#define COLD(level, what, why, setup_hook)                                                                   \
	{                                                                                                    \
		.id = "indirect/exit-cold-" level,                                                           \
		.summary = "OUT to user space, " what " emptied in between", .doc = COLD_WHY why,            \
		.sdm = "vol. 3C 26.1.3", .apm = "15.10.2", .guest = GUEST(pio), .entry = "out1",             \
		.arg = { ABI_PORT_MEASURE }, .handled_in = HANDLED_USER, .round_samples = 16,                \
		.setup = setup_hook, .on_exit = evict, .measure = pass__host_timed,                          \
		.needs = { .max_vcpus = 1 }, .baseline = "pio/out-user-1b", EXPECT_OUT,                      \
	}

static const struct bench indirect[] = {
	WALKS("l1", L1, "16 KiB (fits L1)", 512),
	WALKS("l2", L2, "256 KiB (fits L2)", 64),
	WALKS("llc", LLC, "4 MiB (fits no L2)", 4),
	COLD("l2", "the L1 and L2 caches", "The host reads 4 MiB.", setup_evict_l2),
	COLD("llc", "all caches", "The host reads twice the last-level cache, 32 MiB at most.",
		setup_evict_llc),
	{
		.id = "indirect/cpuid-cold-l2",
		.summary = "CPUID after the guest has walked through 4 MiB",
		.doc = "An exit to the kernel that finds the L1 and L2 caches full of the guest's data. Net of cpuid/leaf0 it is "
		       "what cold caches add.",
		.handled_in = HANDLED_KERNEL,
		.baseline = "cpuid/leaf0",
		CHASE(LLC, "cpuid_after_chase", 4),
		EXPECT_CPUID,
	},
};

BENCH_FAMILY("indirect", "what exits cost besides their own time: caches, TLBs and predictors", indirect);
