// SPDX-License-Identifier: MIT
#include "results/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE  (64 * 1024)
#define RECORD_MAX (1024 * 1024)
#define FIELDS_MAX 4096

/* What is wrong with the file's text, as "name:line:column: words". */
#define BAD(r, line, column, err, ...)                                                                       \
	(error__set(err, EXIT_USAGE, __VA_ARGS__), error__prefix(err, "%s:%zu:%zu", (r)->name, line, column))

static void skip_byte_order_mark(struct csv_reader *r)
{
	if (r->end - r->start >= 3 && !memcmp(r->buffer + r->start, "\xef\xbb\xbf", 3))
		r->start += 3;
}

/* Moves what is unread to the front and reads more behind it. */
static int refill(struct csv_reader *r, struct error *err)
{
	ssize_t got;

	if (r->fd < 0) {
		r->at_eof = true;
		return 0;
	}
	memmove(r->buffer, r->buffer + r->start, r->end - r->start);
	r->end -= r->start;
	r->start = 0;
	/* One byte stays free for the NUL behind an unterminated last field. */
	if (r->end + 1 >= r->size) {
		char *bigger = realloc(r->buffer, r->size * 2);

		if (!bigger)
			return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", r->name);
		r->buffer = bigger;
		r->size *= 2;
	}
	do
		got = read(r->fd, r->buffer + r->end, r->size - 1 - r->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error__set_errno(err, EXIT_IO, errno, "%s: reading", r->name);
	r->end += (size_t)got;
	r->at_eof = !got;
	return 0;
}

int csv_reader__open(struct csv_reader *r, const char *path, struct error *err)
{
	*r = (struct csv_reader){ .name = path, .size = READ_SIZE, .next_line = 1 };
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return error__set_errno(
			err, errno == ENOENT || errno == ENOTDIR ? EXIT_USAGE : EXIT_IO, errno, "%s", path);
	r->buffer = malloc(r->size);
	if (!r->buffer) {
		csv_reader__close(r);
		return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", path);
	}
	/* The mark is three bytes; a file that arrives in smaller pieces than that is a pipe without one. */
	if (refill(r, err)) {
		csv_reader__close(r);
		return -1;
	}
	skip_byte_order_mark(r);
	return 0;
}

int csv_reader__open_text(
	struct csv_reader *r, const char *name, const char *text, size_t length, struct error *err)
{
	*r = (struct csv_reader){ .name = name, .fd = -1, .size = length + 1, .end = length, .next_line = 1 };
	r->buffer = malloc(r->size);
	if (!r->buffer)
		return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", name);
	if (length)
		memcpy(r->buffer, text, length);
	skip_byte_order_mark(r);
	return 0;
}

void csv_reader__close(struct csv_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->buffer);
	free(r->fields);
	*r = (struct csv_reader){ .fd = -1 };
}

/* Where the record at `start` ends (behind its LF), or 0 where the buffer ends first. */
static size_t find_end(const struct csv_reader *r)
{
	const char *p = r->buffer + r->start, *limit = r->buffer + r->end;
	const char *end = memchr(p, '\n', (size_t)(limit - p));
	bool quoted = false, at_field = true;

	if (!end)
		return 0;
	if (!memchr(p, '"', (size_t)(end - p)))
		return (size_t)(end + 1 - r->buffer);
	/* A line end within quotes belongs to the field; quotes open at the start of a field only. */
	for (; p < limit; p++) {
		if (quoted) {
			if (*p == '"')
				quoted = false;
			continue;
		}
		if (*p == '\n')
			return (size_t)(p + 1 - r->buffer);
		/* A second quote right behind the closing one is an escaped quote: quoting goes on. */
		if (*p == '"' && (at_field || p[-1] == '"'))
			quoted = true;
		at_field = *p == ',';
	}
	return 0;
}

static struct csv_field *new_field(struct csv_reader *r)
{
	if (r->field_count == r->field_size) {
		size_t size = r->field_size ? r->field_size * 2 : 32;
		struct csv_field *fields = realloc(r->fields, size * sizeof(*fields));

		if (!fields)
			return NULL;
		r->fields = fields;
		r->field_size = size;
	}
	return &r->fields[r->field_count++];
}

/* Unquotes in place: the text moves to the front of the field. *p is behind the opening quote. */
static int split_quoted(struct csv_reader *r, struct csv_field *f, char **position, char *end, size_t *line,
	char **line_start, struct error *err)
{
	char *p = *position, *out = p;

	f->text = p;
	for (;; p++) {
		if (p == end)
			return BAD(r, f->line, f->column, err, "the quote is never closed");
		if (*p == '"') {
			if (p + 1 == end || p[1] != '"')
				break;
			p++;
		} else if (*p == '\n') {
			++*line;
			*line_start = p + 1;
		}
		*out++ = *p;
	}
	f->length = (size_t)(out - f->text);
	*position = p + 1;
	if (p + 1 < end && p[1] != ',')
		return BAD(r, *line, (size_t)(p + 1 - *line_start) + 1, err,
			"text behind a closing quote: a comma or the end of the line was expected");
	return 0;
}

/* Splits buffer[start, stop), which has no line end. */
static int split(struct csv_reader *r, size_t start, size_t stop, struct error *err)
{
	char *p = r->buffer + start, *end = r->buffer + stop, *line_start = p;
	size_t line = r->line;

	r->field_count = 0;
	for (;;) {
		struct csv_field *f = new_field(r);
		bool more;

		if (!f)
			return error__set_errno(err, EXIT_IO, ENOMEM, "%s: reading", r->name);
		f->line = line;
		f->column = (size_t)(p - line_start) + 1;
		if (r->field_count > FIELDS_MAX)
			return BAD(r, f->line, f->column, err, "more than %d fields in one line", FIELDS_MAX);
		if (p < end && *p == '"') {
			p++;
			if (split_quoted(r, f, &p, end, &line, &line_start, err))
				return -1;
		} else {
			f->text = p;
			while (p < end && *p != ',' && *p != '"' && *p != '\r')
				p++;
			if (p < end && *p != ',')
				return BAD(r, line, (size_t)(p - line_start) + 1, err,
					*p == '"' ? "a quote inside a field that isn't quoted"
						  : "a carriage return inside a line");
			f->length = (size_t)(p - f->text);
		}
		more = p < end;
		f->text[f->length] = '\0';
		if (!more)
			break;
		p++;
	}
	r->next_line = line + 1;
	return 0;
}

int csv_reader__next(struct csv_reader *r, struct error *err)
{
	size_t stop, begin;
	char *nul;

	r->line = r->next_line;
	while (!(stop = find_end(r)) && !r->at_eof) {
		if (r->end - r->start > RECORD_MAX)
			return BAD(r, r->line, (size_t)1, err,
				"a line longer than %d bytes, or a quote that is never closed", RECORD_MAX);
		if (refill(r, err))
			return -1;
	}
	if (!stop && r->start == r->end)
		return 0;
	r->unterminated = !stop;
	begin = r->start;
	r->start = stop ? stop : r->end;
	stop = stop ? stop - 1 : r->end;
	nul = memchr(r->buffer + begin, '\0', stop - begin);
	if (nul)
		return BAD(r, r->line, (size_t)(nul - r->buffer) - begin + 1, err,
			"a NUL byte: this is no text file, or it was cut by a crash");
	if (stop > begin && r->buffer[stop - 1] == '\r')
		stop--;
	return split(r, begin, stop, err) ? -1 : 1;
}

void csv__add_field(struct text *t, const char *field)
{
	size_t length = strlen(field);

	/* What looks like a byte order mark would be taken for one at the start of a file. */
	if (strcspn(field, ",\"\r\n") == length && strncmp(field, "\xef\xbb\xbf", 3)) {
		text__add(t, field, length);
		return;
	}
	text__putc(t, '"');
	for (const char *p = field; *p; p++) {
		if (*p == '"')
			text__putc(t, '"');
		text__putc(t, *p);
	}
	text__putc(t, '"');
}
