// SPDX-License-Identifier: MIT
/*
 * A process that is killed while it traces leaves its instance on the kernel's own tracefs.  Whatever is started
 * next removes it, and not while its maker lives.  Runs on a host that may be changed: the lab's.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure/trace_instance.h"

static int failures;

static void expect(bool is_so, const char *what)
{
	printf("%s: %s\n", is_so ? "yes" : "NO", what);
	failures += !is_so;
}

/* Traces all of KVM's tracepoints until it is killed. Sends its instance, or one without a path. */
static void trace_forever(int out)
{
	struct trace_instance t;
	struct error err = { 0 };

	if (trace_instance__create("", &t, &err) < 0 ||
		trace_instance__record(&t, (1u << TRACE_POINTS) - 1, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		t.path[0] = '\0';
	}
	if (write(out, &t, sizeof(t)) != sizeof(t))
		_exit(1);
	for (;;)
		pause();
}

int main(void)
{
	struct trace_instance theirs;
	struct error err = { 0 };
	struct stat st;
	int ends[2];
	pid_t pid;

	if (pipe(ends) || (pid = fork()) < 0) {
		perror("pipe, fork");
		return 1;
	}
	if (!pid)
		trace_forever(ends[1]);
	expect(read(ends[0], &theirs, sizeof(theirs)) == sizeof(theirs) && theirs.path[0], "it traces");
	expect(stat(theirs.path, &st) == 0, "its instance is in tracefs");
	expect(trace_instance__recover("", &err) == 0, "recovering leaves what is held alone");
	expect(stat(theirs.path, &st) == 0, "it is still there");

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	expect(stat(theirs.path, &st) == 0, "it outlives its maker");
	expect(trace_instance__recover("", &err) == 1, "recovering removes it");
	expect(stat(theirs.path, &st) != 0, "it is gone");
	expect(trace_instance__recover("", &err) == 0, "there is nothing left to recover");
	if (err.text[0])
		printf("%s\n", err.text);
	return failures != 0;
}
