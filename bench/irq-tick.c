// SPDX-License-Identifier: MIT
/* The host's own interrupts, as a busy guest feels them. */
#include "base/array.h"
#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/companion.h"
#include "measure/machine.h"
#include "measure/paced.h"

GUEST_DECLARE(irq_tick);

#define GAP_TICKS  500 /* more than the guest's loop takes, less than any exit */
#define WARM_NS    1000000
#define LONG_NS    100000000 /* no more than this; */
#define COUNTED_NS 50000000  /* this, where a number of samples is asked for */

static uint64_t run_for(struct lane *lane, uint64_t ns)
{
	struct abi_page *abi = lane->vcpu->abi;

	machine__arm(lane->machine, lane->vcpu, lane->machine->entry, ABI_MODE_GUEST, ABI_RING_SLOTS);
	abi->shared[PACED_DONE] = 0;
	abi->shared[PACED_INTERVAL] = GAP_TICKS;
	abi->shared[PACED_DELAY] = paced__ticks(lane->machine, ns);
	lane__run_to_end(lane);
	return abi->shared[PACED_DONE];
}

static void watch(struct pass *p)
{
	const struct budget *budget = &p->spec->budget;
	uint64_t ns = budget->samples ? COUNTED_NS : MIN(budget->ns, (uint64_t)LONG_NS);
	struct lane *lane = &p->lanes[0];
	const struct abi_sample *ring = lane->vcpu->ring;
	uint64_t gaps, i;

	run_for(lane, WARM_NS);
	proof__begin(&p->proofs[0]);
	gaps = run_for(lane, ns);
	if (!gaps)
		skip("no interrupt of the host came within %llu ms: this CPU has no tick while it is busy (nohz_full), "
		     "or the time was too short (--time)",
			(unsigned long long)ns / 1000000);
	proof__end(&p->proofs[0], gaps, 1);
	for (i = 0; i < gaps; i++)
		lane__record(lane, METRIC_GUEST, ring[i].after_tsc - ring[i].before_tsc);
	lane->out->operations = gaps;
	lane->out->span_ticks = paced__ticks(lane->machine, ns);
	pass__judge(p);
}

static const struct bench tick[] = {
	{
		.id = "irq/host-tick",
		.summary = "what the host's own interrupts take from a busy guest",
		.doc = "The guest reads the clock all the time; a sample is a gap of 500 ticks or more, the rate how many "
		       "there are in a second. Mostly the host's timer tick: fewer with nohz_full, CONFIG_HZ says how "
		       "many without. A gap without an interrupt's exit is firmware's (SMI), and makes the row suspect.",
		.sdm = "vol. 3C 26.2",
		.apm = "15.21",
		.guest = GUEST(irq_tick),
		.entry = "gaps",
		.handled_in = HANDLED_KERNEL,
		.timing_dependent = true,
		.expect = { .vmx = VMX(EXTERNAL_INTERRUPT),
			.svm = SVM(INTR),
			.exits = 1,
			.exits_relation = AT_LEAST,
			.stats = { { "irq_exits", 1, AT_LEAST } } },
		.needs = { .max_vcpus = 1 },
		.measure = watch,
	},
};

BENCH_FAMILY_PART("irq", tick);
