// SPDX-License-Identifier: MIT
#include "results/record.h"

#include <string.h>

static const char *const names[ROW_STATUS_COUNT] = {
	[ROW_OK] = "ok",
	[ROW_SUSPECT] = "suspect",
	[ROW_SKIPPED] = "skipped",
	[ROW_TIMEOUT] = "timeout",
	[ROW_FAILED] = "failed",
};

const char *row_status__name(enum row_status status)
{
	return (unsigned)status < ROW_STATUS_COUNT ? names[status] : "?";
}

int row_status__parse(const char *text, enum row_status *status)
{
	for (unsigned i = 0; i < ROW_STATUS_COUNT; i++) {
		if (!strcmp(text, names[i])) {
			*status = i;
			return 0;
		}
	}
	return -1;
}
