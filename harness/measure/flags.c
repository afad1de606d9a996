// SPDX-License-Identifier: MIT
#include "measure/flags.h"

#include <stdio.h>

const char *flag__word(unsigned i)
{
	static const char *const words[FLAG_COUNT] = { "irq", "preempted", "unsettled", "faults", "no-exit",
		"emulated", "overcommit", "split-tsc", "smi", "apart" };

	return words[i];
}

const char *flags__text(uint32_t flags, char *buf, size_t size)
{
	size_t used = 0;
	unsigned i;

	buf[0] = '\0';
	for (i = 0; i < FLAG_COUNT; i++)
		if (flags & (1u << i))
			used += (size_t)snprintf(
				buf + used, size - used, "%s%s", used ? "+" : "", flag__word(i));
	return buf;
}
