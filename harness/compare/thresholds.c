// SPDX-License-Identifier: MIT
#include "compare/thresholds.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "results/number.h"
#include "results/whole_file.h"

struct word {
	const char *text;
	size_t length, column;
};

/* Words of one line up to a '#'; more than `room` are counted but not kept. */
static size_t split(const char *line, size_t length, struct word *words, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < length;) {
		size_t start;

		if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
			i++;
			continue;
		}
		if (line[i] == '#')
			break;
		for (start = i; i < length && !strchr(" \t\r#", line[i]); i++)
			;
		if (count < room)
			words[count] = (struct word){ line + start, i - start, start + 1 };
		count++;
	}
	return count;
}

static bool is(const struct word *w, const char *text)
{
	return w->length == strlen(text) && !memcmp(w->text, text, w->length);
}

/* "2%", "0.5%", "off" */
static int parse_limit(const struct word *w, struct threshold *t)
{
	char number[32];

	t->off = is(w, "off");
	if (t->off)
		return 0;
	if (w->length < 2 || w->length > sizeof(number) || w->text[w->length - 1] != '%')
		return -1;
	memcpy(number, w->text, w->length - 1);
	number[w->length - 1] = '\0';
	if (number__parse(number, w->length - 1, &t->limit) || !(t->limit >= 0 && t->limit <= 1000))
		return -1;
	t->limit /= 100;
	return 0;
}

static int add(struct thresholds *t, const struct word *words)
{
	struct threshold *list = realloc(t->list, (t->count + 1) * sizeof(*list));

	if (!list)
		return -1;
	t->list = list;
	list[t->count] = (struct threshold){ .bench = strndup(words[0].text, words[0].length),
		.metric = strndup(words[1].text, words[1].length) };
	t->count++;
	return list[t->count - 1].bench && list[t->count - 1].metric ? 0 : -1;
}

static int parse_line(const char *name, size_t number, const char *line, size_t length, struct thresholds *t,
	bool *versioned, struct error *err)
{
	struct word words[3];
	size_t count;

	if (memchr(line, '\0', length))
		return error__set(
			err, EXIT_USAGE, "%s:%zu:1: a NUL byte: this is no text file", name, number);
	count = split(line, length, words, 3);
	if (!count)
		return 0;
	if (!*versioned) {
		if (count != 2 || !is(&words[0], "version") || !is(&words[1], "1"))
			return error__set(err, EXIT_USAGE, "%s:%zu:%zu: the first line must be 'version 1'",
				name, number, words[0].column);
		*versioned = true;
		return 0;
	}
	if (count != 3)
		return error__set(err, EXIT_USAGE,
			"%s:%zu:%zu: %zu words where there should be three: benchmark, metric, limit", name,
			number, words[0].column, count);
	if (add(t, words))
		return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", name);
	if (parse_limit(&words[2], &t->list[t->count - 1]))
		return error__set(err, EXIT_USAGE, "%s:%zu:%zu: '%.*s' is no limit such as '2%%', nor 'off'",
			name, number, words[2].column, (int)(words[2].length < 60 ? words[2].length : 60),
			words[2].text);
	return 0;
}

int thresholds__parse(
	const char *name, const char *text, size_t length, struct thresholds *t, struct error *err)
{
	const char *end = text + length;
	bool versioned = false;
	size_t number = 0;

	*t = (struct thresholds){ 0 };
	for (const char *line = text; line < end;) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));

		if (!line_end)
			line_end = end;
		if (parse_line(name, ++number, line, (size_t)(line_end - line), t, &versioned, err)) {
			thresholds__free(t);
			return -1;
		}
		line = line_end + 1;
	}
	if (!versioned)
		return error__set(
			err, EXIT_USAGE, "%s:1:1: no line 'version 1': not a thresholds file", name);
	return 0;
}

int thresholds__read(const char *path, struct thresholds *t, struct error *err)
{
	struct text text = { 0 };
	int failed;

	*t = (struct thresholds){ 0 };
	if (whole_file__read(path, &text, err))
		return -1;
	failed = thresholds__parse(path, text.data ? text.data : "", text.used, t, err);
	text__free(&text);
	return failed;
}

const struct threshold *thresholds__find(const struct thresholds *t, const char *bench, const char *metric)
{
	for (size_t i = t ? t->count : 0; i-- > 0;)
		if (!fnmatch(t->list[i].bench, bench, 0) && !fnmatch(t->list[i].metric, metric, 0))
			return &t->list[i];
	return NULL;
}

void thresholds__free(struct thresholds *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->list[i].bench);
		free(t->list[i].metric);
	}
	free(t->list);
	*t = (struct thresholds){ 0 };
}
