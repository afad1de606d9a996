// SPDX-License-Identifier: MIT
/* The model as text for a terminal. */
#include "base/array.h"
#include "report/model_draw.h"

struct paper {
	FILE *out;
	unsigned width; /* columns; 0: no limit */
};

/* A column of nanoseconds; none where the unit is no time. */
static const char *put_ns(const struct model *m, double value, char *buf)
{
	char text[FIGURE_SIZE] = "";

	buf[0] = '\0';
	if (m->tsc_khz <= 0)
		return buf;
	if (!isnan(value))
		snprintf(text, sizeof(text), "%.0f ns", value / m->tsc_khz * 1e6);
	snprintf(buf, FIGURE_SIZE, " %10.20s", text);
	return buf;
}

/* What stands on a line, and how it was come by: behind it, or below where that doesn't fit. */
static void put_line(const struct paper *p, const char *line, const char *how)
{
	int used = (int)strlen(line);

	if (*how && (!p->width || used + 3 + strlen(how) <= p->width)) {
		fprintf(p->out, "%s   %s\n", line, how);
		return;
	}
	while (used && line[used - 1] == ' ')
		used--;
	fprintf(p->out, "%.*s\n", used, line);
	if (*how)
		fprintf(p->out, "      %s\n", how);
}

static void figure_row(const struct model *m, enum model_figure f, const struct paper *p)
{
	char value[FIGURE_SIZE], ns[FIGURE_SIZE], line[160];

	snprintf(line, sizeof(line), "  %-32s %9s%s", model_figure__name(f), figure__of(m, f, value),
		put_ns(m, m->figures[f].value, ns));
	put_line(p, line, m->figures[f].how);
}

static void picture(const struct model *m, FILE *out)
{
	char entry[FIGURE_SIZE], leave[FIGURE_SIZE], handler[FIGURE_SIZE], kernel[FIGURE_SIZE];

	figure__of(m, MODEL_ENTRY_LEG, entry);
	figure__of(m, MODEL_EXIT_LEG, leave);
	figure__of(m, MODEL_HANDLER, handler);
	figure__of(m, MODEL_KERNEL, kernel);
	fprintf(out, "    user space                 kernel                        guest\n");
	fprintf(out, "    ioctl(KVM_RUN)  --->   switch to guest mode  --VMENTER-->  native execution\n");
	fprintf(out, "         ^          |------------- %7s -------------->|         |\n", entry);
	fprintf(out, "      %7s               KVM, no way up: %-7s                  |\n", handler, kernel);
	fprintf(out, "         |          |<------------ %7s ---------------|         |\n", leave);
	fprintf(out, "    exit handler   <---     exit handler     <----VMEXIT-----------+\n");
}

/* "1855", "at most" 626 of it; what is exact has no "<=". */
static void way_row(const struct model *m, const char *name, double value, const char *tracing,
	const char *how, const struct paper *p)
{
	char text[FIGURE_SIZE], ns[FIGURE_SIZE], line[160];

	snprintf(line, sizeof(line), "  %-22s %9s%s %9s", name, figure__put(value, text),
		put_ns(m, value, ns), tracing);
	put_line(p, line, how);
}

static void arrow_row(
	const struct model *m, const struct model_way *w, enum model_arrow a, const struct paper *p)
{
	bool kernel = a == ARROW_HANDLER && isnan(w->arrows[ARROW_RETURN]);
	char tracing[FIGURE_SIZE] = "";

	if (isnan(w->arrows[a]))
		return;
	if (w->tracing[a] > 0)
		snprintf(tracing, sizeof(tracing), "<= %.0f", w->tracing[a]);
	way_row(m, model_arrow__name(a), w->arrows[a], tracing,
		kernel ? "trace_handler: kvm_exit to kvm_entry" : model_arrow__how(a), p);
}

/* A sum of arrows whose figure without tracing is known, too. */
static void sum_row(
	const struct model *m, const char *name, double sum, double untraced, const struct paper *p)
{
	char tracing[FIGURE_SIZE], how[64];

	if (isnan(sum) || isnan(untraced))
		return;
	snprintf(how, sizeof(how), "without tracing %.0f", untraced);
	snprintf(tracing, sizeof(tracing), "%.0f", sum - untraced);
	way_row(m, name, sum, tracing, how, p);
}

static void way(const struct model *m, const struct model_way *w, const struct paper *p)
{
	const double *a = w->arrows;
	char ns[FIGURE_SIZE];
	double sum = 0, share = 100 * (w->traced_guest / w->guest - 1);
	size_t i;

	for (i = 0; i < MODEL_ARROWS; i++)
		sum += isnan(a[i]) ? 0 : a[i];
	fprintf(p->out, "\n%s:\n", w->bench);
	fprintf(p->out, "  %-22s %9s%s %9s\n", "", "measured", put_ns(m, NAN, ns), "tracing");
	arrow_row(m, w, ARROW_VMEXIT, p);
	arrow_row(m, w, ARROW_HANDLER, p);
	arrow_row(m, w, ARROW_RETURN, p);
	sum_row(m, "= exit leg", a[ARROW_VMEXIT] + a[ARROW_HANDLER] + a[ARROW_RETURN], w->exit_leg, p);
	arrow_row(m, w, ARROW_USER, p);
	arrow_row(m, w, ARROW_SWITCH, p);
	arrow_row(m, w, ARROW_VMENTER, p);
	sum_row(m, "= entry leg", a[ARROW_SWITCH] + a[ARROW_VMENTER], w->entry_leg, p);
	way_row(m, "rest", w->traced_guest - sum, "", "medians of parts don't add up to that of the whole",
		p);
	sum_row(m, "= the whole", w->traced_guest, w->guest, p);
	fprintf(p->out, "  Tracing adds %.0f %%: kvm_entry alone %.0f, kvm_exit %.0f", share, w->entry,
		w->exit);
	if (!isnan(a[ARROW_RETURN]))
		fprintf(p->out, ", kvm_userspace_exit %.0f", w->user);
	fprintf(p->out, ".\n");
}

/* A figure between dashes, as wide as every other: the shaft of an arrow. */
static const char *shaft(double value, char *buf)
{
	static const int width = 6;
	char text[FIGURE_SIZE];
	int left = width - (int)strlen(figure__put(value, text));

	left = left > 0 ? left : 0;
	snprintf(buf, FIGURE_SIZE, "%.*s%.10s%.*s", left / 2, "------", text, left - left / 2, "------");
	return buf;
}

/* The same picture with a figure on every inner arrow. */
static void traced_picture(const struct model *m, FILE *out)
{
	const double *arrows = m->user_way.arrows;
	char switch_in[FIGURE_SIZE], enter[FIGURE_SIZE], leave[FIGURE_SIZE], up[FIGURE_SIZE];
	char handler[FIGURE_SIZE], user[FIGURE_SIZE], kernel[FIGURE_SIZE];

	fprintf(out, "\nThe same with KVM's tracepoints on, which cost time themselves:\n\n");
	fprintf(out, "user space                     kernel                         guest\n");
	fprintf(out, "ioctl(KVM_RUN) -%s-> switch to guest mode -VMENTER%s-> native execution\n",
		shaft(arrows[ARROW_SWITCH], switch_in), shaft(arrows[ARROW_VMENTER], enter));
	fprintf(out, "      ^                           ^                                    |\n");
	fprintf(out, "  %7s                KVM, no way up: %-7s                       |\n",
		figure__put(arrows[ARROW_USER], user),
		figure__put(m->kernel_way.arrows[ARROW_HANDLER], kernel));
	fprintf(out, "      |                           |                                    |\n");
	fprintf(out, "exit handler   <-%s-- exit handler %7s <-VMEXIT-%s---------+\n",
		shaft(arrows[ARROW_RETURN], up), figure__put(arrows[ARROW_HANDLER], handler),
		shaft(arrows[ARROW_VMEXIT], leave));
}

void model__text(const struct model *m, unsigned width, FILE *out)
{
	static const enum model_figure parts[] = { MODEL_SYSTEM_CALL, MODEL_RUN, MODEL_SWITCH, MODEL_REST,
		MODEL_ROUNDTRIP };
	static const enum model_figure legs[] = { MODEL_EXIT_LEG, MODEL_HANDLER, MODEL_ENTRY_LEG,
		MODEL_GUEST };
	static const enum model_figure kinds[] = { MODEL_FASTPATH, MODEL_KERNEL };
	const struct paper p = { out, width };
	size_t i;

	fprintf(out, "One OUT to user space and back (pio/out-user-1b), medians in %s\n\n",
		model__unit_words(m));
	picture(m, out);
	fprintf(out, "\nThe round trip as user space sees it, in parts:\n");
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		figure_row(m, parts[i], &p);
	fprintf(out, "\nThe same exit as the guest sees it, in legs, with its time stamps' own cost:\n");
	for (i = 0; i < ARRAY_SIZE(legs); i++)
		figure_row(m, legs[i], &p);
	fprintf(out, "\nExits that stay in the kernel:\n");
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		figure_row(m, kinds[i], &p);
	if (!m->traced)
		return;
	traced_picture(m, out);
	way(m, &m->user_way, &p);
	if (!isnan(m->kernel_way.traced_guest))
		way(m, &m->kernel_way, &p);
	fprintf(out, "\n  A tracepoint stamps the time somewhere within: its cost lies partly before, in\n"
		     "  the arrow that ends there, partly after, in the next. '<=' is all that may lie\n"
		     "  in one; a leg's tracing is exact.\n");
}
