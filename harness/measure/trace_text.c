// SPDX-License-Identifier: MIT
#include "measure/trace_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *trace_point__name(enum trace_point p)
{
	static const char *const names[TRACE_POINTS] = {
		[TRACE_ENTRY] = "kvm_entry",
		[TRACE_EXIT] = "kvm_exit",
		[TRACE_USERSPACE_EXIT] = "kvm_userspace_exit",
	};

	return names[p];
}

/* The thread's name may hold anything but ends with "-TID" and blanks before " [CPU]". */
static bool is_of_thread(const char *line, const char *bracket, pid_t tid)
{
	const char *end = bracket, *start;

	while (end > line && end[-1] == ' ')
		end--;
	for (start = end; start > line && isdigit((unsigned char)start[-1]);)
		start--;
	return start > line && start < end && *start != '0' && start[-1] == '-' &&
	       strtol(start, NULL, 10) == tid;
}

static bool is_name(const char *text, size_t length, enum trace_point *point)
{
	enum trace_point p;

	for (p = 0; p < TRACE_POINTS; p++) {
		if (strlen(trace_point__name(p)) != length ||
			strncmp(text, trace_point__name(p), length) != 0)
			continue;
		*point = p;
		return true;
	}
	return false;
}

bool trace_text__parse(const char *line, pid_t tid, struct trace_event *e)
{
	const char *bracket = strstr(line, " ["), *flags, *name;
	char *end;

	/* The name of a thread may have brackets, too. */
	while (bracket && !is_of_thread(line, bracket, tid))
		bracket = strstr(bracket + 1, " [");
	flags = bracket ? strstr(bracket, "] ") : NULL;
	if (!flags)
		return false;
	flags += strspn(flags, "] ");
	flags += strcspn(flags, " "); /* irqs-off, need-resched... */
	flags += strspn(flags, " ");
	errno = 0;
	e->tsc = strtoull(flags, &end, 10);
	/* A '.' would mean seconds: another clock than x86-tsc. */
	if (end == flags || errno || strncmp(end, ": ", 2) != 0)
		return false;
	name = end + 2;
	return is_name(name, strcspn(name, ": \n"), &e->point);
}
