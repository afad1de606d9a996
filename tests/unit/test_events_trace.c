// SPDX-License-Identifier: MIT
/* Tracepoints: finding tracefs and numbers below a fake root; counting where this machine allows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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

/* Counts a system call's tracepoint, which fires exactly when this thread says so. */
static void counting(void **state)
{
	struct trace_count t;
	struct error err;
	uint64_t count = 0;

	(void)state;
	if (trace_count__open(&t, "syscalls:sys_enter_getppid", NULL, &err)) {
		assert_int_equal(t.fd, -1);
		assert_non_null(strstr(err.text, "syscalls:sys_enter_getppid"));
		print_message("not counted here: %s\n", err.text);
		trace_count__close(&t);
		skip();
	}
	for (int round = 1; round <= 2; round++) {
		assert_int_equal(trace_count__start(&t), 0);
		for (int i = 0; i < 100 * round; i++)
			syscall(SYS_getppid);
		assert_int_equal(trace_count__stop_read(&t, &count), 0);
		assert_int_equal(count, 100 * round);
		syscall(SYS_getppid); /* stopped: not counted */
	}
	trace_count__close(&t);
	assert_int_equal(trace_count__open(&t, "syscalls:sys_enter_getppid", "nonesuch==1", &err), -1);
	assert_non_null(strstr(err.text, "nonesuch==1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(numbers_are_found_on_both_mount_points),
		cmocka_unit_test(counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
