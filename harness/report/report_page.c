// SPDX-License-Identifier: MIT
/* The order of the page, its head, and the pictures in it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/model.h"
#include "report/report.h"
#include "results/json_file.h"

const struct input *report__first(const struct report *r)
{
	return &r->sides[0].inputs[0];
}

static bool starts(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

static void add_picture(const struct picture *p, struct text *t)
{
	text__puts(t, "<figure id=\"picture-");
	html__text(t, p->name);
	text__puts(t, "\">\n");
	text__puts(t, p->svg);
	text__puts(t, "</figure>\n");
}

/* Pictures whose name starts so, in the order they were drawn; returns how many. */
static size_t add_pictures(const struct report *r, const char *prefix, struct text *t)
{
	size_t found = 0;

	for (size_t i = 0; i < r->pictures->count; i++) {
		if (!starts(r->pictures->list[i].name, prefix))
			continue;
		add_picture(&r->pictures->list[i], t);
		found++;
	}
	return found;
}

static void add_the_picture(const struct report *r, const char *name, struct text *t)
{
	for (size_t i = 0; i < r->pictures->count; i++)
		if (!strcmp(r->pictures->list[i].name, name))
			add_picture(&r->pictures->list[i], t);
}

static void model_of(const struct input *in, struct text *t)
{
	char *svg = NULL, *words = NULL, caption[512];
	size_t size;
	struct model m;
	struct error err;
	FILE *out;
	int failed = model__build(&m, in->summary.rows, in->summary.count,
		json_number_value(json__get(in->run, "clock.tsc_khz")), &err);

	if (!failed && isnan(m.figures[MODEL_ROUNDTRIP].value))
		failed = error__set(&err, EXIT_USAGE, "floor/stamp-host is not in these results");
	if (failed) {
		text__puts(t, "<p class=soft>No picture of the model: ");
		html__text(t, err.text);
		text__puts(t, ".</p>\n");
		return;
	}
	snprintf(caption, sizeof(caption), "%s, Linux %s, %s",
		input__fact(in, "host.cpu.model_name", "unknown CPU"),
		input__fact(in, "host.kernel.release", "unknown"), input__fact(in, "backend", ""));
	out = open_memstream(&svg, &size);
	if (out) {
		model__svg(&m, caption, true, out);
		fclose(out);
	}
	out = open_memstream(&words, &size);
	if (out) {
		model__text(&m, 0, out);
		fclose(out);
	}
	if (svg && words) {
		text__puts(t, "<figure>\n");
		text__puts(t, svg);
		text__puts(t,
			"</figure>\n<details><summary>Its figures, and from which benchmarks each was derived"
			"</summary><div class=wide><pre>");
		html__text(t, words);
		text__puts(t, "</pre></div></details>\n");
	} else {
		t->failed = true;
	}
	free(svg);
	free(words);
}

static void trust(const struct input *in, struct text *t)
{
	const char *class = input__fact(in, "trust", "unknown");
	bool alarm = !strcmp(class, "emulated");

	text__printf(t, "<div class=\"box%s\"><b>What the figures are worth: ", alarm ? " alarm" : "");
	html__text(t, class);
	text__puts(t, "</b> – ");
	html__text(
		t, input__fact(in, "trust_words", "The results don't say what kind of host they come from."));
	text__puts(t, ".</div>\n");
}

static void endings(const struct report *r, struct text *t)
{
	char words[1024];

	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->sides[i].input_count; j++) {
			if (!input__ending(&r->sides[i].inputs[j], words, sizeof(words)))
				continue;
			text__puts(t, "<div class=\"box alarm\">");
			html__text(t, words);
			text__puts(t, ".</div>\n");
		}
}

static void head(const struct report *r, struct text *t)
{
	const struct input *in = report__first(r);
	char title[256];

	snprintf(title, sizeof(title), "vmexit-bench: %.120s, Linux %.80s",
		input__fact(in, "host.cpu.model_name", "unknown CPU"),
		input__fact(in, "host.kernel.release", "unknown"));
	html__page_begin(t, title);
	text__puts(t, "<h1>What leaving a VM costs</h1>\n<p>");
	html__text(t, title + strlen("vmexit-bench: "));
	text__puts(t, ", KVM backend ");
	html__text(t, input__fact(in, "backend", "unknown"));
	text__puts(t, "; ");
	html__text(t, input__fact(in, "started", "at an unknown time"));
	text__puts(t, "; ");
	html__text(t, r->paths[0]);
	text__puts(t, "</p>\n<nav><a href=#glance>At a glance</a><a href=#figures>Figures</a>"
		      "<a href=#pictures>Pictures</a>");
	if (r->count > 1)
		text__puts(t, "<a href=#comparison>Comparison</a>");
	text__puts(t, "<a href=#proof>Proof</a><a href=#host>Host</a></nav>\n");
	trust(in, t);
	endings(r, t);
}

/* The ladders and models of the directories that are compared: there, but out of the way. */
static void glance_at_others(const struct report *r, struct text *t)
{
	if (r->count < 2)
		return;
	text__puts(t,
		"<details><summary>Ladder and way of an exit in each of the other directories</summary>\n");
	add_pictures(r, "ladder-", t);
	for (size_t i = 1; i < r->count; i++) {
		text__puts(t, "<h4>");
		html__text(t, r->paths[i]);
		text__puts(t, "</h4>\n");
		model_of(&r->sides[i].inputs[0], t);
	}
	text__puts(t, "</details>\n");
}

static void glance(const struct report *r, struct text *t)
{
	html__section(t, "glance", "At a glance");
	report__kinds(r, t);
	report__dearest(r, t);
	text__puts(t,
		"<h3>What an exit to user space is made of</h3>\n<p>It stands on others: the system call that leads to "
		"KVM, KVM_RUN itself, leaving and entering the guest. What is left is the exit's own.</p>\n");
	add_the_picture(r, "ladder", t);
	add_the_picture(r, "ladders", t);
	text__puts(t, "<h3>All benchmarks</h3>\n");
	add_pictures(r, "overview", t);
	text__puts(t, "<h3>The way of an exit</h3>\n");
	model_of(&r->sides[0].inputs[0], t);
	glance_at_others(r, t);
	html__section_end(t);
}

static void pictures(const struct report *r, struct text *t)
{
	static const struct {
		const char *prefix, *title;
	} groups[] = { { "medians", "Medians by family" }, { "legs", "Legs of exits to user space" },
		{ "ways", "The way of exits, by KVM's tracepoints" }, { "distribution", "Distributions" },
		{ "scaling", "Several vCPUs" }, { "sequence", "Sequence of the runs" },
		{ "history", "History" }, { "attribution", "Who does the work" } };

	html__section(t, "pictures", "Pictures");
	if (r->pictures->why) {
		text__puts(t, "<div class=box>There are no plots on this page: ");
		html__text(t, r->pictures->why);
		text__puts(t, "</div>\n");
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		size_t heading = t->used;

		text__puts(t, "<h3>");
		html__text(t, groups[i].title);
		text__puts(t, "</h3>\n");
		if (!add_pictures(r, groups[i].prefix, t) && !t->failed) {
			t->used = heading;
			t->data[t->used] = '\0';
		}
	}
	if (!r->pictures->why && *r->pictures->notes) {
		text__puts(t, "<details><summary>Pictures that were not drawn</summary><pre>");
		html__text(t, r->pictures->notes);
		text__puts(t, "</pre></details>\n");
	}
	html__section_end(t);
}

void report__page(const struct report *r, struct text *t)
{
	head(r, t);
	glance(r, t);
	report__figures(r, t);
	pictures(r, t);
	if (r->count > 1) {
		html__section(t, "comparison", "Comparison");
		report__verdicts(r, t);
		add_pictures(r, "heat", t);
		report__comparison(r, t);
		html__section_end(t);
	}
	report__proof(r, t);
	report__host(r, t);
	text__puts(t, "<p class=soft>Made from the results files by vmexit-bench report.</p>\n");
	html__page_end(t);
}
