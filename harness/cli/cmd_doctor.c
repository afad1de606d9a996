// SPDX-License-Identifier: MIT
/* vmexit-bench doctor: what on this host would disturb a measurement, and how to put it right. */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/file.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "cli/terminal.h"
#include "host/doctor.h"

enum doctor_format {
	DOCTOR_TEXT,
	DOCTOR_JSON
};
static const char *const formats[] = { "text", "json", NULL };

struct doctor_settings {
	enum doctor_format format;
	const char *root;
};

static const struct option_spec specs[] = {
	OPTION_ROW_FORMAT(struct doctor_settings, format, formats, "text or json"),
	{ .name = "root",
		.type = OPTION_STRING,
		.offset = offsetof(struct doctor_settings, root),
		.argument = "DIR",
		.help = "look at a recorded machine instead (scripts/record-host)" },
};

static const struct option_table table = {
	.command = "doctor",
	.about =
		"Looks for what would disturb a measurement on this host or explains a figure: each with its state, why "
		"it matters, and the command that changes it and the one that puts it back. Changes nothing itself.",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.after =
		"States: ok; info (explains a figure, disturbs nothing); warning (disturbs); unknown (can't be "
		"read here).\n\nExit status: 0 no warning, 1 usage, 7 there are warnings: figures may be worse than "
		"they need be.",
};

static void print_finding(const struct finding *f, const struct terminal *terminal)
{
	static const enum colour colours[FINDING_STATE_COUNT] = {
		[FINDING_OK] = COLOUR_GREEN,
		[FINDING_INFO] = COLOUR_BOLD,
		[FINDING_WARNING] = COLOUR_YELLOW,
		[FINDING_UNKNOWN] = COLOUR_DIM,
	};
	unsigned width = terminal->width ? terminal->width : UINT_MAX;

	printf("%s%-8s%s %-16s ", terminal__colour(terminal, colours[f->state]),
		finding_state__name(f->state), terminal__colour(terminal, COLOUR_NONE), f->id);
	columns__wrap(stdout, f->value, 26, 26, width);
	if (f->state == FINDING_OK)
		return;
	printf("         why      ");
	columns__wrap(stdout, f->why, 18, 18, width);
	/* What is to be copied stays one line. */
	if (*f->change)
		printf("         change   %s\n", f->change);
	if (*f->restore)
		printf("         restore  %s\n", f->restore);
}

static void print_text(const struct doctor_report *r)
{
	static const enum finding_state order[] = { FINDING_WARNING, FINDING_INFO, FINDING_UNKNOWN,
		FINDING_OK };
	struct terminal terminal = terminal__of(stdout);

	for (size_t s = 0; s < sizeof(order) / sizeof(order[0]); s++)
		for (size_t i = 0; i < r->count; i++)
			if (r->finding[i].state == order[s])
				print_finding(&r->finding[i], &terminal);
	printf("\n%zu checks: %zu ok, %zu info, %zu warning%s, %zu unknown\n", r->count,
		r->by_state[FINDING_OK], r->by_state[FINDING_INFO], r->by_state[FINDING_WARNING],
		r->by_state[FINDING_WARNING] == 1 ? "" : "s", r->by_state[FINDING_UNKNOWN]);
}

static void print_json(const struct doctor_report *r)
{
	json_t *object = json_pack("{si sI so}", "schema", 1, "warnings",
		(json_int_t)r->by_state[FINDING_WARNING], "findings", doctor_report__json(r));

	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}

static int cmd_doctor(int argc, char **argv)
{
	struct doctor_settings settings = { 0 };
	struct doctor_report report;
	struct error err;
	int status;

	if (command__parse(&table, &settings, argc, argv, &status) < 0)
		return status;
	if (settings.root && !file__exists(settings.root, "/proc") && !file__exists(settings.root, "/sys"))
		return command__fail_with(EXIT_USAGE,
			"%s has neither proc nor sys below it: give a folder that scripts/record-host made",
			settings.root);
	if (doctor__run(settings.root ? settings.root : "", &report, &err))
		return command__fail(&err);
	if (settings.format == DOCTOR_JSON)
		print_json(&report);
	else
		print_text(&report);
	status = report.by_state[FINDING_WARNING] ? EXIT_UNTRUSTWORTHY : EXIT_FINE;
	doctor_report__free(&report);
	return command__finish(status);
}

COMMAND(doctor, .summary = "what on this host would disturb a measurement, and how to put it right",
	.options = &table, .order = 3, .run = cmd_doctor);
