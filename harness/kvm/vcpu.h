/* SPDX-License-Identifier: MIT */
/* A vCPU in 64-bit mode, ring 0, ready to run an entry of a guest image. */
#ifndef KVM_VCPU_H
#define KVM_VCPU_H

#include <asm/unistd_64.h>
#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#include "guests/abi.h"
#include "kvm/vm.h"

struct vcpu {
	const struct vm *vm;
	struct kvm_run *run; /* shared with the kernel */
	int fd;
	unsigned index;       /* in its VM */
	struct abi_page *abi; /* host address of its area */
	struct abi_sample *ring;
	void *user; /* of the benchmark */
};

/* KVM_CREATE_VCPU, KVM_SET_CPUID2 with what KVM supports, and the shared kvm_run page. */
void vcpu__create(struct vcpu *vcpu, const struct vm *vm, unsigned index, const struct kvm_cpuid2 *cpuid);
void vcpu__destroy(struct vcpu *vcpu);

int vcpu__try_ioctl(const struct vcpu *vcpu, unsigned long request, void *argument);
#define vcpu__ioctl(vcpu, request, argument) vcpu__ioctl_named((vcpu), (request), (argument), #request)
int vcpu__ioctl_named(const struct vcpu *vcpu, unsigned long request, void *argument, const char *name);

/* Puts CR0, CR3, CR4, EFER, segments and tables for the identity map that longmode__build() laid out. */
void vcpu__enter_long_mode(struct vcpu *vcpu);

/* Points the vCPU at an entry, with the registers the guests' ABI promises. */
void vcpu__set_entry(struct vcpu *vcpu, uint64_t entry);

/* Sets the TSC offset to 0, so that guest and host stamps are on one clock (KVM_VCPU_TSC_OFFSET).
 * False where this KVM can't, or guest and host frequencies differ. */
bool vcpu__share_host_tsc(struct vcpu *vcpu);

/* One KVM_RUN: 0 or -errno.  Inline and past libc: this is the measured path, and the same in every build. */
static inline long vcpu__run(int fd)
{
	long value;

	__asm__ __volatile__("syscall"
			     : "=a"(value)
			     : "0"(__NR_ioctl), "D"((long)fd), "S"((long)KVM_RUN), "d"(0L)
			     : "rcx", "r11", "memory");
	return value;
}

/* Completes an instruction that user space has answered (IN, an MMIO read) without entering the guest. */
void vcpu__complete_io(struct vcpu *vcpu);

/* "KVM_EXIT_IO port 0x5e8 out 1 byte", for messages. Returns buf. */
const char *vcpu__describe_exit(const struct vcpu *vcpu, char *buf, int size);

const char *kvm_exit__name(uint32_t reason);

#endif
