// SPDX-License-Identifier: MIT
/* Tracepoints: finding tracefs and numbers below a fake root; counting where this machine allows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>

#include "measure/events_tracefs.h"
#include "measure/trace_count.h"
#include "tests/hosts/tree.h"

static void names(void **state)
{
	(void)state;
	assert_true(tracepoint__is_name("kvm:kvm_exit"));
	assert_false(tracepoint__is_name("instructions"));
	assert_false(tracepoint__is_name("perf::INSTRUCTIONS"));
	assert_false(tracepoint__is_name("kvm:"));
	assert_false(tracepoint__is_name(":kvm_exit"));
	assert_false(tracepoint__is_name("kvm:../../kvm"));
}

static void numbers_are_found_on_both_mount_points(void **state)
{
	struct tree tree;
	struct error err;

	(void)state;
	tree__open(&tree, NULL);
	assert_int_equal(tracepoint__id(tree.root, "kvm:kvm_exit", &err), -1);
	assert_non_null(strstr(err.text, "mount -t tracefs"));
	tree__write(&tree, "/sys/kernel/debug/tracing/tracing_on", "1\n");
	assert_string_equal(tracefs__find(tree.root, &err), "/sys/kernel/debug/tracing");
	assert_int_equal(tracepoint__id(tree.root, "kvm:kvm_exit", &err), -1);
	assert_non_null(strstr(err.text, "no such tracepoint"));
	tree__write(&tree, "/sys/kernel/debug/tracing/events/kvm/kvm_exit/id", "1234\n");
	assert_int_equal(tracepoint__id(tree.root, "kvm:kvm_exit", &err), 1234);
	tree__write(&tree, "/sys/kernel/tracing/tracing_on", "1\n");
	tree__write(&tree, "/sys/kernel/tracing/events/kvm/kvm_exit/id", "77\n");
	assert_int_equal(tracepoint__id(tree.root, "kvm:kvm_exit", &err), 77);
	assert_int_equal(tracepoint__id(tree.root, "kvm_exit", &err), -1);
	tree__close(&tree);
}

static void *call_often(void *unused)
{
	for (int i = 0; i < 1000; i++)
		syscall(SYS_getppid);
	return unused;
}

/* System calls of this thread, which makes exactly as many as it says, by whichever way this machine has. */
static void counting(void **state)
{
	struct trace_count t;
	struct error err;
	uint64_t count = 0;
	pthread_t other;

	(void)state;
	if (trace_count__open(&t, "raw_syscalls:sys_enter", NULL, &err)) {
		assert_int_equal(t.fd, -1);
		assert_non_null(strstr(err.text, "raw_syscalls:sys_enter"));
		print_message("not counted here: %s\n", err.text);
		trace_count__close(&t);
		skip();
	}
	for (uint64_t round = 1; round <= 2; round++) {
		assert_int_equal(pthread_create(&other, NULL, call_often, NULL), 0);
		assert_int_equal(trace_count__start(&t), 0);
		for (uint64_t i = 0; i < 100 * round; i++)
			syscall(SYS_getppid);
		assert_int_equal(trace_count__stop_read(&t, &count), 0);
		/* Perf's way stops by a system call of its own. */
		assert_true(count >= 100 * round && count <= 100 * round + 2);
		pthread_join(other, NULL); /* stopped: not counted */
	}
	trace_count__close(&t);
	trace_count__close(&t);
}

static void filters_count_or_say_why(void **state)
{
	struct trace_count t;
	struct error err;
	uint64_t count = 0;
	char filter[32];

	(void)state;
	snprintf(filter, sizeof(filter), "id==%d", SYS_getppid);
	if (trace_count__open(&t, "raw_syscalls:sys_enter", filter, &err)) {
		assert_non_null(strstr(err.text, "raw_syscalls:sys_enter"));
		print_message("not counted here: %s\n", err.text);
		skip();
	}
	assert_int_equal(trace_count__start(&t), 0);
	for (int i = 0; i < 100; i++)
		syscall(SYS_getppid);
	assert_int_equal(trace_count__stop_read(&t, &count), 0);
	assert_int_equal(count, 100);
	trace_count__close(&t);
	assert_int_equal(trace_count__open(&t, "raw_syscalls:sys_enter", "nonesuch==1", &err), -1);
	assert_non_null(strstr(err.text, "nonesuch==1"));
}

/* The way without tracefs, also where there is one. */
static void counting_by_bpf(void **state)
{
	struct trace_bpf t;
	struct error err;

	(void)state;
	if (trace_bpf__open(&t, "raw_syscalls:sys_enter", 0, &err)) {
		assert_int_equal(t.link_fd, -1);
		print_message("not counted here: %s\n", err.text);
		skip();
	}
	for (uint64_t round = 1; round <= 2; round++) {
		trace_bpf__start(&t);
		for (uint64_t i = 0; i < 100 * round; i++)
			syscall(SYS_getppid);
		trace_bpf__stop(&t);
		syscall(SYS_getppid);
		assert_int_equal(trace_bpf__read(&t), 100 * round);
	}
	trace_bpf__close(&t);
	trace_bpf__close(&t);
	assert_int_equal(trace_bpf__open(&t, "kvm:nonesuch", 0, &err), -1);
	assert_non_null(strstr(err.text, "kvm:nonesuch"));
	assert_non_null(strstr(err.text, "no such tracepoint"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(numbers_are_found_on_both_mount_points),
		cmocka_unit_test(counting),
		cmocka_unit_test(filters_count_or_say_why),
		cmocka_unit_test(counting_by_bpf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
