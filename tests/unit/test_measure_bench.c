// SPDX-License-Identifier: MIT
/* Walks every descriptor that is linked, and every guest that one names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "guests/abi.h"
#include "measure/bench.h"
#include "measure/outcome.h"
#include "measure/pass.h"

static void every_descriptor_is_complete(void **state)
{
	char text[256] = "";

	(void)state;
	if (bench__validate(text, sizeof(text)) != 0)
		fail_msg("%s", text);
}

static void there_are_benchmarks_sorted_by_id(void **state)
{
	size_t count, i;
	const struct bench *const *all = bench__all(&count);

	(void)state;
	assert_true(count > 50);
	for (i = 1; i < count; i++)
		assert_true(strcmp(all[i - 1]->id, all[i]->id) < 0);
}

static void an_id_is_found_and_an_unknown_one_is_not(void **state)
{
	(void)state;
	assert_non_null(bench__find("floor/null-loop"));
	assert_string_equal(bench__find("cpuid/leaf0")->id, "cpuid/leaf0");
	assert_null(bench__find("cpuid/leaf"));
	assert_null(bench__find(""));
}

static void every_benchmark_belongs_to_its_family(void **state)
{
	size_t count, i;
	const struct bench *const *all = bench__all(&count);

	(void)state;
	for (i = 0; i < count; i++) {
		const struct bench_family *f = bench__family(all[i]);

		assert_non_null(f);
		assert_int_equal(strncmp(all[i]->id, f->name, strlen(f->name)), 0);
		assert_non_null(f->doc);
	}
}

/* A control's baseline must be one, too: an exit that is subtracted would make a cost negative. */
static void no_control_subtracts_an_exit(void **state)
{
	size_t count, i;
	const struct bench *const *all = bench__all(&count);

	(void)state;
	for (i = 0; i < count; i++) {
		const struct bench *base = all[i]->baseline ? bench__find(all[i]->baseline) : NULL;

		if (base && all[i]->handled_in == HANDLED_NOWHERE && base->handled_in != HANDLED_NOWHERE)
			fail_msg("%s is a control, but its baseline %s exits", all[i]->id, base->id);
		if (base && bench__ops(all[i]) != bench__ops(base) && base->handled_in == HANDLED_NOWHERE)
			fail_msg("%s has %u operations a sample, its baseline %s %u", all[i]->id,
				bench__ops(all[i]), base->id, bench__ops(base));
	}
}

/* Where the baseline has no figure of the same observer, there is no net. */
static void what_the_host_times_subtracts_what_the_host_times(void **state)
{
	size_t count, i;
	const struct bench *const *all = bench__all(&count);

	(void)state;
	for (i = 0; i < count; i++) {
		const struct bench *b = all[i], *base = b->baseline ? bench__find(b->baseline) : NULL;
		bool by_host = b->handled_in == HANDLED_HOST || b->measure == pass__host_timed;

		if (b->handled_in == HANDLED_USER && !base)
			fail_msg("%s leaves to user space and has no baseline", b->id);
		if (base && by_host && base->handled_in != HANDLED_HOST && base->handled_in != HANDLED_USER)
			fail_msg("%s is timed by the host, its baseline %s by the guest", b->id, base->id);
	}
}

static void images_start_where_the_host_loads_them(void **state)
{
	size_t count, i;
	const struct bench *const *all = bench__all(&count);

	(void)state;
	for (i = 0; i < count; i++) {
		const struct guest_image *g = all[i]->guest;

		if (!g)
			continue;
		assert_true(g->end - g->start <= ABI_IMAGE_SIZE);
		assert_in_range(image__vectors(g), ABI_IMAGE, ABI_IMAGE + ABI_IMAGE_SIZE);
		assert_in_range(image__entry(g, all[i]->entry), ABI_IMAGE, ABI_IMAGE + ABI_IMAGE_SIZE);
		assert_int_equal(image__entry(g, "no such entry"), 0);
	}
}

static void flags_are_words_joined_by_plus(void **state)
{
	char text[128];

	(void)state;
	assert_string_equal(flags__text(0, text, sizeof(text)), "");
	assert_string_equal(flags__text(FLAG_IRQ, text, sizeof(text)), "irq");
	assert_string_equal(flags__text(FLAG_IRQ | FLAG_EMULATED, text, sizeof(text)), "irq+emulated");
	assert_string_equal(flags__text(~0u, text, sizeof(text)),
		"irq+preempted+unsettled+faults+no-exit+emulated+overcommit+split-tsc+smi+apart");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_descriptor_is_complete),
		cmocka_unit_test(there_are_benchmarks_sorted_by_id),
		cmocka_unit_test(an_id_is_found_and_an_unknown_one_is_not),
		cmocka_unit_test(every_benchmark_belongs_to_its_family),
		cmocka_unit_test(no_control_subtracts_an_exit),
		cmocka_unit_test(what_the_host_times_subtracts_what_the_host_times),
		cmocka_unit_test(images_start_where_the_host_loads_them),
		cmocka_unit_test(flags_are_words_joined_by_plus),
	};

	return cmocka_run_group_tests_name("measure/bench", tests, NULL, NULL);
}
