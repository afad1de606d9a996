/* SPDX-License-Identifier: MIT */
/*
 * RFC 4180: records of fields separated by commas, quoted fields with doubled quotes, lines ended by LF
 * or CRLF. The reader streams: memory is one record (at most 1 MiB) however long the file.
 */
#ifndef RESULTS_CSV_H
#define RESULTS_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "results/text.h"

struct csv_field {
	char *text; /* unquoted, NUL-terminated, valid until the next record is read */
	size_t length;
	size_t line, column; /* where it starts in the file, from 1; columns are bytes */
};

struct csv_reader {
	const char *name; /* of the file, for errors */
	struct csv_field *fields;
	size_t field_count;
	size_t line;       /* of the current record's start, from 1 */
	bool unterminated; /* the current record ends with the file, not with a line end: cut short? */

	int fd; /* -1: the text was given whole */
	char *buffer;
	size_t size, start, end; /* unread bytes are buffer[start, end) */
	size_t field_size;
	size_t next_line;
	bool at_eof;
};

/* Opens a file; a byte order mark is skipped. `path` must outlive the reader. 0 or -1 with err. */
int csv_reader__open(struct csv_reader *r, const char *path, struct error *err);

/* Reads from `length` bytes instead, which it copies; `name` is for errors. */
int csv_reader__open_text(
	struct csv_reader *r, const char *name, const char *text, size_t length, struct error *err);

/* The next record into r->fields. 1, 0 at the end of the file, or -1 with file:line:column in err. */
int csv_reader__next(struct csv_reader *r, struct error *err);

void csv_reader__close(struct csv_reader *r);

/* Appends a field, quoted where it has to be. Separators and line ends are the caller's. */
void csv__add_field(struct text *t, const char *field);

#endif
