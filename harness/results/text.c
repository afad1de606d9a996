// SPDX-License-Identifier: MIT
#include "results/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/number.h"

static bool reserve(struct text *t, size_t more)
{
	size_t size = t->size ? t->size : 256;
	char *data;

	if (t->failed)
		return false;
	if (t->used + more < t->size)
		return true;
	while (size <= t->used + more)
		size *= 2;
	data = realloc(t->data, size);
	if (!data) {
		t->failed = true;
		return false;
	}
	t->data = data;
	t->size = size;
	return true;
}

void text__add(struct text *t, const char *data, size_t length)
{
	if (!reserve(t, length))
		return;
	memcpy(t->data + t->used, data, length);
	t->used += length;
	t->data[t->used] = '\0';
}

void text__puts(struct text *t, const char *string)
{
	text__add(t, string, strlen(string));
}

void text__putc(struct text *t, char c)
{
	text__add(t, &c, 1);
}

void text__printf(struct text *t, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (length < 0 || !reserve(t, (size_t)length)) {
		t->failed = true;
		return;
	}
	va_start(ap, format);
	vsnprintf(t->data + t->used, t->size - t->used, format, ap);
	va_end(ap);
	t->used += (size_t)length;
}

void text__number(struct text *t, double value)
{
	char digits[NUMBER_SIZE];

	text__add(t, digits, number__format(value, digits));
}

void text__free(struct text *t)
{
	free(t->data);
	*t = (struct text){ 0 };
}
