// SPDX-License-Identifier: MIT
/*
 * The same exits under other settings of the VM: what choosing an interrupt controller, a virtual PMU or a debugger
 * adds to exits that have nothing to do with it. `run --matrix` varies more, for any benchmark.
 */
#include <string.h>

#include "base/fatal.h"
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

#define EFER_SCE   1u
#define IA32_STAR  0xc0000081u
#define IA32_LSTAR 0xc0000082u
#define IA32_FMASK 0xc0000084u

/* SDM vol. 1 13.4: the header behind the legacy area, XMM0 in it; vol. 3A 4.6.2 has PKRU. */
#define XSAVE_XMM0   160
#define XSAVE_HEADER 512
#define XSTATE_X87   (1ull << 0)
#define XSTATE_SSE   (1ull << 1)
#define XSTATE_AVX   (1ull << 2)
#define XSTATE_PKRU  (1ull << 9)
#define LINUX_PKRU   0x55555554u /* init_pkru of arch/x86 */

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

static uint64_t supported_xcr0(struct machine *m)
{
	const struct kvm_cpuid_entry2 *leaf = cpuid__find(&m->cpuid, 0xd, 0);
	uint64_t xcr0 = leaf ? leaf->eax | (uint64_t)leaf->edx << 32 : 0;

	if (!(xcr0 & XSTATE_SSE))
		skip("KVM offers its guests no XSAVE here (CPUID 0000000d)");
	return xcr0;
}

/* Something in XMM0, and in the upper half of YMM0; the protection keys as Linux has them. */
static void use_vector_registers(struct machine *m, struct vcpu *v, uint64_t xcr0)
{
	const struct kvm_cpuid_entry2 *avx = cpuid__find(&m->cpuid, 0xd, 2);
	const struct kvm_cpuid_entry2 *keys = cpuid__find(&m->cpuid, 0xd, 9);
	struct kvm_xsave area;
	uint8_t *bytes = (uint8_t *)area.region;
	uint64_t present;

	vcpu__ioctl(v, KVM_GET_XSAVE, &area);
	memcpy(&present, bytes + XSAVE_HEADER, sizeof(present));
	bytes[XSAVE_XMM0] = 1;
	present |= XSTATE_X87 | XSTATE_SSE;
	if (xcr0 & XSTATE_AVX && avx) {
		bytes[avx->ebx] = 1;
		present |= XSTATE_AVX;
	}
	if (xcr0 & XSTATE_PKRU && keys) {
		memcpy(bytes + keys->ebx, &(uint32_t){ LINUX_PKRU }, sizeof(uint32_t));
		present |= XSTATE_PKRU;
	}
	memcpy(bytes + XSAVE_HEADER, &present, sizeof(present));
	vcpu__ioctl(v, KVM_SET_XSAVE, &area);
}

/* What the guests of this suite leave as it is after reset, and an operating system doesn't. */
static void put_os_state(struct machine *m)
{
	struct {
		struct kvm_msrs header;
		struct kvm_msr_entry entries[3];
	} msrs = { .header.nmsrs = 3,
		.entries = { { .index = IA32_STAR, .data = 0x0023001000000000 },
			{ .index = IA32_LSTAR, .data = ABI_IMAGE },
			{ .index = IA32_FMASK, .data = 0x47700 } } };
	struct kvm_xcrs xcrs = { .nr_xcrs = 1, .xcrs[0].value = supported_xcr0(m) };
	struct kvm_sregs sregs;
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++) {
		struct vcpu *v = &m->vcpus[i];

		vcpu__ioctl(v, KVM_GET_SREGS, &sregs);
		sregs.cr4 |= CR4_OSXSAVE;
		sregs.efer |= EFER_SCE;
		vcpu__ioctl(v, KVM_SET_SREGS, &sregs);
		vcpu__ioctl(v, KVM_SET_XCRS, &xcrs);
		if (vcpu__try_ioctl(v, KVM_SET_MSRS, &msrs) != 3)
			fatal("KVM_SET_MSRS doesn't take STAR, LSTAR and FMASK");
		use_vector_registers(m, v, xcrs.xcrs[0].value);
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
	BOTH("os-state", "the guest's registers as an operating system has them",
		"SYSCALL is enabled, XSAVE for all that KVM offers, and vector registers hold something: state that the other "
		"guests here leave alone, and that KVM switches, on VMX STAR, LSTAR and FMASK by MSR on each way to user space "
		"and back.",
		.setup = put_os_state,
		.needs = { .caps = { NEED_CAP(KVM_CAP_XCRS), NEED_CAP(KVM_CAP_XSAVE) } }),
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
