// SPDX-License-Identifier: MIT
#include "symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t address;
	char *name;
};

static struct symbol *symbols;
static size_t symbol_count;

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	/* several names of one address: always the same one is taken */
	return strcmp(x->name, y->name);
}

/* Compilers add ".isra.0", ".constprop.0", ".cold": another part of the same function. */
static char *source_name(const char *name)
{
	static const char *const suffixes[] = { ".isra.", ".constprop.", ".part.", ".cold" };
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		const char *at = strstr(name, suffixes[i]);

		if (at && at != name && (size_t)(at - name) < length)
			length = (size_t)(at - name);
	}
	return strndup(name, length);
}

static void drop_all(void)
{
	for (size_t i = 0; i < symbol_count; i++)
		free(symbols[i].name);
	symbol_count = 0;
}

bool symbols__load(const char *path)
{
	size_t room = 0, unique = 0;
	bool complete = false;
	char line[512], name[256];
	uint64_t address;
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	while (!complete && fgets(line, sizeof(line), f)) {
		if (!strcmp(line, "end\n")) {
			complete = true;
		} else if (sscanf(line, "%" SCNx64 " %255s", &address, name) == 2) {
			if (symbol_count == room) {
				room = room ? 2 * room : 1 << 16;
				symbols = realloc(symbols, room * sizeof(*symbols));
				if (!symbols)
					abort();
			}
			symbols[symbol_count++] = (struct symbol){ address, source_name(name) };
		}
	}
	fclose(f);
	if (!complete) {
		drop_all();
		return false;
	}
	qsort(symbols, symbol_count, sizeof(*symbols), by_address);
	for (size_t i = 0; i < symbol_count; i++) {
		if (unique && symbols[unique - 1].address == symbols[i].address)
			free(symbols[i].name);
		else
			symbols[unique++] = symbols[i];
	}
	symbol_count = unique;
	return true;
}

unsigned symbols__find(uint64_t pc)
{
	size_t low = 0, high = symbol_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (symbols[middle].address <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? SYMBOL_FIRST + (unsigned)low - 1 : SYMBOL_UNKNOWN;
}

const char *symbols__name(unsigned symbol)
{
	static const char *const names[] = { "[guest]", "[program]", "[unknown]" };

	return symbol < SYMBOL_FIRST ? names[symbol] : symbols[symbol - SYMBOL_FIRST].name;
}
