// SPDX-License-Identifier: MIT
#include "measure/pass.h"

#include <string.h>

#include "base/array.h"
#include "base/fatal.h"
#include "base/monotonic.h"
#include "measure/preemptions.h"
#include "measure/round.h"
#include "measure/verify_trace.h"

#define WARM_ROUNDS_MAX  8
#define WARM_SAMPLES     64
#define WARM_TOLERANCE   0.03 /* between the medians of two halves */
#define FIRST_ROUND      32u  /* samples from which the rest is planned */
#define GUEST_SHARE      0.6  /* of the budget, where there are host-timed rounds too */
#define SAMPLES_AT_LEAST 16u

void pass__round(struct pass *p, enum round_kind kind, uint64_t entry, uint32_t samples)
{
	p->kind = kind;
	p->entry = entry;
	p->samples = samples;
	if (p->lane_count > 1)
		pthread_barrier_wait(&p->start);
	if (kind != ROUND_QUIT)
		round__run(&p->lanes[0]);
	if (p->lane_count > 1 && kind != ROUND_QUIT)
		pthread_barrier_wait(&p->end);
}

void pass__flag_preempted(struct pass *p, uint32_t before)
{
	if (preemptions__so_far() != before)
		p->flags |= FLAG_PREEMPTED;
}

void pass__begin_proof(struct pass *p)
{
	unsigned i;

	for (i = 0; i < p->spec->vms; i++)
		proof__begin(&p->proofs[i]);
}

void pass__end_proof(struct pass *p, uint64_t operations_per_lane, uint64_t rounds)
{
	unsigned i;

	for (i = 0; i < p->spec->vms; i++)
		proof__end(&p->proofs[i], operations_per_lane * p->spec->vcpus, rounds * p->spec->vcpus);
}

void lane__record(struct lane *lane, enum metric metric, uint64_t ticks)
{
	struct tick_series *s = &lane->out->series[metric];

	if (!s->ops)
		s->ops = 1;
	if (s->count < SERIES_MAX)
		s->ticks[s->count++] = ticks;
}

uint32_t pass__samples_wanted(const struct pass *p, uint64_t ns_each)
{
	uint64_t fit;

	if (p->spec->budget.samples)
		return MIN(p->spec->budget.samples, (uint32_t)SERIES_MAX);
	fit = p->spec->budget.ns / (ns_each ? ns_each : 1);
	return (uint32_t)MIN(MAX(fit, (uint64_t)SAMPLES_AT_LEAST), (uint64_t)SERIES_MAX);
}

void pass__before_round(struct pass *p)
{
	unsigned i;

	if (p->bench->before_round)
		for (i = 0; i < p->spec->vms; i++)
			p->bench->before_round(&p->machines[i]);
}

/* One round with its proof; returns the nanoseconds it took. *together is set where its samples count. */
static uint64_t measured_round(struct pass *p, enum round_kind kind, uint32_t samples, bool *together)
{
	uint64_t start_ns, took_ns;
	uint32_t preempted;

	pass__before_round(p);
	pass__begin_proof(p);
	preempted = preemptions__so_far();
	start_ns = monotonic__now_ns();
	pass__round(p, kind, p->machines[0].entry, samples);
	took_ns = monotonic__now_ns() - start_ns;
	pass__flag_preempted(p, preempted);
	if (kind == ROUND_GUEST)
		pass__end_proof(p, (uint64_t)samples * bench__ops(p->bench), 1);
	else
		pass__end_proof(p, samples, 0);
	*together |= round__collect(p);
	return took_ns;
}

/* Rounds until the budget is spent: the first ones tell how long a sample takes. */
static void measured_rounds(struct pass *p, enum round_kind kind, uint64_t budget_ns)
{
	uint32_t fixed = p->spec->budget.samples;
	uint32_t most = p->bench->samples_max ? p->bench->samples_max : SERIES_MAX;
	uint32_t wanted = fixed ? MIN(fixed, most) : most;
	uint32_t round_max = round__samples_max(p->bench);
	uint32_t done = 0, next = MIN(MIN(round_max, wanted), fixed ? round_max : FIRST_ROUND);
	uint64_t spent_ns = 0;
	bool together = false;

	while (done < wanted) {
		spent_ns += measured_round(p, kind, next, &together);
		done += next;
		if (!fixed) {
			uint64_t fit, ns_each = spent_ns / done + 1;

			if (spent_ns >= budget_ns && done >= SAMPLES_AT_LEAST)
				break;
			fit = budget_ns > spent_ns ? (budget_ns - spent_ns) / ns_each : 0;
			if (fit < 4 && done >= SAMPLES_AT_LEAST)
				break;
			next = (uint32_t)MIN(MAX(fit, (uint64_t)4), (uint64_t)round_max);
		}
		next = MIN(next, wanted - done);
		next = MIN(next, round_max);
	}
	/* What the vCPUs did one after the other is better than no row, if the row says so. */
	if (!together)
		round__collect_apart(p);
}

static uint64_t faults(const struct pass *p)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < p->spec->vms; i++)
		sum += proof__sum(&p->proofs[i], "pf_taken") + proof__sum(&p->proofs[i], "pf_fixed");
	return sum;
}

static bool names(const struct exit_code *c, uint32_t code)
{
	return c->name && (c->code == code || c->or_code == code || c->or_third == code);
}

/* By its statistics, or because the exit itself is a fault: of a page of MMIO that KVM doesn't mark, of an APIC's page. */
static bool means_to_fault(const struct pass *p)
{
	const struct kvm_host *host = p->spec->host;
	const struct bench *b = p->bench;
	unsigned i;

	if ((host->is_vmx && names(&b->expect.vmx, EXIT_REASON_EPT_VIOLATION)) ||
		(host->is_svm && names(&b->expect.svm, SVM_EXIT_NPF)))
		return true;
	for (i = 0; i < EXPECTED_STATS_MAX && b->expect.stats[i].name; i++)
		if (strncmp(b->expect.stats[i].name, "pf_", 3) == 0 && b->expect.stats[i].per_op > 0)
			return true;
	return false;
}

/* The proof's sums serve the warm-up too; measuring starts from empty ones. */
static void reset_proofs(struct pass *p)
{
	unsigned i;

	for (i = 0; i < p->spec->vms; i++) {
		proof__free(&p->proofs[i]);
		proof__init(&p->proofs[i], &p->machines[i]);
	}
}

/* Rounds that don't count, until no fault comes any more and the medians of two halves agree. */
static void warm_up(struct pass *p)
{
	uint32_t samples = MIN(round__samples_max(p->bench), (uint32_t)WARM_SAMPLES);
	/* Figures of an emulated guest aren't worth the time. */
	unsigned rounds = p->spec->emulated ? 1 : WARM_ROUNDS_MAX, round;
	bool settled = false;

	for (round = 0; round < rounds && !settled; round++) {
		uint64_t faults_before = faults(p), first, second, difference;

		pass__before_round(p);
		pass__begin_proof(p);
		pass__round(p, ROUND_GUEST, p->machines[0].entry, samples);
		pass__end_proof(p, samples, 1);
		first = round__median(p->lanes[0].vcpu->ring, 0, samples / 2);
		second = round__median(p->lanes[0].vcpu->ring, samples / 2, samples);
		difference = first > second ? first - second : second - first;
		/* A round of one or two samples has no halves. */
		if (samples < 4)
			difference = 0;
		settled = (double)difference <= WARM_TOLERANCE * (double)MAX(first, second) + 2 &&
			  (faults(p) == faults_before || means_to_fault(p));
	}
	if (!settled && !p->spec->emulated)
		p->flags |= FLAG_UNSETTLED;
	reset_proofs(p);
}

void pass__judge(struct pass *p)
{
	unsigned i;

	for (i = 0; i < p->spec->vms; i++) {
		/* The checks of the first VM stand for all; a suspect one among the others shows instead. */
		struct outcome *o = p->outcome;

		if (i > 0 && o->suspect)
			break;
		o->check_count = 0;
		p->flags |= proof__judge(&p->proofs[i], p->spec->emulated, o);
	}
	if (faults(p) && !means_to_fault(p) && !(p->flags & FLAG_EMULATED))
		p->flags |= FLAG_FAULTS;
}

void pass__host_timed(struct pass *p)
{
	warm_up(p);
	measured_rounds(p, ROUND_HOST, p->spec->budget.ns);
	pass__judge(p);
}

void pass__standard(struct pass *p)
{
	uint64_t ns = p->spec->budget.ns;

	warm_up(p);
	if (bench__user_exits(p->bench)) {
		measured_rounds(p, ROUND_HOST, (uint64_t)((double)ns * (1 - GUEST_SHARE)));
		measured_rounds(p, ROUND_GUEST, (uint64_t)((double)ns * GUEST_SHARE));
	} else {
		measured_rounds(p, ROUND_GUEST, ns);
	}
	pass__judge(p);
	if (p->spec->trace)
		trace_proof__run(p);
}
