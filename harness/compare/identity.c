// SPDX-License-Identifier: MIT
#include "compare/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "results/json_file.h"
#include "results/text.h"

/* The facts that make each factor. */
static const struct {
	unsigned factor;
	const char *name;
	const char *facts[6];
} factors[] = {
	{ FACTOR_CPU, "cpu",
		{ "host.cpu.model_name", "host.cpu.vendor", "host.cpu.family", "host.cpu.model",
			"host.cpu.stepping", "lab.cpu_model" } },
	{ FACTOR_KERNEL, "kernel",
		{ "host.kernel.release", "host.kernel.config_hash", "host.kernel.version" } },
	{ FACTOR_BACKEND, "backend", { "backend" } },
	{ FACTOR_EMULATOR, "emulator", { "lab.emulator", "lab.emulator_version" } },
};

unsigned factor__parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(factors); i++)
		if (!strcmp(factors[i].name, name))
			return factors[i].factor;
	return strcmp(name, "all") ? 0 : FACTOR_ALL;
}

/* A fact as text; "" where it is missing or null. The caller frees it. */
static char *fact_text(const json_t *value)
{
	char *text;

	if (!value || json_is_null(value))
		return strdup("");
	if (json_is_string(value))
		return strdup(json_string_value(value));
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
	return text ? text : strdup("");
}

static bool fact_differs(const struct input *a, const struct input *b, const char *fact)
{
	const json_t *x = json__get(a->run, fact), *y = json__get(b->run, fact);

	/* What one of them doesn't say can't contradict the other. */
	return x && y && !json_is_null(x) && !json_is_null(y) && !json_equal(x, y);
}

static int check_factor(
	const struct input *a, const struct input *b, size_t i, bool pooled, struct error *err)
{
	for (size_t f = 0; f < ARRAY_SIZE(factors[i].facts) && factors[i].facts[f]; f++) {
		char *x, *y;

		if (!fact_differs(a, b, factors[i].facts[f]))
			continue;
		x = fact_text(json__get(a->run, factors[i].facts[f]));
		y = fact_text(json__get(b->run, factors[i].facts[f]));
		error__set(err, EXIT_USAGE,
			pooled ? "%.120s and %.120s can't be pooled: %s is '%.80s' in one and '%.80s' in the other"
			       : "%.120s and %.120s can't be compared: %s is '%.80s' against '%.80s', so a difference could be the "
				 "%s's; if that is what you want to know, say --across %s",
			a->path, b->path, factors[i].facts[f], x ? x : "?", y ? y : "?", factors[i].name,
			factors[i].name);
		free(x);
		free(y);
		return -1;
	}
	return 0;
}

/* Bytes of what stands before a colon, and no more than fit. */
static size_t first_statement(const char *words)
{
	size_t length = strcspn(words, ":");

	return length < 90 ? length : 90;
}

static int check_trust(const struct input *a, const struct input *b, struct error *err)
{
	const char *x = input__fact(a, "trust", ""), *y = input__fact(b, "trust", "");
	const char *words_a = input__fact(a, "trust_words", "?"),
		   *words_b = input__fact(b, "trust_words", "?");

	if (!*x || !*y || !strcmp(x, y))
		return 0;
	return error__set(err, EXIT_USAGE,
		"%.120s and %.120s can't be compared: trust class '%s' (%.*s) against '%s' (%.*s); their figures mean "
		"different things",
		a->path, b->path, x, (int)first_statement(words_a), words_a, y, (int)first_statement(words_b),
		words_b);
}

static int check_pooled(const struct side *s, unsigned allowed, struct error *err)
{
	for (size_t i = 1; i < s->input_count; i++) {
		if (check_trust(&s->inputs[0], &s->inputs[i], err))
			return -1;
		for (size_t f = 0; f < ARRAY_SIZE(factors); f++)
			if (!(allowed & factors[f].factor) &&
				check_factor(&s->inputs[0], &s->inputs[i], f, true, err))
				return -1;
	}
	return 0;
}

int identity__check(const struct side *a, const struct side *b, unsigned allowed, struct error *err)
{
	if (check_trust(&a->inputs[0], &b->inputs[0], err))
		return -1;
	for (size_t f = 0; f < ARRAY_SIZE(factors); f++)
		if (!(allowed & factors[f].factor) &&
			check_factor(&a->inputs[0], &b->inputs[0], f, false, err))
			return -1;
	/* Within a side kernels may not be mixed, unless kernels are what isn't looked at. */
	return check_pooled(a, allowed & ~FACTOR_KERNEL, err) ||
			       check_pooled(b, allowed & ~FACTOR_KERNEL, err)
		       ? -1
		       : 0;
}

bool identity__same_runs(const struct side *a, const struct side *b)
{
	if (a->input_count != b->input_count)
		return false;
	for (size_t i = 0; i < a->input_count; i++)
		if (!input__same_run(&a->inputs[i], &b->inputs[i]))
			return false;
	return true;
}

/* Differ between any two runs, or say nothing about figures. */
static bool is_volatile(const char *field)
{
	static const char *const fields[] = { "kernel.boot_id", "kernel.uptime_s", "memory.available_kib",
		"load", "memory.ksm_pages_sharing", "hostname", "lab.arguments", "lab.kernel_image",
		"lab.kernel_config", "memory.total_kib", "kernel.version" };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(field, fields[i]))
			return true;
	return strstr(field, ".free") && !strncmp(field, "memory.huge_pages", 17);
}

static bool is_important(const char *field)
{
	static const char *const starts[] = { "cpu.model_name", "cpu.microcode", "cpu.stepping",
		"kernel.release", "kernel.command_line", "kvm.", "mitigations.", "backend",
		"frequency.governor", "frequency.boost", "smt.", "hypervisor.present", "lab." };

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(field, starts[i], strlen(starts[i])))
			return true;
	return false;
}

struct gathering {
	struct difference *list;
	size_t count;
	bool failed;
};

static bool has_word(const json_t *array, const json_t *word)
{
	const json_t *other;
	size_t i;

	json_array_foreach(array, i, other)
	{
		if (json_equal(word, other))
			return true;
	}
	return false;
}

/* The words of `a` that `b` hasn't. */
static char *words_only_in(const json_t *a, const json_t *b)
{
	struct text t = { 0 };
	const json_t *word;
	size_t i;

	json_array_foreach(a, i, word)
	{
		if (!json_is_string(word) || has_word(b, word))
			continue;
		text__puts(&t, t.used ? " " : "only ");
		text__puts(&t, json_string_value(word));
	}
	return t.data ? t.data : strdup("-");
}

static void add_difference(struct gathering *g, const char *field, const json_t *a, const json_t *b)
{
	struct difference *list = realloc(g->list, (g->count + 1) * sizeof(*list)), *d;

	if (!list) {
		g->failed = true;
		return;
	}
	g->list = list;
	d = &list[g->count++];
	d->field = strdup(field);
	if (json_is_array(a) && json_is_array(b)) {
		d->a = words_only_in(a, b);
		d->b = words_only_in(b, a);
	} else {
		d->a = fact_text(a);
		d->b = fact_text(b);
	}
	d->important = is_important(field);
	g->failed |= !d->field || !d->a || !d->b;
}

static void walk(struct gathering *g, const char *field, const json_t *a, const json_t *b)
{
	const char *key;
	json_t *value;
	char below[256];

	if (is_volatile(field) || (a && b && json_equal(a, b)))
		return;
	if (!json_is_object(a) && !json_is_object(b)) {
		if ((a && !json_is_null(a)) || (b && !json_is_null(b)))
			add_difference(g, field, a, b);
		return;
	}
	json_object_foreach((json_t *)a, key, value)
	{
		snprintf(below, sizeof(below), "%s%s%s", field, *field ? "." : "", key);
		walk(g, below, value, json_object_get(b, key));
	}
	json_object_foreach((json_t *)b, key, value)
	{
		if (json_object_get(a, key))
			continue;
		snprintf(below, sizeof(below), "%s%s%s", field, *field ? "." : "", key);
		walk(g, below, NULL, value);
	}
}

int identity__differences(const struct side *a, const struct side *b, struct difference **list, size_t *count)
{
	const json_t *x = a->inputs[0].run, *y = b->inputs[0].run;
	struct gathering g = { 0 };
	size_t kept = 0;

	walk(&g, "", json_object_get(x, "host"), json_object_get(y, "host"));
	walk(&g, "lab", json_object_get(x, "lab"), json_object_get(y, "lab"));
	walk(&g, "backend", json_object_get(x, "backend"), json_object_get(y, "backend"));
	walk(&g, "program.version", json__get(x, "program.version"), json__get(y, "program.version"));
	walk(&g, "program.revision", json__get(x, "program.revision"), json__get(y, "program.revision"));
	if (g.failed) {
		identity__free(g.list, g.count);
		return -1;
	}
	/* The important ones first, in the order in which run.json has them. */
	for (size_t i = 0; i < g.count; i++) {
		struct difference d = g.list[i];

		if (!d.important)
			continue;
		memmove(&g.list[kept + 1], &g.list[kept], (i - kept) * sizeof(d));
		g.list[kept++] = d;
	}
	*list = g.list;
	*count = g.count;
	return 0;
}

void identity__free(struct difference *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].field);
		free(list[i].a);
		free(list[i].b);
	}
	free(list);
}
