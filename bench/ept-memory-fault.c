// SPDX-License-Identifier: MIT
/*
 * A guest that touches what its VMM has not given it: memory that is private by KVM's attributes in a slot without any.
 * KVM_RUN returns with KVM_EXIT_MEMORY_FAULT. That is how a confidential guest's page changes sides without a hypercall
 * (api.rst 5, "KVM_EXIT_MEMORY_FAULT").
 */
#include "ept.h"
#include "measure/bench.h"
#include "measure/machine.h"

#define PAGES 256
#define BYTES (PAGES * 4 * KIB)

static void make_private(struct machine *m)
{
	vm__set_attributes(&m->vm, ABI_ARENA, BYTES, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

/* What a VMM does that agrees: the page is shared from now on, and the guest tries again. */
static void make_page_shared(struct vcpu *v)
{
	const struct kvm_compat_memory_fault *fault = (const void *)v->run->padding;

	vm__set_attributes(v->vm, fault->gpa & -(4 * KIB), 4 * KIB, 0);
}

/* The guest has left in RAX where it goes on. */
static void skip_access(struct vcpu *v)
{
	struct kvm_regs regs;

	vcpu__ioctl(v, KVM_GET_REGS, &regs);
	regs.rip = regs.rax;
	vcpu__ioctl(v, KVM_SET_REGS, &regs);
}

#define MEMORY_FAULT(variant, what, why, entry_, answer, ...)                                                \
	{                                                                                                    \
		.id = "ept/memory-fault-" variant, .summary = what, .doc = why, FAULT_MANUALS,               \
		.guest = GUEST(memory), .entry = entry_, .arg = { ABI_ARENA, 4 * KIB },                      \
		.handled_in = HANDLED_USER, .round_samples = PAGES,                                          \
		.needs = { .vm_type = VM_TYPE(KVM_X86_SW_PROTECTED_VM),                                      \
			.caps = { NEED_CAP(KVM_CAP_MEMORY_FAULT_INFO) },                                     \
			.max_vcpus = 1 },                                                                    \
		.arena = { .backing = BACKING_ANON_4K, .bytes = BYTES }, .before_round = make_private,       \
		.on_exit = answer, .baseline = "floor/null-loop", .expect = {                                \
			FAULT_EXITS,                                                                         \
			.kvm = KVM_EXIT(MEMORY_FAULT),                                                       \
			__VA_ARGS__                                                                          \
		}                                                                                            \
	}

static const struct bench memory_fault[] = {
	MEMORY_FAULT("user", "a touch of memory that the VMM has not given: to user space",
		"The exit alone, since the VMM skips the instruction; guest-timed, its two ioctls for that are in the user leg. "
		"Compare mmio/write-user-4b, which KVM has to decode and to emulate.",
		"write_or_skip", skip_access, .exits = 1, .stats = { { "pf_taken", 1 }, { "pf_fixed", 0 } }),
	MEMORY_FAULT("convert",
		"first touch of a private page as shared: to user space, converted, tried again",
		"All of an implicit conversion: the exit, KVM_SET_MEMORY_ATTRIBUTES in the user leg, and a second exit in "
		"which KVM maps the page. Host-timed, a round trip starts with that of the page before. Compare "
		"ept/memory-fault-user, ioctl/memory-attributes-1 and ept/first-write-4k-present.",
		"write", make_page_shared, .exits = 2, .stats = { { "pf_taken", 2 }, { "pf_fixed", 1 } }),
};

BENCH_FAMILY_PART("ept", memory_fault);
