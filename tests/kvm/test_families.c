// SPDX-License-Identifier: MIT
/*
 * Every benchmark once, on whatever KVM there is: it must deliver figures that KVM's statistics confirm, or say
 * why not. On a backend that emulates guests what can't be executed may be refused or time out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "measure/support.h"
#include "open_kvm.h"
#include "runner/spawn.h"

#define TIMEOUT_MS 1500
#define BUDGET_NS  3000000

static bool emulated;

static uint64_t samples_of(const struct outcome *o)
{
	uint64_t samples = 0;
	unsigned lane;
	enum metric m;

	for (lane = 0; lane < o->lane_count; lane++)
		for (m = 0; m < METRIC_COUNT; m++)
			samples += o->lanes[lane].series[m].count;
	return samples;
}

static void check_outcome(const struct bench *b, const struct outcome *o)
{
	switch (o->state) {
	case OUTCOME_DONE:
		if (!samples_of(o))
			fail_msg("%s: done without a sample", b->id);
		if (o->suspect)
			fail_msg("%s: KVM's statistics do not confirm it", b->id);
		return;
	case OUTCOME_SKIPPED:
		if (!o->reason[0])
			fail_msg("%s: skipped without a reason", b->id);
		return;
	case OUTCOME_BACKEND:
	case OUTCOME_TIMEOUT:
		if (emulated)
			return;
		/* fall through */
	default:
		fail_msg("%s: %s", b->id, o->reason);
	}
}

static void run_one(void **state)
{
	const struct bench *b = *state;
	struct job_spec spec = {
		.bench = b,
		.host = &kvm,
		.vcpus = b->needs.vcpus ? b->needs.vcpus : 1,
		.vms = 1,
		.emulated = emulated,
		.budget = { .ns = BUDGET_NS },
	};
	char text[256];
	struct outcome *o;
	struct error err;

	need_kvm();
	if (bench__unsupported(b, &kvm, text, sizeof(text)))
		return; /* said, with its reason, by `list` */
	o = outcome__share(spec.vcpus);
	assert_non_null(o);
	assert_int_equal(spawn__job(&spec, o, TIMEOUT_MS, &err), 0);
	check_outcome(b, o);
	outcome__release(o, spec.vcpus);
}

static int open_and_probe(void **state)
{
	struct trust_evidence e = { 0 };
	struct error err;
	enum trust trust;

	open_kvm(state);
	if (kvm.fd >= 0 && spawn__probe(&kvm, &e, 20000, &err) == 0 &&
		trust__decide(&e, false, true, &trust, &err) == 0)
		emulated = trust == TRUST_EMULATED;
	return 0;
}

int main(void)
{
	size_t count, i;
	const struct bench *const *all = bench__all(&count);
	struct CMUnitTest *tests = calloc(count, sizeof(*tests));

	if (!tests)
		return 1;
	for (i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ all[i]->id, run_one, NULL, NULL, (void *)all[i] };
	return _cmocka_run_group_tests("kvm/families", tests, count, open_and_probe, NULL);
}
