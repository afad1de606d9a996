/* SPDX-License-Identifier: MIT */
/* Pieces of an HTML page. Texts of others are escaped; everything goes to a text that grows. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "results/text.h"

/* Text between tags or in a quoted attribute. */
void html__text(struct text *t, const char *s);

/* <table class=data id=ID> with a header; columns that start with '#' hold numbers. */
void html__table_begin(struct text *t, const char *id, const char *const *columns);
void html__table_end(struct text *t);

/* A cell of words. */
void html__cell(struct text *t, const char *s);

/* A cell of a number: `shown` is what people read, `value` what sorting compares; NAN sorts last. */
void html__number(struct text *t, double value, const char *shown);

/* A cell with a coloured word; `kind` is a class of the style sheet: good, bad, doubt, quiet. */
void html__badge(struct text *t, const char *kind, const char *word);

void html__section(struct text *t, const char *id, const char *title);
void html__section_end(struct text *t);

/* From <!DOCTYPE to <body>, with style sheet; and script to </html>. */
void html__page_begin(struct text *t, const char *title);
void html__page_end(struct text *t);

#endif
