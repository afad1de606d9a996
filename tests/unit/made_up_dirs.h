/* SPDX-License-Identifier: MIT */
/* Run directories of made-up figures in a temporary folder, and what comparing two of them gives. */
#ifndef TESTS_MADE_UP_DIRS_H
#define TESTS_MADE_UP_DIRS_H

#include "tests/unit/compare_fixture.h"
#include "tests/unit/temp_folder.h"

#include "compare/gate.h"
#include "compare/pair.h"
#include "compare/render.h"
#include "results/run_dir.h"
#include "results/summary.h"
#include "stats/random.h"

static const struct compare_options options = COMPARE_OPTIONS_DEFAULT;

/* What a made-up run directory holds. */
struct plan {
	const char *trust, *boot, *kernel, *cpu, *unit;
	size_t benches, runs;
	double level, sd, raise; /* `raise` multiplies b/03 */
	double khz;
	double exits; /* an operation of each; 0: 1 */
	uint64_t seed;
};

/* What isn't said is as on a quiet machine; instructions have no spread and no clock. */
static inline void fill_in(struct plan *p)
{
	bool exact;

	p->trust = p->trust ? p->trust : "hardware";
	p->boot = p->boot ? p->boot : "boot-1";
	p->kernel = p->kernel ? p->kernel : "6.1";
	p->cpu = p->cpu ? p->cpu : "CPU 1";
	p->unit = p->unit ? p->unit : "tsc";
	exact = !strcmp(p->unit, "insn");
	p->benches = p->benches ? p->benches : 8;
	p->runs = p->runs ? p->runs : 10;
	p->level = p->level > 0 ? p->level : 3000;
	p->sd = exact ? 0 : p->sd > 0 ? p->sd : 0.002;
	p->raise = p->raise > 0 ? p->raise : 1;
	p->khz = exact ? 0 : p->khz > 0 ? p->khz : 2000000;
	p->exits = p->exits > 0 ? p->exits : 1;
	p->seed = p->seed ? p->seed : 1;
}

static inline void write_run_json(struct run_dir *d, const struct plan *p)
{
	struct error err;
	json_t *root = json_pack("{ss ss ss ss ss s{sI} s{sf} s{ss s{ss ss} s{ss} s{s{ss}}}}", "schema",
		RUN_SCHEMA, "started", "2026-01-01T00:00:00Z", "finished", "2026-01-01T00:01:00Z", "trust",
		p->trust, "backend", "svm", "plan", "seed", (json_int_t)p->seed, "clock", "tsc_khz", p->khz,
		"host", "hostname", "h", "kernel", "release", p->kernel, "boot_id", p->boot, "cpu",
		"model_name", p->cpu, "kvm", "parameters", "kvm_amd.npt", "Y");

	assert_non_null(root);
	assert_int_equal(run_dir__write_json(d, root, &err), 0);
	json_decref(root);
}

static inline const char *make_dir(const char *name, struct plan p)
{
	static struct results_row rows[64 * 64];
	static char names[64][24];
	struct cell_status skipped = { { "z/skipped", 1, 1 }, ROW_SKIPPED, "no huge pages" };
	struct run_piece piece = { .results = rows };
	const char *path = below(name);
	struct summary_row *summary;
	struct error err = { 0 };
	struct run_dir d;
	struct random r;
	size_t count;

	fill_in(&p);
	random__seed(&r, p.seed);
	for (unsigned run = 0; run < p.runs; run++) {
		for (size_t b = 0; b < p.benches; b++) {
			double e = p.exits,
			       v = p.level * exp(p.sd * random__normal(&r)) * (b == 3 ? p.raise : 1);

			snprintf(names[b], sizeof(names[b]), "b/%02zu", b);
			if (!strcmp(p.unit, "insn"))
				v = round(v);
			rows[piece.result_count++] = (struct results_row){ { names[b], 1, 1 }, run, 0,
				"guest", p.unit, 100, v, v, v, v, v, v, v, v, v, v, 0, "" };
			rows[piece.result_count++] = (struct results_row){ { names[b], 1, 1 }, run, 0,
				"exits", "count/op", 1, e, e, e, e, e, e, e, e, e, e, NAN, "" };
		}
	}
	if (run_dir__create(path, &d, &err))
		fail_msg("%s", err.text);
	assert_int_equal(run_dir__append(&d, &piece, &err), 0);
	assert_int_equal(summary__compute(rows, piece.result_count, &skipped, 1, &summary, &count, &err), 0);
	assert_int_equal(run_dir__write_summary(&d, summary, count, &err), 0);
	free(summary);
	write_run_json(&d, &p);
	assert_int_equal(run_dir__close(&d, &err), 0);
	return path;
}

/* Makes DIR("name", .member of a plan = ..., ...) below the folder; returns its path. */
#define DIR(name, ...) make_dir(name, (struct plan){ __VA_ARGS__ })

/* What came of comparing two of them. */
struct trial {
	struct pair pair;
	struct comparison *c; /* the pair's */
	struct error err;
	int failed;
};

static inline void trial__compare(
	struct trial *t, const char *a, const char *b, const struct compare_options *o)
{
	*t = (struct trial){ .c = &t->pair.c };
	t->failed = pair__compare(&t->pair, a, b, o, &t->err);
}

static inline void trial__free(struct trial *t)
{
	pair__free(&t->pair);
}

/* Does one of the comparison's notes say that? */
static inline bool trial__noted(const struct trial *t, const char *words)
{
	for (size_t i = 0; i < t->c->note_count; i++)
		if (strstr(t->c->notes[i], words))
			return true;
	return false;
}

/* The status of a gate on it; its JUnit report goes to `junit`, if there is one. */
static inline enum exit_status trial__gated(
	const struct trial *t, enum gate_mode mode, bool strict, struct text *junit)
{
	struct gate_options o = { .mode = mode, .fail_on = GATE_FAIL_ON_DEFAULT, .strict = strict };
	struct gate g;
	struct error err;
	enum exit_status status;

	assert_int_equal(gate__decide(t->c, &o, &g, &err), 0);
	status = g.status;
	if (junit)
		render__junit(&g, junit);
	gate__free(&g);
	return status;
}

#endif
