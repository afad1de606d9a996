// SPDX-License-Identifier: MIT
/* Exceptions that only ring 3 can raise, and that KVM intercepts for reasons of its own. */
#include <string.h>

#include "bench/insn.h"
#include "base/fatal.h"
#include "guests/ring3.h"
#include "measure/machine.h"

GUEST_DECLARE(ring3);

#define INSN_MANUALS .sdm = "vol. 3C 26.2", .apm = "15.12"

#define CR0_AM    (1ull << 18)
#define AC_VECTOR 17

/* SDM vol. 3A 3.4.5: as the ones of ring 0, with DPL 3. */
#define CODE64_DPL3 0x00affb000000ffffull
#define DATA_DPL3   0x00cff3000000ffffull

/* A 64-bit TSS (SDM vol. 3A 8.7): the stack of ring 0, and no bits for ports. */
#define TSS_RSP0   4
#define TSS_IO_MAP 0x66
#define TSS_BYTES  0x68
#define RSP0       (ABI_VCPU + ABI_STACK_TOP - 0x1000)

static void put(struct machine *m, uint64_t gpa, uint64_t value, size_t bytes)
{
	memcpy(m->low.start + gpa, &value, bytes);
}

/* Rounds end in ring 0. */
static void enter_ring_3(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];
	struct kvm_sregs sregs;

	put(m, ABI_GDT + (RING3_CODE_SELECTOR & ~7), CODE64_DPL3, 8);
	put(m, ABI_GDT + (RING3_DATA_SELECTOR & ~7), DATA_DPL3, 8);
	put(m, ABI_TSS + TSS_RSP0, RSP0, 8);
	put(m, ABI_TSS + TSS_IO_MAP, TSS_BYTES, 2);

	vcpu__enter_long_mode(v);
	vcpu__ioctl(v, KVM_GET_SREGS, &sregs);
	sregs.cs.selector = RING3_CODE_SELECTOR;
	sregs.ss.selector = sregs.gs.selector = RING3_DATA_SELECTOR;
	sregs.cs.dpl = sregs.ss.dpl = sregs.gs.dpl = 3;
	sregs.gdt.limit = RING3_GDT_LIMIT;
	sregs.cr0 |= CR0_AM;
	vcpu__ioctl(v, KVM_SET_SREGS, &sregs);
}

static void need_alignment_checks(struct machine *m)
{
	enter_ring_3(m);
	machine__run_entry(m, &m->vcpus[0], "ac_once");
	if (!m->vcpus[0].abi->shared[0])
		skip("the CPU raises no #AC for an access that isn't aligned: emulators may lack the check");
}

static const struct bench ring3[] = {
	{
		INSN("ac", ring3, "ac", "#AC by a load that isn't aligned, and the guest's handler",
			"KVM intercepts #AC since a guest could hang the CPU with it, and for the host's split-lock "
			"detection; the guest asked for it, so that it gets it. Compare insn/ud2."),
		.expect.vmx = VMX(EXCEPTION_NMI),
		.expect.svm = SVM_EXCEPTION(AC, AC_VECTOR),
		.needs.max_vcpus = 1,
		.setup = need_alignment_checks,
		.before_round = enter_ring_3,
	},
	{
		INSN_IDENTITY("vmware-backdoor", ring3, "backdoor",
			"an IN from VMware's port in ring 3, to user space",
			"The port is denied to ring 3; with kvm.enable_vmware_backdoor KVM intercepts #GP and does the IN "
			"all the same, in its emulator. Compare pio/in-user-4b."),
		.expect.vmx = VMX(EXCEPTION_NMI),
		.expect.svm = SVM_EXCEPTION(GP, GP_VECTOR),
		.expect.kvm = KVM_EXIT(IO),
		.expect.exits = 1,
		.expect.stats = { { "insn_emulation", 1 } },
		.handled_in = HANDLED_USER,
		.needs.max_vcpus = 1,
		.needs.parameter = "kvm.enable_vmware_backdoor=Y",
		.before_round = enter_ring_3,
		.baseline = "floor/null-loop",
	},
};

BENCH_FAMILY_PART("insn", ring3);
