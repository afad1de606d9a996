/* SPDX-License-Identifier: MIT */
/*
 * Runs benchmarks: plans jobs (benchmark x vCPU count x VM count x run), shuffles them from a seed, gives
 * each a process of its own with a watchdog, and writes the run directory.  Prints nothing: what a
 * person should see goes through the observer.
 */
#ifndef RUNNER_RUNNER_H
#define RUNNER_RUNNER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "host/cpus.h"
#include "measure/bench.h"
#include "measure/flags.h"
#include "measure/setting.h"
#include "results/record.h"

enum preset {
	PRESET_QUICK,    /* within 10 s: fewer runs and samples */
	PRESET_DEFAULT,  /* within 60 s */
	PRESET_THOROUGH, /* for figures to publish */
};

/* A file of /sys or /proc/sys and what to write into it. */
struct host_setting {
	const char *path;
	const char *value;
};

struct run_request {
	const struct bench *const *benches; /* selected; their baselines are added by the runner */
	size_t bench_count;
	const unsigned *vcpus; /* counts to run each benchmark with; NULL: 1 */
	size_t vcpus_count;
	const unsigned *vms; /* numbers of VMs side by side; NULL: 1 */
	size_t vms_count;
	enum preset preset;
	unsigned runs;            /* 0: as the preset says */
	double seconds;           /* for everything; 0: as the preset says */
	unsigned samples_per_run; /* exactly so many, whatever the time; 0: as many as the time allows */
	unsigned timeout_ms;      /* watchdog of one job; 0: the default */
	uint64_t seed;
	enum placement placement; /* in which order vCPUs are given CPUs */
	const char *cpus;         /* CPU list to pin to, e.g. "2-3,6"; NULL: those the process may use */
	const char *const
		*events; /* names to count, "default" among them (measure/events.h); NULL: default */
	size_t event_count;
	struct setting_list settings;             /* for each VM and measuring process */
	const struct host_setting *host_settings; /* files changed for the run's length, then put back */
	size_t host_setting_count;
	bool tune;         /* change what disturbs figures for the run's length (runner/tuned.h) */
	bool keep_samples; /* write samples.csv */
	bool trace;        /* also take the legs of each exit by KVM's tracepoints (measure/trace_legs.h) */
	const char *directory; /* NULL: a new one below results/ */
	int argc;              /* the command line, for run.json */
	char *const *argv;
};

struct run_plan {
	const char *directory;
	size_t benches; /* with baselines */
	size_t jobs;    /* what will be run */
	size_t skipped; /* known beforehand that this host can't */
	unsigned runs;
	double expected_seconds;
	const char *backend;     /* "svm", "vmx", "pvm", ... */
	const char *trust;       /* "hardware", "nested", "model", "emulated" */
	const char *trust_words; /* what that means, in a sentence */
};

struct run_observer {
	void *context;
	void (*planned)(void *context, const struct run_plan *plan);
	void (*job_started)(void *context, size_t done, size_t jobs, const char *bench, double eta_seconds);
	void (*warning)(void *context, const char *text);
};

struct run_report {
	char directory[PATH_MAX];
	char trust[16];
	struct summary_row *rows; /* malloc'ed; as in summary.csv */
	size_t row_count;
	size_t by_status[ROW_STATUS_COUNT];             /* benchmarks, not rows */
	double tsc_khz;                                 /* 0: ticks are instructions */
	size_t measured_runs, flagged_runs[FLAG_COUNT]; /* with figures; of those, with each flag */
	int signal;                                     /* that ended the run early, or 0 */
	void *storage;                                  /* what the rows' strings live in */
};

/* Runs everything. 0, or -1 with err: then nothing more could be done (no KVM, no space left...), and what
 * was finished before is in the directory. The report is filled as far as the run came. */
int runner__run(const struct run_request *request, const struct run_observer *observer,
	struct run_report *report, struct error *err);

void run_report__free(struct run_report *report);

#endif
