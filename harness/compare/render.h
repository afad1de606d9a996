/* SPDX-License-Identifier: MIT */
/* A comparison, or a gate, written for programs and web pages. Each appends to `t` and can't fail otherwise. */
#ifndef COMPARE_RENDER_H
#define COMPARE_RENDER_H

#include "compare/compare.h"
#include "compare/gate.h"
#include "results/text.h"

/* All rows: bench,vcpus,vms,metric,unit,runs_a,runs_b,median_a,median_b,ratio,ci_lo,ci_hi,p,p_holm,limit,
 * detectable,verdict,method,note */
void render__csv(const struct comparison *c, struct text *t);

/* An object: sides, differences, notes, rows. */
void render__json(const struct comparison *c, struct text *t);

/* A heading, notes, and tables; cut, and said so, before it reaches `most` bytes. `gate` may be NULL. */
#define RENDER_MARKDOWN_MOST (1000 * 1000) /* GitHub takes 1 MiB as a step's summary */
void render__markdown(const struct comparison *c, const struct gate *gate, size_t most, struct text *t);

/* Plain ASCII in lines of less than 75 columns, to be quoted in the message of a commit: the host, both sides, notes,
 * what differs, and the primary rows (`all`: every metric), with `changes` only those that aren't the same. */
void render__commit(const struct comparison *c, bool all, bool changes, struct text *t);

/* One test case per gated figure. */
void render__junit(const struct gate *g, struct text *t);
/* TAP version 14, or KTAP version 1 as the kernel's own tests write it. */
void render__tap(const struct gate *g, bool ktap, struct text *t);
/* ::error and ::warning lines for GitHub's annotations. */
void render__github(const struct gate *g, struct text *t);

/* One line about a row: "pio/out-user-1b roundtrip: slower, 3448 -> 3620, +5.0 % (...)". */
void render__line(const struct comparison_row *row, struct text *t);

#endif
