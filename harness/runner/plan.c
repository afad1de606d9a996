// SPDX-License-Identifier: MIT
#include "runner/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "measure/support.h"
#include "stats/random.h"

static const struct {
	unsigned runs;
	double seconds;
	uint64_t job_ns_max; /* more samples than this buys change no figure */
	unsigned timeout_ms;
} presets[] = {
	/* A 95 % interval of a median needs six runs: quick has none, and the table says so. */
	[PRESET_QUICK] = { 3, 8, 20 * 1000000ull, 2000 },
	[PRESET_DEFAULT] = { 6, 50, 100 * 1000000ull, 5000 },
	[PRESET_THOROUGH] = { 12, 0, 300 * 1000000ull, 10000 },
};

/* A guest that an emulator hangs on never comes back: less patience leaves more time for the others. */
#define EMULATED_PATIENCE 2
/* A number of samples that somebody asked for takes the time it takes: allow each a millisecond. */
#define SAMPLE_TIMEOUT_MS 1

static bool contains(const struct bench **list, size_t n, const struct bench *b)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i] == b)
			return true;
	return false;
}

/* The selection and all baselines that it leads to. */
static size_t with_baselines(const struct run_request *request, const struct bench **list)
{
	size_t n = 0, i;

	for (i = 0; i < request->bench_count; i++)
		if (!contains(list, n, request->benches[i]))
			list[n++] = request->benches[i];
	for (i = 0; i < n; i++) {
		const struct bench *baseline = list[i]->baseline ? bench__find(list[i]->baseline) : NULL;

		if (baseline && !contains(list, n, baseline))
			list[n++] = baseline;
	}
	return n;
}

/* CPU 0 takes most of a host's interrupts: it is left alone where there are others enough. */
static void spare_cpu0(struct cpu_list *allowed, size_t wanted)
{
	if (allowed->count > wanted && allowed->count > 1 && allowed->cpu[0] == 0) {
		memmove(allowed->cpu, allowed->cpu + 1, (allowed->count - 1) * sizeof(*allowed->cpu));
		allowed->count--;
	}
}

static int allowed_cpus(
	const struct run_request *request, size_t wanted, struct cpu_list *allowed, struct error *err)
{
	struct cpu_list may;
	size_t i;

	if (cpu_list__allowed(&may, err) < 0)
		return -1;
	if (!request->cpus) {
		spare_cpu0(&may, wanted);
		*allowed = may;
		return 0;
	}
	if (cpu_list__parse(request->cpus, allowed, err) < 0) {
		cpu_list__free(&may);
		return -1;
	}
	for (i = 0; i < allowed->count; i++) {
		if (!cpu_list__contains(&may, allowed->cpu[i])) {
			error__set(err, EXIT_USAGE,
				"--cpus %s: CPU %u is not among those this process may use (see taskset -p $$, cpusets)",
				request->cpus, allowed->cpu[i]);
			cpu_list__free(&may);
			cpu_list__free(allowed);
			return -1;
		}
	}
	cpu_list__free(&may);
	return 0;
}

/* The CPU that would be next: for a thread beside the vCPUs, where a benchmark has one. */
static int add_spare(struct cell *cell, const struct run_request *request,
	const struct cpu_topology *topology, struct error *err)
{
	size_t lanes = (size_t)cell->vcpus * cell->vms, i;
	const struct cpu_list taken = { .cpu = cell->cpus, .count = lanes };
	struct cpu_list allowed, order;
	unsigned *grown;
	bool too_few;

	if (allowed_cpus(request, lanes + 1, &allowed, err) < 0)
		return -1;
	if (placement__order(request->placement, topology, &allowed, lanes + 1, &order, &too_few, err) < 0) {
		cpu_list__free(&allowed);
		return -1;
	}
	cpu_list__free(&allowed);
	for (i = 0; i <= lanes && !too_few && !cell->spare_cpu; i++) {
		if (cpu_list__contains(&taken, order.cpu[i]))
			continue;
		grown = realloc(cell->cpus, (lanes + 1) * sizeof(*grown));
		if (!grown)
			break;
		cell->cpus = grown;
		grown[lanes] = order.cpu[i];
		cell->spare_cpu = true;
	}
	cpu_list__free(&order);
	return 0;
}

static int place(struct cell *cell, const struct run_request *request, const struct cpu_topology *topology,
	struct error *err)
{
	size_t lanes = (size_t)cell->vcpus * cell->vms;
	struct cpu_list allowed, order;
	int failed;

	if (allowed_cpus(request, lanes, &allowed, err) < 0)
		return -1;
	failed = placement__order(
		request->placement, topology, &allowed, lanes, &order, &cell->overcommitted, err);
	cpu_list__free(&allowed);
	if (failed)
		return -1;
	cell->cpus = order.cpu;
	return add_spare(cell, request, topology, err);
}

static int add_cell(struct plan *plan, const struct run_request *request, const struct kvm_host *host,
	const struct cpu_topology *topology, const struct bench *b, unsigned vcpus, unsigned vms,
	struct error *err)
{
	struct cell *cell = &plan->cells[plan->count];
	char text[256];
	const char *why;

	if (b->needs.vcpus > vcpus)
		vcpus = b->needs.vcpus;
	cell->bench = b;
	cell->vcpus = vcpus;
	cell->vms = vms;
	why = bench__unsupported_vcpus(b, host, vcpus, text, sizeof(text));
	if (b->handled_in == HANDLED_HOST && vcpus * vms > MAX(b->needs.vcpus, 1u))
		why = "a host-only operation has no vCPUs to multiply";
	plan->count++;
	if (why) {
		cell->status = ROW_SKIPPED;
		cell->over = true;
		snprintf(cell->reason, sizeof(cell->reason), "%s", why);
		return 0;
	}
	plan->runnable++;
	return place(cell, request, topology, err);
}

static int add_cells(struct plan *plan, const struct run_request *request, const struct kvm_host *host,
	const struct cpu_topology *topology, const struct bench *b, struct error *err)
{
	static const unsigned one = 1;
	const unsigned *vcpus = request->vcpus ? request->vcpus : &one;
	const unsigned *vms = request->vms ? request->vms : &one;
	size_t vcpus_count = request->vcpus ? request->vcpus_count : 1;
	size_t vms_count = request->vms ? request->vms_count : 1;
	size_t i, j, k;

	for (i = 0; i < vcpus_count; i++) {
		for (j = 0; j < vms_count; j++) {
			unsigned count = MAX(vcpus[i], b->needs.vcpus ? b->needs.vcpus : 1);
			bool exists = false;

			/* Counts below what the benchmark needs are the same cell. */
			for (k = 0; k < plan->count; k++)
				exists |= plan->cells[k].bench == b && plan->cells[k].vcpus == count &&
					  plan->cells[k].vms == vms[j];
			if (!exists && add_cell(plan, request, host, topology, b, count, vms[j], err) < 0)
				return -1;
		}
	}
	return 0;
}

int plan__make(struct plan *plan, const struct run_request *request, const struct kvm_host *host,
	bool emulated, struct error *err)
{
	size_t points = (request->vcpus ? request->vcpus_count : 1) * (request->vms ? request->vms_count : 1);
	const struct bench **list;
	struct cpu_topology topology;
	size_t all, n, i;

	memset(plan, 0, sizeof(*plan));
	plan->runs = request->runs ? request->runs : presets[request->preset].runs;
	plan->seconds = request->seconds > 0 ? request->seconds : presets[request->preset].seconds;
	plan->job_ns_max = presets[request->preset].job_ns_max;
	plan->timeout_ms = request->timeout_ms;
	if (!plan->timeout_ms) {
		plan->timeout_ms = presets[request->preset].timeout_ms;
		if (emulated)
			plan->timeout_ms /= EMULATED_PATIENCE;
		plan->timeout_ms += request->samples_per_run * SAMPLE_TIMEOUT_MS;
	}

	bench__all(&all);
	list = calloc(all + 1, sizeof(struct bench *));
	if (!list)
		return error__set(err, EXIT_BENCH_FAILED, "no memory for a plan");
	n = with_baselines(request, list);
	plan->cells = calloc(n * points + 1, sizeof(*plan->cells));
	plan->order = calloc(n * points + 1, sizeof(*plan->order));
	if (!plan->cells || !plan->order || cpu_topology__read("", &topology, err) < 0) {
		free(list);
		return plan->cells && plan->order
			       ? -1
			       : error__set(err, EXIT_BENCH_FAILED, "no memory for a plan");
	}
	for (i = 0; i < n; i++) {
		if (add_cells(plan, request, host, &topology, list[i], err) < 0) {
			cpu_topology__free(&topology);
			free(list);
			return -1;
		}
	}
	cpu_topology__free(&topology);
	free(list);
	for (i = 0; i < plan->count; i++)
		plan->order[i] = i;
	return 0;
}

void plan__free(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->count; i++)
		free(plan->cells[i].cpus);
	free(plan->cells);
	free(plan->order);
}

bool plan__keeps_fewer(const struct run_request *request, char *buf, size_t size)
{
	snprintf(buf, size, "%u samples a run are wanted, %u are kept: more would tell no more",
		request->samples_per_run, SERIES_MAX);
	return request->samples_per_run > SERIES_MAX;
}

size_t plan__live(const struct plan *plan)
{
	size_t live = 0, i;

	for (i = 0; i < plan->count; i++)
		live += !plan->cells[i].over;
	return live;
}

size_t plan__statuses(const struct plan *plan, struct cell_status *statuses)
{
	size_t n = 0, i;

	for (i = 0; i < plan->count; i++) {
		const struct cell *c = &plan->cells[i];

		if (c->status != ROW_OK || c->finished_runs)
			statuses[n++] = (struct cell_status){ { c->bench->id, c->vcpus, c->vms }, c->status,
				c->reason };
	}
	return n;
}

void plan__shuffle(struct plan *plan, uint64_t seed, unsigned run)
{
	struct random random;
	size_t i;

	for (i = 0; i < plan->count; i++)
		plan->order[i] = i;
	random__seed(&random, seed + run);
	random__shuffle(&random, plan->order, plan->count, sizeof(*plan->order));
}
