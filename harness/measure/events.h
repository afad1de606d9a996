/* SPDX-License-Identifier: MIT */
/*
 * Perf events of one thread, in pinned groups that are read whole or refused: what a pass of its own counts
 * beside the passes that time.
 *
 * Names: the kernel's generic events as perf calls them ("instructions", "iTLB-load-misses",
 * "context-switches"), "PMU/EVENT/" of /sys/bus/event_source ("msr/smi/"), tracepoints with or without a
 * filter ("kvm:kvm_exit", "kvm:kvm_exit[exit_reason==10]"), and whatever libpfm4 knows.  Modifiers follow
 * colons: u, k (user, kernel), mh, mg (host, guest); without them everything counts.
 */
#ifndef MEASURE_EVENTS_H
#define MEASURE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "measure/trace_bpf.h"

#define EVENT_NAME_MAX  128
#define EVENT_GROUP_MAX 16

enum event_kind {
	EVENT_HARDWARE, /* counters of the CPU: there are few, and they need a PMU */
	EVENT_SOFTWARE,
	EVENT_TRACEPOINT,
	EVENT_PMU, /* another unit of the kernel's, e.g. msr */
};

/* An event as perf_event_open() takes it. */
struct event {
	char name[EVENT_NAME_MAX];
	enum event_kind kind;
	uint32_t type;
	uint64_t config, config1, config2;
	bool exclude_user, exclude_kernel, exclude_host, exclude_guest;
	char filter[EVENT_NAME_MAX]; /* of a tracepoint; "" for none */
	bool by_bpf;                 /* a tracepoint that perf can't name here: see trace_bpf.h */
};

/* What --events takes as "default": cycles and instructions of host kernel, host user and guest, then misses. */
extern const char *const events_default[];
extern const size_t events_default_count;

/* Finds what a name means on this machine. 0, or -1 with err: no such event, no tracefs, unknown unit. That an
 * event has a meaning doesn't say that it can be counted: open it. */
int event__resolve(const char *name, struct event *event, struct error *err);

/* Events that are counted together: all are on the whole time, or none counts. */
struct event_group {
	int fd[EVENT_GROUP_MAX]; /* the first is the leader; -1 where not open or counted by BPF */
	struct trace_bpf bpf[EVENT_GROUP_MAX]; /* used for all events of a group or for none */
	bool by_bpf;
	size_t count;
};

/* Opens a stopped, pinned group for a thread (0: the caller's). 0, or -1 with err in words: no PMU, not
 * permitted, no such event, too many at once; *failed (may be NULL) gets the index of the one it failed on. */
int events__open(struct event_group *group, const struct event *events, size_t count, pid_t tid,
	size_t *failed, struct error *err);
/* Zeroes and starts; stops. 0 or -errno. */
int events__start(struct event_group *group);
int events__stop(struct event_group *group);
/* Reads `count` values, in the order of opening. -1 with err where the group wasn't on the whole time: a
 * scaled value is no count. */
int events__read(struct event_group *group, uint64_t *value, struct error *err);
void events__close(struct event_group *group);

/* Which events can be counted here, and in which passes: events that are on in the guest and off in the host
 * lengthen entry and exit, so they are apart from the others; so are units; and each pass fits the PMU. */
struct events_plan {
	struct event *event; /* those that can be counted, in the order of the passes */
	size_t event_count;
	size_t *pass_size; /* events in each pass; their sum is event_count */
	size_t pass_count;
	struct event_missing {
		char name[EVENT_NAME_MAX];
		char reason[512]; /* the same text for all that lack the same thing */
	} * missing;
	size_t missing_count;
};

/* Tries each name on the calling thread. "default" stands for events_default. 0, or -1 with err without memory;
 * names that can't be counted are no error, they are in `missing`. */
int events_plan__make(struct events_plan *plan, const char *const *names, size_t count, struct error *err);
void events_plan__free(struct events_plan *plan);

/* For `list --events`: calls fn for every event that this machine might count, with the reason where it can't
 * ("" where it can; the same text for all that lack the same thing). */
typedef void (*event_list_fn)(void *context, const char *name, const char *kind, const char *reason);
void events__list(event_list_fn fn, void *context);

const char *event_kind__name(enum event_kind kind);

#endif
