// SPDX-License-Identifier: MIT
#include "runner/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/array.h"
#include "base/monotonic.h"
#include "host/host.h"
#include "measure/events.h"
#include "measure/trace_instance.h"
#include "results/run_dir.h"
#include "results/summary.h"
#include "runner/cell.h"
#include "runner/checkup.h"
#include "runner/metadata.h"
#include "runner/pace.h"
#include "runner/plan.h"
#include "runner/rows.h"
#include "runner/spawn.h"
#include "runner/tuned.h"

#define PROBE_TIMEOUT_MS 10000

/* What the files that are written last take on a full disk: run.json, and the summary of a cell. */
#define RUN_JSON_ROOM (64 * 1024)
#define SUMMARY_ROOM  1024

/* One run of the program. */
struct session {
	const struct run_request *request;
	const struct run_observer *observer;
	struct kvm_host host;
	struct host_clock clock;
	struct trust_evidence evidence;
	enum trust trust;
	struct plan plan;
	struct events_plan events;
	struct trace_instance trace;
	struct run_dir dir;
	struct row_store store;
	json_t *metadata;
	uint64_t seed;
	struct pace pace;
	size_t jobs_measured, flagged[FLAG_COUNT]; /* runs that have figures, and those with each flag */
	unsigned runs_done;
	int signal;
};

static void warn(struct session *s, const char *text)
{
	if (s->metadata)
		metadata__warn(s->metadata, text);
	if (s->observer && s->observer->warning)
		s->observer->warning(s->observer->context, text);
}

static int prepare(struct session *s, struct error *err)
{
	char text[256];

	if (bench__validate(text, sizeof(text)) < 0)
		return error__set(err, EXIT_BENCH_FAILED, "this build is broken: %s", text);
	if (kvm_host__open(&s->host, err) < 0)
		return -1;
	s->signal = spawn__probe(&s->host, &s->evidence, PROBE_TIMEOUT_MS, err);
	if (s->signal)
		return s->signal < 0 ? -1 : 0;
	if (host_clock__read(&s->clock, s->evidence.kvm_tsc_khz, err) < 0)
		return -1;
	if (trust__decide(&s->evidence, s->clock.exact, host__has_hypervisor(""), &s->trust, err) < 0)
		return -1;
	s->seed = s->request->seed;
	if (!s->seed && getrandom(&s->seed, sizeof(s->seed), GRND_NONBLOCK) < 0)
		s->seed = monotonic__now_ns();
	s->seed &= 0x7fffffffffffffff; /* JSON's integers are signed */
	if (plan__make(&s->plan, s->request, &s->host, s->trust == TRUST_EMULATED, err) < 0)
		return -1;
	pace__plan(&s->pace, s->plan.seconds, s->plan.job_ns_max, s->plan.runnable * s->plan.runs);
	if (s->request->trace && trace_instance__create(tuned__root(), &s->trace, err) < 0)
		return error__prefix(err, "--trace");
	return 0;
}

static int begin_directory(struct session *s, struct error *err)
{
	struct run_facts facts = {
		.request = s->request,
		.plan = &s->plan,
		.host = &s->host,
		.clock = &s->clock,
		.evidence = &s->evidence,
		.trust = s->trust,
		.seed = s->seed,
	};

	row_store__init(&s->store, s->trust, s->clock.tsc_khz);
	s->store.events = &s->events;
	s->metadata = metadata__begin(&facts);
	if (!s->metadata)
		return error__set(err, EXIT_IO, "no memory for run.json");
	if (run_dir__create(s->request->directory, &s->dir, err) < 0)
		return -1;
	if (run_dir__write_json(&s->dir, s->metadata, err) < 0 ||
		run_dir__reserve(&s->dir, RUN_JSON_ROOM + s->plan.count * SUMMARY_ROOM, err) < 0) {
		run_dir__abandon(&s->dir);
		return -1;
	}
	return 0;
}

/* Counts what was asked for, and where nothing was, what is counted by default if this host's figures can use it.
 * What can't be counted is said once a reason; of the defaults only run.json says it. */
static int plan_events(struct session *s, struct error *err)
{
	static const char *const defaults[] = { "default" };
	const char *const *names = s->request->events ? s->request->events : defaults;
	size_t count = s->request->events ? s->request->event_count : ARRAY_SIZE(defaults), i;

	if (!s->request->events && s->trust != TRUST_HARDWARE && s->trust != TRUST_NESTED)
		return 0;
	if (events_plan__make(&s->events, names, count, err) < 0)
		return -1;
	metadata__events(s->metadata, &s->events);
	for (i = 0; s->request->events && i < s->events.missing_count; i++) {
		char text[EVENT_NAME_MAX + 544];

		if (i && strcmp(s->events.missing[i].reason, s->events.missing[i - 1].reason) == 0)
			continue;
		snprintf(text, sizeof(text), "%s can't be counted: %s", s->events.missing[i].name,
			s->events.missing[i].reason);
		warn(s, text);
	}
	return 0;
}

static void announce(struct session *s)
{
	struct run_plan plan = {
		.directory = s->dir.path,
		.benches = s->plan.count,
		.jobs = s->plan.runnable * s->plan.runs,
		.skipped = s->plan.count - s->plan.runnable,
		.runs = s->plan.runs,
		.expected_seconds = pace__expected_seconds(&s->pace, s->request->runs > 0),
		.backend = s->host.backend,
		.trust = trust__name(s->trust),
		.trust_words = trust__words(s->trust),
	};
	char text[512];

	if (s->observer && s->observer->planned)
		s->observer->planned(s->observer->context, &plan);
	if (s->trust == TRUST_EMULATED)
		metadata__warn(s->metadata, trust__words(s->trust));
	/* Nothing disturbs a clock that counts instructions, and emulated figures are past mending. */
	if ((s->trust == TRUST_HARDWARE || s->trust == TRUST_NESTED) &&
		checkup__run(s->metadata, text, sizeof(text))[0])
		warn(s, text);
	if (!s->clock.trusted && !s->clock.exact)
		warn(s, s->clock.distrust);
	if (plan__keeps_fewer(s->request, text, sizeof(text)))
		warn(s, text);
}

static void settle(struct session *s, struct cell *cell, const struct outcome *o)
{
	unsigned i;

	cell__settle(cell, o, s->trust == TRUST_EMULATED);
	/* The runs that it won't make are time for the others. */
	if (cell->over)
		pace__drop(&s->pace, s->plan.runs - s->runs_done - 1);
	if (o->state != OUTCOME_DONE)
		return;
	s->jobs_measured++;
	for (i = 0; i < FLAG_COUNT; i++)
		s->flagged[i] += (o->lanes[0].flags >> i) & 1;
}

static int run_cell(struct session *s, struct cell *cell, unsigned run, struct error *err)
{
	unsigned lanes = cell->vcpus * cell->vms;
	struct job_spec spec = {
		.bench = cell->bench,
		.host = &s->host,
		.vcpus = cell->vcpus,
		.vms = cell->vms,
		.cpus = cell->cpus,
		.spare_cpu = cell->spare_cpu,
		.overcommitted = cell->overcommitted,
		.emulated = s->trust == TRUST_EMULATED,
		.trace = run == 0,
		.watch_core = s->trust == TRUST_HARDWARE || s->trust == TRUST_NESTED,
		.events = s->events.pass_count ? &s->events : NULL,
		.trace_instance = s->request->trace ? &s->trace : NULL,
		.settings = s->request->settings,
		.budget = { .ns = pace__job_budget_ns(&s->pace), .samples = s->request->samples_per_run },
	};
	struct outcome *outcome = outcome__share(lanes);
	uint64_t began_ns = monotonic__now_ns();
	int status;

	if (!outcome)
		return error__set(err, EXIT_IO, "no memory for the outcome of %u vCPUs", lanes);
	status = spawn__job(&spec, outcome, cell__timeout_ms(cell, s->plan.timeout_ms), err);
	if (status == 0) {
		settle(s, cell, outcome);
		if (outcome->state == OUTCOME_DONE)
			status = row_store__add(
				&s->store, &s->dir, cell, run, outcome, s->request->keep_samples, err);
	} else if (status > 0) {
		s->signal = status;
		status = 0;
	}
	pace__job_done(&s->pace, monotonic__now_ns() - began_ns, spec.budget.ns);
	outcome__release(outcome, lanes);
	return status;
}

static void tell_progress(struct session *s, const struct cell *cell)
{
	if (s->observer && s->observer->job_started)
		s->observer->job_started(s->observer->context, s->pace.jobs_done, s->pace.jobs,
			cell->bench->id, pace__eta_seconds(&s->pace));
}

/* After the first run of everything it is known what a run costs: the number of runs is settled then, from
 * time alone, before any figure was looked at. */
static void settle_runs(struct session *s)
{
	unsigned fit = pace__runs_that_fit(&s->pace, s->plan.runs);
	char text[128];

	if (s->request->runs || fit >= s->plan.runs)
		return;
	snprintf(text, sizeof(text), "time for %u run%s instead of %u: give --time, or fewer patterns", fit,
		fit == 1 ? "" : "s", s->plan.runs);
	/* Cells that are over have taken theirs out themselves. */
	pace__drop(&s->pace, plan__live(&s->plan) * (s->plan.runs - fit));
	s->plan.runs = fit;
	warn(s, text);
}

/* A preset keeps its promise: what the first run of everything didn't get to by then is said to be missing. */
static bool out_of_time(struct session *s, struct cell *cell)
{
	char text[128];

	if (s->plan.seconds <= 0 || s->request->seconds > 0 || s->request->runs ||
		s->request->samples_per_run || pace__left_ns(&s->pace) > 0 || cell->finished_runs)
		return false;
	snprintf(text, sizeof(text), "not run: the %.0f s were up; give --time, or fewer patterns",
		s->plan.seconds);
	cell__worsen(cell, ROW_SKIPPED, text);
	cell->over = true;
	pace__drop(&s->pace, s->plan.runs - s->runs_done);
	return true;
}

static int run_all(struct session *s, struct error *err)
{
	unsigned run;
	size_t i;

	pace__start(&s->pace);
	for (run = 0; run < s->plan.runs && !s->signal; run++) {
		plan__shuffle(&s->plan, s->seed, run);
		for (i = 0; i < s->plan.count && !s->signal; i++) {
			struct cell *cell = &s->plan.cells[s->plan.order[i]];

			if (cell->over || out_of_time(s, cell))
				continue;
			tell_progress(s, cell);
			if (run_cell(s, cell, run, err) < 0)
				return -1;
			if (!s->signal)
				s->signal = spawn__pending_signal();
		}
		if (!s->signal)
			s->runs_done++;
		if (run == 0)
			settle_runs(s);
	}
	return 0;
}

/* What couldn't be put back is worth a warning, not the figures. */
static int run_tuned(struct session *s, struct error *err)
{
	struct tune tune;
	struct error problem;
	int failed;

	if (!s->request->tune && !s->request->host_setting_count)
		return run_all(s, err);
	if (tuned__begin(&tune, s->request, s->metadata, err) < 0)
		return -1;
	if (tune.refused[0])
		warn(s, tune.refused);
	failed = run_all(s, err);
	if (tuned__end(&tune, &problem) < 0)
		warn(s, problem.text);
	return failed;
}

static int sum_up(struct session *s, struct run_report *report, struct error *err)
{
	struct cell_status *cells = calloc(s->plan.count + 1, sizeof(*cells));
	size_t n, i;
	int failed;

	if (!cells)
		return error__set(err, EXIT_IO, "no memory for the summary");
	n = plan__statuses(&s->plan, cells);
	for (i = 0; i < n; i++)
		report->by_status[cells[i].status]++;
	failed = summary__compute(
		s->store.rows, s->store.count, cells, n, &report->rows, &report->row_count, err);
	if (!failed)
		failed = run_dir__write_summary(&s->dir, report->rows, report->row_count, err);
	free(cells);
	return failed;
}

/* A full disk stops the run (`failed`, with err); what is written last has room set aside, and every step is tried, with
 * the first error kept. run.json says how the run ended, so it is the last of all. */
static int finish(struct session *s, struct run_report *report, bool failed, struct error *err)
{
	struct run_ending ending = { .signal = s->signal };

	failed |= row_store__add_derived(&s->store, &s->dir, &s->plan, failed ? NULL : err) < 0;
	run_dir__release(&s->dir);
	failed |= sum_up(s, report, failed ? NULL : err) < 0;
	failed |= run_dir__close(&s->dir, failed ? NULL : err) < 0;
	ending.error = failed ? err->text : NULL;
	metadata__flags(s->metadata, s->jobs_measured, s->flagged);
	metadata__end(s->metadata, &ending, s->runs_done, report->rows, report->row_count);
	failed |= run_dir__write_json(&s->dir, s->metadata, failed ? NULL : err) < 0;
	report->measured_runs = s->jobs_measured;
	memcpy(report->flagged_runs, s->flagged, sizeof(report->flagged_runs));
	return failed ? -1 : 0;
}

int runner__run(const struct run_request *request, const struct run_observer *observer,
	struct run_report *report, struct error *err)
{
	struct session *s = calloc(1, sizeof(*s));
	int failed;

	memset(report, 0, sizeof(*report));
	if (!s)
		return error__set(err, EXIT_IO, "no memory to run anything");
	s->request = request;
	s->observer = observer;
	s->host.fd = -1;
	spawn__catch_signals();
	failed = prepare(s, err);
	if (!failed && !s->signal)
		failed = begin_directory(s, err);
	if (!failed && !s->signal) {
		struct error problem;

		snprintf(report->directory, sizeof(report->directory), "%s", s->dir.path);
		snprintf(report->trust, sizeof(report->trust), "%s", trust__name(s->trust));
		report->tsc_khz = s->clock.exact ? 0 : s->clock.tsc_khz;
		announce(s);
		failed = plan_events(s, err);
		if (!failed)
			failed = run_tuned(s, err);
		if (trace_instance__remove(&s->trace, &problem) < 0)
			warn(s, problem.text);
		failed = finish(s, report, failed < 0, err);
	}
	trace_instance__remove(&s->trace, NULL); /* where it never came to running anything */
	report->signal = s->signal > 0 ? s->signal : 0;
	spawn__restore_signals();
	kvm_host__close(&s->host);
	/* The rows' strings (reasons, flags) live in the session: it goes with the report. */
	report->storage = s;
	return failed;
}

void run_report__free(struct run_report *report)
{
	struct session *s = report->storage;

	free(report->rows);
	if (s) {
		row_store__free(&s->store);
		plan__free(&s->plan);
		events_plan__free(&s->events);
		json_decref(s->metadata);
		free(s);
	}
	memset(report, 0, sizeof(*report));
}
