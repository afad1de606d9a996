/* SPDX-License-Identifier: MIT */
/*
 * Options are data: one table per command drives getopt_long, makes the usage text, and is dumped for the
 * test that holds the man page and the completions against it.
 *
 * A value goes to `offset` in the command's own settings structure; the type says what lies there.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

enum option_type {
	OPTION_FLAG,     /* bool: set to true */
	OPTION_SET,      /* int or enum: set to .value */
	OPTION_STRING,   /* const char *, not empty */
	OPTION_STRINGS,  /* struct string_list: may be given several times */
	OPTION_UNSIGNED, /* unsigned within min..max */
	OPTION_U64,      /* uint64_t, decimal or 0x */
	OPTION_NUMBER,   /* double within min..max, '.' decimals in any locale */
	OPTION_SECONDS,  /* double: "90", "1.5s", "200ms", "2m" */
	OPTION_MS,       /* unsigned milliseconds: "500", "500ms", "2s" */
	OPTION_LIST,     /* struct unsigned_list: "1,2,4" or "1-4", each within min..max */
	OPTION_CPUS,     /* const char *: a CPU list "0-3,8", checked */
	OPTION_CHOICE,   /* int or enum: the index in .choices */
	OPTION_HANDLER,  /* .handler decides */
};

#define OPTION_LIST_MAX 64

struct unsigned_list {
	size_t count;
	unsigned items[OPTION_LIST_MAX];
};

struct string_list {
	size_t count;
	const char *items[OPTION_LIST_MAX];
};

struct option_spec {
	const char *name; /* long name */
	char letter;      /* short name, 0: none */
	enum option_type type;
	size_t offset;              /* offsetof() in the settings */
	const char *argument;       /* its name in the usage text; NULL: takes none */
	const char *help;           /* one line, no full stop */
	double min, max;            /* both 0: no limits */
	int value;                  /* OPTION_SET */
	const char *const *choices; /* OPTION_CHOICE: NULL-terminated */
	/* OPTION_HANDLER: 0, or -1 with err (which names neither option nor value: the caller does) */
	int (*handler)(const struct option_spec *spec, const char *value, void *settings, struct error *err);
};

struct option_table {
	const char *command;  /* as in "vmexit-bench COMMAND" */
	const char *operands; /* "[PATTERN...]"; NULL: none are taken */
	const char *about;    /* a paragraph under the usage line */
	const struct option_spec *specs;
	size_t count;
	const char *after; /* text after the options; NULL: none */
};

enum {
	OPTIONS_ERROR = -1, /* err says what */
	OPTIONS_HELP = -2,  /* --help or -h was given */
};

/* Fills `settings` (which holds the defaults) from argv, operands moved to the end. Returns the index of the
 * first operand, OPTIONS_HELP, or OPTIONS_ERROR with err. --help needs no row of its own. */
int options__parse(
	const struct option_table *table, void *settings, int argc, char **argv, struct error *err);

/* Writes the usage text, no wider than `width` columns. */
void options__usage(const struct option_table *table, FILE *out, unsigned width);

/* Writes lines of six fields split by tabs: command, --name, -letter or "-", argument or "-", choices split
 * by commas or "-", help. The texts around the options come as the names "=about" and "=after". */
void options__dump(const struct option_table *table, FILE *out);

#endif
