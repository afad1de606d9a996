// SPDX-License-Identifier: MIT
#include "kvm/many_slots.h"

#include "base/fatal.h"
#include "base/monotonic.h"

#define PAGE_BYTES 4096ul
#define MS_MAX     700

void many_slots__create(
	const struct vm *vm, uint32_t first, uint32_t count, uint64_t gpa, const struct host_memory *memory)
{
	size_t each = memory->bytes / count / PAGE_BYTES * PAGE_BYTES;
	int64_t start_ms = monotonic__now_ms();
	uint32_t i;

	if (!each)
		fatal("%zu bytes can't be cut into %u memory slots of a page or more", memory->bytes, count);
	for (i = 0; i < count; i++) {
		/* The last takes what the division left. */
		size_t bytes = i == count - 1 ? memory->bytes - each * i : each;

		vm__set_slot(vm, first + i, 0, gpa + each * i, bytes, memory->start + each * i);
		if (monotonic__now_ms() - start_ms > MS_MAX)
			skip("creating %u memory slots takes this host longer than %d ms (%u were done by then)",
				count, MS_MAX, i + 1);
	}
}
