/* SPDX-License-Identifier: MIT */
/*
 * Rows that the option tables of several commands have: the same name, letter, type and limits everywhere. `owner` is
 * the type of the command's settings, `field` its member; help is the command's own where it says more.
 */
#ifndef CLI_OPTION_ROWS_H
#define CLI_OPTION_ROWS_H

#include "cli/options.h"

#define OPTION_ROW_COUNT(owner, field)                                                                       \
	{                                                                                                    \
		.name = "count", .type = OPTION_UNSIGNED, .offset = offsetof(owner, field), .argument = "N", \
		.min = 1, .max = 100000000, .help = "exactly so many samples a run, whatever the time"       \
	}

#define OPTION_ROW_TIME(owner, field, help_)                                                                 \
	{                                                                                                    \
		.name = "time", .letter = 't', .type = OPTION_SECONDS, .offset = offsetof(owner, field),     \
		.argument = "SECONDS", .help = help_                                                         \
	}

#define OPTION_ROW_CPUS(owner, field, help_)                                                                 \
	{                                                                                                    \
		.name = "cpus", .type = OPTION_CPUS, .offset = offsetof(owner, field), .argument = "LIST",   \
		.help = help_                                                                                \
	}

/* A file or a folder, as `argument_` says. */
#define OPTION_ROW_OUTPUT(owner, field, argument_, help_)                                                    \
	{                                                                                                    \
		.name = "output", .letter = 'o', .type = OPTION_STRING, .offset = offsetof(owner, field),    \
		.argument = argument_, .help = help_                                                         \
	}

/* The field gets the index in `choices_`, which ends in NULL. */
#define OPTION_ROW_FORMAT(owner, field, choices_, help_)                                                     \
	{                                                                                                    \
		.name = "format", .letter = 'f', .type = OPTION_CHOICE, .offset = offsetof(owner, field),    \
		.argument = "FORMAT", .choices = choices_, .help = help_                                     \
	}

#endif
