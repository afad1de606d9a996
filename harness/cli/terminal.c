// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array.h"

static unsigned columns_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	/* A serial console has no size of its own. */
	if (columns && atoi(columns) > 0)
		return (unsigned)atoi(columns);
	return 80;
}

struct terminal terminal__of(FILE *stream)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	struct terminal t = { 0 };

	t.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!isatty(fileno(stream)))
		return t;
	t.width = columns_of(fileno(stream));
	t.interactive = term && *term && strcmp(term, "dumb") != 0;
	t.colour = t.interactive && !(no_color && *no_color);
	return t;
}

unsigned terminal__text_width(const struct terminal *t)
{
	return t->width ? MIN(t->width, 100u) : 80;
}

const char *terminal__colour(const struct terminal *t, enum colour colour)
{
	static const char *const sequences[] = {
		[COLOUR_NONE] = "\033[0m",
		[COLOUR_BOLD] = "\033[1m",
		[COLOUR_DIM] = "\033[2m",
		[COLOUR_RED] = "\033[31m",
		[COLOUR_GREEN] = "\033[32m",
		[COLOUR_YELLOW] = "\033[33m",
	};

	return t->colour ? sequences[colour] : "";
}
