// SPDX-License-Identifier: MIT
#include "measure/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "measure/preemptions.h"

#define LOWER_TOLERANCE 0.005
#define UPPER_TOLERANCE 0.01
/* Exits around a round that no statistic names: the last timer tick before entry, the MSR load on first entry. */
#define EXITS_PER_ROUND 2

static uint64_t *words(size_t n)
{
	uint64_t *w = calloc(n ? n : 1, sizeof(*w));

	if (!w)
		fatal("no memory for %zu statistics", n);
	return w;
}

void proof__init(struct proof *p, struct machine *m)
{
	size_t vcpu_words = m->vcpu_stats[0].words * m->vcpu_count;
	size_t vm_words = m->vm_stats.words;

	memset(p, 0, sizeof(*p));
	p->machine = m;
	p->vcpu_before = words(vcpu_words);
	p->vcpu_now = words(vcpu_words);
	p->vcpu_sum = words(m->vcpu_stats[0].words);
	p->vm_before = words(vm_words);
	p->vm_now = words(vm_words);
	p->vm_sum = words(vm_words);
}

void proof__free(struct proof *p)
{
	free(p->vcpu_before);
	free(p->vcpu_now);
	free(p->vcpu_sum);
	free(p->vm_before);
	free(p->vm_now);
	free(p->vm_sum);
}

static void read_all(struct proof *p, uint64_t *vcpu, uint64_t *vm)
{
	struct machine *m = p->machine;
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++)
		statsfd__read(&m->vcpu_stats[i], vcpu + i * m->vcpu_stats[0].words);
	statsfd__read(&m->vm_stats, vm);
}

void proof__begin(struct proof *p)
{
	read_all(p, p->vcpu_before, p->vm_before);
	p->preemptions_before = preemptions__so_far();
}

void proof__end(struct proof *p, uint64_t operations, uint64_t rounds)
{
	struct machine *m = p->machine;
	size_t words = m->vcpu_stats[0].words, w;
	unsigned i;

	p->preemptions += preemptions__so_far() - p->preemptions_before;
	read_all(p, p->vcpu_now, p->vm_now);
	for (i = 0; i < m->vcpu_count; i++)
		for (w = 0; w < words; w++)
			p->vcpu_sum[w] += p->vcpu_now[i * words + w] - p->vcpu_before[i * words + w];
	for (w = 0; w < m->vm_stats.words; w++)
		p->vm_sum[w] += p->vm_now[w] - p->vm_before[w];
	p->operations += operations;
	p->rounds += rounds;
}

/* -1 where neither the vCPU nor the VM has it. */
static double find_sum(const struct proof *p, const char *name)
{
	int i = statsfd__find(&p->machine->vcpu_stats[0], name);

	if (i >= 0)
		return (double)p->vcpu_sum[i];
	i = statsfd__find(&p->machine->vm_stats, name);
	return i >= 0 ? (double)p->vm_sum[i] : -1;
}

uint64_t proof__sum(const struct proof *p, const char *statistic)
{
	double sum = find_sum(p, statistic);

	return sum < 0 ? 0 : (uint64_t)sum;
}

static struct check *add_check(struct outcome *o, const char *statistic, double expected, double observed)
{
	struct check *c;

	if (o->check_count == CHECKS_MAX)
		fatal("more than %d checks of one benchmark", CHECKS_MAX);
	c = &o->checks[o->check_count++];
	snprintf(c->statistic, sizeof(c->statistic), "%s", statistic);
	c->expected = expected;
	c->observed = observed;
	return c;
}

static void settle(struct check *c, const char *verdict)
{
	snprintf(c->verdict, sizeof(c->verdict), "%s", verdict);
}

/* Whether a sum agrees with per_op x operations, `extra` exits of known origin allowed on top. */
static bool agrees(enum relation relation, double expected, double observed, double extra)
{
	double low = expected - expected * LOWER_TOLERANCE - 1;
	double high = expected + expected * UPPER_TOLERANCE + extra;

	return (relation == AT_MOST || observed >= low) && (relation == AT_LEAST || observed <= high);
}

void outcome__add_check(
	struct outcome *o, const char *statistic, double expected, double observed, const char *verdict)
{
	settle(add_check(o, statistic, expected, observed), verdict);
	o->suspect |= strcmp(verdict, "suspect") == 0;
}

struct judge {
	const struct proof *proof;
	struct outcome *outcome;
	bool emulated; /* KVM ran the guest by emulating it */
	uint32_t flags;
};

static void judge_stat(
	struct judge *j, const struct expected_stat *s, double done_exits, double extra, bool may_be_none)
{
	const struct proof *p = j->proof;
	double operations = (double)p->operations;
	double sum = find_sum(p, s->name);
	double observed = (sum - done_exits) / operations;
	struct check *c = add_check(j->outcome, s->name, s->per_op, sum < 0 ? NAN : observed);

	/* A control may exit as often as a claim may be exceeded: once in a hundred operations. */
	if (s->per_op <= 0)
		extra += operations * UPPER_TOLERANCE;
	if (sum < 0) {
		settle(c, "not-offered");
	} else if (agrees(s->relation, s->per_op * operations, sum - done_exits, extra)) {
		settle(c, "ok");
	} else if (j->emulated) {
		settle(c, "emulated");
	} else if (may_be_none &&
		   agrees(EXACTLY, 0, sum - done_exits, extra + operations * UPPER_TOLERANCE)) {
		settle(c, "no-exit");
		j->flags |= FLAG_NO_EXIT;
	} else {
		settle(c, "suspect");
		j->outcome->suspect = true;
	}
}

static unsigned backend_bit(const struct kvm_host *host)
{
	return host->is_vmx ? ON_VMX : host->is_svm ? ON_SVM : 0;
}

double bench__exits_on(const struct bench *b, const struct kvm_host *host)
{
	return (b->expect.no_exit_on & backend_bit(host)) ? 0 : b->expect.exits;
}

/* Exits that aren't the guest's doing. */
static double foreign_exits(const struct proof *p)
{
	return (double)(proof__sum(p, "irq_exits") + proof__sum(p, "signal_exits") +
			proof__sum(p, "nmi_window_exits"));
}

/*
 * A guest that runs executes most of its instructions itself, and KVM emulates at most one for each time it
 * exits; one that KVM emulates leaves an `insn_emulation` for each instruction and hardly ever exits.
 */
static bool was_emulated(const struct proof *p)
{
	double emulations = (double)proof__sum(p, "insn_emulation");
	double exits = (double)proof__sum(p, "exits");

	return emulations > 2 * exits + (double)p->operations;
}

static bool counts_injections(const char *statistic)
{
	return strcmp(statistic, "irq_injections") == 0 || strcmp(statistic, "nmi_injections") == 0;
}

uint32_t proof__judge(const struct proof *p, bool emulated, struct outcome *o)
{
	const struct bench *b = p->machine->bench;
	const struct bench_expect *e = &b->expect;
	unsigned backend = backend_bit(p->machine->host);
	double foreign = foreign_exits(p);
	double rounds = (double)p->rounds;
	struct judge j = { .proof = p, .outcome = o, .emulated = emulated || was_emulated(p) };
	struct expected_stat exits = {
		.name = "exits",
		.per_op = bench__exits_on(b, p->machine->host),
		.relation = e->exits_relation,
	};
	unsigned i;

	if (!p->operations)
		fatal("no operation was measured");
	if (j.emulated)
		j.flags |= FLAG_EMULATED;
	judge_stat(&j, &exits, rounds, foreign + (EXITS_PER_ROUND + e->init_exits) * rounds, e->may_not_exit);
	for (i = 0; i < EXPECTED_STATS_MAX && e->stats[i].name; i++) {
		const struct expected_stat *s = &e->stats[i];
		bool is_io = strcmp(s->name, "io_exits") == 0;

		/* On another backend than the two that the mask knows, only what holds for both is asked. */
		if (s->on && !(s->on & backend))
			continue;
		judge_stat(&j, s, is_io ? rounds : 0,
			EXITS_PER_ROUND * rounds + (counts_injections(s->name) ? p->preemptions : 0),
			e->may_not_exit);
	}
	/* What is not claimed is told all the same, where it explains a figure. */
	settle(add_check(o, "irq_exits", 0, (double)proof__sum(p, "irq_exits") / (double)p->operations),
		"info");
	settle(add_check(o, "insn_emulation", NAN,
		       (double)proof__sum(p, "insn_emulation") / (double)p->operations),
		"info");

	if (proof__sum(p, "irq_exits") || proof__sum(p, "signal_exits"))
		j.flags |= FLAG_IRQ;
	return j.flags;
}
