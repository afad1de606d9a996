// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error__set(struct error *e, enum exit_status status, const char *format, ...)
{
	va_list ap;

	if (!e)
		return -1;
	e->status = status;
	va_start(ap, format);
	vsnprintf(e->text, sizeof(e->text), format, ap);
	va_end(ap);
	return -1;
}

int error__set_errno(struct error *e, enum exit_status status, int err, const char *format, ...)
{
	size_t used;
	va_list ap;

	if (!e)
		return -1;
	e->status = status;
	va_start(ap, format);
	vsnprintf(e->text, sizeof(e->text), format, ap);
	va_end(ap);
	used = strlen(e->text);
	snprintf(e->text + used, sizeof(e->text) - used, ": %s%s", strerror(err), error__remedy(err));
	return -1;
}

const char *error__remedy(int err)
{
	switch (err) {
	case EMFILE:
		return " (raise this process's limit: ulimit -n)";
	case ENFILE:
		return " (raise the system's limit: sysctl fs.file-max)";
	case EFBIG:
		return " (raise this process's limit: ulimit -f)";
	default:
		return "";
	}
}

int error__prefix(struct error *e, const char *format, ...)
{
	char old[sizeof(e->text)];
	size_t used;
	va_list ap;

	if (!e)
		return -1;
	memcpy(old, e->text, sizeof(old));
	va_start(ap, format);
	vsnprintf(e->text, sizeof(e->text), format, ap);
	va_end(ap);
	used = strlen(e->text);
	snprintf(e->text + used, sizeof(e->text) - used, ": %s", old);
	return -1;
}
