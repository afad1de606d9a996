/* SPDX-License-Identifier: MIT */
/*
 * The clock of this machine: whether the TSC may be trusted as a clock, how fast it ticks and how that was
 * found, and whether it is no clock at all but a count of instructions (the lab's deterministic emulator).
 */
#ifndef HOST_CLOCK_H
#define HOST_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "host/tsc.h"

struct host_clock {
	double tsc_khz;            /* reference ticks per millisecond; the calibrated figure, see source */
	const char *source;        /* how tsc_khz was found, in words; a static string */
	double spread_ppm;         /* largest disagreement of the three calibrations */
	unsigned kvm_tsc_khz;      /* KVM_GET_TSC_KHZ as the caller passed it; 0: not known */
	double kvm_difference_ppm; /* |calibrated - KVM's| relative to KVM's; 0 where KVM's isn't known */
	bool invariant;            /* CPUID 8000_0007 EDX[8]: constant rate in all P-, C- and T-states */
	bool exact;                /* one tick is one instruction: figures are exact, there are no ns */
	bool trusted;         /* exact; or invariant, calibrations agree, and KVM agrees where it was asked */
	const char *distrust; /* why not, in words; "" where trusted */
};

/* Reads, calibrates (about 90 ms) and cross-checks. kvm_tsc_khz: KVM_GET_TSC_KHZ or 0. Always fills `clock`
 * completely; returns -1 only if CLOCK_MONOTONIC_RAW can't be read. */
int host_clock__read(struct host_clock *clock, unsigned kvm_tsc_khz, struct error *err);

/* Does one TSC tick equal one instruction? 5, 100 and 1000 NOPs between two stamps, less the empty pair,
 * must read exactly 5, 100 and 1000 ticks in most of several tries. A real CPU retires several NOPs a
 * cycle and runs at another rate than its TSC, so it never fits all three; the cost is microseconds. */
bool host_clock__is_exact(void);

/* CPUID 8000_0007 EDX[8] (Intel SDM vol. 3, 18.17 "Invariant TSC"; AMD APM vol. 3, E.4.6). */
bool host_clock__is_invariant(void);

/* The smallest of `tries` stamp pairs with nothing between them, in ticks: the overhead of a span. */
uint64_t host_clock__stamp_pair_tsc(unsigned tries);

#endif
