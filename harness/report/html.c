// SPDX-License-Identifier: MIT
#include "report/html.h"

#include <math.h>
#include <string.h>

void html__text(struct text *t, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&':
			text__puts(t, "&amp;");
			break;
		case '<':
			text__puts(t, "&lt;");
			break;
		case '>':
			text__puts(t, "&gt;");
			break;
		case '"':
			text__puts(t, "&quot;");
			break;
		default:
			text__putc(t, *s);
		}
	}
}

void html__table_begin(struct text *t, const char *id, const char *const *columns)
{
	/* What scrolls can be reached by the keyboard. */
	text__puts(t, "<div class=wide tabindex=0 role=region aria-label=\"table: ");
	html__text(t, id);
	text__puts(t, "\"><table class=data id=\"");
	html__text(t, id);
	text__puts(t, "\"><thead><tr>");
	for (; *columns; columns++) {
		bool number = **columns == '#';

		text__puts(t, number ? "<th scope=col class=n>" : "<th scope=col>");
		html__text(t, *columns + number);
		text__puts(t, "</th>");
	}
	text__puts(t, "</tr></thead><tbody>\n");
}

void html__table_end(struct text *t)
{
	text__puts(t, "</tbody></table></div>\n");
}

void html__cell(struct text *t, const char *s)
{
	text__puts(t, "<td>");
	html__text(t, s);
	text__puts(t, "</td>");
}

void html__number(struct text *t, double value, const char *shown)
{
	text__puts(t, "<td class=n");
	if (isfinite(value)) {
		text__puts(t, " data-v=\"");
		text__number(t, value);
		text__puts(t, "\"");
	}
	text__puts(t, ">");
	html__text(t, shown);
	text__puts(t, "</td>");
}

void html__badge(struct text *t, const char *kind, const char *word)
{
	text__printf(t, "<td><span class=%s>", kind);
	html__text(t, word);
	text__puts(t, "</span></td>");
}

void html__section(struct text *t, const char *id, const char *title)
{
	text__printf(t, "<section id=%s><h2>", id);
	html__text(t, title);
	text__puts(t, "</h2>\n");
}

void html__section_end(struct text *t)
{
	text__puts(t, "</section>\n");
}
