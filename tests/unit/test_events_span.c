// SPDX-License-Identifier: MIT
/* Core frequency and SMIs of a span: plausible where this machine tells them, with the reason where not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "measure/events_span.h"

static void facts_or_reasons(void **state)
{
	struct events_span span;
	struct span_facts facts = { 0, 0 };

	(void)state;
	events_span__open(&span);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(events_span__start(&span), 0);
		for (volatile int i = 0; i < 3000000; i++)
			;
		assert_int_equal(events_span__stop(&span, &facts), 0);
		/* From a tenth of the reference's frequency to six times. */
		assert_true(isnan(facts.core_per_reference) ||
			    (facts.core_per_reference > 0.1 && facts.core_per_reference < 6));
		assert_true(isnan(facts.smis) || (facts.smis >= 0 && facts.smis < 1000));
		assert_int_equal(isnan(facts.core_per_reference), span.frequency.count == 0);
		assert_int_equal(isnan(facts.smis), span.smi.count == 0);
	}
	/* What is missing is explained, and nothing else is. */
	assert_int_equal(*span.missing != '\0', isnan(facts.core_per_reference) || isnan(facts.smis));
	assert_int_equal(strstr(span.missing, "msr/aperf/") != NULL, isnan(facts.core_per_reference));
	assert_int_equal(strstr(span.missing, "msr/smi/") != NULL, isnan(facts.smis));
	if (!file__exists("", "/sys/bus/event_source/devices/msr/events/aperf"))
		assert_true(isnan(facts.core_per_reference));
	if (*span.missing)
		print_message("%s\n", span.missing);
	events_span__close(&span);
	events_span__close(&span);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_or_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
