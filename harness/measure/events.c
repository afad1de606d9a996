// SPDX-License-Identifier: MIT
#include "measure/events.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "host/host.h"
#include "measure/events_name.h"

#define UNITS "/sys/bus/event_source/devices"

static bool has_pmu(void)
{
	return file__exists("", UNITS "/cpu") || file__exists("", UNITS "/cpu_core");
}

void event__explain(const struct event *event, int open_errno, char *buf, size_t size)
{
	char paranoid[16] = "?";

	switch (open_errno) {
	case EACCES:
	case EPERM:
		file__read("", "/proc/sys/kernel/perf_event_paranoid", paranoid, sizeof(paranoid));
		snprintf(buf, size,
			"not permitted (perf_event_paranoid is %s): run as root, or sysctl -w "
			"kernel.perf_event_paranoid=1",
			paranoid);
		return;
	case ENOSYS:
		snprintf(buf, size, "this kernel has no perf events (CONFIG_PERF_EVENTS)");
		return;
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		if (event->kind == EVENT_HARDWARE && !has_pmu())
			snprintf(buf, size, "no hardware counters on this machine: %s",
				host__has_hypervisor("") ? "the VM it is has no virtual PMU"
							 : "the kernel has no driver for this CPU's PMU");
		else
			snprintf(buf, size, "this CPU or kernel has no such event");
		return;
	case EINVAL:
		snprintf(buf, size, "the kernel refuses this event or its modifiers (EINVAL)");
		return;
	case EMFILE:
		snprintf(buf, size, "too many open files: ulimit -n");
		return;
	default:
		snprintf(buf, size, "perf_event_open(): %s", strerror(open_errno));
	}
}

static int open_one(const struct event *event, pid_t tid, int leader)
{
	struct perf_event_attr attr = {
		.type = event->type,
		.size = sizeof(attr),
		.config = event->config,
		.config1 = event->config1,
		.config2 = event->config2,
		.read_format =
			PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		/* The leader speaks for all: stopped until it starts, and always on the PMU or in error. */
		.disabled = leader < 0,
		.pinned = leader < 0,
		.exclude_user = event->exclude_user,
		.exclude_kernel = event->exclude_kernel,
		.exclude_host = event->exclude_host,
		.exclude_guest = event->exclude_guest,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, tid, -1, leader, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int events__open(struct event_group *group, const struct event *events, size_t count, pid_t tid,
	size_t *failed, struct error *err)
{
	group->count = 0;
	group->by_bpf = count && events[0].by_bpf;
	if (!count || count > EVENT_GROUP_MAX)
		return error__set(
			err, EXIT_USAGE, "a group has 1 to %d events, not %zu", EVENT_GROUP_MAX, count);
	for (size_t i = 0; i < count; i++) {
		char reason[256];
		int fd;

		if (failed)
			*failed = i;
		if (events[i].by_bpf != group->by_bpf) {
			events__close(group);
			return error__set(err, EXIT_USAGE, "%s: can't be in one group with %s",
				events[i].name, events[0].name);
		}
		if (group->by_bpf) {
			if (trace_bpf__open(&group->bpf[i], events[i].name, tid, err)) {
				events__close(group);
				return -1;
			}
			group->fd[group->count++] = -1;
			continue;
		}
		fd = open_one(&events[i], tid, i ? group->fd[0] : -1);
		if (fd < 0) {
			events__close(group);
			event__explain(&events[i], -fd, reason, sizeof(reason));
			return error__set(err, EXIT_USAGE, "%s: %s", events[i].name, reason);
		}
		group->fd[group->count++] = fd;
		if (*events[i].filter && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, events[i].filter)) {
			int refused = errno;

			events__close(group);
			return error__set_errno(err, EXIT_USAGE, refused, "%s: the kernel refuses the filter",
				events[i].name);
		}
	}
	return 0;
}

int events__start(struct event_group *group)
{
	if (group->by_bpf) {
		for (size_t i = 0; i < group->count; i++)
			trace_bpf__start(&group->bpf[i]);
		return 0;
	}
	if (ioctl(group->fd[0], PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP) ||
		ioctl(group->fd[0], PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP))
		return -errno;
	return 0;
}

int events__stop(struct event_group *group)
{
	if (group->by_bpf) {
		for (size_t i = 0; i < group->count; i++)
			trace_bpf__stop(&group->bpf[i]);
		return 0;
	}
	return ioctl(group->fd[0], PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP) ? -errno : 0;
}

int events__read(struct event_group *group, uint64_t *value, struct error *err)
{
	/* PERF_FORMAT_GROUP: the number, two times, the values (perf_event_open(2)). */
	struct {
		uint64_t number, enabled_ns, running_ns, value[EVENT_GROUP_MAX];
	} now;
	ssize_t got;

	if (group->by_bpf) {
		for (size_t i = 0; i < group->count; i++)
			value[i] = trace_bpf__read(&group->bpf[i]);
		return 0;
	}
	got = read(group->fd[0], &now, sizeof(now));
	if (got < 0)
		return error__set_errno(err, EXIT_UNTRUSTWORTHY, errno, "reading perf events");
	/* End of file is a pinned group that found no room on the PMU. */
	if (got == 0)
		return error__set(err, EXIT_UNTRUSTWORTHY,
			"these %zu events don't fit the PMU at once, or others hold its counters (nmi_watchdog, perf)",
			group->count);
	if (now.number != group->count)
		return error__set(err, EXIT_UNTRUSTWORTHY, "perf events: %zu opened, %zu read", group->count,
			(size_t)now.number);
	if (now.running_ns != now.enabled_ns)
		return error__set(err, EXIT_UNTRUSTWORTHY,
			"these events shared their counters (on for %.1f %% of the time): a scaled value is no count",
			100.0 * (double)now.running_ns / (double)now.enabled_ns);
	memcpy(value, now.value, group->count * sizeof(*value));
	return 0;
}

void events__close(struct event_group *group)
{
	/* The leader last: closing it first would make the others leaders. */
	while (group->count) {
		group->count--;
		if (group->by_bpf)
			trace_bpf__close(&group->bpf[group->count]);
		else
			close(group->fd[group->count]);
	}
	group->fd[0] = -1;
}
