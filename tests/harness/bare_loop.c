// SPDX-License-Identifier: MIT
/*
 * The same exit without the harness: open, set up, KVM_RUN between two fenced stamps.  Prints the median of the
 * round trips in TSC ticks; `make bench-harness` holds pio/out-user-1b against it.
 * usage: bare_loop SAMPLES
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

static inline uint64_t stamp(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
}

static int compare(const void *a, const void *b)
{
	return (*(const uint64_t *)a > *(const uint64_t *)b) - (*(const uint64_t *)a < *(const uint64_t *)b);
}

int main(int argc, char **argv)
{
	/* mov %r8d, %edx; out %al, (%dx); jmp: as in guests/pio.S */
	static const uint8_t code[] = { 0x44, 0x89, 0xc2, 0xee, 0xeb, 0xfa };
	static struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 entries[256];
	} cpuid = { .head.nent = 256 };
	int samples = argc > 1 ? atoi(argv[1]) : 1000, warm = 200, i;
	uint64_t *ticks = calloc((size_t)samples + 1, sizeof(*ticks)), before;
	int kvm = open("/dev/kvm", O_RDWR), vm = ioctl(kvm, KVM_CREATE_VM, 0), vcpu;
	struct kvm_enable_cap no_pmu = { .cap = KVM_CAP_PMU_CAPABILITY, .args = { KVM_PMU_CAP_DISABLE } };
	uint64_t *memory = mmap(
		NULL, 0x200000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct kvm_userspace_memory_region slot = { .memory_size = 0x200000,
		.userspace_addr = (uintptr_t)memory };
	struct kvm_regs regs = { .rip = 0x10000, .r8 = 0x5e8, .rflags = 2 };
	struct kvm_sregs s;
	struct kvm_run *run;

	memory[0x1000 / 8] = 0x2027; /* PML4 -> PDPT -> PD -> 2 MiB at 0 */
	memory[0x2000 / 8] = 0x3027;
	memory[0x3000 / 8] = 0xe7;
	memcpy((char *)memory + 0x10000, code, sizeof(code));
	ioctl(vm, KVM_ENABLE_CAP, &no_pmu);
	ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot);
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	run = mmap(NULL, (size_t)ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED,
		vcpu, 0);
	ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid);
	ioctl(vcpu, KVM_SET_CPUID2, &cpuid);
	ioctl(vcpu, KVM_GET_SREGS, &s);
	s.cs = (struct kvm_segment){
		.limit = ~0u, .selector = 8, .type = 11, .present = 1, .s = 1, .l = 1, .g = 1
	};
	s.ds = s.es = s.fs = s.gs = s.ss = (struct kvm_segment){
		.limit = ~0u, .selector = 16, .type = 3, .present = 1, .db = 1, .s = 1, .g = 1
	};
	s.cr0 = 0x80010033;
	s.cr3 = 0x1000;
	s.cr4 = 0x6a8;
	s.efer = 0xd00;
	if (ioctl(vcpu, KVM_SET_SREGS, &s) || ioctl(vcpu, KVM_SET_REGS, &regs) || run == MAP_FAILED || !ticks)
		return perror("bare_loop: setting up a VM"), 1;
	for (i = -warm; i < samples; i++) {
		before = stamp();
		if (ioctl(vcpu, KVM_RUN, 0))
			return perror("bare_loop: KVM_RUN"), 1;
		ticks[i < 0 ? samples : i] = stamp() - before;
		if (run->exit_reason != KVM_EXIT_IO)
			return fprintf(stderr, "bare_loop: exit reason %u\n", run->exit_reason), 1;
	}
	qsort(ticks, (size_t)samples, sizeof(*ticks), compare);
	printf("%llu\n", (unsigned long long)ticks[samples / 2]);
	return 0;
}
