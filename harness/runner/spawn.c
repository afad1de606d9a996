// SPDX-License-Identifier: MIT
#include "runner/spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fatal.h"
#include "base/monotonic.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };

/* All that this file must remember between a signal or an ending and the code that asks for it. */
static struct {
	volatile sig_atomic_t signal; /* parent: the first that asked the program to end */
	struct outcome *outcome;      /* measuring process: where its ending is recorded */
	atomic_flag ending;           /* measuring process: a thread is at it */
	struct sigaction old[ARRAY_SIZE(caught)], old_child;
	sigset_t old_mask;
} state = { .ending = ATOMIC_FLAG_INIT };

static void remember_signal(int number)
{
	if (!state.signal)
		state.signal = number;
}

void spawn__catch_signals(void)
{
	/* No SA_RESTART: waiting for a job has to end. */
	struct sigaction action = { .sa_handler = remember_signal };
	struct sigaction by_default = { .sa_handler = SIG_DFL };
	sigset_t none;
	size_t i;

	state.signal = 0;
	for (i = 0; i < ARRAY_SIZE(caught); i++) {
		sigaction(caught[i], NULL, &state.old[i]);
		/* What nohup and a shell's background jobs ignore stays ignored. */
		if (state.old[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
	/* A parent may have left it ignored: then no process could be waited for. */
	sigaction(SIGCHLD, &by_default, &state.old_child);
	/* Nor is what a parent left blocked a wish of anyone's: benchmarks end a KVM_RUN by a signal. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, &state.old_mask);
}

void spawn__restore_signals(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caught); i++)
		sigaction(caught[i], &state.old[i], NULL);
	sigaction(SIGCHLD, &state.old_child, NULL);
	sigprocmask(SIG_SETMASK, &state.old_mask, NULL);
}

int spawn__pending_signal(void)
{
	return state.signal;
}

struct outcome *outcome__share(unsigned lanes)
{
	void *memory = mmap(NULL, outcome__bytes(lanes), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void outcome__release(struct outcome *o, unsigned lanes)
{
	if (o)
		munmap(o, outcome__bytes(lanes));
}

/* fatal() and skip() in the measuring process end here. */
static void record_ending(enum ending ending, const char *reason)
{
	static const enum outcome_state states[] = {
		[ENDING_FAILED] = OUTCOME_FAILED,
		[ENDING_SKIPPED] = OUTCOME_SKIPPED,
		[ENDING_TIMEOUT] = OUTCOME_TIMEOUT,
		[ENDING_BACKEND] = OUTCOME_BACKEND,
	};

	/* Two vCPUs' threads may come here at once: the first one's reason stands, whole. */
	if (atomic_flag_test_and_set(&state.ending))
		for (;;)
			pause();
	snprintf(state.outcome->reason, sizeof(state.outcome->reason), "%s", reason);
	state.outcome->state = states[ending];
	_exit(0);
}

static void become_measuring_process(struct outcome *outcome, pid_t parent)
{
	struct rlimit files;
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Whose parent died before that call gets no signal any more. */
	if (getppid() != parent)
		_exit(0);
	for (i = 0; i < ARRAY_SIZE(caught); i++)
		if (state.old[i].sa_handler != SIG_IGN)
			signal(caught[i], SIG_DFL);
	/* Two descriptors a vCPU: hundreds of them need more than the 1024 that most start with. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	state.outcome = outcome;
	fatal__install(record_ending);
}

/* How late a poll() may return on a busy machine, and still count in full. */
#define LATE_MS 300

/* Waits for the process's end, for so long as this program ran: a program that was stopped (Ctrl-Z) or frozen has
 * not waited. True if it ended, false if time is up or a signal asks to stop. */
static bool wait_for(pid_t pid, int64_t left_ms, int *status)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	bool ended = false;

	for (;;) {
		struct pollfd p = { .fd = pidfd, .events = POLLIN };
		/* Without pidfd (Linux < 5.3) or on a signal that came just before: look again soon. */
		int64_t look_ms = MIN(left_ms, (int64_t)(pidfd >= 0 ? 200 : 5)),
			start_ms = monotonic__now_ms();
		pid_t got = waitpid(pid, status, WNOHANG);

		/* Where SIGCHLD is ignored, who has ended can't be waited for any more. */
		ended = got == pid || (got < 0 && errno == ECHILD);
		if (ended || state.signal || left_ms <= 0)
			break;
		poll(&p, pidfd >= 0 ? 1 : 0, (int)look_ms);
		left_ms -= MIN(monotonic__now_ms() - start_ms, look_ms + LATE_MS);
	}
	if (pidfd >= 0)
		close(pidfd);
	return ended;
}

/* Ends the process, if it has not ended, and fills in an outcome that it couldn't write itself. */
static int reap(pid_t pid, unsigned timeout_ms, struct outcome *outcome)
{
	int status = 0;
	bool ended = wait_for(pid, timeout_ms, &status);

	if (!ended) {
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	if (state.signal)
		return state.signal;
	if (!ended) {
		outcome->state = OUTCOME_TIMEOUT;
		snprintf(outcome->reason, sizeof(outcome->reason), "the guest did not come back within %u ms",
			timeout_ms);
	} else if (outcome->state == OUTCOME_RUNNING) {
		outcome->state = OUTCOME_FAILED;
		if (WIFSIGNALED(status))
			snprintf(outcome->reason, sizeof(outcome->reason),
				"the measuring process was ended by signal %d (%s)", WTERMSIG(status),
				strsignal(WTERMSIG(status)));
		else
			snprintf(outcome->reason, sizeof(outcome->reason),
				"the measuring process ended with status %d without a result",
				WEXITSTATUS(status));
	}
	return 0;
}

static int fork_failed(int errnum, struct error *err)
{
	return error__set_errno(err, EXIT_BENCH_FAILED, errnum,
		"no process for a benchmark (fork); free memory or raise the process limit (ulimit -u)");
}

int spawn__job(const struct job_spec *spec, struct outcome *outcome, unsigned timeout_ms, struct error *err)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return fork_failed(errno, err);
	if (pid == 0) {
		become_measuring_process(outcome, parent);
		job__measure(spec, outcome);
		_exit(0);
	}
	return reap(pid, timeout_ms, outcome);
}

int spawn__probe(
	const struct kvm_host *host, struct trust_evidence *evidence, unsigned timeout_ms, struct error *err)
{
	struct shared {
		struct trust_evidence evidence;
		struct outcome outcome;
	} *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), pid;
	int status;

	if (shared == MAP_FAILED)
		return error__set_errno(err, EXIT_BENCH_FAILED, errno, "no memory for the probe guest");
	pid = fork();
	if (pid < 0) {
		munmap(shared, sizeof(*shared));
		return fork_failed(errno, err);
	}
	if (pid == 0) {
		become_measuring_process(&shared->outcome, parent);
		trust__gather(host, &shared->evidence);
		shared->outcome.state = OUTCOME_DONE;
		_exit(0);
	}
	status = reap(pid, timeout_ms, &shared->outcome);
	*evidence = shared->evidence;
	if (status == 0 && shared->outcome.state != OUTCOME_DONE)
		status = error__set(err, EXIT_NO_KVM,
			"a guest that only reads its clock did not run here: %s", shared->outcome.reason);
	munmap(shared, sizeof(*shared));
	return status;
}
