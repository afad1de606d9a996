// SPDX-License-Identifier: MIT
/* guests/abi.h says everything twice, for C and for assembly: both must mean the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "guests/abi.h"
#include "guests/hyperv.h"

static void offsets_for_assembly_are_those_of_the_structure(void **state)
{
	(void)state;
	assert_int_equal(ABI_OFF_MODE, offsetof(struct abi_page, mode));
	assert_int_equal(ABI_OFF_SAMPLES, offsetof(struct abi_page, samples));
	assert_int_equal(ABI_OFF_OPS, offsetof(struct abi_page, ops));
	assert_int_equal(ABI_OFF_INDEX, offsetof(struct abi_page, index));
	assert_int_equal(ABI_OFF_ARG, offsetof(struct abi_page, arg));
	assert_int_equal(ABI_OFF_STATUS, offsetof(struct abi_page, status));
	assert_int_equal(ABI_OFF_TAKEN, offsetof(struct abi_page, taken));
	assert_int_equal(ABI_OFF_LINE, offsetof(struct abi_page, line));
	assert_int_equal(ABI_OFF_VALUE, offsetof(struct abi_page, value));
	assert_int_equal(ABI_OFF_WANTED, offsetof(struct abi_page, wanted));
	assert_int_equal(ABI_OFF_VECTOR, offsetof(struct abi_page, vector));
	assert_int_equal(ABI_OFF_ERROR, offsetof(struct abi_page, error));
	assert_int_equal(ABI_OFF_RIP, offsetof(struct abi_page, rip));
	assert_int_equal(ABI_OFF_CR2, offsetof(struct abi_page, cr2));
	assert_int_equal(ABI_OFF_SHARED, offsetof(struct abi_page, shared));
}

static void a_vcpu_area_holds_page_ring_and_stack(void **state)
{
	(void)state;
	assert_true(sizeof(struct abi_page) <= ABI_RING_OFFSET);
	assert_int_equal(sizeof(struct abi_sample), 16);
	/* At least four pages of stack remain between the ring and the area's end. */
	assert_true(ABI_RING_OFFSET + ABI_RING_SLOTS * sizeof(struct abi_sample) + 4 * 4096 <= ABI_STACK_TOP);
	assert_int_equal(ABI_OFF_SHARED % 64, 0);
}

static void the_parts_of_guest_memory_do_not_overlap(void **state)
{
	(void)state;
	assert_true(ABI_PD + 4 * 4096 <= ABI_GDT);
	assert_true(ABI_IDT + 4096 <= ABI_TSS);
	assert_true(ABI_TSS + 4096 <= ABI_IMAGE);
	assert_true(ABI_IMAGE + ABI_IMAGE_SIZE <= ABI_LOW_SIZE);
	assert_true(ABI_LOW_SIZE <= ABI_VCPU);
	assert_true(ABI_VCPU + 4096ull * ABI_VCPU_SIZE <= ABI_ARENA);
	assert_true(ABI_ARENA < ABI_UNBACKED);
	assert_true(ABI_UNBACKED < ABI_IOAPIC);
}

/* And more than half of a stack is left to the guest. */
static void hyperv_pages_are_where_nothing_else_is(void **state)
{
	(void)state;
	assert_true(ABI_TSS + 4096 <= HYPERV_HYPERCALL_PAGE);
	assert_true(HYPERV_HYPERCALL_PAGE + 4096 <= HYPERV_TSC_PAGE);
	assert_true(HYPERV_TSC_PAGE + 4096 <= ABI_IMAGE);
	assert_true(sizeof(struct abi_page) <= HYPERV_INPUT);
	assert_true(ABI_RING_OFFSET + ABI_RING_SLOTS * sizeof(struct abi_sample) <= HYPERV_ASSIST_PAGE);
	assert_true(HYPERV_ASSIST_PAGE + 4096 <= HYPERV_MESSAGE_PAGE);
	assert_true(HYPERV_MESSAGE_PAGE + 4096 <= HYPERV_EVENT_PAGE);
	assert_true(HYPERV_EVENT_PAGE + 4096 <= ABI_STACK_TOP - 0x8000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_for_assembly_are_those_of_the_structure),
		cmocka_unit_test(a_vcpu_area_holds_page_ring_and_stack),
		cmocka_unit_test(the_parts_of_guest_memory_do_not_overlap),
		cmocka_unit_test(hyperv_pages_are_where_nothing_else_is),
	};

	return cmocka_run_group_tests_name("measure/abi", tests, NULL, NULL);
}
