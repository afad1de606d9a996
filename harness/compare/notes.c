// SPDX-License-Identifier: MIT
#include "compare/notes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "results/json_file.h"
#include "stats/rank.h"

static int __attribute__((format(printf, 2, 3))) note(struct comparison *c, const char *format, ...)
{
	char **notes = realloc(c->notes, (c->note_count + 1) * sizeof(*notes)), *text;
	va_list ap;
	int length;

	if (!notes)
		return -1;
	c->notes = notes;
	va_start(ap, format);
	length = vasprintf(&text, format, ap);
	va_end(ap);
	if (length < 0)
		return -1;
	notes[c->note_count++] = text;
	return 0;
}

static bool either(const struct comparison *c, const char *fact, const char *value)
{
	return !strcmp(side__fact(c->a, fact, ""), value) || !strcmp(side__fact(c->b, fact, ""), value);
}

static int about_trust(struct comparison *c)
{
	if (either(c, "trust", "emulated") &&
		note(c, "EMULATED: KVM emulated the guest's instructions on these hosts. The comparison is of that "
			"emulation; none of the figures is what an exit costs."))
		return -1;
	if (either(c, "trust", "nested") &&
		note(c, "Below a hypervisor: its own exits and its neighbours are in these times. What is counted (exits, "
			"instructions) can be relied on before they can."))
		return -1;
	if (c->exact &&
		note(c, "The clock counts instructions and is exact: a difference of one is a difference, and "
			"there is nothing to test. Instructions are not time."))
		return -1;
	if (!*side__fact(c->a, "schema", "") || !*side__fact(c->b, "schema", ""))
		return note(c, "No run.json on one side: whether the hosts can be compared is not known.");
	return 0;
}

static int about_endings(struct comparison *c)
{
	const struct side *sides[] = { c->a, c->b };
	char text[1024];

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
		for (size_t j = 0; j < sides[i]->input_count; j++)
			if (input__ending(&sides[i]->inputs[j], text, sizeof(text)) && note(c, "%s", text))
				return -1;
	return 0;
}

static int about_runs(struct comparison *c)
{
	const char *boot_a = side__fact(c->a, "host.kernel.boot_id", ""),
		   *boot_b = side__fact(c->b, "host.kernel.boot_id", "");

	if (c->copy)
		return note(c,
			"Both sides hold the very same runs (start, boot and seed agree): one is a copy of the other. "
			"Their figures are compared as they stand, without a test.");
	if (c->exact)
		return 0;
	if (c->a->boot_count > 1 && c->b->boot_count > 1)
		return note(c, "%zu boots against %zu: boots are compared, not the runs within them.",
			c->a->boot_count, c->b->boot_count);
	if (*boot_a && *boot_b && strcmp(boot_a, boot_b))
		return note(c,
			"One boot a side%s: every boot lays the kernel out anew, which can move figures by a percent or "
			"so. Small differences may be the boot's doing; several boots a side, taken in turns, would tell.",
			c->a->boot_count + c->b->boot_count > 2 ? " is not enough" : "");
	return 0;
}

/* Runs of the pair that has the fewest. */
static size_t fewest_runs(const struct comparison *c)
{
	size_t fewest = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct judgement *j = &c->rows[i].judgement;
		size_t here = j->units_a < j->units_b ? j->units_a : j->units_b;

		if (c->rows[i].primary && j->method == METHOD_RUNS && (!fewest || here < fewest))
			fewest = here;
	}
	return fewest;
}

static int about_power(struct comparison *c, const struct compare_options *options)
{
	size_t fewest = fewest_runs(c), needed = judge__runs_needed(c->tests, options->alpha);

	if (fewest && fewest < needed &&
		note(c,
			"%zu run%s a side can't decide %zu comparison%s: at least %zu are needed (run --runs %zu), or "
			"fewer benchmarks.",
			fewest, fewest == 1 ? "" : "s", c->tests, c->tests == 1 ? "" : "s", needed, needed))
		return -1;
	if (c->noise > options->delta)
		return note(c,
			"A/A runs on these hosts differ by up to %.1f %%: smaller changes are not called.",
			100 * c->noise);
	return 0;
}

static int about_units(struct comparison *c)
{
	if (!c->nanoseconds)
		return 0;
	return note(c, "The TSCs run at %.0f and %.0f MHz: ticks were turned into nanoseconds.",
		c->a->tsc_khz / 1000, c->b->tsc_khz / 1000);
}

int notes__add_all(struct comparison *c, const struct compare_options *options, struct error *err)
{
	if (about_trust(c) || about_endings(c) || about_runs(c) || about_power(c, options) || about_units(c))
		return error__set_errno(err, EXIT_IO, ENOMEM, "comparing");
	return 0;
}
