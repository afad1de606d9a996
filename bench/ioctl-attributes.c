// SPDX-License-Identifier: MIT
/*
 * What a page's way between shared and private costs the VMM of a confidential guest, by the kind of VM that needs no
 * such hardware (CONFIG_KVM_SW_PROTECTED_VM, which Debian's kernels leave off).
 */
#include <sys/ioctl.h>

#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(null);

#define PAGE_BYTES 4096

static struct vm protected_vm; /* beside the job's own: of the measuring process */

static void create(struct machine *m)
{
	protected_vm.host = m->host;
	protected_vm.fd = ioctl(m->host->fd, KVM_CREATE_VM, KVM_X86_SW_PROTECTED_VM);
	if (protected_vm.fd < 0)
		fatal_errno("KVM_CREATE_VM of type KVM_X86_SW_PROTECTED_VM");
}

static void destroy(struct machine *m)
{
	(void)m;
	vm__destroy(&protected_vm);
}

/* arg0: pages. */
static void set(struct machine *m, uint64_t attributes)
{
	struct kvm_memory_attributes range = {
		.address = ABI_ARENA,
		.size = m->bench->arg[0] * PAGE_BYTES,
		.attributes = attributes,
	};

	vm__ioctl(&protected_vm, KVM_SET_MEMORY_ATTRIBUTES, &range);
}

static void make_shared(struct machine *m)
{
	set(m, 0);
}

static void make_private(struct machine *m)
{
	set(m, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

#define ATTRIBUTES(pages, what, why)                                                                                                                           \
	{                                                                                                                                                      \
		.id = "ioctl/memory-attributes-" #pages,                                                                                                       \
		.summary = "KVM_SET_MEMORY_ATTRIBUTES makes " what " private",                                                                                 \
		.doc = "The answer to KVM_HC_MAP_GPA_RANGE and to KVM_EXIT_MEMORY_FAULT: KVM notes the attribute of each page and "                            \
		       "takes its mapping away. Nothing is mapped here. Compare hypercall/map-gpa-range-user. Not yet seen on a host that has such VMs. " why, \
		.guest = GUEST(null), .entry = "null", .arg = { pages }, .handled_in = HANDLED_HOST,                                                           \
		.needs = { .caps = { NEED_CAP_BITS(KVM_CAP_VM_TYPES, 1u << KVM_X86_SW_PROTECTED_VM) } },                                                       \
		.setup = create, .teardown = destroy, .host_prepare = make_shared, .host_op = make_private,                                                    \
		.baseline = "floor/ioctl-device",                                                                                                              \
	}

static const struct bench attributes[] = {
	ATTRIBUTES(1, "a page", "The call, and one page."),
	ATTRIBUTES(512, "512 pages", "Against ioctl/memory-attributes-1: the cost per page."),
};

BENCH_FAMILY_PART("ioctl", attributes);
