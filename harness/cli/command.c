// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal.h"
#include "compare/input.h"

/* Bounds that the linker makes for a section whose name is a C identifier. */
extern const struct command *const __start_cli_commands[];
extern const struct command *const __stop_cli_commands[];

static int by_order(const void *a, const void *b)
{
	const struct command *x = *(const struct command *const *)a, *y = *(const struct command *const *)b;

	return x->order != y->order ? x->order - y->order : strcmp(x->name, y->name);
}

const struct command *const *command__all(size_t *count)
{
	static const struct command **sorted;
	size_t n = (size_t)(__stop_cli_commands - __start_cli_commands);

	if (!sorted) {
		sorted = malloc(n * sizeof(*sorted));
		if (!sorted) {
			perror("vmexit-bench: list of commands");
			exit(EXIT_IO);
		}
		memcpy(sorted, __start_cli_commands, n * sizeof(*sorted));
		qsort(sorted, n, sizeof(*sorted), by_order);
	}
	*count = n;
	return sorted;
}

const struct command *command__find(const char *name)
{
	size_t count;
	const struct command *const *all = command__all(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

int command__parse(const struct option_table *table, void *settings, int argc, char **argv, int *status)
{
	struct error err;
	int first = options__parse(table, settings, argc, argv, &err);

	if (first == OPTIONS_HELP) {
		struct terminal t = terminal__of(stdout);

		options__usage(table, stdout, terminal__text_width(&t));
		*status = command__finish(EXIT_FINE);
		return -1;
	}
	if (first == OPTIONS_ERROR) {
		*status = command__fail(&err);
		return -1;
	}
	return first;
}

int command__fail(const struct error *err)
{
	fflush(stdout);
	fprintf(stderr, "vmexit-bench: %s\n", err->text);
	return err->status;
}

int command__fail_with(enum exit_status status, const char *format, ...)
{
	struct error err = { .status = status };
	va_list ap;

	va_start(ap, format);
	vsnprintf(err.text, sizeof(err.text), format, ap);
	va_end(ap);
	return command__fail(&err);
}

void command__say_ending(const struct input *in)
{
	char words[1024];

	if (input__ending(in, words, sizeof(words)))
		fprintf(stderr, "vmexit-bench: %s\n", words);
}

int command__print(struct text *text)
{
	bool failed = text->failed;

	if (!failed && text->used)
		fwrite(text->data, 1, text->used, stdout);
	text__free(text);
	return failed ? command__fail_with(EXIT_IO, "out of memory") : EXIT_FINE;
}

int command__finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	/* The reader of a pipe that went away (head, a pager) has what it wanted. */
	if (errno == EPIPE)
		return status;
	fprintf(stderr, "vmexit-bench: writing to standard output: %s\n", strerror(errno));
	return EXIT_IO;
}
