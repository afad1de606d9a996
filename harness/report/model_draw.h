/* SPDX-License-Identifier: MIT */
/* What the model's text and its SVG have in common. Private to the two. */
#ifndef REPORT_MODEL_DRAW_H
#define REPORT_MODEL_DRAW_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/model.h"

#define FIGURE_SIZE 32

/* A figure without decimals, "?" where there is none, into buf of FIGURE_SIZE. Returns buf. */
static inline const char *figure__put(double value, char *buf)
{
	if (isnan(value))
		snprintf(buf, FIGURE_SIZE, "?");
	else
		snprintf(buf, FIGURE_SIZE, "%.0f", value);
	return buf;
}

static inline const char *figure__of(const struct model *m, enum model_figure f, char *buf)
{
	return figure__put(m->figures[f].value, buf);
}

static inline const char *model__unit_words(const struct model *m)
{
	return strcmp(m->unit, "insn") == 0 ? "instructions" : "TSC ticks";
}

#endif
