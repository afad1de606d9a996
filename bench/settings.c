// SPDX-License-Identifier: MIT
/*
 * The same exits under other settings of the VM: what choosing an interrupt controller, a virtual PMU or a debugger
 * adds to exits that have nothing to do with it. `run --matrix` varies more, for any benchmark.
 */
#include "kvm/many_slots.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "out.h"

GUEST_DECLARE(mmio);

#define CR4_OSXSAVE (1u << 18)
#define XCR0_X87    1u
#define DR7_L0      0x401u /* breakpoint 0, on execution; bit 10 is always set (SDM vol. 3B 18.2.4) */
#define NOT_REACHED 0xffff800000000000ul
#define SLOTS       64

static void enable_pmu(struct machine *m)
{
	vm__enable_cap(&m->vm, KVM_CAP_PMU_CAPABILITY, 0, "KVM_CAP_PMU_CAPABILITY");
}

/* A hardware breakpoint that the guest never meets. */
static void set_breakpoint(struct machine *m)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
		.arch.debugreg = { [0] = NOT_REACHED, [7] = DR7_L0 },
	};
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++)
		vcpu__ioctl(&m->vcpus[i], KVM_SET_GUEST_DEBUG, &debug);
}

/* The guest enables XSAVE for less than the host does. */
static void narrow_xcr0(struct machine *m)
{
	struct kvm_xcrs xcrs = { .nr_xcrs = 1, .xcrs[0].value = XCR0_X87 };
	struct kvm_sregs sregs;
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++) {
		vcpu__ioctl(&m->vcpus[i], KVM_GET_SREGS, &sregs);
		sregs.cr4 |= CR4_OSXSAVE;
		vcpu__ioctl(&m->vcpus[i], KVM_SET_SREGS, &sregs);
		vcpu__ioctl(&m->vcpus[i], KVM_SET_XCRS, &xcrs);
	}
}

static void create_slots(struct machine *m)
{
	host_memory__map(&m->arena, BACKING_ANON_4K, SLOTS * 4096ul);
	many_slots__create(&m->vm, VM_SLOT_FREE, SLOTS, ABI_ARENA, &m->arena);
}

#define UNDER(exit, setting, what, why, ...)                                                                 \
	{                                                                                                    \
		.id = "settings/" exit "-" setting, .summary = what, .doc = why, __VA_ARGS__                 \
	}
/* An exit to the kernel and one to user space. */
#define BOTH(setting, what, why, ...)                                                                        \
	UNDER("cpuid", setting, "CPUID leaf 0, " what, why " Compare cpuid/leaf0.", CPUID_LEAF0,             \
		__VA_ARGS__),                                                                                \
		UNDER("pio", setting, "OUT to user space, " what, why " Compare pio/out-user-1b.",           \
			OUT_TO_USER, __VA_ARGS__)

#define CHIP_WHY                                                                                             \
	"With a local APIC in the kernel every entry looks for interrupts to deliver and every exit keeps APIC state in step."

static const struct bench settings[] = {
	BOTH("irqchip-split", "local APIC in the kernel (split irqchip)", CHIP_WHY,
		.needs = { .irqchip = IRQCHIP_SPLIT }),
	BOTH("irqchip-kernel", "PIC, IOAPIC and local APIC in the kernel", CHIP_WHY,
		.needs = { .irqchip = IRQCHIP_KERNEL }),
	BOTH("vpmu", "the guest has a virtual PMU", "Counters have to be switched between host and guest.",
		.configure = enable_pmu, .needs = { .caps = { NEED_CAP(KVM_CAP_PMU_CAPABILITY) } }),
	BOTH("disable-exits", "HLT and PAUSE don't exit (KVM_CAP_X86_DISABLE_EXITS)",
		"What VMs with CPUs of their own are given; other exits should cost the same.",
		.disable_exits = KVM_X86_DISABLE_EXITS_HLT | KVM_X86_DISABLE_EXITS_PAUSE,
		.needs = { .caps = { NEED_CAP_BITS(KVM_CAP_X86_DISABLE_EXITS,
				   KVM_X86_DISABLE_EXITS_HLT | KVM_X86_DISABLE_EXITS_PAUSE) } }),
	BOTH("breakpoint", "a debugger has a hardware breakpoint in the guest",
		"Debug registers have to be switched on every entry and exit, and accesses to them exit.",
		.setup = set_breakpoint, .needs = { .caps = { NEED_CAP(KVM_CAP_SET_GUEST_DEBUG) } }),
	BOTH("xcr0", "the guest's XCR0 differs from the host's",
		"Every entry and exit executes XSETBV where the guest has enabled XSAVE for other state than the host.",
		.setup = narrow_xcr0, .needs = { .caps = { NEED_CAP(KVM_CAP_XCRS) } }),
	UNDER("mmio", "slots-64", "a write of 4 bytes to user space, 64 memory slots",
		"KVM has to find out that no slot has the address; it remembers the last. Compare mmio/write-user-4b and ept/slots-*.",
		.sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6", .guest = GUEST(mmio), .entry = "write4",
		.arg = { ABI_UNBACKED }, .handled_in = HANDLED_USER, .baseline = "mmio/write-user-4b",
		.configure = create_slots,
		.expect = { .vmx = VMX_MMIO,
			.svm = SVM(NPF),
			.kvm = KVM_EXIT(MMIO),
			.exits = 1,
			.stats = { { "mmio_exits", 1 }, { "insn_emulation", 1, AT_LEAST } } }),
};

BENCH_FAMILY("settings", "the same exits under other settings of the VM", settings);
