// SPDX-License-Identifier: MIT
/* The floors: what everything else stands on, each measured by the same program in the same way. */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(null);

static void nothing(struct machine *m)
{
	(void)m;
}

static void null_system_call(struct machine *m)
{
	(void)m;
	/* getppid: does next to nothing, is not cached by libc, exists in every seccomp policy. */
	syscall(SYS_getppid);
}

static void device_ioctl(struct machine *m)
{
	ioctl(m->host->fd, KVM_GET_API_VERSION, 0);
}

static void vcpu_ioctl(struct machine *m)
{
	struct kvm_mp_state state;

	ioctl(m->vcpus[0].fd, KVM_GET_MP_STATE, &state);
}

static void need_immediate_exit(struct machine *m)
{
	m->vcpus[0].run->immediate_exit = 1;
	if (vcpu__run(m->vcpus[0].fd) != -EINTR)
		fatal("KVM_RUN with immediate_exit did not return EINTR");
}

static void run_immediate(struct machine *m)
{
	vcpu__run(m->vcpus[0].fd);
}

/* A host operation; what follows `operation` are further members. */
#define HOST_FLOOR(variant, what, why, operation, ...)                                                       \
	{                                                                                                    \
		.id = "floor/" variant, .summary = what, .doc = why, .guest = GUEST(null), .entry = "null",  \
		.handled_in = HANDLED_HOST, .host_op = operation, __VA_ARGS__                                \
	}
#define NET .baseline = "floor/call-host"

#define GUEST_FLOOR(variant, what, why, guest_entry, ...)                                                    \
	{                                                                                                    \
		.id = "floor/" variant, .summary = what, .doc = why, .guest = GUEST(null),                   \
		.entry = guest_entry, .handled_in = HANDLED_NOWHERE, __VA_ARGS__                             \
	}

static const struct bench floors[] = {
	HOST_FLOOR("syscall", "a system call that does nothing (getppid)",
		"The way into the kernel and back: the lower bound of anything that leaves to user space.",
		null_system_call, NET),
	HOST_FLOOR("run-immediate", "KVM_RUN with immediate_exit: in and out without VMENTER",
		"vcpu_load, FPU switch and vcpu_put: what a user-space exit pays besides the exit itself.",
		run_immediate, NET, .setup = need_immediate_exit,
		.needs = { .caps = { NEED_CAP(KVM_CAP_IMMEDIATE_EXIT) } }),
	HOST_FLOOR("stamp-host", "two host time stamps with nothing in between",
		"LFENCE RDTSC LFENCE twice: in every host-timed figure.", NULL, ),
	GUEST_FLOOR("null-loop", "the measured guest loop with nothing in it",
		"What stamps and loop add to every guest-timed figure: subtracted for `net`.", "null", ),
	HOST_FLOOR("call-host", "a call of an empty function between two host stamps",
		"What the harness itself adds to every host operation.", nothing, ),
	HOST_FLOOR("ioctl-device", "KVM_GET_API_VERSION on /dev/kvm",
		"A system call and the dispatch of an ioctl.", device_ioctl, NET),
	HOST_FLOOR("ioctl-vcpu", "KVM_GET_MP_STATE on a vCPU",
		"An ioctl that takes the vCPU's mutex and loads the vCPU: the floor of the vCPU's ioctls.",
		vcpu_ioctl, NET),
	GUEST_FLOOR("stamp-guest", "two guest time stamps with nothing in between",
		"The stamps alone, without the loop over operations; compare floor/stamp-host.", "stamp", ),
	GUEST_FLOOR("null-loop-64", "the measured guest loop with nothing in it, 64 operations a sample",
		"As floor/null-loop, for benchmarks whose samples hold a batch of 64 operations.", "null",
		.ops = 64),
	GUEST_FLOOR("nop5", "five NOPs in the measured guest loop",
		"A control of known length: with a clock that counts instructions it reads 5 above the null loop.",
		"nop5", .baseline = "floor/null-loop"),
};

BENCH_FAMILY(
	"floor", "what every exit stands on: stamps, loops, system calls, KVM_RUN without entering", floors);
