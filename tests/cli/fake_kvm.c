// SPDX-License-Identifier: MIT
/*
 * LD_PRELOAD: answers of /dev/kvm on hosts we don't have. FAKE_KVM is a list of words:
 *   open=ERRNO       open("/dev/kvm") fails
 *   create=ERRNO     KVM_CREATE_VM fails
 *   cap=N            KVM_CHECK_EXTENSION(N) says 0
 *   stats            KVM's statistics never move
 *   affinity         sched_setaffinity fails with EPERM
 *   thread           no thread can be made: EAGAIN
 *   fork=N           the N-th fork() and those after it fail with EAGAIN
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <unistd.h>

/* The number after "word=", or `otherwise`; a bare word gives 1. */
static long asked(const char *word, long otherwise)
{
	const char *list = getenv("FAKE_KVM"), *found = list ? strstr(list, word) : NULL;

	if (!found)
		return otherwise;
	found += strlen(word);
	return *found == '=' ? atol(found + 1) : 1;
}

int open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, ...);
	va_list ap;
	mode_t mode;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "open");
	if (strcmp(path, "/dev/kvm") == 0 && asked("open", 0)) {
		errno = (int)asked("open", 0);
		return -1;
	}
	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	return real(path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...)
{
	static int (*real)(int, unsigned long, ...);
	va_list ap;
	void *arg;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "ioctl");
	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (request == KVM_CREATE_VM && asked("create", 0)) {
		errno = (int)asked("create", 0);
		return -1;
	}
	if (request == KVM_CHECK_EXTENSION && (long)arg == asked("cap", -1))
		return 0;
	return real(fd, request, arg);
}

ssize_t pread(int fd, void *buf, size_t size, off_t offset)
{
	static ssize_t (*real)(int, void *, size_t, off_t);
	struct kvm_stats_header header;
	char link[64], target[256] = "";
	ssize_t got, length;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pread");
	got = real(fd, buf, size, offset);
	if (got <= 0 || !asked("stats", 0))
		return got;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	if (length <= 0 || !strstr(target, "kvm-vcpu-stats"))
		return got;
	/* The numbers themselves; what comes before them says which they are. */
	if (real(fd, &header, sizeof(header), 0) == sizeof(header) && offset >= header.data_offset)
		memset(buf, 0, (size_t)got);
	return got;
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	static int (*real)(pid_t, size_t, const cpu_set_t *);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "sched_setaffinity");
	if (asked("affinity", 0)) {
		errno = EPERM;
		return -1;
	}
	return real(pid, size, set);
}

pid_t fork(void)
{
	static pid_t (*real)(void);
	static long calls;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fork");
	if (asked("fork", 0) && ++calls >= asked("fork", 0)) {
		errno = EAGAIN;
		return -1;
	}
	return real();
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return asked("thread", 0) ? EAGAIN : real(thread, attr, start, arg);
}
