/* SPDX-License-Identifier: MIT */
/* The rows of the results files (docs: vmexit-bench-results.5).  Strings are borrowed unless said otherwise. */
#ifndef RESULTS_RECORD_H
#define RESULTS_RECORD_H

#include <stdint.h>

#include "stats/describe.h"

enum row_status {
	ROW_OK,
	ROW_SUSPECT, /* KVM's statistics don't confirm what was to be measured */
	ROW_SKIPPED, /* this host can't, reason given */
	ROW_TIMEOUT, /* the guest did not come back */
	ROW_FAILED,
	ROW_STATUS_COUNT,
};

/* "ok", "suspect", "skipped", "timeout", "failed" */
const char *row_status__name(enum row_status status);
/* 0, or -1 where the text is none of them. */
int row_status__parse(const char *text, enum row_status *status);

/* Which point: benchmark x vCPU count x VM count. */
struct cell_key {
	const char *bench;
	unsigned vcpus; /* in each VM */
	unsigned vms;
};

/* Distribution of one metric of one vCPU in one run, in `unit` per operation. */
struct results_row {
	struct cell_key key;
	unsigned run;       /* 0, 1, ... */
	unsigned vcpu;      /* over all VMs: vm * vcpus + index */
	const char *metric; /* roundtrip, guest, exit_leg, entry_leg, net, rate, or an event's name */
	const char *unit;   /* tsc, insn, ns, count/op, op/s */
	uint64_t n;
	double min, p05, p25, p50, p75, p95, p99, p999, max, mean, stddev;
	const char *flags; /* words joined by '+': what happened during the run; "" for none */
};

/* Copies the distribution's figures; the rest of the row stays. */
void results_row__take(struct results_row *row, const struct distribution *d);

/* One metric over all runs: the median of the runs' medians with its interval. NAN where there is none. */
struct summary_row {
	struct cell_key key;
	const char *metric; /* "" where the status is not ok or suspect */
	const char *unit;
	unsigned runs;
	double median, ci_lo, ci_hi; /* 95 %, from order statistics; NAN below 6 runs */
	double min;                  /* of all samples of all runs */
	double p99;                  /* median of the runs' p99 */
	enum row_status status;
	const char *reason; /* one sentence; "" for ok */
};

/* One statistic that was to prove one run. */
struct check_row {
	struct cell_key key;
	unsigned run;
	const char *statistic; /* "exits", "io_exits", "kvm:kvm_exit[reason==10]" */
	double expected;       /* per operation */
	double observed;
	const char *verdict; /* ok, suspect, not-offered, no-exit, info */
};

/* One sample as measured. */
struct sample_row {
	struct cell_key key;
	unsigned run;
	unsigned vcpu;
	const char *metric;
	const char *unit;
	uint64_t index;
	double value;
	const char *flags;
};

#endif
