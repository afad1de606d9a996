// SPDX-License-Identifier: MIT
#include "report/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

#define OUT  "pio/out-user-1b"
#define LOST "lost in noise: no more than floor/null-loop"

/* Which benchmarks may stand for the fast path. */
static const char *const fastpaths[] = {
	"msr/tscdeadline-disarm",
	"msr/tscdeadline-past",
	"msr/x2apic-wr-icr-nobody",
	"insn/invd",
};

/* Kernel-handled exits that do little else than leave and enter. Which is the cheapest differs: CPUID, or a port of
 * KVM's own devices where the CPU lacks nrip-save and KVM has to decode CPUID to step over it. */
static const char *const least[] = { "cpuid/leaf0", "pio/in-pic", "pio/in-elcr", "pio/out-elcr",
	"pio/in-pit" };

const char *model_figure__name(enum model_figure f)
{
	static const char *const names[MODEL_FIGURES] = {
		[MODEL_SYSTEM_CALL] = "system call",
		[MODEL_RUN] = "KVM_RUN itself",
		[MODEL_SWITCH] = "VMENTER, VMEXIT, least handling",
		[MODEL_REST] = "rest",
		[MODEL_ROUNDTRIP] = "round trip",
		[MODEL_EXIT_LEG] = "exit leg",
		[MODEL_HANDLER] = "user-space handler",
		[MODEL_ENTRY_LEG] = "entry leg",
		[MODEL_GUEST] = "exit as the guest sees it",
		[MODEL_FASTPATH] = "fast-path exit",
		[MODEL_KERNEL] = "kernel-handled exit",
	};

	return names[f];
}

static const struct summary_row *find(
	const struct summary_row *rows, size_t count, const char *bench, const char *metric)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (rows[i].status == ROW_OK && rows[i].key.vcpus == 1 && rows[i].key.vms == 1 &&
			strcmp(rows[i].key.bench, bench) == 0 && strcmp(rows[i].metric, metric) == 0)
			return &rows[i];
	return NULL;
}

double model__median(const struct summary_row *rows, size_t count, const char *bench, const char *metric)
{
	const struct summary_row *r = find(rows, count, bench, metric);

	return r ? r->median : NAN;
}

static void set(struct model *m, enum model_figure f, double value, const char *how)
{
	m->figures[f].value = value;
	m->figures[f].how = how;
}

/* An exit that took the fast path is cheaper than any that didn't: one that isn't took the slow one on this host. */
static void set_fastpath(struct model *m, const struct summary_row *rows, size_t count, double kernel)
{
	double cheapest = NAN;
	size_t i;

	set(m, MODEL_FASTPATH, NAN, "no benchmark of the fast path was measured");
	for (i = 0; i < ARRAY_SIZE(fastpaths); i++) {
		double net = model__median(rows, count, fastpaths[i], "net");

		if (isnan(net) || net >= cheapest)
			continue;
		cheapest = net;
		m->fastpath = fastpaths[i];
	}
	snprintf(m->fast, sizeof(m->fast), "%s guest - floor/null-loop", m->fastpath ? m->fastpath : "");
	if (cheapest <= 0)
		set(m, MODEL_FASTPATH, NAN, LOST);
	else if (cheapest < kernel)
		set(m, MODEL_FASTPATH, cheapest, m->fast);
	else if (m->fastpath)
		set(m, MODEL_FASTPATH, NAN, "not taken here: none of its exits is cheaper than the kernel's");
	if (isnan(m->figures[MODEL_FASTPATH].value))
		m->fastpath = NULL;
}

/* The cheapest exit that the kernel handled; NAN where none was measured. `all`: was each that may be it measured? */
static double cheapest_kernel_exit(
	const struct summary_row *rows, size_t count, const char **bench, bool *all)
{
	double cheapest = NAN;
	size_t i;

	*bench = least[0];
	*all = true;
	for (i = 0; i < ARRAY_SIZE(least); i++) {
		double net = model__median(rows, count, least[i], "net");

		*all &= !isnan(net);
		if (isnan(net) || net >= cheapest)
			continue;
		cheapest = net;
		*bench = least[i];
	}
	return cheapest;
}

/* Why the rest is what it is: the cheapest exit of the kernel may do more there than an OUT to user space does. */
static const char *words_of_rest(double rest, bool all_measured)
{
	if (!(rest < 0))
		return "the round trip less the three above";
	return all_measured ? "below 0: the cheapest does more in KVM than this OUT"
			    : "below 0: run pio/* too, which has cheaper exits";
}

int model__build(
	struct model *m, const struct summary_row *rows, size_t count, double tsc_khz, struct error *err)
{
	const struct summary_row *out = find(rows, count, OUT, "roundtrip");
	const char *cheapest;
	bool all;
	double stamp, call, syscall, run, kernel, roundtrip, guest, exit_leg, entry_leg, cpuid;

	memset(m, 0, sizeof(*m));
	if (!out)
		return error__set(err, EXIT_USAGE,
			"the model takes " OUT " apart, and its round trip is not in these results: run " OUT
			" floor/\\* cpuid/leaf0");
	m->unit = out->unit;
	m->tsc_khz = strcmp(out->unit, "tsc") == 0 ? tsc_khz : 0;
	stamp = model__median(rows, count, "floor/stamp-host", "roundtrip");
	call = model__median(rows, count, "floor/call-host", "roundtrip");
	syscall = model__median(rows, count, "floor/syscall", "roundtrip") - call;
	run = model__median(rows, count, "floor/run-immediate", "roundtrip") - call;
	kernel = cheapest_kernel_exit(rows, count, &cheapest, &all);
	roundtrip = out->median - stamp;
	guest = model__median(rows, count, OUT, "guest");
	exit_leg = model__median(rows, count, OUT, "exit_leg");
	entry_leg = model__median(rows, count, OUT, "entry_leg");

	set(m, MODEL_SYSTEM_CALL, syscall, "floor/syscall - floor/call-host");
	set(m, MODEL_RUN, run - syscall, "floor/run-immediate - floor/syscall");
	snprintf(m->least, sizeof(m->least), "%s guest - floor/null-loop, %s", cheapest,
		kernel < 0 ? "lost in noise" : "the cheapest");
	set(m, MODEL_SWITCH, kernel, m->least);
	/* CPUID is decoded in software where the CPU lacks nrip-save; OUT isn't. */
	set(m, MODEL_REST, roundtrip - run - kernel, words_of_rest(roundtrip - run - kernel, all));
	set(m, MODEL_ROUNDTRIP, roundtrip, OUT " roundtrip - floor/stamp-host");
	set(m, MODEL_EXIT_LEG, exit_leg, OUT " exit_leg");
	set(m, MODEL_HANDLER, guest - exit_leg - entry_leg, OUT " guest - exit_leg - entry_leg");
	set(m, MODEL_ENTRY_LEG, entry_leg, OUT " entry_leg");
	set(m, MODEL_GUEST, guest, OUT " guest");
	cpuid = model__median(rows, count, "cpuid/leaf0", "net");
	if (cpuid <= 0)
		set(m, MODEL_KERNEL, NAN, LOST);
	else
		set(m, MODEL_KERNEL, cpuid, "cpuid/leaf0 guest - floor/null-loop");
	set_fastpath(m, rows, count, kernel);
	m->traced = model_way__build(&m->user_way, rows, count, OUT);
	model_way__build(&m->kernel_way, rows, count, "cpuid/leaf0");
	return 0;
}
