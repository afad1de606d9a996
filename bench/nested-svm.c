// SPDX-License-Identifier: MIT
/* A guest that is a hypervisor itself on an AMD CPU. */
#include "nested.h"

GUEST_DECLARE(nested_svm);

#define L1_AND_L2 .guest = GUEST(nested_svm), NESTED_NEEDS(VENDOR_AMD)

/* An instruction of L1's, timed there. `native` where newer CPUs execute it without an exit. */
#define L1(variant, what, why, section, exit_code, native)                                                   \
	{                                                                                                    \
		.id = "nested/svm-" variant, .summary = what " in L1", .doc = why, .apm = section,           \
		L1_AND_L2, .entry = variant, NESTED_PLAIN, .handled_in = HANDLED_KERNEL,                     \
		.expect = { .svm = SVM(exit_code), .exits = 1, .init_exits = 1, .may_not_exit = native },    \
		.baseline = "floor/null-loop",                                                               \
	}

#define L2(variant, guest_entry, what, why, section, ...)                                                    \
	NESTED_L2("svm", variant, guest_entry, what, why, .apm = section, __VA_ARGS__)
#define KERNEL(exit_code, exits_, runs) NESTED_KERNEL(.svm = SVM(exit_code), exits_, runs)
#define FAULT(exit_code)                NESTED_FAULT(.svm = SVM(exit_code))
#define SWAP(exit_code)                 NESTED_SWAP_EXITS(.svm = SVM(exit_code), 4)
#define USER(exit_code, exits_, reason_exits_, runs)                                                         \
	NESTED_USER(.svm = SVM(exit_code), exits_, reason_exits_, runs)

#define TO_L1 "L2 exits to L0, L0 makes it an exit to L1, L1 answers from its registers and runs L2 again."

static const struct bench nested_svm[] = {
	{
		.id = "nested/svm-vmrun",
		.summary = "VMRUN of an L2 that only executes VMMCALL, and back to L1",
		.doc = "The round trip with the least that L1 can do. VMRUN exits to L0, which merges L1's VMCB with its own "
		       "and enters L2; L2's VMMCALL exits to L0, which hands it to L1. Compare twice cpuid/leaf0: as many "
		       "exits, without nesting.",
		.apm = "15.5",
		L1_AND_L2,
		.entry = "vmrun",
		NESTED_PLAIN,
		KERNEL(VMRUN, 2, 1),
		.baseline = "floor/null-loop",
	},
	{
		.id = "nested/svm-vmrun-full",
		.summary = "VMRUN with what a hypervisor does around it, and back to L1",
		.doc = "As nested/svm-vmrun between CLGI and STGI, with VMLOAD and VMSAVE of L2's state before and after it and "
		       "VMLOAD of L1's: what KVM as L1 does. Each of these exits, too, unless the CPU has virtual GIF and "
		       "virtual VMLOAD/VMSAVE (kvm_amd.vgif, kvm_amd.vls) and L0 hands them on to L1.",
		.apm = "15.5",
		L1_AND_L2,
		.entry = "vmrun_full",
		NESTED_PLAIN,
		.handled_in = HANDLED_KERNEL,
		.expect = { .svm = SVM(VMRUN),
			.exits = 7,
			.exits_relation = AT_MOST,
			.reason_exits = 1,
			.init_exits = 2,
			.stats = { { "nested_run", 1 } } },
		.baseline = "floor/null-loop",
	},
	L1("vmload", "VMLOAD",
		"L0 copies FS, GS, TR, LDTR and the system-call MSRs from L1's VMCB. Every hypervisor does it around its "
		"VMRUN; with virtual VMLOAD/VMSAVE (kvm_amd.vls) it doesn't exit.",
		"15.5.2", VMLOAD, true),
	L1("vmsave", "VMSAVE",
		"The reverse of nested/svm-vmload, and as often; with virtual VMLOAD/VMSAVE (kvm_amd.vls) it doesn't exit.",
		"15.5.2", VMSAVE, true),
	L1("stgi", "STGI",
		"L1 allows interrupts again after a VMRUN. With a virtual GIF (kvm_amd.vgif) it doesn't exit.",
		"15.17", STGI, true),
	L1("clgi", "CLGI",
		"L1 holds interrupts back before a VMRUN. With a virtual GIF (kvm_amd.vgif) it doesn't exit.",
		"15.17", CLGI, true),
	L1("invlpga", "INVLPGA", "L1 flushes one page of L2's from the TLB: L0 flushes at least that.",
		"15.16.3", INVLPGA, false),
	L2("null", "l2_null", "run of the measured loop with nothing in it",
		"The control of the nested rows: L2 runs on the CPU itself and reads the same as L1.", NULL,
		0, 0, "floor/null-loop", NESTED_PLAIN, .handled_in = HANDLED_NOWHERE,
		.expect = { .init_exits = 1 }),
	L2("vmmcall", "l2_hypercall", "VMMCALL, handled by L1", TO_L1 " It only steps over it.", "15.5", 0, 0,
		"cpuid/leaf0", NESTED_PLAIN, KERNEL(VMMCALL, 2, 1)),
	L2("cpuid", "l2_cpuid", "CPUID, handled by L1", TO_L1, "15.9", 0, NESTED_CATCH_CPUID, "cpuid/leaf0",
		NESTED_PLAIN, KERNEL(CPUID, 2, 1)),
	L2("cpuid-l0", "l2_cpuid", "CPUID, handled by L0", NESTED_TO_L0_WHY, "15.9", 0, 0, "cpuid/leaf0",
		NESTED_PLAIN, KERNEL(CPUID, 1, 0)),
	L2("rdmsr", "l2_rdmsr", "RDMSR (IA32_MISC_ENABLE), handled by L1", TO_L1, "15.11", NESTED_MSR,
		NESTED_CATCH_MSR, "msr/rd-misc-enable", NESTED_PLAIN, KERNEL(MSR, 2, 1)),
	L2("rdmsr-l0", "l2_rdmsr", "RDMSR (IA32_MISC_ENABLE), handled by L0", NESTED_TO_L0_WHY, "15.11",
		NESTED_MSR, 0, "msr/rd-misc-enable", NESTED_PLAIN, KERNEL(MSR, 1, 0)),
	L2("out", "l2_out", "OUT, handled by L1", TO_L1, "15.10", ABI_PORT_MEASURE, NESTED_CATCH_IO,
		"cpuid/leaf0", NESTED_PLAIN, KERNEL(IOIO, 2, 1)),
	L2("npf", "l2_read", "access to a page that L1's nested tables lack, handled by L1",
		"L0 walks L1's nested tables for the fault, finds nothing and makes it L1's nested page fault; L1 steps over "
		"the access, as it would after emulating a device. Compare nested/svm-l2-out.",
		"15.25.6", NESTED_HOLE, NESTED_PAGING, "cpuid/leaf0", NESTED_TABLES, KERNEL(NPF, 2, 1)),
	L2("npf-l0", "l2_walk", "access to a page that L0's tables lack, L1 without nested paging",
		"L2 lives on L0's own tables: the fault is handled as if it were L1's.", "15.25.6", ABI_ARENA,
		0, "ept/refault-zapped-read", NESTED_ZAPPED, FAULT(NPF)),
	L2("npf-shadow", "l2_walk", "access to a page that L0's tables lack, L1 with nested paging",
		"L0 keeps shadow tables in place of L1's nested ones: it walks those of L1, then fills its own.",
		"15.25.6", ABI_ARENA, NESTED_PAGING, "ept/refault-zapped-read", NESTED_ZAPPED, FAULT(NPF)),
	L2("out-user", "l2_out", "OUT to L0's user space", NESTED_TO_L0_WHY " The VMM under L1 gets it.",
		"15.10", ABI_PORT_MEASURE, 0, "pio/out-user-1b", NESTED_PLAIN, USER(IOIO, 1, 1, 0)),
	L2("out-relayed", "l2_out", "OUT, which L1 repeats, to L0's user space",
		"A device of L2's that L1 takes from its own: L2's exit, L1's OUT and its VMRUN.", "15.10",
		ABI_PORT_MEASURE, NESTED_CATCH_IO | NESTED_RELAY_IO, "pio/out-user-1b", NESTED_PLAIN,
		USER(IOIO, 3, 2, 1)),
	L2("npf-swap", "l2_swap", "access to a page that L1 maps then, and its call to unmap it",
		"Twice to L1: on the fault L1 writes an entry of its nested tables, on the call it clears it and flushes. L0 "
		"protects what it shadows, so that each of the two writes exits, too, and between them L0 fills its shadow.",
		"15.25.6", NESTED_HOLE, NESTED_PAGING | NESTED_SWAP, "nested/svm-l2-vmmcall", NESTED_TABLES,
		SWAP(NPF)),
	{
		.id = "nested/svm-l1-interrupted",
		.summary = "the host's interrupt while L1 runs",
		.doc = NESTED_L1_INTERRUPTED_WHY,
		.apm = "15.13",
		L1_AND_L2,
		.entry = "l1_gaps",
		NESTED_INTERRUPTED,
	},
	{
		.id = "nested/svm-l2-interrupted",
		.summary = "the host's interrupt while L2 runs, handled by L0",
		.doc = NESTED_L2_INTERRUPTED_WHY NESTED_MULTIPLE("nested/svm-l1-interrupted"),
		.apm = "15.13",
		L1_AND_L2,
		.entry = "l2_gaps",
		NESTED_INTERRUPTED,
		.baseline = "nested/svm-l1-interrupted",
	},
	NESTED_STATE("svm-state-get", "KVM_GET_NESTED_STATE of a vCPU in L2", NESTED_GET_WHY, nested_svm,
		VENDOR_AMD, nested__get_state),
	NESTED_STATE("svm-state-set", "KVM_SET_NESTED_STATE into L2, of a vCPU that was there",
		NESTED_SET_WHY, nested_svm, VENDOR_AMD, nested__set_state),
};

BENCH_FAMILY("nested", "a guest that is a hypervisor itself (L1) and its guest (L2)", nested_svm);
