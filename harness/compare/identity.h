/* SPDX-License-Identifier: MIT */
/* What two sides are: what differs between their hosts, and whether they can be compared at all. */
#ifndef COMPARE_IDENTITY_H
#define COMPARE_IDENTITY_H

#include <stddef.h>

#include "compare/side.h"

/* What may differ beside what is compared: bits of --across. */
enum factor {
	FACTOR_CPU = 1,     /* vendor, family, model, stepping, model name; in the lab the emulator's model */
	FACTOR_KERNEL = 2,  /* release, configuration; free to differ unless something else is the factor */
	FACTOR_BACKEND = 4, /* vmx, svm, ... */
	FACTOR_EMULATOR = 8, /* the lab's emulator and its version */
	FACTOR_ALL = 15,
};

/* The bit of "cpu", "kernel", "backend", "emulator", "all"; 0 where it is none. */
unsigned factor__parse(const char *name);

/*
 * 0 where figures of `a` and `b` can be held against each other, `allowed` factors differing; -1 with the
 * reason. Another trust class is never comparable. The directories that one side pools must agree as well.
 */
int identity__check(const struct side *a, const struct side *b, unsigned allowed, struct error *err);

struct difference {
	char *field;    /* below "host" without that word: "kernel.release" */
	char *a, *b;    /* as text, shortened; "-" where there is none */
	bool important; /* what usually explains figures: CPU, kernel, parameters, mitigations */
};

/* Facts of run.json that differ and don't always do, the important ones first. 0, or -1 (memory). */
int identity__differences(
	const struct side *a, const struct side *b, struct difference **list, size_t *count);
void identity__free(struct difference *list, size_t count);

/*
 * Do both hold the very same runs (one is a copy of the other)? Then what differs is no noise, and there is
 * nothing to test.
 */
bool identity__same_runs(const struct side *a, const struct side *b);

#endif
