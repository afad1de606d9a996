/* SPDX-License-Identifier: MIT */
/* What a reader must know before the table: sentences that fit this comparison. */
#ifndef COMPARE_NOTES_H
#define COMPARE_NOTES_H

#include "compare/compare.h"

/* Adds all that apply to c->notes. 0, or -1 with err. */
int notes__add_all(struct comparison *c, const struct compare_options *options, struct error *err);

#endif
