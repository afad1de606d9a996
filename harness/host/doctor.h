/* SPDX-License-Identifier: MIT */
/*
 * What on this machine would disturb a measurement or explains a figure, as values: the command
 * `doctor` prints them, `run` shows the warnings once.  Looks only; changes nothing.
 */
#ifndef HOST_DOCTOR_H
#define HOST_DOCTOR_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

enum finding_state {
	FINDING_OK,
	FINDING_INFO,    /* no disturbance, but it explains a figure or says what can't be had */
	FINDING_WARNING, /* disturbs: figures are worse or wander */
	FINDING_UNKNOWN, /* can't be read here */
	FINDING_STATE_COUNT,
};

struct finding {
	const char *id;  /* "governor": stable, for scripts */
	const char *why; /* why it matters, one sentence */
	enum finding_state state;
	char value[256];  /* what was seen */
	char change[512]; /* the command that puts it right, or what to do; "" where there is nothing to do */
	char restore[512]; /* the command that puts it back as it is now; "" where `change` changes nothing */
};

struct doctor_report {
	struct finding *finding; /* in the order of the checks, malloc'ed */
	size_t count;
	size_t by_state[FINDING_STATE_COUNT];
};

/* Runs every check below root ("" is the real machine, then also what must be watched: 200 ms).
 * 0, or -1 with err without memory: a check that can't look says so as its state. */
int doctor__run(const char *root, struct doctor_report *report, struct error *err);
void doctor_report__free(struct doctor_report *report);
const struct finding *doctor_report__find(const struct doctor_report *report, const char *id);

/* "ok", "info", "warning", "unknown" */
const char *finding_state__name(enum finding_state state);

/* An array of objects with the members of `struct finding`; a new reference. */
json_t *doctor_report__json(const struct doctor_report *report);

#endif
