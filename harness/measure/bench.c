// SPDX-License-Identifier: MIT
#include "measure/bench.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"

/* The linker's names for the bounds of the section that BENCH_FAMILY() fills. */
extern const struct bench_family *const __start_bench_families[] __attribute__((weak));
extern const struct bench_family *const __stop_bench_families[] __attribute__((weak));

static struct {
	const struct bench **all; /* sorted by id */
	size_t count;
} registry;

static int by_id(const void *a, const void *b)
{
	return strcmp((*(const struct bench *const *)a)->id, (*(const struct bench *const *)b)->id);
}

static void build_registry(void)
{
	const struct bench_family *const *f;
	size_t count = 0, i;

	for (f = __start_bench_families; f < __stop_bench_families; f++)
		count += (*f)->count;
	registry.all = calloc(count ? count : 1, sizeof(struct bench *));
	if (!registry.all)
		fatal("no memory for %zu descriptors", count);
	for (f = __start_bench_families; f < __stop_bench_families; f++)
		for (i = 0; i < (*f)->count; i++)
			registry.all[registry.count++] = &(*f)->benches[i];
	qsort(registry.all, registry.count, sizeof(*registry.all), by_id);
}

const struct bench *const *bench__all(size_t *count)
{
	if (!registry.all)
		build_registry();
	*count = registry.count;
	return registry.all;
}

const struct bench *bench__find(const char *id)
{
	struct bench key = { .id = id };
	const struct bench *wanted = &key, **found;
	size_t count;

	bench__all(&count);
	found = bsearch(&wanted, registry.all, count, sizeof(*registry.all), by_id);
	return found ? *found : NULL;
}

/* Several files may hold parts of a family; the part with a doc speaks for all. */
static const struct bench_family *spokesman(const struct bench_family *part)
{
	const struct bench_family *const *f;

	for (f = __start_bench_families; f < __stop_bench_families && !part->doc; f++)
		if ((*f)->doc && strcmp((*f)->name, part->name) == 0)
			return *f;
	return part;
}

const struct bench_family *bench__family(const struct bench *b)
{
	const struct bench_family *const *f;

	for (f = __start_bench_families; f < __stop_bench_families; f++)
		if (b >= (*f)->benches && b < (*f)->benches + (*f)->count)
			return spokesman(*f);
	return NULL;
}

size_t bench__rank(const struct bench *b)
{
	const struct bench_family *const *f;

	for (f = __start_bench_families; f < __stop_bench_families; f++)
		if (b >= (*f)->benches && b < (*f)->benches + (*f)->count)
			return (size_t)(b - (*f)->benches);
	return 0;
}

const char *handled_in__name(enum handled_in h)
{
	static const char *const names[] = {
		[HANDLED_NOWHERE] = "no exit",
		[HANDLED_FASTPATH] = "fast path",
		[HANDLED_KERNEL] = "kernel",
		[HANDLED_USER] = "user space",
		[HANDLED_HOST] = "host only",
	};

	return names[h];
}

static bool well_formed(const char *id, const char *family)
{
	size_t length = strlen(family), slashes = 0;
	const char *c;

	if (strncmp(id, family, length) != 0 || id[length] != '/' || !id[length + 1])
		return false;
	for (c = id; *c; c++) {
		slashes += *c == '/';
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '-' && *c != '/')
			return false;
	}
	return slashes == 1;
}

/* NULL, or what is wrong with one descriptor. */
static const char *fault(const struct bench *b)
{
	const struct bench_family *family = bench__family(b);

	if (!family->doc)
		return "its family has no doc in any of its files";
	if (!well_formed(b->id, family->name))
		return "the id is not family/variant in [a-z0-9-]";
	if (!b->summary || !*b->summary || strlen(b->summary) > 90)
		return "the summary is missing or longer than 90 characters";
	if (!b->doc || strlen(b->doc) < 20)
		return "the doc is missing";
	if (b->handled_in == HANDLED_HOST) {
		if (b->expect.exits > 0)
			return "a host-only operation can't claim exits";
	} else if (!b->guest || !b->entry || !image__entry(b->guest, b->entry)) {
		return "its guest has no such entry";
	}
	if (b->guest && b->entry && !image__entry(b->guest, b->entry))
		return "its guest has no such entry";
	if (b->handled_in != HANDLED_HOST && b->handled_in != HANDLED_NOWHERE) {
		if (b->expect.exits <= 0)
			return "it is handled somewhere, but claims no exit";
		if (!b->expect.vmx.name && !(b->expect.no_exit_on & ON_VMX) && b->needs.vendor != VENDOR_AMD)
			return "the VMX exit reason is missing";
		if (!b->expect.svm.name && !(b->expect.no_exit_on & ON_SVM) &&
			b->needs.vendor != VENDOR_INTEL)
			return "the SVM exit code is missing";
	}
	if (b->handled_in == HANDLED_NOWHERE && b->expect.exits > 0)
		return "a control claims exits";
	if (b->handled_in == HANDLED_USER && !b->expect.kvm.name && !b->measure)
		return "the KVM exit reason is missing";
	if (b->handled_in != HANDLED_HOST && b->handled_in != HANDLED_NOWHERE && !b->sdm && !b->apm)
		return "no manual's section is named";
	if (b->baseline && !bench__find(b->baseline))
		return "its baseline does not exist";
	return NULL;
}

int bench__validate(char *text, size_t size)
{
	const struct bench *const *all;
	size_t count, i;

	all = bench__all(&count);
	for (i = 0; i < count; i++) {
		const char *wrong = fault(all[i]);

		if (i && strcmp(all[i]->id, all[i - 1]->id) == 0)
			wrong = "the id exists twice";
		if (wrong) {
			snprintf(text, size, "descriptor %s: %s", all[i]->id, wrong);
			return -1;
		}
	}
	return 0;
}
