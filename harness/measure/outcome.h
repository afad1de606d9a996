/* SPDX-License-Identifier: MIT */
/*
 * What one job leaves behind: in memory shared with the parent, so that a job that dies or is killed loses
 * itself and nothing else.  Raw ticks; scaling and statistics are the parent's.
 */
#ifndef MEASURE_OUTCOME_H
#define MEASURE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guests/abi.h"
#include "measure/flags.h"
#include "measure/trace_split.h"

enum metric {
	METRIC_ROUNDTRIP, /* host: KVM_RUN from call to return, or a host operation */
	METRIC_GUEST,     /* guest: from stamp to stamp */
	METRIC_EXIT_LEG,  /* guest's first stamp to KVM_RUN's return */
	METRIC_ENTRY_LEG, /* KVM_RUN's call to the guest's second stamp */
	METRIC_LATENCY,   /* from a cause (an ioctl, another vCPU's send) to its effect */
	METRIC_LATENESS,  /* how long after its deadline a timer's interrupt was seen */
	/* Of `run --trace`: METRIC_GUEST with KVM's tracepoints on, all of them or one alone... */
	METRIC_TRACED_GUEST,
	METRIC_TRACED_GUEST_ENTRY,
	METRIC_TRACED_GUEST_EXIT,
	METRIC_TRACED_GUEST_USER,
	METRIC_TRACE_LEGS, /* ...and its parts: + enum trace_leg */
	METRIC_TRACE_LEGS_END = METRIC_TRACE_LEGS + TRACE_LEGS - 1,
	METRIC_COUNT,
};

const char *metric__name(enum metric m);

/* Samples a run keeps of one metric and vCPU. */
#define SERIES_MAX 16384

struct tick_series {
	uint32_t count;
	uint32_t ops; /* operations a sample spans: figures per operation are ticks / ops */
	uint64_t ticks[SERIES_MAX];
};

struct lane_outcome {
	uint32_t flags;
	double operations;   /* in the guest-timed rounds while all vCPUs ran, begun and ended ones in part */
	uint64_t span_ticks; /* that they took */
	struct tick_series series[METRIC_COUNT];
};

struct check {
	char statistic[64];
	double expected; /* per operation */
	double observed;
	char verdict[16]; /* ok, suspect, no-exit, emulated, not-offered, info */
};

#define CHECKS_MAX 16

/* One perf event: which of the plan's, and how many an operation. */
struct counted {
	uint32_t event;
	double per_op;
};

#define COUNTS_MAX 96 /* more than a command line can name, the default ones with them */

enum outcome_state {
	OUTCOME_RUNNING, /* also what a process that was killed leaves */
	OUTCOME_DONE,
	OUTCOME_FAILED,
	OUTCOME_SKIPPED,
	OUTCOME_TIMEOUT,
	OUTCOME_BACKEND, /* the guest could not be executed (ENDING_BACKEND) */
};

struct outcome {
	enum outcome_state state;
	char reason[512];
	bool suspect;
	double core_per_reference; /* core cycles per TSC tick while measuring; NAN or 0: not known */
	uint32_t check_count;
	struct check checks[CHECKS_MAX];
	uint32_t count_count;
	struct counted counts[COUNTS_MAX];
	uint32_t lane_count;
	struct lane_outcome lanes[]; /* one a vCPU */
};

static inline size_t outcome__bytes(unsigned lanes)
{
	return sizeof(struct outcome) + lanes * sizeof(struct lane_outcome);
}

#endif
