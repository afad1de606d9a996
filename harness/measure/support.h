/* SPDX-License-Identifier: MIT */
/* Whether this host can run a benchmark at all, decided without running it. */
#ifndef MEASURE_SUPPORT_H
#define MEASURE_SUPPORT_H

#include <stddef.h>

#include "kvm/host.h"
#include "measure/bench.h"

/* NULL if it can; else the reason in a sentence, written into buf (or a static string). */
const char *bench__unsupported(const struct bench *b, const struct kvm_host *host, char *buf, size_t size);

/* The same for a given number of vCPUs in each VM. */
const char *bench__unsupported_vcpus(
	const struct bench *b, const struct kvm_host *host, unsigned vcpus, char *buf, size_t size);

#endif
