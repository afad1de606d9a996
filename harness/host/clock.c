// SPDX-License-Identifier: MIT
#include "host/clock.h"

#include <cpuid.h>
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "base/array.h"

#define CPUID_EXTENDED_MAX      0x80000000u
#define CPUID_POWER_MANAGEMENT  0x80000007u
#define CPUID_EDX_INVARIANT_TSC (1u << 8)

#define CALIBRATIONS     3
#define CALIBRATION_NS   30000000L
#define SPREAD_LIMIT_PPM 200.0
/* Linux calls the TSC unstable at about this much; KVM's own tolerance is 250 ppm. */
#define KVM_LIMIT_PPM 500.0

bool host_clock__is_invariant(void)
{
	unsigned a, b, c, d;

	if ((unsigned)__get_cpuid_max(CPUID_EXTENDED_MAX, NULL) < CPUID_POWER_MANAGEMENT)
		return false;
	__cpuid(CPUID_POWER_MANAGEMENT, a, b, c, d);
	return d & CPUID_EDX_INVARIANT_TSC;
}

/* A span around n NOPs, all in one asm: nothing of the compiler's may stand between the stamps. */
#define DEFINE_NOPS(n)                                                                                       \
	static __attribute__((noinline)) uint64_t nops_##n(void)                                             \
	{                                                                                                    \
		uint32_t low, high, first_low, first_high;                                                   \
                                                                                                             \
		__asm__ volatile("lfence\n\trdtsc\n\tlfence\n\t"                                             \
				 "mov %%eax, %2\n\tmov %%edx, %3\n\t"                                        \
				 ".rept " #n "\n\tnop\n\t.endr\n\t"                                          \
				 "lfence\n\trdtsc\n\tlfence"                                                 \
				 : "=&a"(low), "=&d"(high), "=&r"(first_low), "=&r"(first_high)              \
				 :                                                                           \
				 : "memory");                                                                \
		return ((uint64_t)high << 32 | low) - ((uint64_t)first_high << 32 | first_low);              \
	}
DEFINE_NOPS(0)
DEFINE_NOPS(5)
DEFINE_NOPS(100)
DEFINE_NOPS(1000)

#define TRIES 9

/* The value that more than half of the tries agree on; UINT64_MAX where none does. A timer interrupt may
 * fall into a few tries, also on the emulator. */
static uint64_t majority(uint64_t (*span)(void))
{
	uint64_t value[TRIES];

	span(); /* takes the page fault */
	for (size_t i = 0; i < TRIES; i++)
		value[i] = span();
	for (size_t i = 0; i < TRIES; i++) {
		unsigned same = 0;

		for (size_t j = 0; j < TRIES; j++)
			same += value[j] == value[i];
		if (same > TRIES / 2)
			return value[i];
	}
	return UINT64_MAX;
}

bool host_clock__is_exact(void)
{
	uint64_t empty = majority(nops_0);

	if (empty == UINT64_MAX)
		return false;
	return majority(nops_5) - empty == 5 && majority(nops_100) - empty == 100 &&
	       majority(nops_1000) - empty == 1000;
}

uint64_t host_clock__stamp_pair_tsc(unsigned tries)
{
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < tries; i++) {
		uint64_t begin = tsc__stamp();
		uint64_t span = tsc__stamp() - begin;

		least = MIN(least, span);
	}
	return least;
}

/* The same moment on both clocks. */
struct moment {
	double tsc; /* relative to a base, so that a double holds it exactly */
	double ns;
};

static uint64_t tsc_base;

/* Reads CLOCK_MONOTONIC_RAW between two stamps several times and keeps the tightest pair. */
static int moment__read(struct moment *m)
{
	uint64_t tightest = UINT64_MAX;

	for (int i = 0; i < 16; i++) {
		struct timespec now;
		uint64_t before, after;

		before = tsc__stamp();
		if (clock_gettime(CLOCK_MONOTONIC_RAW, &now))
			return -errno;
		after = tsc__stamp();
		if (after - before >= tightest)
			continue;
		tightest = after - before;
		m->tsc = (double)(before - tsc_base) + (double)(after - before) / 2;
		m->ns = (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
	}
	return 0;
}

static int calibrate(struct host_clock *clock)
{
	struct moment at[CALIBRATIONS + 1];
	double least = INFINITY, most = 0;
	int ret;

	tsc_base = tsc__stamp();
	for (int i = 0; i <= CALIBRATIONS; i++) {
		struct timespec pause = { .tv_nsec = CALIBRATION_NS };

		if (i)
			while (nanosleep(&pause, &pause) && errno == EINTR)
				;
		ret = moment__read(&at[i]);
		if (ret)
			return ret;
		if (i) {
			double khz = (at[i].tsc - at[i - 1].tsc) / (at[i].ns - at[i - 1].ns) * 1e6;

			least = MIN(least, khz);
			most = MAX(most, khz);
		}
	}
	/* The whole span has a third of the error that one calibration has. */
	clock->tsc_khz = (at[CALIBRATIONS].tsc - at[0].tsc) / (at[CALIBRATIONS].ns - at[0].ns) * 1e6;
	clock->spread_ppm = (most - least) / clock->tsc_khz * 1e6;
	return 0;
}

static const char *distrust(const struct host_clock *c)
{
	if (c->exact)
		return ""; /* a count, not a clock: nobody takes it for time */
	if (!c->invariant)
		return "the CPU doesn't promise an invariant TSC (CPUID 8000_0007 EDX[8] is 0): ticks are no time";
	if (c->spread_ppm > SPREAD_LIMIT_PPM)
		return "three calibrations of the TSC against CLOCK_MONOTONIC_RAW disagree: the machine is "
		       "overloaded or its clock is unsteady";
	if (c->kvm_difference_ppm > KVM_LIMIT_PPM)
		return "KVM_GET_TSC_KHZ and CLOCK_MONOTONIC_RAW disagree on the TSC's frequency";
	return "";
}

int host_clock__read(struct host_clock *clock, unsigned kvm_tsc_khz, struct error *err)
{
	int ret;

	memset(clock, 0, sizeof(*clock));
	clock->source = "calibrated against CLOCK_MONOTONIC_RAW (3 x 30 ms)";
	clock->kvm_tsc_khz = kvm_tsc_khz;
	clock->invariant = host_clock__is_invariant();
	clock->exact = host_clock__is_exact();
	clock->distrust = "CLOCK_MONOTONIC_RAW can't be read";
	ret = calibrate(clock);
	if (ret)
		return error__set_errno(err, EXIT_UNTRUSTWORTHY, -ret,
			"clock_gettime(CLOCK_MONOTONIC_RAW) to calibrate the TSC");
	if (kvm_tsc_khz) {
		clock->kvm_difference_ppm = fabs(clock->tsc_khz - kvm_tsc_khz) / kvm_tsc_khz * 1e6;
		if (clock->kvm_difference_ppm <= KVM_LIMIT_PPM)
			clock->source =
				"calibrated against CLOCK_MONOTONIC_RAW (3 x 30 ms), KVM_GET_TSC_KHZ agrees";
	}
	if (clock->exact)
		clock->source = "one tick is one instruction (5, 100 and 1000 NOPs read so)";
	clock->distrust = distrust(clock);
	clock->trusted = !*clock->distrust;
	return 0;
}
