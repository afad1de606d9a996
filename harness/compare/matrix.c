// SPDX-License-Identifier: MIT
#include "compare/matrix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/json_file.h"
#include "results/summary.h"

static int no_memory(struct error *err)
{
	return error__set_errno(err, EXIT_IO, ENOMEM, "comparing");
}

/* The member of run.json that a field stands for, as text for a label; NULL where it isn't there. */
static char *label_of(const struct input *in, const char *field)
{
	char below_host[256];
	const json_t *value;

	snprintf(below_host, sizeof(below_host), "host.%s", field);
	value = json__get(in->run, !strcmp(field, "kernel") ? "host.kernel.release"
				   : !strcmp(field, "cpu")  ? "host.cpu.model_name"
							    : field);
	if (!value)
		value = json__get(in->run, below_host);
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
}

/* Moves the inputs of a freshly read side to the groups that they belong to. */
static int distribute(struct matrix *m, struct side *from, const char *field, struct error *err)
{
	for (size_t i = 0; i < from->input_count; i++) {
		struct input *in = &from->inputs[i], *inputs;
		char *label = label_of(in, field);
		size_t g = 0;

		if (!label)
			return error__set(err, EXIT_USAGE,
				"%s: run.json has no member '%s' to group by (kernel, cpu, or a path such as "
				"host.kvm.parameters.kvm_amd.npt)",
				in->path, field);
		while (g < m->count && strcmp(m->groups[g].label, label))
			g++;
		if (g == m->count) {
			struct side *groups = realloc(m->groups, (m->count + 1) * sizeof(*groups));

			if (!groups) {
				free(label);
				return no_memory(err);
			}
			m->groups = groups;
			groups[m->count++] = (struct side){ .label = label };
		} else {
			free(label);
		}
		inputs = realloc(m->groups[g].inputs, (m->groups[g].input_count + 1) * sizeof(*inputs));
		if (!inputs)
			return no_memory(err);
		m->groups[g].inputs = inputs;
		inputs[m->groups[g].input_count++] = *in;
		*in = (struct input){ 0 };
	}
	return 0;
}

/* A second side with the same directories, loaded anew. */
static int copy_side(const struct side *from, struct side *to, struct error *err)
{
	*to = (struct side){ .label = strdup(from->label) };
	if (!to->label)
		return no_memory(err);
	for (size_t i = 0; i < from->input_count; i++)
		if (side__add(from->inputs[i].path, to, err))
			return -1;
	return side__index(to, false, err);
}

static unsigned factor_of(const char *field)
{
	unsigned factor = factor__parse(field);

	/* A field that is no factor is a setting; kernels then have to agree. */
	if (factor == FACTOR_CPU) /* another CPU may bring another backend, and in the lab another emulator */
		return FACTOR_CPU | FACTOR_BACKEND | FACTOR_EMULATOR;
	return factor;
}

static int compare_groups(
	struct matrix *m, const char *field, const struct compare_options *options, struct error *err)
{
	struct compare_options own = *options;

	own.across |= factor_of(field);
	m->comparisons = calloc(m->count, sizeof(*m->comparisons));
	m->references = calloc(m->count, sizeof(*m->references));
	if (!m->comparisons || !m->references)
		return no_memory(err);
	for (size_t i = 0; i < m->count; i++)
		if (side__index(&m->groups[i], false, err))
			return -1;
	for (size_t i = 1; i < m->count; i++)
		if (copy_side(&m->groups[0], &m->references[i], err) ||
			compare__run(&m->references[i], &m->groups[i], &own, &m->comparisons[i], err))
			return -1;
	return 0;
}

int matrix__run(char *const *paths, size_t path_count, const char *field,
	const struct compare_options *options, struct matrix *m, struct error *err)
{
	int failed = 0;

	*m = (struct matrix){ .fact = field };
	for (size_t i = 0; i < path_count && !failed; i++) {
		struct side all = { 0 };

		failed = side__add(paths[i], &all, err) || distribute(m, &all, field, err) ? -1 : 0;
		side__free(&all);
	}
	if (!failed && m->count < 2)
		failed = error__set(err, EXIT_USAGE,
			"all directories have the same %s (%s): there is nothing to compare", field,
			m->count ? m->groups[0].label : "none");
	if (!failed)
		failed = compare_groups(m, field, options, err);
	if (failed)
		matrix__free(m);
	return failed;
}

const struct comparison_row *matrix__row(
	const struct matrix *m, size_t i, const struct cell_key *key, const char *metric)
{
	const struct comparison *c = &m->comparisons[i];

	for (size_t r = 0; r < c->count; r++)
		if (!cell_key__compare(&c->rows[r].key, key) && !strcmp(c->rows[r].metric, metric))
			return &c->rows[r];
	return NULL;
}

void matrix__free(struct matrix *m)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->comparisons)
			comparison__free(&m->comparisons[i]);
		if (m->references)
			side__free(&m->references[i]);
		side__free(&m->groups[i]);
	}
	free(m->comparisons);
	free(m->references);
	free(m->groups);
	*m = (struct matrix){ 0 };
}
