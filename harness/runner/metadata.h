/* SPDX-License-Identifier: MIT */
/* run.json: what ran, where, and how far to trust it. */
#ifndef RUNNER_METADATA_H
#define RUNNER_METADATA_H

#include <jansson.h>

#include "host/clock.h"
#include "kvm/host.h"
#include "measure/events.h"
#include "measure/trust.h"
#include "runner/plan.h"
#include "runner/runner.h"

struct run_facts {
	const struct run_request *request;
	const struct plan *plan;
	const struct kvm_host *host;
	const struct host_clock *clock;
	const struct trust_evidence *evidence;
	enum trust trust;
	uint64_t seed;
};

/* Where the lab's init describes the emulator to the program. */
#define LAB_JSON "/run/vmexit-bench/lab.json"

/* The document as it stands before the first job (status "running"); NULL without memory. */
json_t *metadata__begin(const struct run_facts *facts);

/* CPU and kernel of a fingerprint, for what holds on this host alone. Returns buf. */
const char *metadata__host_name(const json_t *host, char *buf, size_t size);

/* Adds a sentence to "warnings", once. */
void metadata__warn(json_t *root, const char *text);

/* "events": what is counted, and what can't be with the reason. */
void metadata__events(json_t *root, const struct events_plan *plan);

/* "flagged_runs": of how many measured runs, and how many carry each flag. */
void metadata__flags(json_t *root, size_t measured, const size_t *flagged);

/* How a run ended: by a signal, by an error that stopped it (NULL where none did), or when all was done. */
struct run_ending {
	int signal;
	const char *error;
};

/* Status "interrupted", "failed" or "complete" accordingly; the runs that were made, the floors, the end time. */
void metadata__end(json_t *root, const struct run_ending *ending, unsigned runs,
	const struct summary_row *rows, size_t count);

#endif
