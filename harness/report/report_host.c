// SPDX-License-Identifier: MIT
/* Who ran what where, what would disturb it, and every recorded fact. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/report.h"
#include "results/json_file.h"

static const char *member(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void warnings(const json_t *run, struct text *t)
{
	const json_t *list = json_object_get(run, "warnings"), *warning;
	size_t i;

	if (!json_array_size(list))
		return;
	text__puts(t, "<h3>Warnings of the run</h3>\n<ul>\n");
	json_array_foreach(list, i, warning)
	{
		text__puts(t, "<li>");
		html__text(t, json_string_value(warning) ? json_string_value(warning) : "");
		text__puts(t, "</li>\n");
	}
	text__puts(t, "</ul>\n");
}

static void doctor_rows(const json_t *list, const char *state, const char *kind, struct text *t)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(list, i, finding)
	{
		if (strcmp(member(finding, "state"), state))
			continue;
		text__puts(t, "<tr>");
		html__badge(t, kind, state);
		html__cell(t, member(finding, "id"));
		html__cell(t, member(finding, "value"));
		html__cell(t, member(finding, "why"));
		text__puts(t, "<td><code>");
		html__text(t, member(finding, "change"));
		text__puts(t, "</code></td></tr>\n");
	}
}

static void doctor(const json_t *run, struct text *t)
{
	static const char *const columns[] = { "state", "what", "value", "why it matters",
		"how to put it right", NULL };
	const json_t *list = json_object_get(run, "doctor");

	text__puts(t, "<h3>What the doctor found</h3>\n");
	if (!json_array_size(list)) {
		text__puts(t,
			"<p class=soft>The run recorded no findings: emulated hosts are not examined, as nothing disturbs their figures or mends them.</p>\n");
		return;
	}
	text__puts(t, "<div>\n");
	html__table_begin(t, "doctor", columns);
	doctor_rows(list, "warning", "bad", t);
	doctor_rows(list, "unknown", "doubt", t);
	doctor_rows(list, "info", "quiet", t);
	doctor_rows(list, "ok", "good", t);
	html__table_end(t);
	text__puts(t, "</div>\n");
}

/* The strings of a list, with commas; false where it has others than strings. */
static bool words_of_list(const json_t *list, struct text *t)
{
	const json_t *word;
	size_t i;

	json_array_foreach(list, i, word)
	{
		if (!json_is_string(word))
			return false;
	}
	if (!json_is_array(list))
		return false;
	text__puts(t, "<td>");
	json_array_foreach(list, i, word)
	{
		text__puts(t, i ? ", " : "");
		html__text(t, json_string_value(word));
	}
	text__puts(t, "</td>");
	return true;
}

/* Every member down to its leaves; lists in one cell. */
static void facts(const json_t *node, const char *path, struct text *t)
{
	const char *key;
	json_t *value;
	char name[512];

	/* jansson's iteration takes a pointer that isn't const, and changes nothing. */
	json_object_foreach((json_t *)node, key, value)
	{
		snprintf(name, sizeof(name), "%s%s%s", path, *path ? "." : "", key);
		if (json_is_null(value) || !strcmp(name, "doctor") || !strcmp(name, "warnings"))
			continue;
		if (json_is_object(value)) {
			facts(value, name, t);
			continue;
		}
		text__puts(t, "<tr>");
		html__cell(t, name);
		if (json_is_string(value)) {
			html__cell(t, json_string_value(value));
		} else if (!words_of_list(value, t)) {
			char *dump =
				json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));

			html__cell(t, dump ? dump : "");
			free(dump);
		}
		text__puts(t, "</tr>\n");
	}
}

static void command(const json_t *run, struct text *t)
{
	const json_t *list = json_object_get(run, "arguments"), *word;
	size_t i;

	text__puts(t, "<p>vmexit-bench ");
	html__text(t, json__string(run, "program.version", "unknown"));
	text__puts(t, ", revision ");
	html__text(t, json__string(run, "program.revision", "unknown"));
	text__puts(t, ": <code>vmexit-bench");
	json_array_foreach(list, i, word)
	{
		text__putc(t, ' ');
		html__text(t, json_string_value(word) ? json_string_value(word) : "");
	}
	text__puts(t, "</code></p>\n");
}

void report__host(const struct report *r, struct text *t)
{
	static const char *const columns[] = { "fact", "value", NULL };
	const json_t *run = report__first(r)->run;

	html__section(t, "host", "Host");
	command(run, t);
	warnings(run, t);
	doctor(run, t);
	text__puts(t, "<details><summary>Every recorded fact</summary><div class=long>\n");
	html__table_begin(t, "facts", columns);
	facts(run, "", t);
	html__table_end(t);
	text__puts(t, "</div></details>\n");
	html__section_end(t);
}
