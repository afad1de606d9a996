// SPDX-License-Identifier: MIT
/* Tuning and putting back on a fake /sys, in every way a process can end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/array.h"
#include "base/file.h"
#include "host/tune.h"
#include "tests/hosts/tree.h"

#define GOVERNOR "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor"
#define THP      "/sys/kernel/mm/transparent_hugepage/enabled"

static const struct {
	const char *path, *before, *tuned;
} expected[] = {
	{ "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave", "performance" },
	{ "/sys/devices/system/cpu/cpu31/cpufreq/scaling_governor", "ondemand", "performance" },
	{ "/sys/devices/system/cpu/intel_pstate/no_turbo", "0", "1" },
	{ "/sys/devices/system/cpu/cpufreq/boost", "1", "0" },
	{ THP, "always", "madvise" },
	{ "/sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "1", "0" },
	{ "/sys/kernel/mm/ksm/run", "1", "0" },
	{ "/proc/sys/kernel/numa_balancing", "1", "0" },
	{ "/proc/sys/kernel/nmi_watchdog", "1", "0" },
	/* Not ours to touch. */
	{ "/sys/devices/system/cpu/smt/control", "on", "on" },
	{ "/sys/module/kvm/parameters/halt_poll_ns", "200000", "200000" },
};

struct host {
	struct tree tree;
	char journal[128];
};

static void host__open(struct host *h)
{
	tree__open(&h->tree, "intel-bare-metal");
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		char text[64];

		snprintf(text, sizeof(text), "%s\n", expected[i].before);
		tree__write(&h->tree, expected[i].path, text);
	}
	tree__write(&h->tree, "/dev/cpu_dma_latency", "");
	snprintf(h->journal, sizeof(h->journal), "%s/tune.journal", h->tree.root);
}

static void host__close(struct host *h)
{
	tree__close(&h->tree);
}

static void assert_settings(struct host *h, bool tuned)
{
	char text[64];

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		const char *value = tuned ? expected[i].tuned : expected[i].before;

		assert_true(file__read(h->tree.root, expected[i].path, text, sizeof(text)) >= 0);
		if (strcmp(text, value))
			fail_msg("%s is %s, not %s", expected[i].path, text, value);
	}
	assert_int_equal(access(h->journal, F_OK), tuned ? 0 : -1);
}

static void applied_and_restored(void **state)
{
	struct host h;
	struct tune t;
	struct error err;
	char path[128];
	int32_t latency;
	int fd;

	(void)state;
	host__open(&h);
	assert_int_equal(tune__apply(&t, h.tree.root, h.journal, &err), 0);
	assert_settings(&h, true);
	/* 32 governors and the seven others. */
	assert_int_equal(t.count, 32 + 7);
	assert_string_equal(t.change[0].old, "powersave");
	assert_string_equal(t.change[0].new, "performance");
	assert_string_equal(t.refused, "");
	/* The latency file is held open with an int32 of 0 us. */
	assert_true(t.latency_fd >= 0);
	snprintf(path, sizeof(path), "%s/dev/cpu_dma_latency", h.tree.root);
	fd = open(path, O_RDONLY);
	latency = -1;
	assert_int_equal(read(fd, &latency, sizeof(latency)), sizeof(latency));
	assert_int_equal(latency, 0);
	close(fd);
	assert_int_equal(tune__restore(&t, &err), 0);
	assert_settings(&h, false);
	assert_int_equal(tune__restore(&t, &err), 0); /* twice does no harm */
	host__close(&h);
}

static void nothing_to_change_is_fine(void **state)
{
	struct host h;
	struct tune t;

	(void)state;
	tree__open(&h.tree, NULL);
	snprintf(h.journal, sizeof(h.journal), "%s/tune.journal", h.tree.root);
	assert_int_equal(tune__apply(&t, h.tree.root, h.journal, NULL), 0);
	assert_int_equal(t.count, 0);
	assert_int_equal(tune__restore(&t, NULL), 0);
	assert_int_equal(access(h.journal, F_OK), -1);
	host__close(&h);
}

/* Applies in a child that says so and waits, then lets it end by that signal. */
static void end_by(struct host *h, int signal_number)
{
	int ready[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		struct tune t;

		signal(signal_number, SIG_DFL); /* cmocka has its own */
		if (!tune__apply(&t, h->tree.root, h->journal, NULL) && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	kill(child, signal_number);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signal_number);
}

static void killed_and_recovered(void **state)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGSEGV };
	struct host h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		host__open(&h);
		end_by(&h, signals[i]);
		assert_settings(&h, true);
		assert_int_equal(tune__recover(h.tree.root, h.journal, NULL), 32 + 7);
		assert_settings(&h, false);
		assert_int_equal(tune__recover(h.tree.root, h.journal, NULL), 0);
		host__close(&h);
	}
}

/* The next tuned run first puts back what the killed one left: its "old" must be the true one. */
static void killed_and_tuned_again(void **state)
{
	struct host h;
	struct tune t;

	(void)state;
	host__open(&h);
	end_by(&h, SIGKILL);
	assert_int_equal(tune__apply(&t, h.tree.root, h.journal, NULL), 0);
	assert_settings(&h, true);
	assert_int_equal(tune__restore(&t, NULL), 0);
	assert_settings(&h, false);
	host__close(&h);
}

/* Killed at every point of applying: wherever the journal ends, everything goes back. */
static void killed_at_any_time(void **state)
{
	struct host h;

	(void)state;
	for (useconds_t delay_us = 0; delay_us < 3000; delay_us += 150) {
		pid_t child;

		host__open(&h);
		child = fork();
		if (!child) {
			struct tune t;

			tune__apply(&t, h.tree.root, h.journal, NULL);
			pause();
		}
		usleep(delay_us);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_true(tune__recover(h.tree.root, h.journal, NULL) >= 0);
		assert_settings(&h, false);
		host__close(&h);
	}
}

static void a_live_owner_is_left_alone(void **state)
{
	struct host h;
	struct tune t;
	struct error err;
	int status;

	(void)state;
	host__open(&h);
	assert_int_equal(tune__apply(&t, h.tree.root, h.journal, NULL), 0);
	if (!fork()) {
		struct tune other;
		bool refused = tune__recover(h.tree.root, h.journal, NULL) == 0 &&
			       tune__apply(&other, h.tree.root, h.journal, &err) == -1 &&
			       strstr(err.text, "active");

		_exit(refused ? 0 : 1);
	}
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	assert_settings(&h, true);
	assert_int_equal(tune__restore(&t, NULL), 0);
	assert_settings(&h, false);
	host__close(&h);
}

/* A child of the tuned process that outlives it must not keep the lock. */
static void an_orphan_keeps_no_lock(void **state)
{
	int ready[2];
	struct host h;
	pid_t child, orphan;

	(void)state;
	host__open(&h);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		struct tune t;

		if (tune__apply(&t, h.tree.root, h.journal, NULL))
			_exit(1);
		orphan = fork();
		if (!orphan) {
			pause();
			_exit(0);
		}
		if (write(ready[1], &orphan, sizeof(orphan)) == sizeof(orphan))
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &orphan, sizeof(orphan)), sizeof(orphan));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(tune__recover(h.tree.root, h.journal, NULL), 32 + 7);
	assert_settings(&h, false);
	kill(orphan, SIGKILL);
	close(ready[0]);
	close(ready[1]);
	host__close(&h);
}

static void what_others_changed_meanwhile_stays(void **state)
{
	struct host h;
	struct tune t;
	char text[64];

	(void)state;
	host__open(&h);
	assert_int_equal(tune__apply(&t, h.tree.root, h.journal, NULL), 0);
	tree__write(&h.tree, THP, "never\n");
	assert_int_equal(tune__restore(&t, NULL), 0);
	assert_true(file__read(h.tree.root, THP, text, sizeof(text)) > 0);
	assert_string_equal(text, "never");
	tree__write(&h.tree, THP, "always\n");
	assert_settings(&h, false);
	host__close(&h);
}

static void a_journal_of_another_boot_is_thrown_away(void **state)
{
	struct host h;

	(void)state;
	host__open(&h);
	end_by(&h, SIGKILL);
	tree__write(&h.tree, "/proc/sys/kernel/random/boot_id", "11111111-2222-4333-8444-555555555555\n");
	assert_int_equal(tune__recover(h.tree.root, h.journal, NULL), 0);
	assert_int_equal(access(h.journal, F_OK), -1);
	host__close(&h);
}

static void a_cut_line_and_strange_paths_do_nothing(void **state)
{
	struct host h;
	char text[64];

	(void)state;
	host__open(&h);
	tree__write(&h.tree, "/etc/passwd", "mine\n");
	tree__write(&h.tree, "/tune.journal",
		"vmexit-bench tune 1 00000000-0000-4000-8000-000000000000\n"
		"/etc/passwd\troot\tmine\n"
		"/sys/../etc/passwd\troot\tmine\n"
		"garbage\n"
		"/sys/kernel/mm/ksm/run\t2\t1\n"
		"/proc/sys/kernel/nmi_watchdog\t7\t1");
	chmod(h.journal, 0600);
	assert_int_equal(tune__recover(h.tree.root, h.journal, NULL), 1);
	assert_true(file__read(h.tree.root, "/etc/passwd", text, sizeof(text)) > 0);
	assert_string_equal(text, "mine");
	assert_true(file__read(h.tree.root, "/proc/sys/kernel/nmi_watchdog", text, sizeof(text)) > 0);
	assert_string_equal(text, "1");
	assert_true(file__read(h.tree.root, "/sys/kernel/mm/ksm/run", text, sizeof(text)) > 0);
	assert_string_equal(text, "2");
	host__close(&h);
}

static void a_journal_that_others_may_write_is_refused(void **state)
{
	struct host h;
	struct error err;

	(void)state;
	host__open(&h);
	tree__write(&h.tree, "/tune.journal", "vmexit-bench tune 1 00000000-0000-4000-8000-000000000000\n");
	chmod(h.journal, 0666);
	assert_int_equal(tune__recover(h.tree.root, h.journal, &err), -1);
	assert_non_null(strstr(err.text, h.journal));
	host__close(&h);
}

static void errors_name_the_file(void **state)
{
	struct host h;
	struct tune t;
	struct error err;
	char journal[160];

	(void)state;
	host__open(&h);
	snprintf(journal, sizeof(journal), "%s/no/such/folder/journal", h.tree.root);
	assert_int_equal(tune__apply(&t, h.tree.root, journal, &err), -1);
	assert_non_null(strstr(err.text, journal));
	assert_settings(&h, false);
	assert_int_equal(tune__restore(&t, NULL), 0);

	/* A full disk: nothing is changed that isn't written down. */
	if (!access("/dev/full", W_OK)) {
		assert_int_equal(tune__apply(&t, h.tree.root, "/dev/full", &err), -1);
		assert_settings(&h, false);
	}

	/* A setting that can't be written is named; the others are changed and put back. */
	tree__remove(&h.tree, "/proc/sys/kernel/numa_balancing");
	snprintf(journal, sizeof(journal), "%s/proc/sys/kernel/numa_balancing", h.tree.root);
	assert_int_equal(symlink("/dev/full", journal), 0);
	assert_int_equal(tune__apply(&t, h.tree.root, h.journal, &err), 0);
	assert_non_null(strstr(t.refused, "/proc/sys/kernel/numa_balancing"));
	assert_int_equal(t.count, 32 + 6);
	assert_int_equal(tune__restore(&t, NULL), 0);
	tree__remove(&h.tree, "/proc/sys/kernel/numa_balancing");
	tree__write(&h.tree, "/proc/sys/kernel/numa_balancing", "1\n");
	assert_settings(&h, false);
	host__close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applied_and_restored),
		cmocka_unit_test(nothing_to_change_is_fine),
		cmocka_unit_test(killed_and_recovered),
		cmocka_unit_test(killed_and_tuned_again),
		cmocka_unit_test(killed_at_any_time),
		cmocka_unit_test(a_live_owner_is_left_alone),
		cmocka_unit_test(an_orphan_keeps_no_lock),
		cmocka_unit_test(what_others_changed_meanwhile_stays),
		cmocka_unit_test(a_journal_of_another_boot_is_thrown_away),
		cmocka_unit_test(a_cut_line_and_strange_paths_do_nothing),
		cmocka_unit_test(a_journal_that_others_may_write_is_refused),
		cmocka_unit_test(errors_name_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
