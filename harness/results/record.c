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

void results_row__take(struct results_row *row, const struct distribution *d)
{
	row->n = d->n;
	row->min = d->min;
	row->p05 = d->p05;
	row->p25 = d->p25;
	row->p50 = d->p50;
	row->p75 = d->p75;
	row->p95 = d->p95;
	row->p99 = d->p99;
	row->p999 = d->p999;
	row->max = d->max;
	row->mean = d->mean;
	row->stddev = d->stddev;
}
