// SPDX-License-Identifier: MIT
/* The trust class follows from what a probe guest showed, and from nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "measure/trust.h"

static enum trust decide(
	double emulations, double null_ticks, double control_ticks, bool exact, bool hypervisor)
{
	struct trust_evidence e = {
		.complete = true,
		.emulations_per_sample = emulations,
		.null_ticks = null_ticks,
		.control_ticks = control_ticks,
	};
	enum trust trust;
	struct error err;

	assert_int_equal(trust__decide(&e, exact, hypervisor, &trust, &err), 0);
	return trust;
}

static void bare_metal_is_hardware(void **state)
{
	(void)state;
	assert_int_equal(decide(0, 72, 73, false, false), TRUST_HARDWARE);
}

static void a_hypervisor_below_is_nested(void **state)
{
	(void)state;
	assert_int_equal(decide(0, 72, 73, false, true), TRUST_NESTED);
}

static void an_exact_clock_is_the_model_even_below_a_hypervisor(void **state)
{
	(void)state;
	assert_int_equal(decide(0, 8, 13, true, true), TRUST_MODEL);
}

static void emulated_instructions_outrank_everything(void **state)
{
	(void)state;
	assert_int_equal(decide(22, 20000, 30000, false, false), TRUST_EMULATED);
	assert_int_equal(decide(22, 8, 13, true, false), TRUST_EMULATED);
}

static void a_counting_clock_that_miscounts_in_the_guest_is_refused(void **state)
{
	struct trust_evidence e = { .complete = true, .null_ticks = 8, .control_ticks = 14 };
	enum trust trust;
	struct error err;

	(void)state;
	assert_int_equal(trust__decide(&e, true, false, &trust, &err), -1);
	assert_int_equal(err.status, EXIT_UNTRUSTWORTHY);
	assert_non_null(err.text);
}

static void only_the_model_counts_instructions(void **state)
{
	(void)state;
	assert_string_equal(trust__tick_unit(TRUST_MODEL), "insn");
	assert_string_equal(trust__tick_unit(TRUST_HARDWARE), "tsc");
	assert_string_equal(trust__tick_unit(TRUST_EMULATED), "tsc");
	assert_string_equal(trust__name(TRUST_NESTED), "nested");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_metal_is_hardware),
		cmocka_unit_test(a_hypervisor_below_is_nested),
		cmocka_unit_test(an_exact_clock_is_the_model_even_below_a_hypervisor),
		cmocka_unit_test(emulated_instructions_outrank_everything),
		cmocka_unit_test(a_counting_clock_that_miscounts_in_the_guest_is_refused),
		cmocka_unit_test(only_the_model_counts_instructions),
	};

	return cmocka_run_group_tests_name("measure/trust", tests, NULL, NULL);
}
