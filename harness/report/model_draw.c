// SPDX-License-Identifier: MIT
/* The model as text and as SVG. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "report/model.h"

#define FIGURE_SIZE 32

static const char *figure(const struct model *m, enum model_figure f, char *buf)
{
	double value = m->figures[f].value;

	if (isnan(value))
		snprintf(buf, FIGURE_SIZE, "?");
	else
		snprintf(buf, FIGURE_SIZE, "%.0f", value);
	return buf;
}

static const char *unit_words(const struct model *m)
{
	return strcmp(m->unit, "insn") == 0 ? "instructions" : "TSC ticks";
}

static void text_row(const struct model *m, enum model_figure f, FILE *out)
{
	char value[FIGURE_SIZE], ns[FIGURE_SIZE] = "";
	double v = m->figures[f].value;

	if (m->tsc_khz > 0 && !isnan(v))
		snprintf(ns, sizeof(ns), "%.0f ns", v / m->tsc_khz * 1e6);
	fprintf(out, "  %-32s %9s %10s   %s\n", model_figure__name(f), figure(m, f, value), ns,
		m->figures[f].how);
}

void model__text(const struct model *m, FILE *out)
{
	static const enum model_figure parts[] = { MODEL_SYSTEM_CALL, MODEL_RUN, MODEL_SWITCH, MODEL_REST,
		MODEL_ROUNDTRIP };
	static const enum model_figure legs[] = { MODEL_EXIT_LEG, MODEL_HANDLER, MODEL_ENTRY_LEG,
		MODEL_GUEST };
	static const enum model_figure kinds[] = { MODEL_FASTPATH, MODEL_KERNEL };
	char entry[FIGURE_SIZE], leave[FIGURE_SIZE], handler[FIGURE_SIZE], kernel[FIGURE_SIZE];
	size_t i;

	figure(m, MODEL_ENTRY_LEG, entry);
	figure(m, MODEL_EXIT_LEG, leave);
	figure(m, MODEL_HANDLER, handler);
	figure(m, MODEL_KERNEL, kernel);
	fprintf(out, "One OUT to user space and back (pio/out-user-1b), medians in %s\n\n", unit_words(m));
	fprintf(out, "    user space                 kernel                        guest\n");
	fprintf(out, "    ioctl(KVM_RUN)  --->   switch to guest mode  --VMENTER-->  native execution\n");
	fprintf(out, "         ^          |------------- %7s -------------->|         |\n", entry);
	fprintf(out, "      %7s               KVM, no way up: %-7s                  |\n", handler, kernel);
	fprintf(out, "         |          |<------------ %7s ---------------|         |\n", leave);
	fprintf(out, "    exit handler   <---     exit handler     <----VMEXIT-----------+\n\n");
	fprintf(out, "The round trip as user space sees it, in parts:\n");
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		text_row(m, parts[i], out);
	fprintf(out,
		"\nThe same exit as the guest sees it, in legs (a guest that takes stamps executes more):\n");
	for (i = 0; i < ARRAY_SIZE(legs); i++)
		text_row(m, legs[i], out);
	fprintf(out, "\nExits that stay in the kernel:\n");
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		text_row(m, kinds[i], out);
}

static void put_escaped(const char *s, FILE *out)
{
	for (; *s; s++) {
		if (*s == '&')
			fputs("&amp;", out);
		else if (*s == '<')
			fputs("&lt;", out);
		else
			fputc(*s, out);
	}
}

/* Okabe and Ito's colours: told apart by colour-blind readers, too. */
#define BLUE   "#0072B2"
#define ORANGE "#D55E00"
#define GREEN  "#009E73"
#define GREY   "#777777"

static void box(FILE *out, int x, int y, int width, const char *text)
{
	fprintf(out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"44\" rx=\"5\" fill=\"#ffffff\" stroke=\"#333333\"/>\n"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
		x, y, width, x + width / 2, y + 27, text);
}

static void arrow(FILE *out, int x1, int y1, int x2, int y2, const char *colour)
{
	int dx = (x2 > x1) - (x2 < x1), dy = (y2 > y1) - (y2 < y1);

	fprintf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>\n", x1,
		y1, x2 - 8 * dx, y2 - 8 * dy, colour);
	/* The head is no marker: those have ids, and a page may hold several of these pictures. */
	fprintf(out, "<path d=\"M%d,%d l%d,%d l%d,%d z\" fill=\"%s\"/>\n", x2, y2, -11 * dx - 5 * dy,
		-11 * dy - 5 * dx, 10 * dy, 10 * dx, colour);
}

static void label(
	FILE *out, int x, int y, const char *colour, const char *anchor, const char *words, const char *value)
{
	fprintf(out,
		"<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"%s\">%s<tspan font-weight=\"bold\">%s</tspan></text>\n",
		x, y, colour, anchor, words, value);
}

/* The round trip as one bar, its parts to scale. Negative parts (a floor dearer than what stands on it, which
 * noise can bring about) have no width; their figure says it. */
static void bar(const struct model *m, FILE *out)
{
	static const struct {
		enum model_figure figure;
		const char *colour;
	} parts[] = { { MODEL_SYSTEM_CALL, BLUE }, { MODEL_RUN, GREEN }, { MODEL_SWITCH, ORANGE },
		{ MODEL_REST, GREY } };
	double total = m->figures[MODEL_ROUNDTRIP].value, x = 40;
	char value[FIGURE_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		double v = m->figures[parts[i].figure].value, width = isnan(v) || v < 0 ? 0 : v / total * 720;
		int row = 368 + (int)i * 20;

		fprintf(out, "<rect x=\"%.1f\" y=\"310\" width=\"%.1f\" height=\"26\" fill=\"%s\"/>\n", x,
			width, parts[i].colour);
		x += width;
		fprintf(out, "<rect x=\"40\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", row - 11,
			parts[i].colour);
		fprintf(out, "<text x=\"60\" y=\"%d\">%s</text>", row, model_figure__name(parts[i].figure));
		fprintf(out, "<text x=\"362\" y=\"%d\" text-anchor=\"end\" font-weight=\"bold\">%s</text>",
			row, figure(m, parts[i].figure, value));
		fprintf(out, "<text x=\"378\" y=\"%d\" fill=\"" GREY "\">%s</text>\n", row,
			m->figures[parts[i].figure].how);
	}
}

void model__svg(const struct model *m, const char *caption, bool inline_svg, FILE *out)
{
	char value[FIGURE_SIZE], title[96];

	if (!inline_svg)
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 480\" font-family=\"sans-serif\" font-size=\"14\" "
	      "role=\"img\" aria-label=\"Execution model of an exit to user space\">\n"
	      "<rect width=\"800\" height=\"480\" fill=\"#ffffff\"/>\n",
		out);
	snprintf(title, sizeof(title), "One OUT to user space and back, medians in %s", unit_words(m));
	fprintf(out,
		"<text x=\"400\" y=\"26\" text-anchor=\"middle\" font-size=\"17\" font-weight=\"bold\">%s</text>\n",
		title);
	fputs("<g fill=\"" GREY "\"><text x=\"110\" y=\"58\" text-anchor=\"middle\">user space</text>"
	      "<text x=\"400\" y=\"58\" text-anchor=\"middle\">kernel</text>"
	      "<text x=\"690\" y=\"58\" text-anchor=\"middle\">guest</text></g>\n"
	      "<line x1=\"225\" y1=\"48\" x2=\"225\" y2=\"262\" stroke=\"#bbbbbb\" stroke-dasharray=\"4 4\"/>\n"
	      "<line x1=\"575\" y1=\"48\" x2=\"575\" y2=\"262\" stroke=\"#bbbbbb\" stroke-dasharray=\"4 4\"/>\n",
		out);
	box(out, 40, 72, 140, "ioctl(KVM_RUN)");
	box(out, 310, 72, 180, "switch to guest mode");
	box(out, 620, 72, 140, "native execution");
	box(out, 40, 200, 140, "exit handler");
	box(out, 310, 200, 180, "exit handler");
	arrow(out, 180, 94, 308, 94, BLUE);
	arrow(out, 490, 94, 618, 94, BLUE);
	fputs("<text x=\"532\" y=\"86\" text-anchor=\"middle\" font-size=\"12\">VMENTER</text>\n", out);
	fputs("<path d=\"M690,116 L690,223\" fill=\"none\" stroke=\"" ORANGE
	      "\" stroke-width=\"2\"/>\n<text x=\"640\" y=\"214\" text-anchor=\"middle\" "
	      "font-size=\"12\">VMEXIT</text>\n",
		out);
	arrow(out, 690, 222, 492, 222, ORANGE);
	arrow(out, 310, 222, 182, 222, ORANGE);
	arrow(out, 110, 200, 110, 118, GREEN);
	arrow(out, 400, 200, 400, 118, GREY);
	label(out, 300, 140, BLUE, "middle", "entry leg ", figure(m, MODEL_ENTRY_LEG, value));
	label(out, 300, 266, ORANGE, "middle", "exit leg ", figure(m, MODEL_EXIT_LEG, value));
	label(out, 118, 164, GREEN, "start", "handler ", figure(m, MODEL_HANDLER, value));
	label(out, 408, 162, GREY, "start", "handled in KVM ", figure(m, MODEL_KERNEL, value));
	if (m->fastpath)
		label(out, 408, 182, GREY, "start", "on the fast path ", figure(m, MODEL_FASTPATH, value));
	fprintf(out, "<text x=\"40\" y=\"300\" font-weight=\"bold\">round trip %s, in parts</text>\n",
		figure(m, MODEL_ROUNDTRIP, value));
	bar(m, out);
	fputs("<text x=\"400\" y=\"468\" text-anchor=\"middle\" font-size=\"12\" fill=\"" GREY "\">", out);
	put_escaped(caption, out);
	fputs("</text>\n</svg>\n", out);
}
