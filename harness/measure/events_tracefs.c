// SPDX-License-Identifier: MIT
#include "measure/events_tracefs.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"

static const char *const mount_points[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

const char *tracefs__find(const char *root, struct error *err)
{
	bool forbidden = false;

	for (size_t i = 0; i < ARRAY_SIZE(mount_points); i++) {
		char text[8], path[64];
		int got;

		/* A file that every tracefs has; the folder is there without it where nothing is mounted. */
		snprintf(path, sizeof(path), "%s/tracing_on", mount_points[i]);
		got = file__read(root, path, text, sizeof(text));
		if (got >= 0)
			return mount_points[i];
		forbidden |= got == -EACCES || got == -EPERM;
	}
	if (forbidden)
		error__set(err, EXIT_USAGE,
			"tracefs may be read by root only: run as root, or give the group access "
			"(mount -o remount,mode=0755 %s)",
			mount_points[0]);
	else
		error__set(err, EXIT_USAGE, "tracefs is not mounted at %s or %s: mount -t tracefs nodev %s",
			mount_points[0], mount_points[1], mount_points[0]);
	return NULL;
}

bool tracepoint__is_name(const char *name)
{
	const char *colon = strchr(name, ':');

	if (!colon || colon == name || !colon[1])
		return false;
	for (const char *p = name; *p; p++)
		if (p != colon && !isalnum((unsigned char)*p) && *p != '_')
			return false;
	return true;
}

long tracepoint__id(const char *root, const char *name, struct error *err)
{
	const char *tracefs, *colon = strchr(name, ':');
	char path[256];
	long long id;
	int ret;

	if (!tracepoint__is_name(name))
		return error__set(err, EXIT_USAGE,
			"\"%s\" is no tracepoint: write subsystem:event, e.g. kvm:kvm_exit", name);
	tracefs = tracefs__find(root, err);
	if (!tracefs)
		return error__prefix(err, "%s", name);
	snprintf(path, sizeof(path), "%s/events/%.*s/%s/id", tracefs, (int)(colon - name), name, colon + 1);
	ret = file__read_long(root, path, &id);
	if (ret == -ENOENT)
		return error__set(err, EXIT_USAGE,
			"%s: this kernel has no such tracepoint (%s is missing; is the module loaded?)", name,
			path);
	if (ret)
		return error__set_errno(err, EXIT_USAGE, -ret, "%s: reading its number from %s", name, path);
	return (long)id;
}
