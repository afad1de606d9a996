// SPDX-License-Identifier: MIT
/*
 * vmexit-bench live: a VM's whole life and nothing else, for timing the process from outside (scripts/lifecycle).
 * Measures nothing, writes nothing; the end of the process ends the VM, as in any VMM that is killed.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fatal.h"
#include "cli/command.h"
#include "measure/bench.h"
#include "measure/machine.h"

#define LIVES "pio/out-user-1b" /* whose guest it runs: each exit is an OUT to user space */

struct settings {
	uint64_t exits;
	unsigned vcpus, memory_mib;
};

static const struct option_spec specs[] = {
	{ .name = "exits",
		.letter = 'n',
		.type = OPTION_U64,
		.offset = offsetof(struct settings, exits),
		.argument = "N",
		.help = "exits to user space that each vCPU makes; default: 1; 0: the guest is never entered" },
	{ .name = "vcpus",
		.type = OPTION_UNSIGNED,
		.offset = offsetof(struct settings, vcpus),
		.argument = "N",
		.min = 1,
		.max = 64,
		.help = "vCPUs, each with a thread of its own; default: 1" },
	{ .name = "memory",
		.letter = 'm',
		.type = OPTION_UNSIGNED,
		.offset = offsetof(struct settings, memory_mib),
		.argument = "MIB",
		.min = 2,
		.max = 2048,
		.help = "guest memory besides the few pages that the guest needs, all of it populated; default: none" },
};

static const struct option_table table = {
	.command = "live",
	.about =
		"Creates a VM, lets its guest make some exits to user space, and ends: the whole life of a VM in one process, "
		"to be timed from outside. Prints nothing. scripts/lifecycle times it with hyperfine.",
	.specs = specs,
	.count = ARRAY_SIZE(specs),
	.after =
		"Exit status: 0 fine, 3 no usable KVM, 5 the VM could not be built or did not exit as it should.",
};

struct life {
	struct machine *machine;
	struct vcpu *vcpu;
	uint64_t exits;
	pthread_t thread;
};

static void *live(void *argument)
{
	const struct life *life = argument;
	struct vcpu *v = life->vcpu;

	machine__arm(life->machine, v, life->machine->entry, ABI_MODE_HOST, 0);
	for (uint64_t i = 0; i < life->exits; i++) {
		long value = vcpu__run(v->fd);

		if (value || v->run->exit_reason != KVM_EXIT_IO || v->run->io.port != ABI_PORT_MEASURE)
			machine__unexpected(life->machine, v, value);
	}
	return NULL;
}

static void run_all(struct machine *m, uint64_t exits)
{
	struct life *lives = calloc(m->vcpu_count, sizeof(*lives));

	if (!lives)
		fatal("no memory for %u threads", m->vcpu_count);
	for (unsigned i = 0; i < m->vcpu_count; i++)
		lives[i] = (struct life){ .machine = m, .vcpu = &m->vcpus[i], .exits = exits };
	for (unsigned i = 1; i < m->vcpu_count; i++) {
		int failed = pthread_create(&lives[i].thread, NULL, live, &lives[i]);

		if (failed)
			fatal("a thread for vCPU %u: %s (free memory, or raise the process limit: ulimit -u)",
				i, strerror(failed));
	}
	live(&lives[0]);
	for (unsigned i = 1; i < m->vcpu_count; i++)
		pthread_join(lives[i].thread, NULL);
	free(lives);
}

static int cmd_live(int argc, char **argv)
{
	struct settings settings = { .exits = 1, .vcpus = 1 };
	/* Static: the end of the process ends them, and leak checkers see that they are still in use. */
	static struct kvm_host host;
	static struct machine machine;
	struct error err;
	static struct bench bench;
	int status, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (first != argc)
		return command__fail_with(EXIT_USAGE, "live takes options only");
	if (kvm_host__open(&host, &err) < 0)
		return command__fail(&err);
	bench = *bench__find(LIVES);
	if (settings.memory_mib) {
		bench.arena.backing = BACKING_ANON_4K;
		bench.arena.bytes = (size_t)settings.memory_mib << 20;
	}
	machine__create(&machine, &host, &bench, NULL, settings.vcpus, 0);
	if (settings.exits)
		run_all(&machine, settings.exits);
	return EXIT_FINE;
}

COMMAND(live, .summary = "a VM's whole life and nothing else, to be timed from outside", .options = &table,
	.order = 10, .run = cmd_live);
