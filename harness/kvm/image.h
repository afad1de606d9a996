/* SPDX-License-Identifier: MIT */
/*
 * Guests as the build embeds them: a flat binary that starts with a header (guests/lib/entry.S), linked to
 * run at ABI_IMAGE, and a table of named entries.
 */
#ifndef KVM_IMAGE_H
#define KVM_IMAGE_H

#include <stdint.h>

struct guest_image {
	const char *name;
	const uint8_t *start, *end;
};

/* GUEST(pio): the image of guests/pio.S or guests/pio.c. A misspelt name fails to link. */
#define GUEST(guest_name)         (&guest_image_##guest_name)
#define GUEST_DECLARE(guest_name) extern const struct guest_image guest_image_##guest_name

/* Guest-virtual address of a named entry, or 0. */
uint64_t image__entry(const struct guest_image *image, const char *name);

/* Guest-virtual address of the first exception stub; stub v is 16 * v further. */
uint64_t image__vectors(const struct guest_image *image);

#endif
