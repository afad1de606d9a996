/* SPDX-License-Identifier: MIT */
/* How the time for a run of the program is shared by its jobs. */
#ifndef RUNNER_PACE_H
#define RUNNER_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pace {
	double seconds;         /* for all jobs; 0: as long as they take */
	uint64_t job_ns_max;    /* of measuring, in one job */
	size_t jobs, jobs_done; /* of those planned */
	uint64_t started_ns;
	uint64_t job_fixed_ns; /* running mean of a job's cost besides measuring */
};

/* A plan of `jobs`, not begun: pace__expected_seconds() may be asked. */
void pace__plan(struct pace *p, double seconds, uint64_t job_ns_max, size_t jobs);
/* `fixed`: so many jobs will be run whatever they take, however little each measures. */
double pace__expected_seconds(const struct pace *p, bool fixed);

/* The clock runs from here. */
void pace__start(struct pace *p);
uint64_t pace__left_ns(const struct pace *p);

/* What remains of the time, shared by the jobs that remain: for the next job to measure in. */
uint64_t pace__job_budget_ns(const struct pace *p);

/* A job took so long in all and had so much of it to measure. */
void pace__job_done(struct pace *p, uint64_t took_ns, uint64_t budget_ns);

/* Jobs that won't be run after all. */
void pace__drop(struct pace *p, size_t jobs);

double pace__eta_seconds(const struct pace *p);

/* How many runs of everything fit, the one that has just been made included; at most `runs`. */
unsigned pace__runs_that_fit(const struct pace *p, unsigned runs);

#endif
