/* SPDX-License-Identifier: MIT */
/* Many directories, grouped by a fact of their hosts, each group against the first. */
#ifndef COMPARE_MATRIX_H
#define COMPARE_MATRIX_H

#include "compare/compare.h"

struct matrix {
	struct side *groups; /* in the order of their first directory; the first is the reference */
	size_t count;
	struct comparison *comparisons; /* [i]: groups[0] against groups[i]; [0] is unused */
	/* A copy of the reference per comparison: its unit may differ from one to the next. */
	struct side *references;
	const char *fact; /* "host.kernel.release" */
};

/*
 * Groups the directories by `field`: "kernel", "cpu", or a member of run.json ("trust",
 * "host.kvm.parameters.kvm_intel.ept"; "host." may be left out). That may differ, and what options->across says;
 * nothing else, kernels neither. 0, or -1 with err: fewer than two groups,
 * or groups that can't be compared.
 */
int matrix__run(char *const *paths, size_t path_count, const char *field,
	const struct compare_options *options, struct matrix *m, struct error *err);

/* The row of a benchmark and metric in the comparison of group i with the first; NULL where it has none. */
const struct comparison_row *matrix__row(
	const struct matrix *m, size_t i, const struct cell_key *key, const char *metric);

void matrix__free(struct matrix *m);

#endif
