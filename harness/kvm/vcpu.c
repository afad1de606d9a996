// SPDX-License-Identifier: MIT
#include "kvm/vcpu.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fatal.h"
#include "kvm/compat.h"
#include "kvm/longmode.h"

void vcpu__create(struct vcpu *vcpu, const struct vm *vm, unsigned index, const struct kvm_cpuid2 *cpuid)
{
	vcpu->vm = vm;
	vcpu->index = index;
	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, index);
	if (vcpu->fd < 0)
		fatal_errno("KVM_CREATE_VCPU %u", index);
	vcpu->run = mmap(NULL, (size_t)vm->host->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		fatal_errno("mapping kvm_run of vCPU %u", index);
	vcpu__ioctl(vcpu, KVM_SET_CPUID2, (void *)cpuid);
}

void vcpu__destroy(struct vcpu *vcpu)
{
	munmap(vcpu->run, (size_t)vcpu->vm->host->run_bytes);
	close(vcpu->fd);
	vcpu->fd = -1;
}

int vcpu__try_ioctl(const struct vcpu *vcpu, unsigned long request, void *argument)
{
	int value = ioctl(vcpu->fd, request, argument);

	return value < 0 ? -errno : value;
}

int vcpu__ioctl_named(const struct vcpu *vcpu, unsigned long request, void *argument, const char *name)
{
	int value = ioctl(vcpu->fd, request, argument);

	if (value < 0)
		fatal_errno("%s on vCPU %u", name, vcpu->index);
	return value;
}

void vcpu__enter_long_mode(struct vcpu *vcpu)
{
	struct kvm_sregs sregs;

	vcpu__ioctl(vcpu, KVM_GET_SREGS, &sregs);
	longmode__sregs(&sregs, ABI_VCPU + (uint64_t)vcpu->index * ABI_VCPU_SIZE);
	vcpu__ioctl(vcpu, KVM_SET_SREGS, &sregs);
}

void vcpu__set_entry(struct vcpu *vcpu, uint64_t entry)
{
	uint64_t area = ABI_VCPU + (uint64_t)vcpu->index * ABI_VCPU_SIZE;
	struct kvm_regs regs = {
		.rip = entry,
		.rdi = area,
		.rsp = area + ABI_STACK_TOP,
		.rflags = 2, /* bit 1 is always set; interrupts off */
	};

	vcpu__ioctl(vcpu, KVM_SET_REGS, &regs);
}

bool vcpu__share_host_tsc(struct vcpu *vcpu)
{
	uint64_t offset = 0;
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = (uintptr_t)&offset,
	};
	uint64_t seen = 1;
	int vcpu_khz, host_khz;

	if (vcpu__try_ioctl(vcpu, KVM_HAS_DEVICE_ATTR, &attr) < 0)
		return false;
	if (vcpu__try_ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr) < 0)
		return false;
	attr.addr = (uintptr_t)&seen;
	if (vcpu__try_ioctl(vcpu, KVM_GET_DEVICE_ATTR, &attr) < 0 || seen != 0)
		return false;
	/* A scaled guest TSC runs at another rate: one origin is then not one clock. */
	vcpu_khz = vcpu__try_ioctl(vcpu, KVM_GET_TSC_KHZ, NULL);
	host_khz = vm__try_ioctl(vcpu->vm, KVM_GET_TSC_KHZ, NULL);
	return vcpu_khz > 0 && (host_khz <= 0 || vcpu_khz == host_khz);
}

void vcpu__complete_io(struct vcpu *vcpu)
{
	long value;

	vcpu->run->immediate_exit = 1;
	value = vcpu__run(vcpu->fd);
	vcpu->run->immediate_exit = 0;
	if (value != -EINTR)
		fatal("KVM_RUN with immediate_exit on vCPU %u returned %ld instead of -EINTR", vcpu->index,
			value);
}

const char *kvm_exit__name(uint32_t reason)
{
	static const char *const names[] = {
		[KVM_EXIT_UNKNOWN] = "KVM_EXIT_UNKNOWN",
		[KVM_EXIT_EXCEPTION] = "KVM_EXIT_EXCEPTION",
		[KVM_EXIT_IO] = "KVM_EXIT_IO",
		[KVM_EXIT_HYPERCALL] = "KVM_EXIT_HYPERCALL",
		[KVM_EXIT_DEBUG] = "KVM_EXIT_DEBUG",
		[KVM_EXIT_HLT] = "KVM_EXIT_HLT",
		[KVM_EXIT_MMIO] = "KVM_EXIT_MMIO",
		[KVM_EXIT_IRQ_WINDOW_OPEN] = "KVM_EXIT_IRQ_WINDOW_OPEN",
		[KVM_EXIT_SHUTDOWN] = "KVM_EXIT_SHUTDOWN",
		[KVM_EXIT_FAIL_ENTRY] = "KVM_EXIT_FAIL_ENTRY",
		[KVM_EXIT_INTR] = "KVM_EXIT_INTR",
		[KVM_EXIT_SET_TPR] = "KVM_EXIT_SET_TPR",
		[KVM_EXIT_INTERNAL_ERROR] = "KVM_EXIT_INTERNAL_ERROR",
		[KVM_EXIT_SYSTEM_EVENT] = "KVM_EXIT_SYSTEM_EVENT",
		[KVM_EXIT_IOAPIC_EOI] = "KVM_EXIT_IOAPIC_EOI",
		[KVM_EXIT_HYPERV] = "KVM_EXIT_HYPERV",
		[KVM_EXIT_DIRTY_RING_FULL] = "KVM_EXIT_DIRTY_RING_FULL",
		[KVM_EXIT_X86_RDMSR] = "KVM_EXIT_X86_RDMSR",
		[KVM_EXIT_X86_WRMSR] = "KVM_EXIT_X86_WRMSR",
		[KVM_EXIT_X86_BUS_LOCK] = "KVM_EXIT_X86_BUS_LOCK",
		[KVM_EXIT_XEN] = "KVM_EXIT_XEN",
		[KVM_EXIT_MEMORY_FAULT] = "KVM_EXIT_MEMORY_FAULT",
	};

	return reason < ARRAY_SIZE(names) && names[reason] ? names[reason]
							   : "an exit unknown to this program";
}

static int describe_internal_error(const struct kvm_run *run, char *buf, int size)
{
	/* With KVM_CAP_EXIT_ON_EMULATION_FAILURE off the bytes are there on newer kernels all the same. */
	if (run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION) {
		if (run->emulation_failure.ndata >= 3 &&
			(run->emulation_failure.flags &
				KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES)) {
			const uint8_t *b = run->emulation_failure.insn_bytes;

			return snprintf(buf, (size_t)size,
				"KVM's instruction emulator can't execute what it met (bytes %02x %02x %02x %02x)",
				b[0], b[1], b[2], b[3]);
		}
		return snprintf(buf, (size_t)size, "KVM's instruction emulator can't execute what it met");
	}
	return snprintf(buf, (size_t)size, "KVM_EXIT_INTERNAL_ERROR suberror %u", run->internal.suberror);
}

const char *vcpu__describe_exit(const struct vcpu *vcpu, char *buf, int size)
{
	const struct kvm_run *run = vcpu->run;

	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		snprintf(buf, (size_t)size, "KVM_EXIT_IO %s port %#x, %u byte(s), count %u",
			run->io.direction == KVM_EXIT_IO_OUT ? "out" : "in", run->io.port, run->io.size,
			run->io.count);
		break;
	case KVM_EXIT_MMIO:
		snprintf(buf, (size_t)size, "KVM_EXIT_MMIO %s at %#llx, %u byte(s)",
			run->mmio.is_write ? "write" : "read", (unsigned long long)run->mmio.phys_addr,
			run->mmio.len);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		describe_internal_error(run, buf, size);
		break;
	case KVM_EXIT_FAIL_ENTRY:
		snprintf(buf, (size_t)size, "KVM_EXIT_FAIL_ENTRY, hardware reason %#llx",
			(unsigned long long)run->fail_entry.hardware_entry_failure_reason);
		break;
	default:
		snprintf(buf, (size_t)size, "%s (%u)", kvm_exit__name(run->exit_reason), run->exit_reason);
	}
	return buf;
}
