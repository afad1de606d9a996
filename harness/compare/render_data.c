// SPDX-License-Identifier: MIT
/* A comparison as CSV and as JSON. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "compare/render.h"
#include "compare/words.h"
#include "results/csv.h"
#include "results/json_file.h"

static void number(struct text *t, double value)
{
	text__putc(t, ',');
	if (isfinite(value))
		text__number(t, value);
}

static void field(struct text *t, const char *value)
{
	text__putc(t, ',');
	csv__add_field(t, value);
}

void render__csv(const struct comparison *c, struct text *t)
{
	text__puts(t,
		"bench,vcpus,vms,metric,unit,runs_a,runs_b,median_a,median_b,ratio,ci_lo,ci_hi,p,p_holm,limit,"
		"detectable,verdict,method,note\n");
	for (size_t i = 0; i < c->count; i++) {
		const struct comparison_row *r = &c->rows[i];
		const struct judgement *j = &r->judgement;

		csv__add_field(t, r->key.bench);
		text__printf(t, ",%u,%u", r->key.vcpus, r->key.vms);
		field(t, r->metric);
		field(t, r->unit);
		text__printf(t, ",%zu,%zu", j->units_a, j->units_b);
		number(t, j->median_a);
		number(t, j->median_b);
		number(t, j->ratio);
		number(t, j->low);
		number(t, j->high);
		number(t, j->p);
		number(t, j->p_holm);
		number(t, j->delta);
		number(t, j->detectable);
		field(t, words__verdict(r));
		field(t, method__words(j->method));
		field(t, j->note);
		text__putc(t, '\n');
	}
}

static json_t *json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *row_json(const struct comparison_row *r)
{
	const struct judgement *j = &r->judgement;
	json_t *row = json_pack("{ss si si ss ss sb sI sI ss ss ss}", "bench", r->key.bench, "vcpus",
		(int)r->key.vcpus, "vms", (int)r->key.vms, "metric", r->metric, "unit", r->unit, "primary",
		r->primary, "runs_a", (json_int_t)j->units_a, "runs_b", (json_int_t)j->units_b, "verdict",
		words__verdict(r), "method", method__words(j->method), "note", j->note);
	const struct {
		const char *name;
		double value;
	} numbers[] = { { "median_a", j->median_a }, { "median_b", j->median_b }, { "ratio", j->ratio },
		{ "ci_lo", j->low }, { "ci_hi", j->high }, { "p", j->p }, { "p_holm", j->p_holm },
		{ "limit", j->delta }, { "detectable", j->detectable } };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		json_object_set_new(row, numbers[i].name, json_number(numbers[i].value));
	return row;
}

static json_t *side_json(const struct side *s)
{
	json_t *paths = json_array();

	for (size_t i = 0; i < s->input_count; i++)
		json_array_append_new(paths, json__text(s->inputs[i].path));
	return json_pack("{so so sI ss ss}", "label", json__text(s->label), "directories", paths, "boots",
		(json_int_t)s->boot_count, "kernel", side__fact(s, "host.kernel.release", ""), "cpu",
		side__fact(s, "host.cpu.model_name", ""));
}

void render__json(const struct comparison *c, struct text *t)
{
	json_t *differences = json_array(), *notes = json_array(), *rows = json_array(), *root;
	char *dump;

	for (size_t i = 0; i < c->difference_count; i++)
		json_array_append_new(
			differences, json_pack("{ss ss ss}", "field", c->differences[i].field, "a",
					     c->differences[i].a, "b", c->differences[i].b));
	for (size_t i = 0; i < c->note_count; i++)
		json_array_append_new(notes, json__text(c->notes[i]));
	for (size_t i = 0; i < c->count; i++)
		json_array_append_new(rows, row_json(&c->rows[i]));
	root = json_pack("{ss so so sI so so so}", "schema", "vmexit-bench-comparison/1", "a",
		side_json(c->a), "b", side_json(c->b), "tests", (json_int_t)c->tests, "differences",
		differences, "notes", notes, "rows", rows);
	dump = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
	if (!dump)
		t->failed = true;
	else
		text__puts(t, dump);
	text__putc(t, '\n');
	free(dump);
	json_decref(root);
}
