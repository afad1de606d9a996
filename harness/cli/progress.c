// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <string.h>

#include "base/monotonic.h"
#include "cli/columns.h"
#include "cli/units.h"

#define BAR_COLUMNS 20
#define BETWEEN_NS  100000000u /* two drawings */

void progress__init(struct progress *p, FILE *out, bool quiet)
{
	*p = (struct progress){ .out = out, .terminal = terminal__of(out) };
	if (quiet)
		p->terminal.interactive = false;
}

void progress__format(char *buf, size_t size, unsigned width, size_t done, size_t total, double eta_seconds,
	const char *what)
{
	unsigned filled = total ? (unsigned)(done * BAR_COLUMNS / total) : 0;
	char bar[BAR_COLUMNS + 1], wait[UNITS_SIZE];

	memset(bar, '.', BAR_COLUMNS);
	memset(bar, '#', filled);
	bar[BAR_COLUMNS] = '\0';
	units__wait(wait, eta_seconds);
	snprintf(buf, size, "[%s] %zu/%zu  %s%s%s", bar, done, total, wait, *wait ? " left  " : "", what);
	buf[columns__fit(buf, width)] = '\0';
}

void progress__update(struct progress *p, size_t done, size_t total, double eta_seconds, const char *what)
{
	uint64_t now_ns;
	char line[256];

	if (!p->terminal.interactive)
		return;
	now_ns = monotonic__now_ns();
	if (p->shown && now_ns - p->last_ns < BETWEEN_NS)
		return;
	/* The last column stays free: some terminals wrap when it is written. */
	progress__format(line, sizeof(line), p->terminal.width - 1, done, total, eta_seconds, what);
	fprintf(p->out, "\r%s\033[K", line);
	fflush(p->out);
	p->shown = true;
	p->last_ns = now_ns;
}

void progress__clear(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", p->out);
	fflush(p->out);
	p->shown = false;
}
