// SPDX-License-Identifier: MIT
#include "measure/round.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/fatal.h"

static uint32_t exits_per_sample(const struct bench *b)
{
	return bench__user_exits(b) * bench__ops(b);
}

uint32_t round__samples_max(const struct bench *b)
{
	uint32_t max = ABI_RING_SLOTS;
	uint32_t exits = exits_per_sample(b);

	if (b->samples_max)
		max = MIN(max, b->samples_max);
	if (b->round_samples)
		max = MIN(max, b->round_samples);
	if (exits)
		max = MIN(max, (uint32_t)(ROUND_STAMPS_MAX - 1) / exits);
	return MAX(max, 1u);
}

/* A signal that stops and continues this process, or a freezer, ends KVM_RUN with -EINTR: the guest goes on where
 * it was. KVM counts it (signal_exits), and the row is flagged. */
static bool was_interrupted(const struct loop_end *end)
{
	return end->run_value == -EINTR;
}

static struct loop_end host_loop(struct lane *lane, uint32_t samples)
{
	const struct bench *b = lane->pass->bench;
	unsigned exits = bench__user_exits(b);
	struct loop_end end;
	uint32_t done = 0;

	do {
		struct run_stamps *stamps = lane->stamps + done;

		end = exits == 1
			      ? loop__host(lane->vcpu, samples - done, b->expect.kvm.code, b->on_exit, stamps)
			      : loop__host_several(lane->vcpu, samples - done, exits, b->expect.kvm.code,
					b->on_exit, stamps);
		done += end.count;
	} while (was_interrupted(&end));
	end.count = done;
	return end;
}

static void run_host_round(struct lane *lane)
{
	uint32_t samples = lane->pass->samples;
	struct loop_end end;

	machine__arm(lane->machine, lane->vcpu, lane->pass->entry, ABI_MODE_HOST, samples);
	end = host_loop(lane, samples);
	if (end.count != samples)
		machine__unexpected(lane->machine, lane->vcpu, end.run_value);
	/* The last instruction may still wait for its answer (IN, an MMIO read); the next round sets registers. */
	vcpu__complete_io(lane->vcpu);
}

static struct loop_end guest_loop(struct lane *lane)
{
	const struct bench *b = lane->pass->bench;
	struct loop_end end;
	uint32_t done = 0;

	do {
		/* The stamp of an interrupted call is written anew: no stamp without an exit. */
		end = loop__guest(lane->vcpu, ROUND_STAMPS_MAX - done, b->expect.kvm.code, b->on_exit,
			lane->stamps + done);
		done += end.count;
	} while (was_interrupted(&end));
	end.count = done;
	return end;
}

static void run_guest_round(struct lane *lane)
{
	uint32_t samples = lane->pass->samples;
	uint32_t wanted = samples * exits_per_sample(lane->pass->bench);
	struct loop_end end;

	machine__arm(lane->machine, lane->vcpu, lane->pass->entry, ABI_MODE_GUEST, samples);
	end = guest_loop(lane);
	lane->stamps_used = end.count;
	if (!end.round_done || lane->vcpu->abi->status != ABI_STATUS_DONE)
		machine__unexpected(lane->machine, lane->vcpu, end.run_value);
	if (lane->pass->entry == lane->machine->entry && end.count != wanted)
		fatal__end(ENDING_BACKEND, "%u samples left to user space %u times instead of %u", samples,
			end.count, wanted);
	vcpu__complete_io(lane->vcpu);
}

void round__run(struct lane *lane)
{
	if (lane->pass->kind == ROUND_HOST)
		run_host_round(lane);
	else
		run_guest_round(lane);
}

struct span {
	uint64_t from_tsc, to_tsc;
};

/* When sample `i` of the round was taken, by the clock of whoever took it. */
static struct span sample_span(const struct lane *lane, uint32_t i)
{
	if (lane->pass->kind == ROUND_HOST)
		return (struct span){ lane->stamps[i].call_tsc, lane->stamps[i].return_tsc };
	return (struct span){ lane->vcpu->ring[i].before_tsc, lane->vcpu->ring[i].after_tsc };
}

static bool lies_within(struct span inner, struct span outer)
{
	return inner.from_tsc >= outer.from_tsc && inner.to_tsc <= outer.to_tsc;
}

/* From the last lane's first stamp to the first lane's last: then all of them ran. */
static struct span common_time(const struct pass *p)
{
	struct span common = { 0, UINT64_MAX };
	unsigned i;

	for (i = 0; i < p->lane_count; i++) {
		common.from_tsc = MAX(common.from_tsc, sample_span(&p->lanes[i], 0).from_tsc);
		common.to_tsc = MIN(common.to_tsc, sample_span(&p->lanes[i], p->samples - 1).to_tsc);
	}
	return common;
}

/* How much of a sample was in that time, 0 ... 1. */
static double share_within(struct span sample, struct span time)
{
	uint64_t from_tsc = MAX(sample.from_tsc, time.from_tsc), to_tsc = MIN(sample.to_tsc, time.to_tsc);

	if (lies_within(sample, time))
		return 1;
	return from_tsc < to_tsc ? (double)(to_tsc - from_tsc) / (double)(sample.to_tsc - sample.from_tsc)
				 : 0;
}

static bool has_sample_in(const struct lane *lane, struct span time)
{
	uint32_t i;

	for (i = 0; i < lane->pass->samples; i++)
		if (lies_within(sample_span(lane, i), time))
			return true;
	return false;
}

static void collect_legs(struct lane *lane, uint32_t i)
{
	const struct bench *b = lane->pass->bench;
	uint32_t exits = exits_per_sample(b);
	const struct run_stamps *s = &lane->stamps[(size_t)i * exits];
	struct span guest = sample_span(lane, i);

	if (!exits || bench__ops(b) != 1 || !lane->machine->shared_tsc)
		return;
	lane__record(lane, METRIC_EXIT_LEG, s[0].return_tsc - guest.from_tsc);
	lane__record(lane, METRIC_ENTRY_LEG, guest.to_tsc - s[exits].call_tsc);
}

static void collect_lane(struct lane *lane, struct span time, bool together)
{
	bool host = lane->pass->kind == ROUND_HOST;
	unsigned ops = host ? 1 : bench__ops(lane->pass->bench);
	enum metric metric = host ? METRIC_ROUNDTRIP : METRIC_GUEST;
	double shares = 0;
	uint32_t i;

	for (i = 0; i < lane->pass->samples; i++) {
		struct span sample = sample_span(lane, i);

		shares += share_within(sample, time);
		if (!lies_within(sample, time))
			continue;
		lane__record(lane, metric, sample.to_tsc - sample.from_tsc);
		if (!host)
			collect_legs(lane, i);
	}
	lane->out->series[metric].ops = ops;
	/* A rate is one of vCPUs that run together. */
	if (host || !together)
		return;
	/* A sample that sticks out counts in part. Left out with its time, the long ones (a vCPU that waited for a CPU)
	 * would be missing most often, and the rate too high. */
	lane->out->operations += shares * ops;
	lane->out->span_ticks += time.to_tsc - time.from_tsc;
}

/* Host stamps are on one clock; guests' are where every vCPU got the host's. */
static bool on_one_clock(const struct pass *p)
{
	unsigned i;

	for (i = 0; i < p->lane_count && p->kind != ROUND_HOST; i++)
		if (!p->lanes[i].machine->shared_tsc)
			return false;
	return true;
}

bool round__collect(struct pass *p)
{
	struct span time = common_time(p);
	unsigned i;

	if (p->lane_count > 1 && !on_one_clock(p))
		return false;
	for (i = 0; i < p->lane_count; i++)
		if (!has_sample_in(&p->lanes[i], time))
			return false;
	for (i = 0; i < p->lane_count; i++)
		collect_lane(&p->lanes[i], time, true);
	return true;
}

void round__collect_apart(struct pass *p)
{
	unsigned i;

	for (i = 0; i < p->lane_count; i++)
		collect_lane(&p->lanes[i], (struct span){ 0, UINT64_MAX }, false);
	p->flags |= FLAG_APART;
}

static int compare_ticks(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

uint64_t round__median(const struct abi_sample *ring, uint32_t first, uint32_t last)
{
	uint64_t ticks[ABI_RING_SLOTS];
	uint32_t i, n = 0;

	for (i = first; i < last; i++)
		ticks[n++] = ring[i].after_tsc - ring[i].before_tsc;
	qsort(ticks, n, sizeof(*ticks), compare_ticks);
	return n ? ticks[n / 2] : 0;
}
