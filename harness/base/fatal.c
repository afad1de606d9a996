// SPDX-License-Identifier: MIT
#include "base/fatal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

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

/* `err`: an errno to be explained, or 0. */
#define END_WITH(ending, format, err)                                                                        \
	do {                                                                                                 \
		char reason[512];                                                                            \
		int number = (err);                                                                          \
		va_list ap;                                                                                  \
		va_start(ap, format);                                                                        \
		vsnprintf(reason, sizeof(reason), format, ap);                                               \
		va_end(ap);                                                                                  \
		if (number) {                                                                                \
			size_t used = strlen(reason);                                                        \
			snprintf(reason + used, sizeof(reason) - used, ": %s%s", strerror(number),           \
				error__remedy(number));                                                      \
		}                                                                                            \
		end(ending, reason);                                                                         \
	} while (0)

void fatal(const char *format, ...)
{
	END_WITH(ENDING_FAILED, format, 0);
}

void fatal_errno(const char *format, ...)
{
	END_WITH(ENDING_FAILED, format, errno);
}

void skip(const char *format, ...)
{
	END_WITH(ENDING_SKIPPED, format, 0);
}

void fatal__end(enum ending ending, const char *format, ...)
{
	END_WITH(ending, format, 0);
}
