// SPDX-License-Identifier: MIT
/* vmexit-bench model: the picture of an exit with a host's figures on its arrows. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/option_rows.h"
#include "cli/terminal.h"
#include "compare/input.h"
#include "report/model.h"
#include "results/json_file.h"

enum model_format {
	MODEL_TEXT,
	MODEL_SVG
};
static const char *const formats[] = { "text", "svg", NULL };

struct settings {
	enum model_format format;
	bool trace;
};

static const struct option_spec specs[] = {
	OPTION_ROW_FORMAT(struct settings, format, formats, "text or svg"),
	{ .name = "trace",
		.type = OPTION_FLAG,
		.offset = offsetof(struct settings, trace),
		.help = "the inner arrows too, from the tracepoints that 'run --trace' recorded, with tracing's own cost" },
};

static const struct option_table table = {
	.command = "model",
	.operands = "DIR",
	.about =
		"Draws the way of an exit, user space to guest and back, with the figures of a run directory on its arrows, and "
		"says from which benchmarks each was derived. Needs pio/out-user-1b, floor/* and cpuid/leaf0; with --trace of a "
		"run --trace.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after = "Exit status: 0 fine, 1 the directory can't be read or lacks what the model needs.",
};

static int show(const struct input *in, const struct settings *settings, struct error *err)
{
	const json_t *khz = json__get(in->run, "clock.tsc_khz");
	char caption[512];
	unsigned width;
	struct model m;

	if (model__build(&m, in->summary.rows, in->summary.count, json_number_value(khz), err))
		return -1;
	if (settings->trace && !m.traced)
		return error__set(err, EXIT_USAGE,
			"%s has no tracepoints' time stamps: run --trace pio/out-user-1b cpuid/leaf0 'floor/*' (as root, on a "
			"host with tracefs)",
			in->path);
	m.traced = settings->trace;
	snprintf(caption, sizeof(caption), "%s, kernel %s, backend %s, trust class %s",
		json__string(in->run, "host.cpu.model_name", "unknown CPU"),
		json__string(in->run, "host.kernel.release", "unknown"),
		json__string(in->run, "backend", "unknown"), json__string(in->run, "trust", "unknown"));
	if (settings->format == MODEL_SVG) {
		model__svg(&m, caption, false, stdout);
		return 0;
	}
	width = terminal__of(stdout).width;
	model__text(&m, width, stdout);
	putchar('\n');
	columns__wrap(stdout, caption, 0, 0, width ? width : UINT_MAX);
	if (strcmp(json__string(in->run, "trust", ""), "emulated") == 0)
		printf("This backend emulated the guest's instructions: these are no exit costs.\n");
	return 0;
}

static int cmd_model(int argc, char **argv)
{
	struct settings settings = { .format = MODEL_TEXT };
	struct input in;
	struct error err;
	int status, first;

	first = command__parse(&table, &settings, argc, argv, &status);
	if (first < 0)
		return status;
	if (argc - first != 1)
		return command__fail_with(EXIT_USAGE, "model takes one run directory, not %d", argc - first);
	if (input__read(argv[first], &in, &err))
		return command__fail(&err);
	command__say_ending(&in);
	status = show(&in, &settings, &err) ? command__fail(&err) : command__finish(EXIT_FINE);
	input__free(&in);
	return status;
}

COMMAND(model, .summary = "the picture of an exit with a host's figures on its arrows", .options = &table,
	.order = 6, .run = cmd_model);
