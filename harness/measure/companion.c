// SPDX-License-Identifier: MIT
#include "measure/companion.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "host/cpus.h"

static bool is_taken(const struct pass *p, unsigned cpu)
{
	unsigned i;

	for (i = 0; i < p->lane_count; i++)
		if (p->lanes[i].cpu == (int)cpu)
			return true;
	return false;
}

int companion__spare_cpu(const struct pass *p)
{
	cpu_set_t allowed;
	unsigned cpu;

	if (p->spec->spare_cpu)
		return (int)p->spec->cpus[p->lane_count];
	/* This process has pinned itself; what the program may use is what its parent is allowed. */
	if (sched_getaffinity(getppid(), sizeof(allowed), &allowed) < 0)
		return -1;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && !is_taken(p, cpu))
			return (int)cpu;
	return -1;
}

void companion__move_to(int cpu)
{
	struct error err;

	if (cpu >= 0 && cpu__pin((unsigned)cpu, &err) < 0)
		fatal("%s", err.text);
}

static void *companion_main(void *argument)
{
	struct companion *c = argument;

	companion__move_to(c->cpu);
	c->work(c);
	return NULL;
}

void companion__start(struct companion *c, int cpu, void (*work)(struct companion *c), void *argument)
{
	int err;

	c->cpu = cpu;
	c->work = work;
	c->argument = argument;
	err = pthread_create(&c->thread, NULL, companion_main, c);
	if (err)
		fatal("a thread beside the vCPU's: %s (free memory, or raise the process limit: ulimit -u)",
			strerror(err));
}

void companion__join(struct companion *c)
{
	pthread_join(c->thread, NULL);
}

void lane__run_to_end(struct lane *lane)
{
	struct vcpu *v = lane->vcpu;
	long value;

	do {
		value = vcpu__run(v->fd);
	} while (value == -EINTR);
	if (value || v->run->exit_reason != KVM_EXIT_IO || v->run->io.port != ABI_PORT_DONE ||
		v->abi->status != ABI_STATUS_DONE)
		machine__unexpected(lane->machine, v, value);
	vcpu__complete_io(v);
}

void companion__run_vcpu(struct companion *c)
{
	lane__run_to_end(c->argument);
}
