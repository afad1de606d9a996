// SPDX-License-Identifier: MIT
/* vmexit-bench list: what there is, and what this host can do of it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/columns.h"
#include "cli/command.h"
#include "cli/list_markdown.h"
#include "cli/option_rows.h"
#include "cli/reasons.h"
#include "cli/select.h"
#include "cli/table.h"
#include "kvm/host.h"
#include "measure/events.h"
#include "measure/support.h"
#include "results/csv.h"

enum list_format {
	LIST_TEXT,
	LIST_CSV,
	LIST_JSON,
	LIST_MARKDOWN
};
static const char *const formats[] = { "text", "csv", "json", "markdown", NULL };

struct list_settings {
	enum list_format format;
	bool supported_only, events;
};

static const struct option_spec specs[] = {
	OPTION_ROW_FORMAT(struct list_settings, format, formats,
		"text, csv, json, or markdown (the reference of every benchmark)"),
	{ .name = "supported",
		.type = OPTION_FLAG,
		.offset = offsetof(struct list_settings, supported_only),
		.help = "only what this host can run" },
	{ .name = "events",
		.type = OPTION_FLAG,
		.offset = offsetof(struct list_settings, events),
		.help = "the perf events that run --events can count on this host, and why it can't the others" },
};

static const struct option_table table = {
	.command = "list",
	.operands = "[PATTERN...]",
	.about =
		"Lists the benchmarks, where the kernel handles what they cause, and whether this host can run them; "
		"where it can't, why. Patterns are globs ('pio/*'), a family's name means all of it, '!PATTERN' takes "
		"away.",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

/* What is known of one benchmark on this host. */
struct verdict {
	const char *supported; /* "yes", "no", "unknown" */
	char reason[512];
};

/* `host` NULL: there is no KVM to ask, and `no_kvm` says why. */
static void judge(const struct bench *b, const struct kvm_host *host, const char *no_kvm, struct verdict *v)
{
	const char *why;

	v->reason[0] = '\0';
	if (!host && b->handled_in != HANDLED_HOST) {
		v->supported = "unknown";
		snprintf(v->reason, sizeof(v->reason), "%s", no_kvm);
		return;
	}
	why = host ? bench__unsupported(b, host, v->reason, sizeof(v->reason)) : NULL;
	v->supported = why ? "no" : "yes";
	if (why && why != v->reason)
		snprintf(v->reason, sizeof(v->reason), "%s", why);
}

static void list_text(const struct selection *s, const struct verdict *verdicts)
{
	static const struct table_column columns[] = {
		{ .title = "benchmark", .shrink = 16 },
		{ .title = "handled in", .drop = 1 },
		{ .title = "here" },
		{ .title = "what one operation is", .shrink = 8 },
	};
	struct terminal terminal = terminal__of(stdout);
	struct table *t = table__new(columns, 4);
	struct reasons *reasons = reasons__new();
	const struct bench_family *family = NULL;
	char count[80];

	for (size_t i = 0; i < s->count; i++) {
		const struct bench *b = s->benches[i];
		bool can = strcmp(verdicts[i].supported, "yes") == 0;

		if (bench__family(b) != family) {
			family = bench__family(b);
			table__heading(t, family->name);
		}
		table__row(t, can ? COLOUR_NONE : COLOUR_DIM,
			(const char *[]){
				b->id, handled_in__name(b->handled_in), verdicts[i].supported, b->summary });
		if (!can)
			reasons__add(reasons, verdicts[i].reason, b->id);
	}
	table__print(t, stdout, &terminal);
	snprintf(count, sizeof(count), "%zu benchmarks", s->count);
	if (reasons__count(reasons))
		snprintf(count, sizeof(count), "%zu benchmarks, %zu of them not on this host:", s->count,
			reasons__count(reasons));
	putchar('\n');
	columns__wrap(stdout, count, 0, 0, terminal__text_width(&terminal));
	reasons__print(reasons, stdout, terminal__text_width(&terminal));
	reasons__free(reasons);
	table__free(t);
}

static int list_csv(const struct selection *s, const struct verdict *verdicts)
{
	struct text text = { 0 };

	text__puts(&text, "bench,family,handled_in,supported,reason,summary\n");
	for (size_t i = 0; i < s->count; i++) {
		const struct bench *b = s->benches[i];
		const char *fields[] = { b->id, bench__family(b)->name, handled_in__name(b->handled_in),
			verdicts[i].supported, verdicts[i].reason, b->summary };

		for (size_t f = 0; f < 6; f++) {
			csv__add_field(&text, fields[f]);
			text__putc(&text, f < 5 ? ',' : '\n');
		}
	}
	return command__print(&text);
}

static void list_json(const struct selection *s, const struct verdict *verdicts)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->count; i++) {
		const struct bench *b = s->benches[i];

		json_array_append_new(
			all, json_pack("{ss ss ss ss ss* ss ss* ss* ss* ss* sf sI}", "bench", b->id, "family",
				     bench__family(b)->name, "handled_in", handled_in__name(b->handled_in),
				     "supported", verdicts[i].supported, "reason",
				     verdicts[i].reason[0] ? verdicts[i].reason : NULL, "summary", b->summary,
				     "doc", b->doc, "sdm", b->sdm, "apm", b->apm, "baseline", b->baseline,
				     "exits_per_op", b->expect.exits, "ops", (json_int_t)bench__ops(b)));
	}
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

struct event_listing {
	struct table *table;
	struct reasons *reasons;
};

static void list_event(void *context, const char *name, const char *kind, const char *reason)
{
	struct event_listing *l = context;

	if (*reason)
		reasons__add(l->reasons, reason, name);
	else
		table__row(l->table, COLOUR_NONE, (const char *[]){ name, kind });
}

static int list_events(void)
{
	static const struct table_column columns[] = { { .title = "event" }, { .title = "kind" } };
	struct event_listing l = { table__new(columns, 2), reasons__new() };
	struct terminal terminal = terminal__of(stdout);

	events__list(list_event, &l);
	table__print(l.table, stdout, &terminal);
	if (reasons__count(l.reasons))
		printf("\nnot on this host:\n");
	reasons__print(l.reasons, stdout, terminal__text_width(&terminal));
	reasons__free(l.reasons);
	table__free(l.table);
	return command__finish(EXIT_FINE);
}

static int cmd_list(int argc, char **argv)
{
	struct list_settings settings = { 0 };
	struct kvm_host host;
	bool have_kvm;
	struct selection s;
	struct verdict *verdicts;
	struct error err, no_kvm = { 0 };
	size_t kept = 0;
	int status = EXIT_FINE, first = command__parse(&table, &settings, argc, argv, &status);

	if (first < 0)
		return status;
	if (settings.events)
		return list_events();
	if (select__benches(argv + first, (size_t)(argc - first), &s, &err))
		return command__fail(&err);
	if (settings.format == LIST_MARKDOWN) { /* the same on every host */
		list_markdown(&s, stdout);
		selection__free(&s);
		return command__finish(EXIT_FINE);
	}
	verdicts = calloc(s.count, sizeof(*verdicts));
	if (!verdicts) {
		selection__free(&s);
		return command__fail_with(EXIT_IO, "out of memory");
	}
	have_kvm = kvm_host__open(&host, &no_kvm) == 0;
	for (size_t i = 0; i < s.count; i++) {
		judge(s.benches[i], have_kvm ? &host : NULL, no_kvm.text, &verdicts[kept]);
		if (settings.supported_only && strcmp(verdicts[kept].supported, "yes") != 0)
			continue;
		s.benches[kept++] = s.benches[i];
	}
	s.count = kept;
	if (settings.format == LIST_CSV)
		status = list_csv(&s, verdicts);
	else if (settings.format == LIST_JSON)
		list_json(&s, verdicts);
	else
		list_text(&s, verdicts);
	if (have_kvm)
		kvm_host__close(&host);
	free(verdicts);
	selection__free(&s);
	return command__finish(status);
}

COMMAND(list, .summary = "what there is, what this host supports, and why not", .options = &table, .order = 1,
	.run = cmd_list);
