// SPDX-License-Identifier: MIT
#include "runner/cell.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

void cell__worsen(struct cell *cell, enum row_status status, const char *reason)
{
	static const int severity[ROW_STATUS_COUNT] = {
		[ROW_OK] = 0, [ROW_SKIPPED] = 1, [ROW_SUSPECT] = 2, [ROW_TIMEOUT] = 3, [ROW_FAILED] = 4
	};

	if (severity[status] <= severity[cell->status])
		return;
	cell->status = status;
	snprintf(cell->reason, sizeof(cell->reason), "%s", reason);
}

static void suspect_reason(const struct outcome *o, char *text, size_t size)
{
	uint32_t i;

	for (i = 0; i < o->check_count; i++) {
		const struct check *c = &o->checks[i];

		if (strcmp(c->verdict, "suspect") != 0)
			continue;
		snprintf(text, size, "KVM counted %.4g %s an operation where %.4g were claimed", c->observed,
			c->statistic, c->expected);
		return;
	}
	snprintf(text, size, "KVM's statistics do not confirm it");
}

void cell__settle(struct cell *cell, const struct outcome *o, bool emulated)
{
	char text[512];

	switch (o->state) {
	case OUTCOME_DONE:
		cell->finished_runs++;
		if (o->suspect) {
			suspect_reason(o, text, sizeof(text));
			cell__worsen(cell, ROW_SUSPECT, text);
		}
		return;
	case OUTCOME_SKIPPED:
		cell__worsen(cell, ROW_SKIPPED, o->reason);
		break;
	case OUTCOME_TIMEOUT:
		cell__worsen(cell, ROW_TIMEOUT, o->reason);
		break;
	case OUTCOME_BACKEND:
		if (emulated) {
			snprintf(text, sizeof(text), "this backend can't execute it: %.470s", o->reason);
			cell__worsen(cell, ROW_SKIPPED, text);
			break;
		}
		/* fall through */
	default:
		cell__worsen(cell, ROW_FAILED, o->reason);
	}
	cell->over = true;
}

unsigned cell__timeout_ms(const struct cell *cell, unsigned ms)
{
	uint64_t all = (uint64_t)ms * (cell->overcommitted ? cell->vcpus * cell->vms : 1);

	return (unsigned)MIN(all, (uint64_t)UINT_MAX);
}
