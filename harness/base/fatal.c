// SPDX-License-Identifier: MIT
#include "base/fatal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"

static ending_fn installed;

void fatal__install(ending_fn fn)
{
	installed = fn;
}

static _Noreturn void end(enum ending ending, const char *reason)
{
	if (installed)
		installed(ending, reason);
	fprintf(stderr, "vmexit-bench: %s\n", reason);
	exit(EXIT_BENCH_FAILED);
}

#define END_WITH(ending, format, suffix)                                                                     \
	do {                                                                                                 \
		char reason[512];                                                                            \
		const char *after = (suffix);                                                                \
		va_list ap;                                                                                  \
		va_start(ap, format);                                                                        \
		vsnprintf(reason, sizeof(reason), format, ap);                                               \
		va_end(ap);                                                                                  \
		if (after) {                                                                                 \
			size_t used = strlen(reason);                                                        \
			snprintf(reason + used, sizeof(reason) - used, ": %s", after);                       \
		}                                                                                            \
		end(ending, reason);                                                                         \
	} while (0)

void fatal(const char *format, ...)
{
	END_WITH(ENDING_FAILED, format, NULL);
}

void fatal_errno(const char *format, ...)
{
	END_WITH(ENDING_FAILED, format, strerror(errno));
}

void skip(const char *format, ...)
{
	END_WITH(ENDING_SKIPPED, format, NULL);
}

void fatal__end(enum ending ending, const char *format, ...)
{
	END_WITH(ending, format, NULL);
}
