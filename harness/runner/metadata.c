// SPDX-License-Identifier: MIT
#include "runner/metadata.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/file.h"
#include "host/fingerprint.h"
#include "results/json_file.h"
#include "results/noise_floor.h"
#include "version.h"

#define SCHEMA "vmexit-bench-run/1"

static json_t *utc_now(void)
{
	time_t now = time(NULL);
	struct tm utc;
	char text[32];

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_string(text);
}

static json_t *program(void)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "version", VERSION_NUMBER, "revision", VERSION_REVISION,
		"compiler", VERSION_COMPILER, "cflags", VERSION_CFLAGS);
}

static json_t *arguments(const struct run_request *request)
{
	json_t *list = json_array();
	int i;

	for (i = 0; i < request->argc; i++)
		json_array_append_new(list, json__text(request->argv[i]));
	return list;
}

static json_t *clock_facts(const struct run_facts *f)
{
	const struct host_clock *c = f->clock;

	return json_pack("{s:s, s:f, s:s, s:f, s:i, s:f, s:b, s:b, s:b, s:s, s:b}", "unit",
		trust__tick_unit(f->trust), "tsc_khz", c->exact ? 0.0 : c->tsc_khz, "source", c->source,
		"spread_ppm", c->spread_ppm, "kvm_tsc_khz", (int)c->kvm_tsc_khz, "kvm_difference_ppm",
		c->kvm_difference_ppm, "invariant", c->invariant, "exact", c->exact, "trusted", c->trusted,
		"distrust", c->distrust, "guest_shares_host_tsc", f->evidence->shared_tsc);
}

static json_t *probe_facts(const struct run_facts *f)
{
	const struct trust_evidence *e = f->evidence;

	return json_pack("{s:f, s:f, s:f}", "emulations_per_sample", e->emulations_per_sample,
		"null_loop_ticks", e->null_ticks, "five_nops_ticks", e->control_ticks - e->null_ticks);
}

static json_t *plan_facts(const struct run_facts *f)
{
	return json_pack("{s:I, s:I, s:i, s:f, s:i, s:i, s:I}", "cells", (json_int_t)f->plan->count,
		"runnable", (json_int_t)f->plan->runnable, "runs_planned", (int)f->plan->runs, "seconds",
		f->plan->seconds, "timeout_ms", (int)f->plan->timeout_ms, "samples_per_run",
		(int)f->request->samples_per_run, "seed", (json_int_t)f->seed);
}

/* Benchmarks whose figures depend on when a timer or another CPU comes: not exact in the lab. */
static json_t *timing_dependent(const struct plan *plan)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < plan->count; i++)
		if (plan->cells[i].bench->timing_dependent)
			json_array_append_new(list, json_string(plan->cells[i].bench->id));
	return list;
}

/* What a matrix run was made with: { "halt-poll": "0", ... }; empty elsewhere. */
static json_t *setting_facts(const struct run_request *request)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < request->settings.count; i++)
		json_object_set_new(object, request->settings.choices[i].setting->name,
			json_string(request->settings.choices[i].value));
	for (i = 0; i < request->host_setting_count; i++)
		json_object_set_new(
			object, request->host_settings[i].path, json__text(request->host_settings[i].value));
	return object;
}

/* The lab says what it emulates; elsewhere the file doesn't exist. */
static json_t *lab_facts(void)
{
	char text[65536];
	json_t *lab;

	if (file__read("", LAB_JSON, text, sizeof(text)) < 0)
		return json_null();
	lab = json_loads(text, 0, NULL);
	return lab ? lab : json_string(text);
}

/* What the last A/A run on this CPU and kernel could tell apart; null where there was none. */
static json_t *last_noise_floor(const json_t *host)
{
	char name[256];
	json_t *floor = noise_floor__load(metadata__host_name(host, name, sizeof(name)));

	return floor ? floor : json_null();
}

const char *metadata__host_name(const json_t *host, char *buf, size_t size)
{
	snprintf(buf, size, "%s, %s", json__string(host, "cpu.model_name", "unknown CPU"),
		json__string(host, "kernel.release", "unknown kernel"));
	return buf;
}

json_t *metadata__begin(const struct run_facts *f)
{
	json_t *root = json_object();

	if (!root)
		return NULL;
	json_object_set_new(root, "schema", json_string(SCHEMA));
	json_object_set_new(root, "status", json_string("running"));
	json_object_set_new(root, "started", utc_now());
	json_object_set_new(root, "program", program());
	json_object_set_new(root, "arguments", arguments(f->request));
	json_object_set_new(root, "plan", plan_facts(f));
	json_object_set_new(root, "timing_dependent", timing_dependent(f->plan));
	json_object_set_new(root, "settings", setting_facts(f->request));
	json_object_set_new(root, "backend", json_string(f->host->backend));
	json_object_set_new(root, "trust", json_string(trust__name(f->trust)));
	json_object_set_new(root, "trust_words", json_string(trust__words(f->trust)));
	json_object_set_new(root, "clock", clock_facts(f));
	json_object_set_new(root, "probe", probe_facts(f));
	json_object_set_new(root, "host", host__fingerprint(""));
	json_object_set_new(root, "lab", lab_facts());
	json_object_set_new(root, "noise_floor", last_noise_floor(json_object_get(root, "host")));
	json_object_set_new(root, "warnings", json_array());
	return root;
}

void metadata__warn(json_t *root, const char *text)
{
	json_t *list = json_object_get(root, "warnings"), *known;
	size_t i;

	json_array_foreach(list, i, known)
	{
		if (strcmp(json_string_value(known), text) == 0)
			return;
	}
	json_array_append_new(list, json__text(text));
}

void metadata__events(json_t *root, const struct events_plan *plan)
{
	json_t *counted = json_array(), *missing = json_object();
	size_t i;

	for (i = 0; i < plan->event_count; i++)
		json_array_append_new(counted, json_string(plan->event[i].name));
	for (i = 0; i < plan->missing_count; i++)
		json_object_set_new(missing, plan->missing[i].name, json_string(plan->missing[i].reason));
	json_object_set_new(root, "events", json_pack("{s:o, s:o}", "counted", counted, "missing", missing));
}

void metadata__flags(json_t *root, size_t measured, const size_t *flagged)
{
	json_t *object = json_pack("{s:I}", "measured", (json_int_t)measured);
	unsigned i;

	for (i = 0; i < FLAG_COUNT; i++)
		if (flagged[i])
			json_object_set_new(object, flag__word(i), json_integer((json_int_t)flagged[i]));
	json_object_set_new(root, "flagged_runs", object);
}

/* The overheads, beside the raw figures that contain them. */
static json_t *floors(const struct summary_row *rows, size_t count)
{
	static const struct {
		const char *bench, *metric, *name;
	} wanted[] = {
		{ "floor/stamp-host", "roundtrip", "host_stamps" },
		{ "floor/stamp-guest", "guest", "guest_stamps" },
		{ "floor/null-loop", "guest", "guest_null_loop" },
		{ "floor/call-host", "roundtrip", "host_call" },
		{ "floor/syscall", "roundtrip", "system_call" },
	};
	json_t *list = json_object();
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		for (j = 0; j < count; j++)
			if (strcmp(rows[j].key.bench, wanted[i].bench) == 0 && rows[j].key.vcpus == 1 &&
				rows[j].key.vms == 1 && strcmp(rows[j].metric, wanted[i].metric) == 0)
				json_object_set_new(list, wanted[i].name, json_real(rows[j].median));
	return list;
}

void metadata__end(json_t *root, const struct run_ending *ending, unsigned runs,
	const struct summary_row *rows, size_t count)
{
	json_object_set_new(root, "status",
		json_string(ending->signal  ? "interrupted"
			    : ending->error ? "failed"
					    : "complete"));
	if (ending->signal)
		json_object_set_new(root, "signal", json_integer(ending->signal));
	if (ending->error)
		json_object_set_new(root, "error", json__text(ending->error));
	json_object_set_new(root, "finished", utc_now());
	json_object_set_new(root, "runs", json_integer(runs));
	json_object_set_new(root, "overheads", floors(rows, count));
}
