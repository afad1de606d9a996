/* SPDX-License-Identifier: MIT */
/*
 * How a measuring process ends early.  A benchmark runs in a process of its own, so that whatever goes
 * wrong there ends that process and nothing else: its code need not carry errors upwards.  The runner
 * installs an ending that records status and reason where the parent finds them and exits; without
 * one (unit tests, start-up) the reason goes to stderr and the process exits with EXIT_BENCH_FAILED.
 */
#ifndef BASE_FATAL_H
#define BASE_FATAL_H

enum ending {
	ENDING_FAILED,  /* something that should work did not: a bug, a kernel that misbehaves */
	ENDING_SKIPPED, /* this host can't do it, and the reason says what is missing */
	ENDING_TIMEOUT, /* the guest did not come back */
	ENDING_BACKEND, /* the guest could not be executed: a failure, unless the backend emulates guests */
};

typedef void (*ending_fn)(enum ending ending, const char *reason);

/* Installs the function that records an ending; it must not return.  NULL restores the default. */
void fatal__install(ending_fn fn);

/* Ends the process; the reason is one sentence: what was tried, on what, the error, the remedy. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with ": strerror(errno)" appended. */
_Noreturn void fatal_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the process as skipped: not a failure, but there is no figure on this host. */
_Noreturn void skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

_Noreturn void fatal__end(enum ending ending, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
