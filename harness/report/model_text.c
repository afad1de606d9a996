// SPDX-License-Identifier: MIT
/* The model as text for a terminal. */
#include "base/array.h"
#include "report/model_draw.h"

/* A value in nanoseconds, or "" where the unit is no time. */
static const char *put_ns(const struct model *m, double value, char *buf)
{
	buf[0] = '\0';
	if (m->tsc_khz > 0 && !isnan(value))
		snprintf(buf, FIGURE_SIZE, "%.0f ns", value / m->tsc_khz * 1e6);
	return buf;
}

static void figure_row(const struct model *m, enum model_figure f, FILE *out)
{
	char value[FIGURE_SIZE], ns[FIGURE_SIZE];

	fprintf(out, "  %-32s %9s %10s   %s\n", model_figure__name(f), figure__of(m, f, value),
		put_ns(m, m->figures[f].value, ns), m->figures[f].how);
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
	const char *how, FILE *out)
{
	char text[FIGURE_SIZE], ns[FIGURE_SIZE];

	fprintf(out, "  %-22s %9s %10s %9s   %s\n", name, figure__put(value, text), put_ns(m, value, ns),
		tracing, how);
}

static void arrow_row(const struct model *m, const struct model_way *w, enum model_arrow a, FILE *out)
{
	bool kernel = a == ARROW_HANDLER && isnan(w->arrows[ARROW_RETURN]);
	char tracing[FIGURE_SIZE] = "";

	if (isnan(w->arrows[a]))
		return;
	if (w->tracing[a] > 0)
		snprintf(tracing, sizeof(tracing), "<= %.0f", w->tracing[a]);
	way_row(m, model_arrow__name(a), w->arrows[a], tracing,
		kernel ? "trace_handler: kvm_exit to kvm_entry" : model_arrow__how(a), out);
}

/* A sum of arrows whose figure without tracing is known, too. */
static void sum_row(const struct model *m, const char *name, double sum, double untraced, FILE *out)
{
	char tracing[FIGURE_SIZE], how[64];

	if (isnan(sum) || isnan(untraced))
		return;
	snprintf(how, sizeof(how), "without tracing %.0f", untraced);
	snprintf(tracing, sizeof(tracing), "%.0f", sum - untraced);
	way_row(m, name, sum, tracing, how, out);
}

static void way(const struct model *m, const struct model_way *w, FILE *out)
{
	const double *a = w->arrows;
	double sum = 0, share = 100 * (w->traced_guest / w->guest - 1);
	size_t i;

	for (i = 0; i < MODEL_ARROWS; i++)
		sum += isnan(a[i]) ? 0 : a[i];
	fprintf(out, "\n%s:\n", w->bench);
	fprintf(out, "  %-22s %9s %10s %9s\n", "", "measured", "", "tracing");
	arrow_row(m, w, ARROW_VMEXIT, out);
	arrow_row(m, w, ARROW_HANDLER, out);
	arrow_row(m, w, ARROW_RETURN, out);
	sum_row(m, "= exit leg", a[ARROW_VMEXIT] + a[ARROW_HANDLER] + a[ARROW_RETURN], w->exit_leg, out);
	arrow_row(m, w, ARROW_USER, out);
	arrow_row(m, w, ARROW_SWITCH, out);
	arrow_row(m, w, ARROW_VMENTER, out);
	sum_row(m, "= entry leg", a[ARROW_SWITCH] + a[ARROW_VMENTER], w->entry_leg, out);
	way_row(m, "rest", w->traced_guest - sum, "", "medians of parts don't add up to that of the whole",
		out);
	sum_row(m, "= the whole", w->traced_guest, w->guest, out);
	fprintf(out, "  Tracing adds %.0f %%: kvm_entry alone %.0f, kvm_exit %.0f", share, w->entry, w->exit);
	if (!isnan(a[ARROW_RETURN]))
		fprintf(out, ", kvm_userspace_exit %.0f", w->user);
	fprintf(out, ".\n");
}

/* A figure between dashes, as wide as every other: the shaft of an arrow. */
static const char *shaft(double value, char *buf)
{
	static const int width = 9;
	char text[FIGURE_SIZE];
	int left = width - (int)strlen(figure__put(value, text));

	left = left > 2 ? left : 2;
	snprintf(
		buf, FIGURE_SIZE, "%.*s%.10s%.*s", left / 2, "---------", text, left - left / 2, "---------");
	return buf;
}

/* The same picture with a figure on every inner arrow. */
static void traced_picture(const struct model *m, FILE *out)
{
	const double *arrows = m->user_way.arrows;
	char switch_in[FIGURE_SIZE], enter[FIGURE_SIZE], leave[FIGURE_SIZE], up[FIGURE_SIZE];
	char handler[FIGURE_SIZE], user[FIGURE_SIZE], kernel[FIGURE_SIZE];

	fprintf(out, "\nThe same with KVM's tracepoints on, which cost time themselves:\n\n");
	fprintf(out, "    user space                     kernel                             guest\n");
	fprintf(out, "    ioctl(KVM_RUN) -%s->  switch to guest mode  -VMENTER%s->  native execution\n",
		shaft(arrows[ARROW_SWITCH], switch_in), shaft(arrows[ARROW_VMENTER], enter));
	fprintf(out,
		"         ^                            ^                                            |\n");
	fprintf(out, "      %7s              KVM, no way up: %-7s                                 |\n",
		figure__put(arrows[ARROW_USER], user),
		figure__put(m->kernel_way.arrows[ARROW_HANDLER], kernel));
	fprintf(out,
		"         |                            |                                            |\n");
	fprintf(out, "    exit handler   <-%s-   exit handler %7s  <-VMEXIT-%s---------+\n",
		shaft(arrows[ARROW_RETURN], up), figure__put(arrows[ARROW_HANDLER], handler),
		shaft(arrows[ARROW_VMEXIT], leave));
}

void model__text(const struct model *m, FILE *out)
{
	static const enum model_figure parts[] = { MODEL_SYSTEM_CALL, MODEL_RUN, MODEL_SWITCH, MODEL_REST,
		MODEL_ROUNDTRIP };
	static const enum model_figure legs[] = { MODEL_EXIT_LEG, MODEL_HANDLER, MODEL_ENTRY_LEG,
		MODEL_GUEST };
	static const enum model_figure kinds[] = { MODEL_FASTPATH, MODEL_KERNEL };
	size_t i;

	fprintf(out, "One OUT to user space and back (pio/out-user-1b), medians in %s\n\n",
		model__unit_words(m));
	picture(m, out);
	fprintf(out, "\nThe round trip as user space sees it, in parts:\n");
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		figure_row(m, parts[i], out);
	fprintf(out,
		"\nThe same exit as the guest sees it, in legs (a guest that takes stamps executes more):\n");
	for (i = 0; i < ARRAY_SIZE(legs); i++)
		figure_row(m, legs[i], out);
	fprintf(out, "\nExits that stay in the kernel:\n");
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		figure_row(m, kinds[i], out);
	if (!m->traced)
		return;
	traced_picture(m, out);
	way(m, &m->user_way, out);
	if (!isnan(m->kernel_way.traced_guest))
		way(m, &m->kernel_way, out);
	fprintf(out,
		"\n  A tracepoint stamps the time somewhere within: its cost lies partly before, in the arrow that ends\n"
		"  there, partly after, in the next. '<=' is all that may lie in one; a leg's tracing is exact.\n");
}
