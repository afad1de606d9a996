// SPDX-License-Identifier: MIT
#include "measure/trace_instance.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "measure/events_tracefs.h"

#define NAME_PREFIX "vmexit-bench-"

static int set_error(const struct trace_instance *t, const char *file, int failed, struct error *err)
{
	if (failed == EACCES || failed == EPERM || failed == EROFS)
		return error__set_errno(err, EXIT_USAGE, failed,
			"%s%s%s: tracing needs root and a writable tracefs", t->root, t->path, file);
	if (failed == ENOENT)
		return error__set(err, EXIT_USAGE,
			"%s%s%s is missing: this kernel can't trace it (is the module loaded?)", t->root,
			t->path, file);
	return error__set_errno(err, EXIT_USAGE, failed, "writing %s%s%s", t->root, t->path, file);
}

static int put(const struct trace_instance *t, const char *file, const char *text, struct error *err)
{
	char path[PATH_MAX];
	int failed;

	snprintf(path, sizeof(path), "%s%s", t->path, file);
	failed = file__write(t->root, path, text);
	return failed ? set_error(t, file, -failed, err) : 0;
}

static int switch_point(const struct trace_instance *t, enum trace_point p, bool on, struct error *err)
{
	char file[96];

	snprintf(file, sizeof(file), "/events/kvm/%s/enable", trace_point__name(p));
	return put(t, file, on ? "1" : "0", err);
}

/* Writing to `trace` what opening it for writing with O_TRUNC does: empties the buffers of all CPUs. */
static int empty(const struct trace_instance *t, struct error *err)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s%s/trace", t->root, t->path);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return set_error(t, "/trace", errno, err);
	close(fd);
	return 0;
}

static int prepare(struct trace_instance *t, struct error *err)
{
	enum trace_point p;

	if (put(t, "/trace_clock", "x86-tsc", err) < 0)
		return -1;
	/* Proves now, not in the first job, that the tracepoints are there. */
	for (p = 0; p < TRACE_POINTS; p++)
		if (switch_point(t, p, false, err) < 0)
			return -1;
	return put(t, "/tracing_on", "1", err);
}

/* The lock ends with the process, however that ends. 0 or -errno. */
static int hold(struct trace_instance *t)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", t->root, t->path);
	t->lock_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->lock_fd < 0)
		return -errno;
	return flock(t->lock_fd, LOCK_EX | LOCK_NB) ? -errno : 0;
}

int trace_instance__create(const char *root, struct trace_instance *t, struct error *err)
{
	const char *tracefs = tracefs__find(root, err);
	char path[PATH_MAX];
	int failed;

	*t = (struct trace_instance){ .lock_fd = -1 };
	if (!tracefs)
		return -1;
	snprintf(t->root, sizeof(t->root), "%s", root);
	snprintf(t->path, sizeof(t->path), "%s/instances/" NAME_PREFIX "%d", tracefs, (int)getpid());
	snprintf(path, sizeof(path), "%s%s", t->root, t->path);
	if (mkdir(path, 0700)) {
		failed = errno;
		set_error(t, "", failed, err);
		t->path[0] = '\0';
		return -1;
	}
	failed = hold(t);
	if (failed)
		set_error(t, "", -failed, err);
	if (failed || prepare(t, err) < 0) {
		trace_instance__remove(t, NULL);
		return -1;
	}
	return 0;
}

int trace_instance__remove(struct trace_instance *t, struct error *err)
{
	char path[PATH_MAX];
	int failed = 0;

	if (!t->path[0])
		return 0;
	snprintf(path, sizeof(path), "%s%s", t->root, t->path);
	/* The kernel switches its events off with it. */
	if (rmdir(path))
		failed = error__set_errno(err, EXIT_IO, errno,
			"removing the trace instance %s (rmdir it, or its tracepoints slow every exit)",
			path);
	if (t->lock_fd >= 0)
		close(t->lock_fd);
	t->lock_fd = -1;
	t->path[0] = '\0';
	return failed;
}

int trace_instance__recover(const char *root, struct error *err)
{
	const char *tracefs = tracefs__find(root, NULL);
	char folder[PATH_MAX];
	struct dirent *entry;
	int removed = 0;
	DIR *dir;

	if (!tracefs)
		return 0;
	snprintf(folder, sizeof(folder), "%s%s/instances", root, tracefs);
	dir = opendir(folder);
	while (dir && removed >= 0 && (entry = readdir(dir))) {
		struct trace_instance t = { .lock_fd = -1 };

		if (strncmp(entry->d_name, NAME_PREFIX, strlen(NAME_PREFIX)) != 0)
			continue;
		snprintf(t.root, sizeof(t.root), "%s", root);
		snprintf(t.path, sizeof(t.path), "%s/instances/%.64s", tracefs, entry->d_name);
		if (hold(&t) == 0)
			removed = trace_instance__remove(&t, err) < 0 ? -1 : removed + 1;
		else if (t.lock_fd >= 0)
			close(t.lock_fd);
	}
	if (dir)
		closedir(dir);
	return removed;
}

int trace_instance__record(const struct trace_instance *t, unsigned points, struct error *err)
{
	enum trace_point p;

	if (points && empty(t, err) < 0)
		return -1;
	for (p = 0; p < TRACE_POINTS; p++)
		if (switch_point(t, p, points & (1u << p), err) < 0)
			return -1;
	return 0;
}

ssize_t trace_instance__read(
	const struct trace_instance *t, pid_t tid, struct trace_event *events, size_t max, struct error *err)
{
	char path[PATH_MAX], *line = NULL;
	size_t room = 0, count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s%s/trace", t->root, t->path);
	file = fopen(path, "re");
	if (!file)
		return error__set_errno(err, EXIT_IO, errno, "reading %s", path);
	while (count < max && getline(&line, &room, file) > 0)
		count += trace_text__parse(line, tid, &events[count]);
	free(line);
	fclose(file);
	return (ssize_t)count;
}
