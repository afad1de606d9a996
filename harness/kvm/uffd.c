// SPDX-License-Identifier: MIT
#include "kvm/uffd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"

#define PAGE_BYTES 4096ul

static const struct {
	uint64_t feature;
	uint64_t mode;
	const char *name;
} kinds[] = {
	[UFFD_MISSING] = { 0, UFFDIO_REGISTER_MODE_MISSING, "missing pages" },
	[UFFD_MINOR] = { UFFD_FEATURE_MINOR_SHMEM, UFFDIO_REGISTER_MODE_MINOR,
		"minor faults of shared memory" },
	[UFFD_WP] = { UFFD_FEATURE_PAGEFAULT_FLAG_WP, UFFDIO_REGISTER_MODE_WP, "write protection" },
};

static void protect(const struct uffd *u, uint64_t start, uint64_t bytes, uint64_t mode)
{
	struct uffdio_writeprotect wp = { .range = { start, bytes }, .mode = mode };

	if (ioctl(u->fd, UFFDIO_WRITEPROTECT, &wp) < 0)
		fatal_errno("UFFDIO_WRITEPROTECT of %llu KiB", (unsigned long long)bytes >> 10);
}

static void answer(const struct uffd *u, uint64_t page)
{
	static char content[PAGE_BYTES] __attribute__((aligned(4096)));
	struct uffdio_copy copy = { .dst = page, .src = (uintptr_t)content, .len = PAGE_BYTES };
	struct uffdio_continue go_on = { .range = { page, PAGE_BYTES } };

	/* EEXIST: the page came while the fault was on its way here. */
	switch (u->kind) {
	case UFFD_MISSING:
		if (ioctl(u->fd, UFFDIO_COPY, &copy) < 0 && errno != EEXIST)
			fatal_errno("UFFDIO_COPY");
		break;
	case UFFD_MINOR:
		if (ioctl(u->fd, UFFDIO_CONTINUE, &go_on) < 0 && errno != EEXIST)
			fatal_errno("UFFDIO_CONTINUE");
		break;
	case UFFD_WP:
		protect(u, page, PAGE_BYTES, 0);
		break;
	}
}

/* The measuring thread is pinned, and this one would inherit its CPU: the parent's mask is what the user allows. */
static void leave_the_vcpus_cpu(void)
{
	cpu_set_t allowed;

	if (sched_getaffinity(getppid(), sizeof(allowed), &allowed) == 0)
		sched_setaffinity(0, sizeof(allowed), &allowed);
}

static void interrupt_only(int number)
{
	(void)number; /* that it arrives is all: read() returns */
}

static void *handle(void *argument)
{
	struct uffd *u = argument;
	struct uffd_msg message;

	leave_the_vcpus_cpu();
	/* read() is what uffd__close() interrupts. */
	while (!__atomic_load_n(&u->stop, __ATOMIC_ACQUIRE)) {
		ssize_t got = read(u->fd, &message, sizeof(message));

		if (got < 0 && errno == EINTR)
			continue;
		if (got != (ssize_t)sizeof(message))
			break;
		if (message.event != UFFD_EVENT_PAGEFAULT)
			continue;
		u->handled++;
		answer(u, message.arg.pagefault.address & ~(PAGE_BYTES - 1));
	}
	return NULL;
}

static int open_descriptor(void)
{
	int device, fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd >= 0 || errno != EPERM)
		return fd;
	/* Linux 6.1: the device's mode decides who may. */
	device = open("/dev/userfaultfd", O_RDWR | O_CLOEXEC);
	if (device < 0) {
		errno = EPERM;
		return -1;
	}
	fd = ioctl(device, _IO(0xAA, 0x00), O_CLOEXEC); /* USERFAULTFD_IOC_NEW */
	close(device);
	return fd;
}

void uffd__open(struct uffd *u, enum uffd_kind kind, const struct host_memory *memory)
{
	struct uffdio_api api = { .api = UFFD_API, .features = kinds[kind].feature };
	struct uffdio_register range = {
		.range = { (uintptr_t)memory->start, memory->bytes },
		.mode = kinds[kind].mode,
	};
	struct sigaction action = { .sa_handler = interrupt_only };
	int err;

	memset(u, 0, sizeof(*u));
	u->kind = kind;
	u->memory = memory;
	u->fd = open_descriptor();
	if (u->fd < 0 && errno == EPERM)
		skip("userfaultfd is not permitted for faults in the kernel; remedy: run as root, allow /dev/userfaultfd, or "
		     "sysctl vm.unprivileged_userfaultfd=1");
	if (u->fd < 0)
		skip("this kernel has no userfaultfd: %s", strerror(errno));
	if (ioctl(u->fd, UFFDIO_API, &api) < 0 || ioctl(u->fd, UFFDIO_REGISTER, &range) < 0)
		skip("this kernel's userfaultfd can't do %s: %s", kinds[kind].name, strerror(errno));
	sigaction(SIGUSR2, &action, NULL);
	err = pthread_create(&u->thread, NULL, handle, u);
	if (err)
		fatal("a thread to handle page faults: %s (free memory, or raise the process limit: ulimit -u)",
			strerror(err));
}

void uffd__rearm(struct uffd *u)
{
	if (u->kind == UFFD_WP)
		protect(u, (uintptr_t)u->memory->start, u->memory->bytes, UFFDIO_WRITEPROTECT_MODE_WP);
	else if (madvise(u->memory->start, u->memory->bytes, MADV_DONTNEED) < 0)
		fatal_errno("MADV_DONTNEED on %zu bytes", u->memory->bytes);
}

void uffd__close(struct uffd *u)
{
	struct timespec soon;

	/* Not pthread_cancel(), which the address sanitizer can't follow; and a signal may come before the read(). */
	__atomic_store_n(&u->stop, true, __ATOMIC_RELEASE);
	do {
		pthread_kill(u->thread, SIGUSR2);
		clock_gettime(CLOCK_REALTIME, &soon);
		soon.tv_nsec += 1000000;
		soon.tv_sec += soon.tv_nsec / 1000000000;
		soon.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np(u->thread, NULL, &soon) == ETIMEDOUT);
	close(u->fd);
	u->fd = -1;
}
