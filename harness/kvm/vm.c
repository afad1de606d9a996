// SPDX-License-Identifier: MIT
#include "kvm/vm.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fatal.h"
#include "kvm/compat.h"

void vm__create(struct vm *vm, const struct kvm_host *host, unsigned type)
{
	vm->host = host;
	/* EINTR: newer kernels wait here for a kernel thread and give up on a signal. */
	do {
		vm->fd = ioctl(host->fd, KVM_CREATE_VM, type);
	} while (vm->fd < 0 && errno == EINTR);
	if (vm->fd < 0)
		fatal_errno("KVM_CREATE_VM of type %u", type);
}

void vm__destroy(struct vm *vm)
{
	close(vm->fd);
	vm->fd = -1;
}

int vm__try_ioctl(const struct vm *vm, unsigned long request, void *argument)
{
	int value = ioctl(vm->fd, request, argument);

	return value < 0 ? -errno : value;
}

int vm__ioctl_named(const struct vm *vm, unsigned long request, void *argument, const char *name)
{
	int value = ioctl(vm->fd, request, argument);

	if (value < 0)
		fatal_errno("%s on the VM", name);
	return value;
}

int vm__try_enable_cap(const struct vm *vm, uint32_t cap, uint64_t arg0)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { arg0 } };

	return vm__try_ioctl(vm, KVM_ENABLE_CAP, &enable);
}

void vm__enable_cap(const struct vm *vm, uint32_t cap, uint64_t arg0, const char *name)
{
	int err = vm__try_enable_cap(vm, cap, arg0);

	if (err < 0)
		skip("KVM_ENABLE_CAP %s (%#llx) is refused here: %s", name, (unsigned long long)arg0,
			strerror(-err));
}

int vm__cap(const struct vm *vm, int cap)
{
	int value = ioctl(vm->fd, KVM_CHECK_EXTENSION, cap);

	return value < 0 ? 0 : value;
}

int vm__try_set_slot(
	const struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t bytes, void *hva)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)hva,
	};

	return vm__try_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
}

void vm__set_slot(const struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t bytes, void *hva)
{
	int err = vm__try_set_slot(vm, slot, flags, gpa, bytes, hva);

	if (err < 0)
		fatal("KVM_SET_USER_MEMORY_REGION slot %u at %#llx, %zu bytes, flags %#x: %s", slot,
			(unsigned long long)gpa, bytes, flags, strerror(-err));
}

void vm__set_attributes(const struct vm *vm, uint64_t gpa, uint64_t bytes, uint64_t attributes)
{
	struct kvm_memory_attributes range = {
		.address = gpa,
		.size = bytes,
		.attributes = attributes,
	};

	vm__ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, &range);
}
