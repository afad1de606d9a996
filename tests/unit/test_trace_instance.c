// SPDX-License-Identifier: MIT
/* A trace instance below a tree of files: what is written where, what a refusal says, who may remove which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.h"
#include "measure/trace_instance.h"
#include "tests/hosts/tree.h"

#define INSTANCES "/sys/kernel/tracing/instances"

static void make_tracefs(struct tree *tree)
{
	tree__open(tree, NULL);
	tree__write(tree, "/sys/kernel/tracing/tracing_on", "1\n");
	tree__write(tree, INSTANCES "/other/trace_clock", "local\n");
}

static bool is_there(struct tree *tree, const char *path)
{
	return file__exists(tree->root, path);
}

/* What mkdir makes on a real tracefs. */
static void fill_instance(struct tree *tree, struct trace_instance *t)
{
	static const char *const files[] = { "trace_clock", "tracing_on", "trace",
		"events/kvm/kvm_entry/enable", "events/kvm/kvm_exit/enable",
		"events/kvm/kvm_userspace_exit/enable" };
	char path[256];

	*t = (struct trace_instance){ .lock_fd = -1, .path = INSTANCES "/vmexit-bench-1" };
	snprintf(t->root, sizeof(t->root), "%s", tree->root);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", t->path, files[i]);
		tree__write(tree, path, "\n");
	}
}

static void reads(struct trace_instance *t, const char *file, const char *wanted)
{
	char path[PATH_MAX], text[64];

	snprintf(path, sizeof(path), "%s%s", t->path, file);
	assert_true(file__read(t->root, path, text, sizeof(text)) >= 0);
	assert_string_equal(text, wanted);
}

static void without_tracefs_the_remedy_is_said(void **state)
{
	struct trace_instance t;
	struct tree tree;
	struct error err;

	(void)state;
	tree__open(&tree, NULL);
	assert_int_equal(trace_instance__create(tree.root, &t, &err), -1);
	assert_non_null(strstr(err.text, "mount -t tracefs"));
	assert_int_equal(trace_instance__recover(tree.root, &err), 0);
	assert_int_equal(trace_instance__remove(&t, &err), 0);
	tree__close(&tree);
}

/* A folder that doesn't fill itself as tracefs does: like a kernel without what is to be written. */
static void a_kernel_without_the_files_is_told_and_nothing_stays(void **state)
{
	char path[PATH_MAX];
	struct trace_instance t;
	struct tree tree;
	struct error err;

	(void)state;
	make_tracefs(&tree);
	assert_int_equal(trace_instance__create(tree.root, &t, &err), -1);
	assert_non_null(strstr(err.text, "trace_clock is missing"));
	snprintf(path, sizeof(path), INSTANCES "/vmexit-bench-%d", (int)getpid());
	assert_false(is_there(&tree, path));
	assert_true(is_there(&tree, INSTANCES "/other/trace_clock"));
	tree__close(&tree);
}

static void a_round_switches_on_what_it_names_and_empties_the_buffer(void **state)
{
	struct trace_instance t;
	struct tree tree;
	struct error err;

	(void)state;
	make_tracefs(&tree);
	fill_instance(&tree, &t);
	tree__write(&tree, INSTANCES "/vmexit-bench-1/trace", "old\n");
	assert_int_equal(trace_instance__record(&t, 1u << TRACE_EXIT, &err), 0);
	reads(&t, "/events/kvm/kvm_exit/enable", "1");
	reads(&t, "/events/kvm/kvm_entry/enable", "0");
	reads(&t, "/events/kvm/kvm_userspace_exit/enable", "0");
	reads(&t, "/trace", "");
	tree__write(&tree, INSTANCES "/vmexit-bench-1/trace", "new\n");
	assert_int_equal(trace_instance__record(&t, 0, &err), 0);
	reads(&t, "/events/kvm/kvm_exit/enable", "0");
	reads(&t, "/trace", "new");
	tree__remove(&tree, INSTANCES "/vmexit-bench-1/events/kvm/kvm_exit/enable");
	assert_int_equal(trace_instance__record(&t, 1u << TRACE_EXIT, &err), -1);
	assert_non_null(strstr(err.text, "kvm_exit/enable is missing"));
	tree__close(&tree);
}

static void events_are_read_in_order_and_never_more_than_fit(void **state)
{
	struct trace_event events[2];
	struct trace_instance t;
	struct tree tree;
	struct error err;

	(void)state;
	make_tracefs(&tree);
	fill_instance(&tree, &t);
	tree__write(&tree, INSTANCES "/vmexit-bench-1/trace",
		"# tracer: nop\n#\n"
		" x-7 [000] d..1. 10: kvm_exit: vcpu 0\n"
		" x-8 [000] d..1. 15: kvm_exit: vcpu 0\n"
		" x-7 [000] d..1. 20: kvm_entry: vcpu 0\n"
		" x-7 [000] d..1. 30: kvm_exit: vcpu 0\n");
	assert_int_equal(trace_instance__read(&t, 7, events, 2, &err), 2);
	assert_int_equal(events[0].tsc, 10);
	assert_int_equal(events[1].tsc, 20);
	assert_int_equal(events[1].point, TRACE_ENTRY);
	tree__remove(&tree, INSTANCES "/vmexit-bench-1/trace");
	assert_int_equal(trace_instance__read(&t, 7, events, 2, &err), -1);
	assert_non_null(strstr(err.text, "vmexit-bench-1/trace"));
	tree__close(&tree);
}

static void what_a_dead_process_left_goes_and_what_a_live_one_holds_stays(void **state)
{
	char path[PATH_MAX];
	struct tree tree;
	struct error err;
	int held;

	(void)state;
	make_tracefs(&tree);
	snprintf(path, sizeof(path), "%s" INSTANCES "/vmexit-bench-11", tree.root);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s" INSTANCES "/vmexit-bench-22", tree.root);
	assert_int_equal(mkdir(path, 0700), 0);
	held = open(path, O_RDONLY | O_DIRECTORY);
	assert_true(held >= 0);
	assert_int_equal(flock(held, LOCK_EX), 0);
	assert_int_equal(trace_instance__recover(tree.root, &err), 1);
	assert_false(is_there(&tree, INSTANCES "/vmexit-bench-11"));
	assert_true(is_there(&tree, INSTANCES "/vmexit-bench-22"));
	assert_true(is_there(&tree, INSTANCES "/other/trace_clock"));
	close(held);
	assert_int_equal(trace_instance__recover(tree.root, &err), 1);
	assert_int_equal(trace_instance__recover(tree.root, &err), 0);
	tree__close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_tracefs_the_remedy_is_said),
		cmocka_unit_test(a_kernel_without_the_files_is_told_and_nothing_stays),
		cmocka_unit_test(a_round_switches_on_what_it_names_and_empties_the_buffer),
		cmocka_unit_test(events_are_read_in_order_and_never_more_than_fit),
		cmocka_unit_test(what_a_dead_process_left_goes_and_what_a_live_one_holds_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
