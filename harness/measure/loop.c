// SPDX-License-Identifier: MIT
#include "measure/loop.h"

#include <errno.h>

#include "host/tsc.h"

static bool is_done(const struct kvm_run *run)
{
	return run->exit_reason == KVM_EXIT_IO && run->io.port == ABI_PORT_DONE;
}

/* What KVM_RUN returns beside an exit reason: one of them comes as an error (api.rst, 5, KVM_EXIT_MEMORY_FAULT). */
static long value_beside(uint32_t exit_reason)
{
	return exit_reason == KVM_EXIT_MEMORY_FAULT ? -EFAULT : 0;
}

__attribute__((noinline)) struct loop_end loop__host(struct vcpu *v, unsigned count, uint32_t exit_reason,
	void (*on_exit)(struct vcpu *), struct run_stamps *stamps)
{
	const struct kvm_run *run = v->run;
	struct loop_end end = { 0 };
	uint64_t before_tsc, after_tsc;
	long wanted = value_beside(exit_reason);
	int fd = v->fd;
	unsigned i;

	for (i = 0; i < count; i++) {
		before_tsc = tsc__stamp();
		end.run_value = vcpu__run(fd);
		after_tsc = tsc__stamp();
		/* Both are stored outside the span. */
		stamps[i].call_tsc = before_tsc;
		stamps[i].return_tsc = after_tsc;
		if (end.run_value != wanted || run->exit_reason != exit_reason || is_done(run))
			break;
		if (on_exit)
			on_exit(v);
	}
	end.count = i;
	return end;
}

__attribute__((noinline)) struct loop_end loop__host_several(struct vcpu *v, unsigned count, unsigned exits,
	uint32_t exit_reason, void (*on_exit)(struct vcpu *), struct run_stamps *stamps)
{
	const struct kvm_run *run = v->run;
	struct loop_end end = { 0 };
	uint64_t before_tsc, first_tsc = 0, spent;
	long wanted = value_beside(exit_reason);
	int fd = v->fd;
	unsigned i, exit;

	for (i = 0; i < count; i++) {
		spent = 0;
		for (exit = 0; exit < exits; exit++) {
			before_tsc = tsc__stamp();
			end.run_value = vcpu__run(fd);
			spent += tsc__stamp() - before_tsc;
			if (!exit)
				first_tsc = before_tsc;
			if (end.run_value != wanted || run->exit_reason != exit_reason || is_done(run))
				goto out;
			if (on_exit)
				on_exit(v);
		}
		stamps[i] = (struct run_stamps){ first_tsc, first_tsc + spent };
	}
out:
	end.count = i;
	return end;
}

__attribute__((noinline)) struct loop_end loop__guest(struct vcpu *v, unsigned max, uint32_t exit_reason,
	void (*on_exit)(struct vcpu *), struct run_stamps *stamps)
{
	const struct kvm_run *run = v->run;
	struct loop_end end = { 0 };
	long wanted = value_beside(exit_reason);
	int fd = v->fd;
	unsigned i;

	for (i = 0; i < max; i++) {
		stamps[i].call_tsc = tsc__stamp();
		end.run_value = vcpu__run(fd);
		stamps[i].return_tsc = tsc__stamp();
		if (is_done(run)) {
			end.round_done = end.run_value == 0;
			break;
		}
		if (end.run_value != wanted || run->exit_reason != exit_reason)
			break;
		if (on_exit)
			on_exit(v);
	}
	end.count = i;
	return end;
}

__attribute__((noinline)) void loop__operation(struct machine *m, unsigned count, uint64_t *ticks)
{
	void (*prepare)(struct machine *) = m->bench->host_prepare;
	void (*operation)(struct machine *) = m->bench->host_op;
	uint64_t before_tsc;
	unsigned i;

	for (i = 0; i < count; i++) {
		if (prepare)
			prepare(m);
		before_tsc = tsc__stamp();
		operation(m);
		ticks[i] = tsc__stamp() - before_tsc;
	}
}

__attribute__((noinline)) void loop__stamps(unsigned count, uint64_t *ticks)
{
	uint64_t before_tsc;
	unsigned i;

	for (i = 0; i < count; i++) {
		before_tsc = tsc__stamp();
		ticks[i] = tsc__stamp() - before_tsc;
	}
}
