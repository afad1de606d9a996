/* SPDX-License-Identifier: MIT */
/*
 * One benchmark, once: warm-up, then rounds of host-timed and guest-timed samples within a budget, each
 * round between two readings of KVM's statistics.  Runs in the measuring process.
 *
 * Every vCPU is a lane: a thread pinned to a CPU.  All lanes start a round together and samples count only
 * from the time in which all of them ran.  With one lane there is no second thread and no barrier.
 */
#ifndef MEASURE_PASS_H
#define MEASURE_PASS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "measure/loop.h"
#include "measure/machine.h"
#include "measure/outcome.h"
#include "measure/verify.h"

struct budget {
	uint64_t ns;      /* for the timed rounds together */
	uint32_t samples; /* exactly so many of each kind, whatever the time; 0: as many as fit */
};

struct events_plan;
struct trace_instance;

struct job_spec {
	const struct bench *bench;
	const struct kvm_host *host;
	unsigned vcpus; /* in each VM */
	unsigned vms;
	const unsigned *cpus;             /* one for each vCPU, VM by VM; NULL: not pinned */
	bool spare_cpu;                   /* cpus has one more, for a thread beside the vCPUs */
	bool overcommitted;               /* some CPU has more than one vCPU */
	bool emulated;                    /* the backend emulates guests: nothing can be proven */
	const struct events_plan *events; /* what to count; NULL: nothing */
	struct setting_list settings;     /* that the run is made with */
	bool watch_core; /* core frequency and SMIs of the measured span (measure/events_span.h) */
	bool trace;      /* also count the kvm_exit tracepoint, in a round of its own */
	const struct trace_instance *trace_instance; /* to take legs by tracepoints in; NULL: don't */
	struct budget budget;
};

struct pass;

struct lane {
	struct pass *pass;
	struct machine *machine;
	struct vcpu *vcpu;
	struct lane_outcome *out;
	struct run_stamps *stamps;
	uint32_t stamps_used;
	int cpu; /* -1: not pinned */
	pthread_t thread;
};

enum round_kind {
	ROUND_HOST,
	ROUND_GUEST,
	ROUND_QUIT,
};

struct pass {
	const struct job_spec *spec;
	const struct bench *bench;
	struct machine *machines;
	struct proof *proofs; /* one a machine */
	struct lane *lanes;
	unsigned lane_count;
	struct outcome *outcome;
	uint64_t *scratch; /* SERIES_MAX ticks that nobody keeps */
	uint32_t flags;    /* for all lanes */

	/* The round that the lanes run next. */
	enum round_kind kind;
	uint32_t samples;
	uint64_t entry;
	pthread_barrier_t start, end;
};

/* The whole of a job: builds the machines, measures, judges, tears down. Ends the process on errors. */
void job__measure(const struct job_spec *spec, struct outcome *outcome);

/* For `measure` hooks, which drive lanes themselves. */

/* Runs one round of `samples` on all lanes; their results are then in rings and stamps. Called by lane 0's
 * thread (the one that runs the hook). */
void pass__round(struct pass *p, enum round_kind kind, uint64_t entry, uint32_t samples);

/* What the benchmark wants done before each round, in all machines. */
void pass__before_round(struct pass *p);

/* The standard pass from warm-up to judgement. */
void pass__standard(struct pass *p);

/* The same for one vCPU without the rounds that the guest times: where on_exit takes long, its time would be
 * in the guest's figures. */
void pass__host_timed(struct pass *p);

/* The standard pass of HANDLED_HOST: host_op as often as fits the budget, but at most `most` times (0: no such
 * limit), for operations of milliseconds. */
void pass__host_operation(struct pass *p, uint32_t most);

/* The flag where this process lost its CPU since preemptions__so_far() was `before`: around what is measured, not
 * around warming up, counting or tracing. */
void pass__flag_preempted(struct pass *p, uint32_t before);

void pass__begin_proof(struct pass *p);
void pass__end_proof(struct pass *p, uint64_t operations_per_lane, uint64_t rounds);

/* Last of a hook that made proofs: compares what the statistics say with what the descriptor claims. */
void pass__judge(struct pass *p);

/* Adds a sample of `ticks`; full series drop what comes after (the budget's bookkeeping prevents it). */
void lane__record(struct lane *lane, enum metric metric, uint64_t ticks);

/* How many samples a hook should take: the fixed number, or as many as fit `ns_each` into the budget. */
uint32_t pass__samples_wanted(const struct pass *p, uint64_t ns_each);

/* The same, from `n` that have been taken since the host's stamp `start_tsc`. */
uint32_t pass__samples_fitting(const struct pass *p, uint64_t start_tsc, uint32_t n);

#endif
