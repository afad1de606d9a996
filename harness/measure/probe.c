// SPDX-License-Identifier: MIT
#include "measure/probe.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>

#include "base/fatal.h"

/* The signal is there to make KVM_RUN return, nothing else. */
static void ignore(int number)
{
	(void)number;
}

static void set_timer(unsigned cpu_ms)
{
	struct itimerval timer = {
		.it_value = { .tv_sec = cpu_ms / 1000, .tv_usec = (suseconds_t)(cpu_ms % 1000) * 1000 },
	};

	if (setitimer(ITIMER_PROF, &timer, NULL) < 0)
		fatal_errno("setitimer(ITIMER_PROF, %u ms)", cpu_ms);
}

bool probe__returns(struct machine *m, struct vcpu *v, const char *entry, unsigned cpu_ms)
{
	struct sigaction action = { .sa_handler = ignore }, old;
	uint64_t address = image__entry(m->bench->guest, entry);
	long value;

	if (!address)
		fatal("guest %s has no entry %s", m->bench->guest->name, entry);
	machine__arm(m, v, address, ABI_MODE_GUEST, 1);
	if (sigaction(SIGPROF, &action, &old) < 0)
		fatal_errno("sigaction(SIGPROF)");
	set_timer(cpu_ms);
	value = vcpu__run(v->fd);
	set_timer(0);
	sigaction(SIGPROF, &old, NULL);
	if (value == -EINTR)
		return false;
	if (value)
		machine__unexpected(m, v, value);
	vcpu__complete_io(v);
	return true;
}
