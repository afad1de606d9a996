// SPDX-License-Identifier: MIT
/* Perf events: what names mean everywhere; counting what this machine counts; reasons for the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/perf_event.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "measure/events.h"

static bool has_pmu(void)
{
	return file__exists("", "/sys/bus/event_source/devices/cpu") ||
	       file__exists("", "/sys/bus/event_source/devices/cpu_core");
}

/* May this user count software events of the kernel's? */
static bool permitted(struct error *err)
{
	struct event_group group;
	struct event event;

	assert_int_equal(event__resolve("page-faults", &event, err), 0);
	if (events__open(&group, &event, 1, 0, NULL, err))
		return false;
	events__close(&group);
	return true;
}

static void need_permission(void)
{
	struct error err;

	if (permitted(&err))
		return;
	print_message("not counted here: %s\n", err.text);
	skip();
}

static void names_and_modifiers(void **state)
{
	struct event e;

	(void)state;
	assert_int_equal(event__resolve("instructions", &e, NULL), 0);
	assert_int_equal(e.kind, EVENT_HARDWARE);
	assert_int_equal(e.type, PERF_TYPE_HARDWARE);
	assert_int_equal(e.config, PERF_COUNT_HW_INSTRUCTIONS);
	assert_false(e.exclude_user || e.exclude_kernel || e.exclude_host || e.exclude_guest);

	assert_int_equal(event__resolve("cycles:k:mh", &e, NULL), 0);
	assert_true(e.exclude_user && !e.exclude_kernel && !e.exclude_host && e.exclude_guest);
	assert_string_equal(e.name, "cycles:k:mh");
	assert_int_equal(event__resolve("cycles:mg", &e, NULL), 0);
	assert_true(!e.exclude_user && !e.exclude_kernel && e.exclude_host && !e.exclude_guest);
	assert_int_equal(event__resolve("cycles:u:k:mg:mh", &e, NULL), 0);
	assert_false(e.exclude_user || e.exclude_kernel || e.exclude_host || e.exclude_guest);

	assert_int_equal(event__resolve("iTLB-load-misses", &e, NULL), 0);
	assert_int_equal(e.type, PERF_TYPE_HW_CACHE);
	assert_int_equal(e.config, PERF_COUNT_HW_CACHE_ITLB | PERF_COUNT_HW_CACHE_RESULT_MISS << 16);
	assert_int_equal(event__resolve("context-switches", &e, NULL), 0);
	assert_int_equal(e.kind, EVENT_SOFTWARE);
}

static void what_is_no_event_says_so(void **state)
{
	static const char *const bad[] = { "", "cycles:x", "nonesuch", "nonesuch/event/", "msr/tsc",
		"msr/nonesuch/", "kvm:kvm_exit[", "kvm:kvm_exit[]", "software/../x/", "cyclesx" };
	struct event e;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.text[0] = '\0';
		assert_int_equal(event__resolve(bad[i], &e, &err), -1);
		assert_non_null(strstr(err.text, bad[i]));
	}
}

static void defaults_all_have_a_meaning(void **state)
{
	struct event e;

	(void)state;
	assert_true(events_default_count >= 6);
	for (size_t i = 0; i < events_default_count; i++)
		assert_int_equal(event__resolve(events_default[i], &e, NULL), 0);
}

/* Touches `pages` fresh pages: as many faults. */
static void fault(size_t pages)
{
	size_t bytes = pages * 4096;
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(memory, MAP_FAILED);
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < pages; i++)
		((volatile char *)memory)[i * 4096] = 1;
	munmap(memory, bytes);
}

static void software_events_count(void **state)
{
	struct event event[2];
	struct event_group group;
	uint64_t value[2];

	(void)state;
	need_permission();
	assert_int_equal(event__resolve("page-faults", &event[0], NULL), 0);
	assert_int_equal(event__resolve("minor-faults", &event[1], NULL), 0);
	fault(200); /* sanitizers fault in memory of their own the first time */
	assert_int_equal(events__open(&group, event, 2, 0, NULL, NULL), 0);
	for (int round = 1; round <= 2; round++) {
		assert_int_equal(events__start(&group), 0);
		fault(100 * round);
		assert_int_equal(events__stop(&group), 0);
		fault(50); /* stopped: not counted */
		assert_int_equal(events__read(&group, value, NULL), 0);
		assert_true(value[0] >= 100u * round && value[0] < 100u * round + 20);
		assert_int_equal(value[0], value[1]);
	}
	events__close(&group);
	events__close(&group); /* twice does no harm */
}

static void modifiers_reach_the_kernel(void **state)
{
	struct event event;
	struct event_group group;
	uint64_t value;

	(void)state;
	need_permission();
	/* These faults are the user's: in the kernel alone there are none, in a guest neither. */
	assert_int_equal(event__resolve("page-faults:k", &event, NULL), 0);
	assert_int_equal(events__open(&group, &event, 1, 0, NULL, NULL), 0);
	assert_int_equal(events__start(&group), 0);
	fault(100);
	assert_int_equal(events__stop(&group), 0);
	assert_int_equal(events__read(&group, &value, NULL), 0);
	assert_true(value < 10);
	events__close(&group);
}

static void hardware_events_count_or_say_why(void **state)
{
	struct event event;
	struct event_group group;
	struct error err;
	uint64_t value;

	(void)state;
	assert_int_equal(event__resolve("instructions:u:mh", &event, NULL), 0);
	if (events__open(&group, &event, 1, 0, NULL, &err)) {
		assert_int_equal(strncmp(err.text, "instructions:u:mh: ", 19), 0);
		if (!has_pmu())
			assert_non_null(strstr(err.text, "no hardware counters"));
		print_message("%s\n", err.text);
		return;
	}
	assert_int_equal(events__start(&group), 0);
	for (volatile int i = 0; i < 100000; i++)
		;
	assert_int_equal(events__stop(&group), 0);
	assert_int_equal(events__read(&group, &value, NULL), 0);
	assert_true(value >= 100000 && value < 10000000);
	events__close(&group);
}

static void an_event_too_many_is_refused(void **state)
{
	struct event event[EVENT_GROUP_MAX + 1];
	struct event_group group;
	struct error err;

	(void)state;
	for (size_t i = 0; i <= EVENT_GROUP_MAX; i++)
		assert_int_equal(event__resolve("page-faults", &event[i], NULL), 0);
	assert_int_equal(events__open(&group, event, EVENT_GROUP_MAX + 1, 0, NULL, &err), -1);
	assert_int_equal(events__open(&group, event, 0, 0, NULL, &err), -1);
}

static void plan_of_what_can_and_what_cannot(void **state)
{
	static const char *const names[] = { "instructions", "page-faults", "nonesuch", "context-switches" };
	struct events_plan plan;
	size_t sum = 0;

	(void)state;
	need_permission();
	assert_int_equal(events_plan__make(&plan, names, 4, NULL), 0);
	assert_int_equal(plan.event_count + plan.missing_count, 4);
	for (size_t i = 0; i < plan.pass_count; i++)
		sum += plan.pass_size[i];
	assert_int_equal(sum, plan.event_count);
	assert_string_equal(plan.missing[plan.missing_count - 1].name, "nonesuch");
	/* The reason doesn't begin with the name: the same for all that share it. */
	assert_int_not_equal(strncmp(plan.missing[plan.missing_count - 1].reason, "nonesuch", 8), 0);
	assert_true(*plan.missing[plan.missing_count - 1].reason);
	if (!has_pmu()) {
		/* Both software events in one pass. */
		assert_int_equal(plan.pass_count, 1);
		assert_int_equal(plan.pass_size[0], 2);
		assert_string_equal(plan.event[0].name, "page-faults");
		assert_string_equal(plan.missing[0].name, "instructions");
		assert_non_null(strstr(plan.missing[0].reason, "no hardware counters"));
	}
	events_plan__free(&plan);
}

static void the_default_is_all_or_one_reason(void **state)
{
	static const char *const names[] = { "default" };
	struct events_plan plan;

	(void)state;
	assert_int_equal(events_plan__make(&plan, names, 1, NULL), 0);
	assert_int_equal(plan.event_count + plan.missing_count, events_default_count);
	/* Without permission what counts user space alone has a reason of its own. */
	if (!has_pmu() && permitted(NULL))
		for (size_t i = 0; i < plan.missing_count; i++)
			assert_string_equal(plan.missing[i].reason, plan.missing[0].reason);
	/* What counts the guest alone is in no pass with what counts the host. */
	for (size_t p = 0, first = 0; p < plan.pass_count; first += plan.pass_size[p++])
		for (size_t i = 1; i < plan.pass_size[p]; i++)
			assert_int_equal(plan.event[first].exclude_host, plan.event[first + i].exclude_host);
	events_plan__free(&plan);
}

struct seen {
	unsigned all, countable, software;
};

static void see(void *context, const char *name, const char *kind, const char *reason)
{
	struct seen *seen = context;

	assert_true(*name && *kind);
	seen->all++;
	seen->countable += !*reason;
	seen->software += !strcmp(kind, "software");
}

static void the_list_has_every_kind(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	need_permission();
	events__list(see, &seen);
	assert_true(seen.all >= 20);
	assert_true(seen.software >= 5);
	assert_true(seen.countable >= 5);
}

static void a_unit_of_the_kernel(void **state)
{
	struct event event;
	struct event_group group;
	struct error err;
	uint64_t value;

	(void)state;
	if (event__resolve("msr/tsc/", &event, &err) || events__open(&group, &event, 1, 0, NULL, &err)) {
		print_message("%s\n", err.text);
		skip();
	}
	assert_int_equal(events__start(&group), 0);
	for (volatile int i = 0; i < 100000; i++)
		;
	assert_int_equal(events__stop(&group), 0);
	assert_int_equal(events__read(&group, &value, NULL), 0);
	assert_true(value > 10000);
	events__close(&group);
}

static void an_event_named_twice_is_counted_once(void **state)
{
	const char *const names[] = { "page-faults", "context-switches", "page-faults", "default",
		events_default[0] };
	struct events_plan plan;

	(void)state;
	assert_int_equal(events_plan__make(&plan, names, 5, NULL), 0);
	assert_int_equal(plan.event_count + plan.missing_count, 2 + events_default_count);
	events_plan__free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_modifiers),
		cmocka_unit_test(what_is_no_event_says_so),
		cmocka_unit_test(defaults_all_have_a_meaning),
		cmocka_unit_test(software_events_count),
		cmocka_unit_test(modifiers_reach_the_kernel),
		cmocka_unit_test(hardware_events_count_or_say_why),
		cmocka_unit_test(an_event_too_many_is_refused),
		cmocka_unit_test(plan_of_what_can_and_what_cannot),
		cmocka_unit_test(the_default_is_all_or_one_reason),
		cmocka_unit_test(the_list_has_every_kind),
		cmocka_unit_test(a_unit_of_the_kernel),
		cmocka_unit_test(an_event_named_twice_is_counted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
