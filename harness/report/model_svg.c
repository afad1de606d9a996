// SPDX-License-Identifier: MIT
/* The model as an SVG picture. */
#include "base/array.h"
#include "report/model_draw.h"

static void put_escaped(const char *s, size_t length, FILE *out)
{
	for (; length; s++, length--) {
		if (*s == '&')
			fputs("&amp;", out);
		else if (*s == '<')
			fputs("&lt;", out);
		else
			fputc(*s, out);
	}
}

#define CAPTION_BYTES 112 /* that fit on a line */
#define CAPTION_LINE  16

/* How much of a caption goes on its next line: to the last blank that fits, or to the end of a longer word. */
static size_t caption_line(const char *caption)
{
	size_t length = strlen(caption), cut;

	if (length <= CAPTION_BYTES)
		return length;
	for (cut = CAPTION_BYTES; cut && caption[cut] != ' ';)
		cut--;
	return cut ? cut : strcspn(caption, " ");
}

static int caption_lines(const char *caption)
{
	int lines = 1;
	size_t cut;

	for (cut = caption_line(caption); caption[cut]; cut = caption_line(caption), lines++)
		caption += cut + 1;
	return lines;
}

/* Okabe and Ito's colours: told apart by colour-blind readers, too. */
#define BLUE   "#0072B2"
#define ORANGE "#D55E00"
#define GREEN  "#009E73"
#define AMBER  "#E69F00"
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
	} parts[] = { { MODEL_SYSTEM_CALL, BLUE }, { MODEL_RUN, ORANGE }, { MODEL_SWITCH, GREEN },
		{ MODEL_REST, AMBER } }; /* as in the ladder */
	double total = 0, x = 40;
	char value[FIGURE_SIZE];
	size_t i;

	/* Not the round trip: where a part is below 0, the others are more than that. */
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		total += fmax(m->figures[parts[i].figure].value, 0); /* of NAN and 0: 0 */
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		double v = m->figures[parts[i].figure].value, width = v > 0 ? v / total * 720 : 0;
		int row = 368 + (int)i * 20;

		fprintf(out, "<rect x=\"%.1f\" y=\"310\" width=\"%.1f\" height=\"26\" fill=\"%s\"/>\n", x,
			width, parts[i].colour);
		x += width;
		fprintf(out, "<rect x=\"40\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", row - 11,
			parts[i].colour);
		fprintf(out, "<text x=\"60\" y=\"%d\">%s</text>", row, model_figure__name(parts[i].figure));
		fprintf(out, "<text x=\"362\" y=\"%d\" text-anchor=\"end\" font-weight=\"bold\">%s</text>",
			row, figure__of(m, parts[i].figure, value));
		fprintf(out, "<text x=\"378\" y=\"%d\" fill=\"" GREY "\">%s</text>\n", row,
			m->figures[parts[i].figure].how);
	}
}

/* The figures that tracepoints give, beside the inner arrows. */
static void arrow_figures(const struct model_way *w, FILE *out)
{
	char value[FIGURE_SIZE];

	label(out, 244, 86, BLUE, "middle", "", figure__put(w->arrows[ARROW_SWITCH], value));
	label(out, 532, 112, BLUE, "middle", "", figure__put(w->arrows[ARROW_VMENTER], value));
	label(out, 532, 241, ORANGE, "middle", "", figure__put(w->arrows[ARROW_VMEXIT], value));
	label(out, 246, 214, ORANGE, "middle", "", figure__put(w->arrows[ARROW_RETURN], value));
}

static void way_row(FILE *out, int y, const char *colour, const char *name, double value, const char *tracing,
	const char *how)
{
	char text[FIGURE_SIZE];

	fprintf(out, "<rect x=\"40\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", y - 11, colour);
	fprintf(out,
		"<text x=\"60\" y=\"%d\">%s</text><text x=\"270\" y=\"%d\" text-anchor=\"end\" "
		"font-weight=\"bold\">%s</text>",
		y, name, y, figure__put(value, text));
	fprintf(out, "<text x=\"362\" y=\"%d\" text-anchor=\"end\" fill=\"" GREY "\">%s</text>", y, tracing);
	fprintf(out, "<text x=\"378\" y=\"%d\" fill=\"" GREY "\">%s</text>\n", y, how);
}

/* The way of the same exit with tracing on, a row an arrow, beside it how much of it is tracing. */
static void way(const struct model_way *w, FILE *out)
{
	static const char *const colours[MODEL_ARROWS] = { ORANGE, ORANGE, ORANGE, GREEN, BLUE, BLUE };
	char tracing[FIGURE_SIZE], how[64];
	enum model_arrow a;

	fprintf(out, "<text x=\"40\" y=\"470\" font-weight=\"bold\">with KVM's tracepoints on</text>"
		     "<text x=\"362\" y=\"470\" text-anchor=\"end\" fill=\"" GREY "\">tracing</text>\n");
	for (a = 0; a < MODEL_ARROWS; a++) {
		tracing[0] = '\0';
		if (w->tracing[a] > 0)
			snprintf(tracing, sizeof(tracing), "&#8804; %.0f", w->tracing[a]);
		way_row(out, 494 + (int)a * 20, colours[a], model_arrow__name(a), w->arrows[a], tracing,
			model_arrow__how(a));
	}
	snprintf(how, sizeof(how), "without tracing %.0f", w->guest);
	snprintf(tracing, sizeof(tracing), "%.0f", w->traced_guest - w->guest);
	way_row(out, 494 + MODEL_ARROWS * 20, "#333333", "the whole", w->traced_guest, tracing, how);
}

static void put_caption(const char *caption, int y, FILE *out)
{
	size_t length;

	for (;; caption += length + 1, y += CAPTION_LINE) {
		length = caption_line(caption);
		fprintf(out,
			"<text x=\"400\" y=\"%d\" text-anchor=\"middle\" font-size=\"12\" fill=\"" GREY "\">",
			y);
		put_escaped(caption, length, out);
		fputs("</text>\n", out);
		if (!caption[length])
			return;
	}
}

/* Who is where, and the ways between them. */
static void map(const struct model *m, FILE *out)
{
	char value[FIGURE_SIZE], handler[128] = "exit handler";

	if (m->traced)
		snprintf(handler, sizeof(handler),
			"exit handler <tspan font-weight=\"bold\" fill=\"" ORANGE "\">%s</tspan>",
			figure__put(m->user_way.arrows[ARROW_HANDLER], value));
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
	box(out, 310, 200, 180, handler);
	arrow(out, 180, 94, 308, 94, BLUE);
	arrow(out, 490, 94, 618, 94, BLUE);
	fputs("<text x=\"532\" y=\"86\" text-anchor=\"middle\" font-size=\"12\">VMENTER</text>\n", out);
	fputs("<path d=\"M690,116 L690,223\" fill=\"none\" stroke=\"" ORANGE
	      "\" stroke-width=\"2\"/>\n<text x=\"532\" y=\"214\" text-anchor=\"middle\" "
	      "font-size=\"12\">VMEXIT</text>\n",
		out);
	arrow(out, 690, 222, 492, 222, ORANGE);
	arrow(out, 310, 222, 182, 222, ORANGE);
	arrow(out, 110, 200, 110, 118, GREEN);
	arrow(out, 400, 200, 400, 118, GREY);
}

static void leg_figures(const struct model *m, FILE *out)
{
	char value[FIGURE_SIZE];

	label(out, 300, 140, BLUE, "middle", "entry leg ", figure__of(m, MODEL_ENTRY_LEG, value));
	label(out, 300, 266, ORANGE, "middle", "exit leg ", figure__of(m, MODEL_EXIT_LEG, value));
	label(out, 118, 164, GREEN, "start", "handler ", figure__of(m, MODEL_HANDLER, value));
	label(out, 408, 162, GREY, "start", "handled in KVM ", figure__of(m, MODEL_KERNEL, value));
	if (m->fastpath)
		label(out, 408, 182, GREY, "start", "on the fast path ",
			figure__of(m, MODEL_FASTPATH, value));
}

void model__svg(const struct model *m, const char *caption, bool inline_svg, FILE *out)
{
	int bottom = m->traced ? 652 : 468, height = bottom + CAPTION_LINE * caption_lines(caption) - 4;
	char value[FIGURE_SIZE];

	if (!inline_svg)
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 %d\" font-family=\"sans-serif\" "
		"font-size=\"14\" role=\"img\" aria-label=\"Execution model of an exit to user space\">\n"
		"<rect width=\"800\" height=\"%d\" fill=\"#ffffff\"/>\n",
		height, height);
	fprintf(out,
		"<text x=\"400\" y=\"26\" text-anchor=\"middle\" font-size=\"17\" font-weight=\"bold\">"
		"One OUT to user space and back, medians in %s</text>\n",
		model__unit_words(m));
	map(m, out);
	leg_figures(m, out);
	if (m->traced)
		arrow_figures(&m->user_way, out);
	fprintf(out, "<text x=\"40\" y=\"300\" font-weight=\"bold\">round trip %s, in parts</text>\n",
		figure__of(m, MODEL_ROUNDTRIP, value));
	bar(m, out);
	if (m->traced)
		way(&m->user_way, out);
	put_caption(caption, bottom, out);
	fputs("</svg>\n", out);
}
