// SPDX-License-Identifier: MIT
/* What is told of written pages: counting a bitmap, taking entries out of a ring in order and no further. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kvm/dirty.h"

#define RING 8

static void test_counts_the_pages_of_the_slot(void **state)
{
	struct dirty_log log;

	(void)state;
	dirty_log__init(&log, 3, 100 * 4096ul); /* not a multiple of 64 pages */
	assert_int_equal(log.pages, 100);
	assert_int_equal(dirty_log__count(&log), 0);
	log.bitmap[0] = 1ull << 63 | 1;
	log.bitmap[1] = 0xf;
	assert_int_equal(dirty_log__count(&log), 6);
	dirty_log__free(&log);
}

static void push(struct kvm_dirty_gfn *entries, unsigned from, unsigned count)
{
	while (count--)
		entries[from++ % RING].flags = KVM_DIRTY_GFN_F_DIRTY;
}

static void test_harvests_in_order_up_to_the_first_clean_entry(void **state)
{
	struct kvm_dirty_gfn entries[RING] = { 0 };
	struct dirty_ring ring = { .entries = entries, .size = RING };

	(void)state;
	assert_int_equal(dirty_ring__harvest(&ring, UINT32_MAX), 0);
	push(entries, 0, 3);
	push(entries, 4, 1); /* behind a gap: not handed over yet */
	assert_int_equal(dirty_ring__harvest(&ring, UINT32_MAX), 3);
	assert_int_equal(entries[2].flags, KVM_DIRTY_GFN_F_RESET);
	assert_int_equal(entries[4].flags, KVM_DIRTY_GFN_F_DIRTY);
	assert_int_equal(ring.next, 3);
}

static void test_harvest_takes_no_more_than_asked_and_wraps(void **state)
{
	struct kvm_dirty_gfn entries[RING] = { 0 };
	struct dirty_ring ring = { .entries = entries, .size = RING, .next = RING - 2 };

	(void)state;
	push(entries, RING - 2, 4);
	assert_int_equal(dirty_ring__harvest(&ring, 1), 1);
	assert_int_equal(dirty_ring__harvest(&ring, UINT32_MAX), 3);
	assert_int_equal(entries[1].flags, KVM_DIRTY_GFN_F_RESET);
	assert_int_equal(dirty_ring__harvest(&ring, UINT32_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_the_pages_of_the_slot),
		cmocka_unit_test(test_harvests_in_order_up_to_the_first_clean_entry),
		cmocka_unit_test(test_harvest_takes_no_more_than_asked_and_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
