// SPDX-License-Identifier: MIT
/* Where a thread beside the vCPUs runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "measure/companion.h"

static void the_spare_cpu_is_the_plans(void **state)
{
	static const unsigned cpus[] = { 5, 7, 3 };
	struct lane lanes[2] = { { .cpu = 5 }, { .cpu = 7 } };
	const struct job_spec spec = { .cpus = cpus, .spare_cpu = true };
	const struct pass p = { .spec = &spec, .lanes = lanes, .lane_count = 2 };

	(void)state;
	assert_int_equal(companion__spare_cpu(&p), 3);
}

static void without_one_it_is_none_of_the_vcpus(void **state)
{
	struct lane lanes[1] = { { .cpu = 0 } };
	const struct job_spec spec = { 0 };
	const struct pass p = { .spec = &spec, .lanes = lanes, .lane_count = 1 };

	(void)state;
	assert_int_not_equal(companion__spare_cpu(&p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_spare_cpu_is_the_plans),
		cmocka_unit_test(without_one_it_is_none_of_the_vcpus),
	};

	return cmocka_run_group_tests_name("measure/companion", tests, NULL, NULL);
}
