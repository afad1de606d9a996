// SPDX-License-Identifier: MIT
#include "symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t address;
	char *name;
	bool thunk;
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

/* __x86_indirect_thunk_array, __x86_return_thunk, srso_alias_return_thunk, its_return_thunk, srso_safe_ret... */
static bool is_thunk(const char *name)
{
	return strstr(name, "return_thunk") || strstr(name, "safe_ret") ||
	       !strncmp(name, "__x86_indirect_", 15);
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
			symbols[symbol_count++] =
				(struct symbol){ address, source_name(name), is_thunk(name) };
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

uint64_t symbols__entry(unsigned symbol)
{
	return symbol < SYMBOL_FIRST ? 0 : symbols[symbol - SYMBOL_FIRST].address;
}

bool symbols__is_thunk(unsigned symbol)
{
	return symbol >= SYMBOL_FIRST && symbols[symbol - SYMBOL_FIRST].thunk;
}

const char *symbols__name(unsigned symbol)
{
	static const char *const names[] = { "[guest]", "[program]", "[unknown]" };

	return symbol < SYMBOL_FIRST ? names[symbol] : symbols[symbol - SYMBOL_FIRST].name;
}
