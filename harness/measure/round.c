// SPDX-License-Identifier: MIT
#include "measure/round.h"

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

static void run_host_round(struct lane *lane)
{
	const struct bench *b = lane->pass->bench;
	struct tick_series *series = &lane->out->series[METRIC_ROUNDTRIP];
	unsigned exits = bench__user_exits(b);
	uint32_t samples = MIN(lane->pass->samples, SERIES_MAX - series->count);
	uint64_t *ticks = series->ticks + series->count;
	struct loop_end end;

	machine__arm(lane->machine, lane->vcpu, lane->pass->entry, ABI_MODE_HOST, samples);
	if (exits == 1)
		end = loop__host(lane->vcpu, samples, b->expect.kvm.code, b->on_exit, ticks);
	else
		end = loop__host_several(lane->vcpu, samples, exits, b->expect.kvm.code, b->on_exit, ticks);
	if (end.count != samples)
		machine__unexpected(lane->machine, lane->vcpu, end.run_value);
	/* The last instruction may still wait for its answer (IN, an MMIO read); the next round sets registers. */
	vcpu__complete_io(lane->vcpu);
	series->ops = 1;
	series->count += samples;
}

static void run_guest_round(struct lane *lane)
{
	const struct bench *b = lane->pass->bench;
	uint32_t samples = lane->pass->samples;
	uint32_t wanted = samples * exits_per_sample(b);
	struct loop_end end;

	machine__arm(lane->machine, lane->vcpu, lane->pass->entry, ABI_MODE_GUEST, samples);
	end = loop__guest(lane->vcpu, ROUND_STAMPS_MAX, b->expect.kvm.code, b->on_exit, lane->stamps);
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

static void collect_lane(struct lane *lane, uint32_t samples, uint64_t from_tsc, uint64_t to_tsc)
{
	const struct bench *b = lane->pass->bench;
	const struct abi_sample *ring = lane->vcpu->ring;
	uint32_t exits = exits_per_sample(b);
	bool legs = exits && bench__ops(b) == 1 && lane->machine->shared_tsc;
	uint32_t i, counted = 0;

	for (i = 0; i < samples; i++) {
		if (ring[i].before_tsc < from_tsc || ring[i].after_tsc > to_tsc)
			continue;
		lane__record(lane, METRIC_GUEST, ring[i].after_tsc - ring[i].before_tsc);
		if (legs) {
			const struct run_stamps *s = &lane->stamps[(size_t)i * exits];

			lane__record(lane, METRIC_EXIT_LEG, s[0].return_tsc - ring[i].before_tsc);
			lane__record(lane, METRIC_ENTRY_LEG, ring[i].after_tsc - s[exits].call_tsc);
		}
		counted++;
	}
	lane->out->series[METRIC_GUEST].ops = bench__ops(b);
	lane->out->operations += (uint64_t)counted * bench__ops(b);
	lane->out->span_ticks += to_tsc - from_tsc;
}

void round__collect_guest(struct pass *p)
{
	uint32_t samples = p->samples;
	uint64_t from_tsc = 0, to_tsc = UINT64_MAX;
	bool shared = true;
	unsigned i;

	for (i = 0; i < p->lane_count; i++) {
		const struct abi_sample *ring = p->lanes[i].vcpu->ring;

		from_tsc = MAX(from_tsc, ring[0].before_tsc);
		to_tsc = MIN(to_tsc, ring[samples - 1].after_tsc);
		shared &= p->lanes[i].machine->shared_tsc;
	}
	for (i = 0; i < p->lane_count; i++) {
		const struct abi_sample *ring = p->lanes[i].vcpu->ring;

		if (shared && from_tsc < to_tsc)
			collect_lane(&p->lanes[i], samples, from_tsc, to_tsc);
		else
			collect_lane(&p->lanes[i], samples, ring[0].before_tsc, ring[samples - 1].after_tsc);
	}
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
