// SPDX-License-Identifier: MIT
#include "compare/pair.h"

int pair__compare(struct pair *p, const char *path_a, const char *path_b,
	const struct compare_options *options, struct error *err)
{
	*p = (struct pair){ 0 };
	if (side__read(path_a, &p->a, err) || side__read(path_b, &p->b, err))
		return -1;
	return compare__run(&p->a, &p->b, options, &p->c, err);
}

void pair__free(struct pair *p)
{
	comparison__free(&p->c);
	side__free(&p->a);
	side__free(&p->b);
}
