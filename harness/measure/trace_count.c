// SPDX-License-Identifier: MIT
#include "measure/trace_count.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "measure/events_tracefs.h"

static int set_error(const char *event, int open_errno, struct error *err)
{
	if (open_errno == EACCES || open_errno == EPERM)
		return error__set(err, EXIT_USAGE,
			"%s: counting kernel events needs CAP_PERFMON: run as root, or "
			"sysctl kernel.perf_event_paranoid=1",
			event);
	if (open_errno == ENOSYS || open_errno == EOPNOTSUPP)
		return error__set(
			err, EXIT_USAGE, "%s: this kernel has no perf events (CONFIG_PERF_EVENTS)", event);
	return error__set_errno(err, EXIT_USAGE, open_errno, "%s: perf_event_open()", event);
}

int trace_count__open(struct trace_count *t, const char *event, const char *filter, struct error *err)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr), .disabled = 1,
		/* exclude_kernel stays 0: a tracepoint fires in the kernel or not at all. */
	};
	long id = -1;

	t->fd = -1;
	t->bpf = (struct trace_bpf){ .link_fd = -1 };
	/* Without tracefs perf can't name the event; a filter couldn't name its fields either. */
	if (!filter && tracepoint__is_name(event) && !tracefs__find("", NULL))
		return trace_bpf__open(&t->bpf, event, 0, err);
	id = tracepoint__id("", event, err);
	if (id < 0)
		return -1;
	attr.config = (uint64_t)id;
	/* The calling thread on whatever CPU it runs. */
	t->fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (t->fd < 0)
		return set_error(event, errno, err);
	if (filter && ioctl(t->fd, PERF_EVENT_IOC_SET_FILTER, filter)) {
		int failed = errno;

		trace_count__close(t);
		return error__set_errno(err, EXIT_USAGE, failed,
			"%s: the kernel refuses the filter \"%s\" (its fields: events/.../format in tracefs)",
			event, filter);
	}
	return 0;
}

int trace_count__start(struct trace_count *t)
{
	if (t->bpf.link_fd >= 0) {
		trace_bpf__start(&t->bpf);
		return 0;
	}
	if (ioctl(t->fd, PERF_EVENT_IOC_RESET, 0) || ioctl(t->fd, PERF_EVENT_IOC_ENABLE, 0))
		return -errno;
	return 0;
}

int trace_count__stop_read(struct trace_count *t, uint64_t *count)
{
	ssize_t got;

	if (t->bpf.link_fd >= 0) {
		trace_bpf__stop(&t->bpf);
		*count = trace_bpf__read(&t->bpf);
		return 0;
	}
	if (ioctl(t->fd, PERF_EVENT_IOC_DISABLE, 0))
		return -errno;
	got = read(t->fd, count, sizeof(*count));
	if (got < 0)
		return -errno;
	return got == sizeof(*count) ? 0 : -EIO;
}

void trace_count__close(struct trace_count *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	trace_bpf__close(&t->bpf);
}
