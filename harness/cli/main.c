// SPDX-License-Identifier: MIT
/* vmexit-bench: finds the command and runs it. The commands are in cmd_*.c. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/columns.h"
#include "cli/command.h"
#include "cli/nearest.h"
#include "cli/terminal.h"
#include "measure/trace_instance.h"
#include "runner/tuned.h"
#include "version.h"

static int print_version(void)
{
	printf("vmexit-bench %s\nrevision %s\ncompiler %s\n", VERSION_NUMBER, VERSION_REVISION,
		VERSION_COMPILER);
	return command__finish(EXIT_FINE);
}

static void print_usage(FILE *out)
{
	size_t count;
	const struct command *const *all = command__all(&count);
	struct terminal terminal = terminal__of(out);

	fputs("Usage: vmexit-bench COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "What it costs a virtual machine to leave and enter guest mode under Linux KVM.\n\n"
	      "Commands:\n",
		out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "  %-10s", all[i]->name);
		columns__wrap(out, all[i]->summary, 12, 13, terminal__text_width(&terminal));
	}
	fputs("\nOptions:\n"
	      "  --version  what this is and how it was built\n"
	      "  -h, --help this text; 'vmexit-bench COMMAND --help' for a command's options\n\n"
	      "Start with: vmexit-bench run --quick\n",
		out);
}

/* For the test that holds the man page and the completions against the option tables. */
static int dump_options(void)
{
	size_t count;
	const struct command *const *all = command__all(&count);

	for (size_t i = 0; i < count; i++) {
		printf("%s\t-\t-\t%s\t-\t%s\n", all[i]->name,
			all[i]->options && all[i]->options->operands ? all[i]->options->operands : "-",
			all[i]->summary);
		if (all[i]->options)
			options__dump(all[i]->options, stdout);
	}
	return command__finish(EXIT_FINE);
}

static int unknown_command(const char *name)
{
	const char *best = NULL;
	unsigned distance = NEAREST_NONE;
	size_t count;
	const struct command *const *all = command__all(&count);
	const char *kind = name[0] == '-' ? "option" : "command";

	for (size_t i = 0; i < count && name[0] != '-'; i++)
		nearest__offer(name, all[i]->name, &best, &distance);
	if (best)
		fprintf(stderr, "vmexit-bench: unknown %s '%s'; did you mean '%s'?\n", kind, name, best);
	else
		fprintf(stderr, "vmexit-bench: unknown %s '%s'; 'vmexit-bench --help' lists them\n", kind,
			name);
	return EXIT_USAGE;
}

/* A killed run left its journal (--tune) or its trace instance (--trace): whatever is started next puts the host back first. */
static void recover_host(void)
{
	struct error err;
	int count = tuned__recover(&err), instances;

	if (count < 0)
		command__fail(&err);
	else if (count > 0)
		fprintf(stderr, "vmexit-bench: put back %d setting%s that a tuned run had left changed\n",
			count, count == 1 ? "" : "s");
	instances = trace_instance__recover(tuned__root(), &err);
	if (instances < 0)
		command__fail(&err);
	else if (instances > 0)
		fprintf(stderr, "vmexit-bench: switched off the tracing that a killed run had left on\n");
}

/* Whoever starts this without one of the three descriptors must not get a file of results in its place, which then
 * what is said goes into. Writing to these fails, as it would to a closed one. */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	static char help[] = "--help";
	const struct command *command;

	fill_standard_descriptors();
	/* Characters as the user has them; numbers stay those of the C locale, in files and on the terminal. */
	setlocale(LC_CTYPE, "");
	/* A closed pipe is an error of write(), not the end of a run that has figures to store. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* nor is a file's limit of size */
	/* And a parent that ignores SIGCHLD hands that on: then no process could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	recover_host();

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0)
		return print_version();
	if (strcmp(argv[1], "--dump-options") == 0)
		return dump_options();
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		(strcmp(argv[1], "help") == 0 && argc == 2)) {
		print_usage(stdout);
		return command__finish(EXIT_FINE);
	}
	if (strcmp(argv[1], "help") == 0) { /* help COMMAND: as COMMAND --help */
		argv[1] = argv[2];
		argv[2] = help;
	}
	command = command__find(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	return command->run(argc - 1, argv + 1);
}
