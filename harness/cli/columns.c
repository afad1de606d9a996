// SPDX-License-Identifier: MIT
#include "cli/columns.h"

#include <string.h>

unsigned columns__of(const char *text)
{
	unsigned columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80; /* all but continuation bytes */
	return columns;
}

size_t columns__fit(const char *text, unsigned columns)
{
	const char *p = text;

	while (*p && columns) {
		p++;
		while (((unsigned char)*p & 0xc0) == 0x80)
			p++;
		columns--;
	}
	return (size_t)(p - text);
}

static unsigned pad(FILE *out, unsigned at, unsigned to)
{
	for (; at < to; at++)
		fputc(' ', out);
	return at;
}

void columns__wrap(FILE *out, const char *text, unsigned at, unsigned indent, unsigned width)
{
	const unsigned base = indent;

	at = pad(out, at, indent);
	while (*text) {
		size_t length = strcspn(text, " \n");
		unsigned columns = 0;

		for (size_t i = 0; i < length; i++)
			columns += ((unsigned char)text[i] & 0xc0) != 0x80;
		if (at > indent && at + 1 + columns > width) {
			fputc('\n', out);
			at = pad(out, 0, indent);
		} else if (at > indent && length) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, length, out);
		at += columns;
		text += length;
		if (*text == '\n' && text[1]) {
			size_t lead = strspn(text + 1, " ");

			fputc('\n', out);
			at = indent = pad(out, 0, base + (unsigned)lead);
			text += lead;
		}
		text += *text != '\0';
	}
	fputc('\n', out);
}
