// SPDX-License-Identifier: MIT
/*
 * What a page's way between shared and private costs the VMM of a confidential guest, by the kind of VM that needs no
 * such hardware (CONFIG_KVM_SW_PROTECTED_VM, which Debian's kernels leave off).
 */
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(memory);

#define PAGE_BYTES 4096

/* arg3: pages. */
static void set(struct machine *m, uint64_t attributes)
{
	vm__set_attributes(&m->vm, ABI_ARENA, m->bench->arg[3] * PAGE_BYTES, attributes);
}

static void make_shared(struct machine *m)
{
	set(m, 0);
}

static void make_shared_and_touch(struct machine *m)
{
	set(m, 0);
	machine__run_entry_samples(m, &m->vcpus[0], "write", m->bench->arg[3]);
}

static void make_private(struct machine *m)
{
	set(m, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

#define ATTRIBUTES(pages, mapped, prepare, what, why)                                                          \
	{                                                                                                      \
		.id = "ioctl/memory-attributes-" #pages mapped,                                                \
		.summary = "KVM_SET_MEMORY_ATTRIBUTES makes " what " private",                                 \
		.doc = "The answer to KVM_HC_MAP_GPA_RANGE and to KVM_EXIT_MEMORY_FAULT: KVM notes the "       \
		       "attribute of each page and takes its mapping away. Compare "                           \
		       "hypercall/map-gpa-range-user, and ept/first-write-private-present for the fault that " \
		       "follows. " why,                                                                        \
		.guest = GUEST(memory), .entry = "write", .arg = { ABI_ARENA, PAGE_BYTES, 0, pages },          \
		.handled_in = HANDLED_HOST, .needs.vm_type = VM_TYPE(KVM_X86_SW_PROTECTED_VM),                 \
		.arena = { .backing = BACKING_ANON_4K, .bytes = 512 * PAGE_BYTES }, .host_prepare = prepare,   \
		.host_op = make_private, .baseline = "floor/ioctl-device",                                     \
	}
#define PER_PAGE "Against ioctl/memory-attributes-1: the cost per page."

static const struct bench attributes[] = {
	ATTRIBUTES(1, "", make_shared, "a page", "Nothing is mapped here."),
	ATTRIBUTES(512, "", make_shared, "512 pages", "Nothing is mapped here. " PER_PAGE),
	ATTRIBUTES(1, "-mapped", make_shared_and_touch, "a page that the guest has used",
		"Its mapping goes, and with it what the CPU keeps of it."),
	ATTRIBUTES(512, "-mapped", make_shared_and_touch, "512 pages that the guest has used", PER_PAGE),
};

BENCH_FAMILY_PART("ioctl", attributes);
