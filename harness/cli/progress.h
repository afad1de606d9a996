/* SPDX-License-Identifier: MIT */
/* One line on stderr that says how far a run has come; nothing where stderr is not a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/terminal.h"

struct progress {
	FILE *out;
	struct terminal terminal;
	bool shown;
	uint64_t last_ns; /* when it was drawn last */
};

void progress__init(struct progress *p, FILE *out, bool quiet);

/* Redraws the line, at most ten times a second. `eta_seconds` below 0: unknown. */
void progress__update(struct progress *p, size_t done, size_t total, double eta_seconds, const char *what);

/* Takes the line away, so that something else can be written. */
void progress__clear(struct progress *p);

/* The line itself, at most `width` columns, for update() and its test. */
void progress__format(char *buf, size_t size, unsigned width, size_t done, size_t total, double eta_seconds,
	const char *what);

#endif
