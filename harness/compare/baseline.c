// SPDX-License-Identifier: MIT
#include "compare/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/whole_file.h"

#define FIRST_LINE "vmexit-bench baseline 1\n"
#define MARK       "%% "

struct part {
	const char *start;
	size_t length;
	size_t line; /* of its first line in the file */
};

struct parts {
	struct part run, summary, results;
	bool complete;
};

/* Where a part that starts with this mark line goes; NULL where nobody knows it. */
static struct part *part_for(struct parts *p, const char *name, size_t length)
{
	struct {
		const char *name;
		struct part *part;
	} known[] = { { "run.json", &p->run }, { "summary.csv", &p->summary },
		{ "results.csv", &p->results } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i].name) == length && !memcmp(known[i].name, name, length))
			return known[i].part;
	}
	return NULL;
}

static int find_parts(const char *name, const char *text, size_t length, struct parts *p, struct error *err)
{
	const char *end = text + length, *line_end;
	struct part *current = NULL;
	size_t number = 1;

	if (length < strlen(FIRST_LINE) || memcmp(text, FIRST_LINE, strlen(FIRST_LINE)))
		return error__set(err, EXIT_USAGE,
			"%s:1:1: neither a run directory nor a baseline file, which starts with '%.*s'", name,
			(int)strlen(FIRST_LINE) - 1, FIRST_LINE);
	for (const char *line = text; line < end && !p->complete; line = line_end + 1, number++) {
		size_t size;

		line_end = memchr(line, '\n', (size_t)(end - line));
		if (!line_end)
			break;
		size = (size_t)(line_end - line);
		if (size < strlen(MARK) || memcmp(line, MARK, strlen(MARK))) {
			if (current)
				current->length = (size_t)(line_end + 1 - current->start);
			continue;
		}
		line += strlen(MARK);
		size -= strlen(MARK);
		if (size == 3 && !memcmp(line, "end", 3)) {
			p->complete = true;
			break;
		}
		current = part_for(p, line, size);
		if (!current)
			return error__set(err, EXIT_USAGE,
				"%s:%zu:%zu: no part of a baseline is named '%.*s'", name, number,
				strlen(MARK) + 1, (int)(size < 60 ? size : 60), line);
		if (current->start)
			return error__set(err, EXIT_USAGE, "%s:%zu:%zu: the part '%.*s' is there twice", name,
				number, strlen(MARK) + 1, (int)size, line);
		*current = (struct part){ .start = line_end + 1, .line = number + 1 };
	}
	if (!p->complete)
		return error__set(err, EXIT_USAGE,
			"%s:%zu:1: the line '%send' is missing: the file was cut short", name, number, MARK);
	if (!p->run.start || !p->summary.start || !p->results.start)
		return error__set(err, EXIT_USAGE, "%s:%zu:1: the part %s is missing", name, number,
			!p->run.start       ? "run.json"
			: !p->summary.start ? "summary.csv"
					    : "results.csv");
	return 0;
}

static json_t *parse_json(const char *name, const struct part *part, struct error *err)
{
	json_error_t where;
	json_t *root = json_loadb(part->start, part->length, JSON_REJECT_DUPLICATES, &where);

	if (!root) {
		error__set(err, EXIT_USAGE, "%s:%zu:%d: not JSON: %s", name,
			part->line + (size_t)(where.line > 0 ? where.line - 1 : 0), where.column, where.text);
	} else if (!json_is_object(root)) {
		json_decref(root);
		root = NULL;
		error__set(err, EXIT_USAGE, "%s:%zu:1: run.json is no JSON object", name, part->line);
	}
	return root;
}

int baseline__parse(const char *name, const char *text, size_t length, struct input *in, struct error *err)
{
	struct parts p = { 0 };

	if (find_parts(name, text, length, &p, err))
		return -1;
	in->run = parse_json(name, &p.run, err);
	if (!in->run || (json_object_size(in->run) && input__check_run(name, in->run, err)))
		return -1;
	if (summary_file__parse(name, p.summary.start, p.summary.length, p.summary.line, &in->summary, err))
		return -1;
	return results_file__parse(
		name, p.results.start, p.results.length, p.results.line, &in->results, err);
}

int baseline__read(const char *path, struct input *in, struct error *err)
{
	struct text text = { 0 };
	int failed;

	if (whole_file__read(path, &text, err))
		return -1;
	failed = baseline__parse(path, text.data ? text.data : "", text.used, in, err);
	text__free(&text);
	return failed;
}

int baseline__write(const struct input *in, const char *path, struct error *err)
{
	char *run = json_dumps(in->run, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	struct text t = { 0 };
	int failed;

	text__puts(&t, FIRST_LINE MARK "run.json\n");
	text__puts(&t, run ? run : "{}");
	free(run);
	text__puts(&t, "\n" MARK "summary.csv\n");
	schema__add_header(&schema_summary, &t);
	schema__add_rows(&schema_summary, &t, in->summary.rows, in->summary.count);
	text__puts(&t, MARK "results.csv\n");
	schema__add_header(&schema_results, &t);
	schema__add_rows(&schema_results, &t, in->results.rows, in->results.count);
	text__puts(&t, MARK "end\n");
	failed = whole_file__write(path, &t, err);
	text__free(&t);
	return failed;
}
