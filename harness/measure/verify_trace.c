// SPDX-License-Identifier: MIT
#include "measure/verify_trace.h"

#include <stdio.h>

#include "base/array.h"
#include "base/fatal.h"
#include "measure/round.h"
#include "measure/trace_count.h"

#define TRACED_SAMPLES 32u
/* The exits that end the round and what the entry does before its loop may have the same reason. */
#define OTHER_EXITS 4

static const struct exit_code *named_exit(const struct pass *p)
{
	const struct bench_expect *e = &p->bench->expect;

	if (p->spec->host->is_vmx)
		return e->vmx.name ? &e->vmx : NULL;
	return p->spec->host->is_svm && e->svm.name ? &e->svm : NULL;
}

static uint64_t count_in_round(struct pass *p, struct trace_count *t, uint32_t samples)
{
	uint64_t count = 0;
	int err;

	err = trace_count__start(t);
	if (!err)
		pass__round(p, ROUND_GUEST, p->machines[0].entry, samples);
	if (!err)
		err = trace_count__stop_read(t, &count);
	if (err)
		fatal("counting kvm:kvm_exit: error %d", -err);
	return count;
}

void trace_proof__run(struct pass *p)
{
	const struct exit_code *code = named_exit(p);
	uint32_t samples = MIN(round__samples_max(p->bench), TRACED_SAMPLES);
	double operations = samples * bench__ops(p->bench), claimed, seen, extra;
	char filter[96], name[64];
	struct trace_count t;
	struct error err;
	const char *verdict;

	if (!code || p->lane_count > 1)
		return;
	claimed = bench__exits_on(p->bench, p->spec->host);
	if (claimed > 0 && p->bench->expect.reason_exits > 0)
		claimed = p->bench->expect.reason_exits;
	snprintf(filter, sizeof(filter), "exit_reason==%u || exit_reason==%u || exit_reason==%u", code->code,
		code->or_code ? code->or_code : code->code, code->or_third ? code->or_third : code->code);
	snprintf(name, sizeof(name), "kvm:kvm_exit[%s]", code->name);
	if (trace_count__open(&t, "kvm:kvm_exit", filter, &err) < 0)
		return;
	pass__before_round(p);
	seen = (double)count_in_round(p, &t, samples);
	trace_count__close(&t);

	extra = OTHER_EXITS + p->bench->expect.init_exits;
	if (seen >= claimed * operations &&
		(seen <= claimed * operations + extra || p->bench->expect.exits_relation == AT_LEAST))
		verdict = "ok";
	/* Both witnesses must say so. */
	else if ((p->flags & FLAG_NO_EXIT) && seen <= extra)
		verdict = "no-exit";
	else if (p->bench->expect.exits_relation == AT_MOST && seen <= claimed * operations)
		verdict = "ok";
	else
		verdict = "suspect";
	outcome__add_check(p->outcome, name, claimed, seen / operations, verdict);
}
