/* SPDX-License-Identifier: MIT */
/* The doctor's findings as a run needs them: all of them in run.json, the warnings in one sentence. */
#ifndef RUNNER_CHECKUP_H
#define RUNNER_CHECKUP_H

#include <jansson.h>
#include <stddef.h>

/* Runs the doctor, sets "doctor" in the document, and writes the sentence into buf ("" without warnings).
 * Returns buf. Takes some 200 ms. */
const char *checkup__run(json_t *metadata, char *buf, size_t size);

#endif
