/* SPDX-License-Identifier: MIT */
/*
 * A command of the program: one file cmd_NAME.c that ends in one COMMAND() line. main.c finds it in the
 * linker section; adding a command edits nothing else.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "results/text.h"

struct command {
	const char *name;
	const char *summary;                /* one line for --help, no full stop */
	const struct option_table *options; /* NULL: takes none */
	int order;                          /* place in --help; ties by name */
	int (*run)(int argc, char **argv);  /* argv[0] is the command's name; returns the exit status */
};

/* Last line of a cmd_*.c: COMMAND(list, .summary = "...", .options = &table, .order = 1, .run = cmd_list); */
#define COMMAND(command_name, ...)                                                                           \
	static const struct command command_##command_name = { .name = #command_name, __VA_ARGS__ };         \
	static const struct command *const command_pointer_##command_name                                    \
		__attribute__((used, section("cli_commands"))) = &command_##command_name

/* Every command in the order of --help; *count gets their number. */
const struct command *const *command__all(size_t *count);

/* The command of that name, or NULL. */
const struct command *command__find(const char *name);

/*
 * What every command does first: parses `argv` by the table, prints --help (returns -1 with *status
 * EXIT_FINE) or the error (returns -1 with *status EXIT_USAGE). Otherwise the index of the first operand;
 * operands are at argv[index..argc).
 */
int command__parse(const struct option_table *table, void *settings, int argc, char **argv, int *status);

/* Prints "vmexit-bench: text" to stderr and returns the status that `err` carries. */
int command__fail(const struct error *err);

/* The same with an error that is made here, and is nobody else's: `return command__fail_with(EXIT_USAGE, ...)`. */
int command__fail_with(enum exit_status status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct input;

/* Says on stderr that the run of these results didn't come to its end, where it didn't. */
void command__say_ending(const struct input *in);

/* Writes a text to stdout and frees it. EXIT_FINE; where there was no memory to make it, fails and says so. */
int command__print(struct text *text);

/* Flushes stdout and says so where the data could not be written; returns `status`, or EXIT_IO then. */
int command__finish(int status);

#endif
