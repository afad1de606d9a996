/* SPDX-License-Identifier: MIT */
/* What compare and check share: options that say how to compare. */
#ifndef CLI_COMPARE_OPTIONS_H
#define CLI_COMPARE_OPTIONS_H

#include "cli/options.h"
#include "compare/compare.h"

struct compare_settings {
	double limit_percent; /* 0: the default */
	unsigned across;      /* bits of enum factor */
	const char *thresholds_path;
	struct thresholds thresholds;
};

/* Option handler for --across: a list of factors; the target is the `across` of a compare_settings. */
int compare_settings__across(
	const struct option_spec *spec, const char *value, void *settings, struct error *err);

/* Turns settings into options; reads the thresholds file. 0, or -1 with err. */
int compare_settings__resolve(struct compare_settings *s, struct compare_options *options, struct error *err);

/* The rows of the option table; `owner` is the type of the command's settings, `inside` its member that is a compare_settings. */
#define COMPARE_OPTION_ROWS(owner, inside)                                                                   \
	{ .name = "limit",                                                                                   \
		.letter = 'l',                                                                               \
		.type = OPTION_NUMBER,                                                                       \
		.offset = offsetof(owner, inside.limit_percent),                                             \
		.argument = "PERCENT",                                                                       \
		.min = 0.001,                                                                                \
		.max = 1000,                                                                                 \
		.help = "smallest change that counts; default: 1, or what A/A runs on the hosts showed" },   \
		{ .name = "thresholds",                                                                      \
			.type = OPTION_STRING,                                                               \
			.offset = offsetof(owner, inside.thresholds_path),                                   \
			.argument = "FILE",                                                                  \
			.help = "limits per benchmark and metric" },                                         \
	{                                                                                                    \
		.name = "across", .type = OPTION_HANDLER, .offset = offsetof(owner, inside.across),          \
		.argument = "LIST", .handler = compare_settings__across,                                     \
		.help = "compare although these differ: cpu, kernel, backend, emulator, all"                 \
	}

#endif
