/* SPDX-License-Identifier: MIT */
/*
 * What this host's last A/A run (`vmexit-bench aa`) could tell apart: kept for the user in the state directory
 * ($XDG_STATE_HOME, else ~/.local/state), copied into each run.json, from which comparisons take it.
 *
 *	{ "measured": UTC time, "host": CPU and kernel, "ratio": 0.004, "benches": { "cpuid/leaf0": 0.003, ... } }
 *
 * A ratio of 0.01 is 1 %.
 */
#ifndef RESULTS_NOISE_FLOOR_H
#define RESULTS_NOISE_FLOOR_H

#include <jansson.h>

#include "base/error.h"

/* The last one that was measured on this `host` (a text that names CPU and kernel); NULL where there is none. */
json_t *noise_floor__load(const char *host);

/* Replaces the last one. 0, or -1 with err. */
int noise_floor__save(const json_t *floor, struct error *err);

#endif
