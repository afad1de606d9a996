/* SPDX-License-Identifier: MIT */
/*
 * The pictures of run directories, as plots/draw makes them: SVG documents in memory. Where draw or what it needs
 * is missing there are none, and `why` says so.
 */
#ifndef REPORT_PICTURES_H
#define REPORT_PICTURES_H

#include <stddef.h>

#include "base/error.h"

struct picture {
	char *name; /* "medians-pio" */
	char *svg;  /* from <svg to </svg> */
};

struct pictures {
	struct picture *list;
	size_t count;
	char *notes; /* what draw said: a line a picture that it could not draw; "" */
	char *why;   /* NULL, or why there are no pictures at all */
};

/*
 * Runs plots/draw: that of $VMEXIT_BENCH_PLOTS, else in the source tree above the program's build folder, else
 * in ../share/vmexit-bench/plots of an installed program. 0, or -1 with err (no memory, no temporary folder).
 */
int pictures__draw(char *const *paths, size_t count, struct pictures *p, struct error *err);

void pictures__free(struct pictures *p);

#endif
