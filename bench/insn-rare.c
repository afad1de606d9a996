// SPDX-License-Identifier: MIT
/* What ends a vCPU's way or bends it: triple faults, failed emulation, task switches. */
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "bench/insn.h"
#include "bench/paging.h"
#include "guests/task.h"
#include "measure/machine.h"
#include "measure/pass.h"

GUEST_DECLARE(insn);
GUEST_DECLARE(shutdown);
GUEST_DECLARE(task);

#define INSN_MANUALS .sdm = "vol. 3C 26.2", .apm = "15.14"

#define POPCNT_BYTES      4
#define SVM_EXIT_BUS_LOCK 0xa5 /* APM vol. 2 15.14.5 */

static void keep_sregs(struct machine *m)
{
	struct kvm_sregs *kept = calloc(1, sizeof(*kept));

	if (!kept)
		fatal("no memory for a vCPU's system registers");
	vcpu__ioctl(&m->vcpus[0], KVM_GET_SREGS, kept);
	m->vcpus[0].user = kept;
}

static void free_sregs(struct machine *m)
{
	free(m->vcpus[0].user);
}

/* After a triple fault nothing of the vCPU's state is defined; KVM on SVM resets it. The guest left in shared[]
 * what its loop needs. */
static void revive(struct vcpu *v)
{
	const uint64_t *kept = v->abi->shared;
	struct kvm_regs regs = {
		.rip = kept[0],
		.rsp = kept[1],
		.rbp = kept[2],
		.r12 = kept[3],
		.r13 = kept[4],
		.r14 = kept[5],
		.r15 = ABI_VCPU + (uint64_t)v->index * ABI_VCPU_SIZE,
		.rflags = 2,
	};

	vcpu__ioctl(v, KVM_SET_SREGS, v->user);
	vcpu__ioctl(v, KVM_SET_REGS, &regs);
}

static void fail_to_user(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_EXIT_ON_EMULATION_FAILURE, 1, "KVM_CAP_EXIT_ON_EMULATION_FAILURE");
}

static void skip_popcnt(struct vcpu *v)
{
	struct kvm_regs regs;

	if (v->run->internal.suberror != KVM_INTERNAL_ERROR_EMULATION)
		fatal("KVM_EXIT_INTERNAL_ERROR with suberror %u instead of a failed emulation",
			v->run->internal.suberror);
	vcpu__ioctl(v, KVM_GET_REGS, &regs);
	regs.rip += POPCNT_BYTES;
	vcpu__ioctl(v, KVM_SET_REGS, &regs);
}

static void exit_on_bus_lock(struct machine *m)
{
	vm__enable_cap(
		&m->vm, KVM_CAP_X86_BUS_LOCK_EXIT, KVM_BUS_LOCK_DETECTION_EXIT, "KVM_CAP_X86_BUS_LOCK_EXIT");
}

/* A 32-bit TSS, SDM vol. 3A 8.2.1. */
struct tss32 {
	uint32_t link, stacks[6], cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt, io_map;
};

#define TSS_MAIN     ABI_TSS
#define TSS_OTHER    (ABI_TSS + 0x80)
#define TSS_LIMIT    0x67u
#define CODE32       0x00cf9b000000ffffull /* flat, 32-bit, execute and read, accessed: SDM vol. 3A 3.4.5 */
#define TSS32        0x0000890000000000ull /* present, available 32-bit TSS: SDM vol. 3A 8.2.2 */
#define TYPE_BUSY    (2ull << 40)
#define CR0_PE_ET_NE (1u << 0 | 1u << 4 | 1u << 5)

static uint64_t tss_descriptor(uint64_t base)
{
	return TSS32 | base << 16 | TSS_LIMIT;
}

static void put_descriptor(struct machine *m, unsigned selector, uint64_t descriptor)
{
	memcpy(m->low.start + ABI_GDT + selector, &descriptor, sizeof(descriptor));
}

static void enter_32_bit(struct vcpu *v)
{
	struct kvm_sregs sregs;

	vcpu__ioctl(v, KVM_GET_SREGS, &sregs);
	sregs.cr0 = CR0_PE_ET_NE;
	sregs.cr4 = 0;
	sregs.efer = 0;
	sregs.cs.selector = TASK_CODE_SELECTOR;
	sregs.cs.l = 0;
	sregs.cs.db = 1;
	sregs.gs.base = 0; /* a task switch loads it from the flat descriptor */
	sregs.gdt.limit = TASK_GDT_LIMIT;
	sregs.tr.selector = TASK_MAIN_SELECTOR;
	sregs.tr.base = TSS_MAIN;
	vcpu__ioctl(v, KVM_SET_SREGS, &sregs);
}

static void make_tasks(struct machine *m)
{
	struct tss32 other = {
		.eip = (uint32_t)image__entry(m->bench->guest, "other_task"),
		.eflags = 2,
		.cs = TASK_CODE_SELECTOR,
		.es = ABI_DATA_SELECTOR,
		.ss = ABI_DATA_SELECTOR,
		.ds = ABI_DATA_SELECTOR,
		.fs = ABI_DATA_SELECTOR,
		.gs = ABI_DATA_SELECTOR,
		.io_map = (TSS_LIMIT + 1) << 16,
	};

	_Static_assert(sizeof(other) == TSS_LIMIT + 1, "a 32-bit TSS has 104 bytes");
	memset(m->low.start + TSS_MAIN, 0, sizeof(other));
	memcpy(m->low.start + TSS_OTHER, &other, sizeof(other));
	put_descriptor(m, TASK_CODE_SELECTOR, CODE32);
	put_descriptor(m, TASK_MAIN_SELECTOR, tss_descriptor(TSS_MAIN) | TYPE_BUSY);
	put_descriptor(m, TASK_OTHER_SELECTOR, tss_descriptor(TSS_OTHER));
	enter_32_bit(&m->vcpus[0]);
}

static const char *quiet_page_faults(const struct kvm_host *host)
{
	if ((host->is_vmx && parameter_is_off("kvm_intel.ept")) ||
		(host->is_svm && parameter_is_off("kvm_amd.npt")))
		return "without EPT or NPT the page faults on the way to a triple fault exit, too";
	return NULL;
}

static const struct bench rare[] = {
	{
		INSN_IDENTITY("triple-fault", shutdown, "triple_fault", "a triple fault to user space",
			"How a guest resets itself when nothing else works; KVM on SVM resets the vCPU in this exit. The "
			"host's view is the exit alone: to go on user space sets all registers."),
		INSN_EXITS(TRIPLE_FAULT, SHUTDOWN),
		.handled_in = HANDLED_USER,
		.expect.kvm = KVM_EXIT(SHUTDOWN),
		.expect.exits = 1,
		.needs.max_vcpus = 1,
		.supported = quiet_page_faults,
		.setup = keep_sregs,
		.on_exit = revive,
		.measure = pass__host_timed,
		.baseline = "floor/stamp-host",
		.teardown = free_sregs,
	},
	{
		INSN_IDENTITY("emulation-failure", shutdown, "emulation_failure",
			"an instruction on MMIO that KVM can't emulate, to user space",
			"POPCNT reads MMIO: KVM's emulator doesn't know it and user space gets its bytes "
			"(KVM_CAP_EXIT_ON_EMULATION_FAILURE). The host's view is the exit alone: to go on user space "
			"steps over the instruction. Compare mmio/read-user-4b."),
		.expect.vmx = VMX_MMIO,
		.expect.svm = SVM(NPF),
		.arg = { ABI_UNBACKED },
		.handled_in = HANDLED_USER,
		.expect.kvm = KVM_EXIT(INTERNAL_ERROR),
		.expect.exits = 1,
		.expect.stats = { { "insn_emulation_fail", 1 } },
		.needs.caps = { NEED_CAP(KVM_CAP_EXIT_ON_EMULATION_FAILURE) },
		.needs.max_vcpus = 1,
		.configure = fail_to_user,
		.on_exit = skip_popcnt,
		.measure = pass__host_timed,
		.baseline = "floor/stamp-host",
	},
	{
		INSN_IDENTITY("bus-lock", insn, "split_lock",
			"a locked access across two cache lines, to user space",
			"KVM_CAP_X86_BUS_LOCK_EXIT: the CPU makes a guest that locks the bus exit behind (VMX) or before "
			"(SVM) the access, so that a VMM can slow it down. A host that detects split locks itself (Intel, "
			"split_lock_detect=warn by default) meets them first, as #AC: it lets the vCPU go on for two jiffies after a "
			"sleep of 10 ms (kernel.split_lock_mitigate), or with fatal not at all; boot with split_lock_detect=off to "
			"measure. Compare pio/out-user-1b. Not yet seen on a host that has it."),
		.expect.vmx = VMX(BUS_LOCK),
		.expect.svm = { "BUS_LOCK", SVM_EXIT_BUS_LOCK },
		.handled_in = HANDLED_USER,
		.expect.kvm = KVM_EXIT(X86_BUS_LOCK),
		.expect.exits = 1,
		.needs.caps = { NEED_CAP_BITS(KVM_CAP_X86_BUS_LOCK_EXIT, KVM_BUS_LOCK_DETECTION_EXIT) },
		.configure = exit_on_bus_lock,
		.baseline = "floor/null-loop",
	},
	{
		INSN_IDENTITY("task-switch", task, "task_switch",
			"a task switch to another task and back, by far jumps",
			"KVM does the whole of it in software: two TSSes, six segments, two exits. A 32-bit guest without "
			"paging; its measured loop is a few instructions shorter than the null loop's. Emulators of AMD "
			"CPUs may switch by themselves."),
		INSN_EXITS(TASK_SWITCH, TASK_SWITCH),
		.handled_in = HANDLED_KERNEL,
		.expect.exits = 2,
		.expect.may_not_exit = true,
		.needs.max_vcpus = 1,
		.baseline = "floor/null-loop",
		.supported = unpaged_guests,
		.setup = make_tasks,
	},
};

BENCH_FAMILY_PART("insn", rare);
