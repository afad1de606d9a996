// SPDX-License-Identifier: MIT
#include "kvm/image.h"

#include <stddef.h>
#include <string.h>

#include "guests/abi.h"

/* As guests/lib/entry.S lays it out. */
struct image_header {
	char magic[8];
	uint64_t entries_start;
	uint64_t entries_end;
	uint64_t vectors;
};

struct image_entry {
	uint64_t address;
	char name[24];
};

static const struct image_header *header(const struct guest_image *image)
{
	const struct image_header *h = (const struct image_header *)image->start;

	if ((size_t)(image->end - image->start) < sizeof(*h) || memcmp(h->magic, "VMXBENCH", 8) != 0)
		return NULL;
	return h;
}

uint64_t image__entry(const struct guest_image *image, const char *name)
{
	const struct image_header *h = header(image);
	uint64_t at;

	if (!h)
		return 0;
	for (at = h->entries_start; at < h->entries_end; at += sizeof(struct image_entry)) {
		const struct image_entry *e = (const struct image_entry *)(image->start + (at - ABI_IMAGE));

		if (strncmp(e->name, name, sizeof(e->name)) == 0)
			return e->address;
	}
	return 0;
}

uint64_t image__vectors(const struct guest_image *image)
{
	const struct image_header *h = header(image);

	return h ? h->vectors : 0;
}
