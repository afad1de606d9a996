/* SPDX-License-Identifier: MIT */
/* Exit statuses of the program: part of its interface, documented in the man page and tested. */
#ifndef BASE_EXIT_STATUS_H
#define BASE_EXIT_STATUS_H

enum exit_status {
	EXIT_FINE = 0,
	EXIT_USAGE = 1,         /* bad option, pattern, file or directory given by the user */
	EXIT_REGRESSION = 2,    /* check: something got slower */
	EXIT_NO_KVM = 3,        /* /dev/kvm missing, not permitted, or too old */
	EXIT_NOTHING_RAN = 4,   /* every selected benchmark was skipped */
	EXIT_BENCH_FAILED = 5,  /* a benchmark failed or timed out */
	EXIT_IO = 6,            /* results could not be written or read */
	EXIT_UNTRUSTWORTHY = 7, /* a row is suspect: the proof disagrees with the claim */
	EXIT_INCONCLUSIVE = 8,  /* compare, check --strict: too few or too noisy runs */
	EXIT_SIGNAL_BASE = 128, /* + signal number: 130 Ctrl-C, 143 SIGTERM */
};

#endif
