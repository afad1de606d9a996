/* SPDX-License-Identifier: MIT */
#ifndef CLI_LIST_MARKDOWN_H
#define CLI_LIST_MARKDOWN_H

#include <stdio.h>

#include "cli/select.h"

/* Writes docs/benchmarks.md: the reference of the selected benchmarks, from their descriptors alone. */
void list_markdown(const struct selection *s, FILE *out);

#endif
