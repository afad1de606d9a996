/* SPDX-License-Identifier: MIT */
/* A process of its own for each job, and the watchdog that ends it. */
#ifndef RUNNER_SPAWN_H
#define RUNNER_SPAWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "measure/outcome.h"
#include "measure/pass.h"
#include "measure/trust.h"

/* Memory shared with the process; released by outcome__release(). NULL without memory. */
struct outcome *outcome__share(unsigned lanes);
void outcome__release(struct outcome *o, unsigned lanes);

/* Runs one job to its end, at most timeout_ms. The outcome always has a final state afterwards: also for a
 * process that crashed or was killed. Returns 0, or the signal that should end the program
 * (then the job was ended and its outcome is not to be used). -1 with err: no process could be made. */
int spawn__job(const struct job_spec *spec, struct outcome *outcome, unsigned timeout_ms, struct error *err);

/* Gathers the evidence for the trust class, in a process of its own. As above; failures are errors. */
int spawn__probe(
	const struct kvm_host *host, struct trust_evidence *evidence, unsigned timeout_ms, struct error *err);

/* Catches SIGINT, SIGTERM and SIGHUP from now on; spawn__pending_signal() tells which came (0: none). No signal is blocked
 * until they are restored. */
void spawn__catch_signals(void);
void spawn__restore_signals(void);
int spawn__pending_signal(void);

#endif
