/* SPDX-License-Identifier: MIT */
/* A VM: its descriptor, its memory slots.  Used in measuring processes only: errors end the process. */
#ifndef KVM_VM_H
#define KVM_VM_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm/host.h"

/* Slot numbers; a benchmark may use those from VM_SLOT_FREE on. */
enum vm_slot {
	VM_SLOT_LOW,   /* tables and image */
	VM_SLOT_VCPU,  /* per-vCPU areas */
	VM_SLOT_ARENA, /* ABI_ARENA */
	VM_SLOT_FREE,
};

struct vm {
	const struct kvm_host *host;
	int fd;
};

/* `type`: KVM_X86_*_VM, as in KVM_CAP_VM_TYPES. */
void vm__create(struct vm *vm, const struct kvm_host *host, unsigned type);
void vm__destroy(struct vm *vm);

/* Any ioctl on the VM: -errno, or the ioctl's value. */
int vm__try_ioctl(const struct vm *vm, unsigned long request, void *argument);
/* The same; ends the process on an error, naming the ioctl. */
#define vm__ioctl(vm, request, argument) vm__ioctl_named((vm), (request), (argument), #request)
int vm__ioctl_named(const struct vm *vm, unsigned long request, void *argument, const char *name);

/* KVM_ENABLE_CAP; `name` is for the message. */
void vm__enable_cap(const struct vm *vm, uint32_t cap, uint64_t arg0, const char *name);
int vm__try_enable_cap(const struct vm *vm, uint32_t cap, uint64_t arg0);

int vm__cap(const struct vm *vm, int cap);

/* Sets, moves or (bytes = 0) deletes a slot: KVM_SET_USER_MEMORY_REGION. */
void vm__set_slot(const struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t bytes, void *hva);
int vm__try_set_slot(
	const struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t bytes, void *hva);

/* Says of whole pages whether they are private: KVM_SET_MEMORY_ATTRIBUTES with KVM_MEMORY_ATTRIBUTE_PRIVATE or 0. */
void vm__set_attributes(const struct vm *vm, uint64_t gpa, uint64_t bytes, uint64_t attributes);

#endif
