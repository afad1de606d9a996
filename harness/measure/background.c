// SPDX-License-Identifier: MIT
#include "measure/background.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/fatal.h"
#include "host/tsc.h"

#define KICK SIGUSR1

static void interrupt_only(int number)
{
	(void)number; /* that it arrives is all: KVM_RUN returns */
}

static void run(struct companion *c)
{
	struct background *b = c->argument;
	struct vcpu *v = b->lane->vcpu;
	long value;

	while (!__atomic_load_n(&b->stop, __ATOMIC_ACQUIRE)) {
		value = vcpu__run(v->fd);
		if (value == -EINTR) {
			b->interrupted_tsc = tsc__stamp();
			v->run->immediate_exit = 0;
			__atomic_add_fetch(&b->interrupted, 1, __ATOMIC_RELEASE);
		} else if (value ||
			   (v->run->exit_reason == KVM_EXIT_IO && v->run->io.port == ABI_PORT_DONE)) {
			machine__unexpected(b->lane->machine, v, value);
		}
	}
}

void background__start(struct background *b, struct pass *p)
{
	struct sigaction action = { .sa_handler = interrupt_only };

	if (p->lane_count < 2 || p->spec->overcommitted)
		skip("a vCPU has to run beside this thread: two CPUs are needed");
	memset(b, 0, sizeof(*b));
	b->lane = &p->lanes[1];
	sigaction(KICK, &action, NULL);
	machine__arm(b->lane->machine, b->lane->vcpu, b->lane->machine->entry, ABI_MODE_HOST, 0);
	companion__start(&b->companion, b->lane->cpu, run, b);
	background__await_guest(b);
}

void background__signal(struct background *b)
{
	int err = pthread_kill(b->companion.thread, KICK);

	if (err)
		fatal("a signal to the thread of vCPU %u: %s", b->lane->vcpu->index, strerror(err));
}

void background__await_guest(const struct background *b)
{
	const uint64_t *count = &b->lane->vcpu->abi->shared[0];
	uint64_t before = __atomic_load_n(count, __ATOMIC_ACQUIRE);

	/* The watchdog ends a wait for a guest that doesn't run. */
	while (__atomic_load_n(count, __ATOMIC_ACQUIRE) == before)
		__builtin_ia32_pause();
}

void background__await_interrupted(const struct background *b, uint32_t seen)
{
	while (__atomic_load_n(&b->interrupted, __ATOMIC_ACQUIRE) == seen)
		__builtin_ia32_pause();
}

void background__stop(struct background *b)
{
	__atomic_store_n(&b->stop, true, __ATOMIC_RELEASE);
	b->lane->vcpu->run->immediate_exit =
		1; /* also a KVM_RUN that the signal comes too early for returns */
	background__signal(b);
	companion__join(&b->companion);
	b->lane->vcpu->run->immediate_exit = 0;
}
