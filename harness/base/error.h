/* SPDX-License-Identifier: MIT */
/*
 * Errors as values.  A function that can fail for a reason the user should read takes a
 * `struct error *` last and returns -1 (or NULL) with it filled: what was tried, on what, errno's text,
 * and what can be done.  The command line prints it; nothing below the command line prints.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/exit_status.h"

struct error {
	enum exit_status status; /* how the program should end if nobody handles it */
	char text[512];          /* one sentence, no newline; longer texts are cut */
};

/* Fills `e` (which may be NULL) and returns -1, so that `return error__set(...)` reads well. */
int error__set(struct error *e, enum exit_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with ": strerror(err)" appended, and error__remedy(). `err` is a positive errno. */
int error__set_errno(struct error *e, enum exit_status status, int err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* What can be done about an errno whatever was tried, in brackets with a space before them; "" for most. */
const char *error__remedy(int err);

/* Puts "text: " in front of what `e` already says; returns -1. */
int error__prefix(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
