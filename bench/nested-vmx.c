// SPDX-License-Identifier: MIT
/* A guest that is a hypervisor itself on an Intel CPU. */
#include "nested.h"

GUEST_DECLARE(nested_vmx);

#define L1_AND_L2 .guest = GUEST(nested_vmx)

/* Fields of the VMCS (SDM vol. 3D appendix B): one that KVM's shadow VMCS holds, one that it doesn't. */
#define GUEST_RIP  0x681e
#define TSC_OFFSET 0x2010

/* An instruction of L1's, timed there; `exits_` of which one is for `exit_code`. */
#define L1(variant, guest_entry, what, why, section, exit_code, exits_, argument, ...)                       \
	{                                                                                                    \
		.id = "nested/vmx-" variant, .summary = what, .doc = why, .sdm = section, L1_AND_L2,         \
		NESTED_NEEDS(VENDOR_INTEL), .entry = guest_entry, .arg = { argument },                       \
		.handled_in = HANDLED_KERNEL, .baseline = "floor/null-loop",                                 \
		.expect = { .vmx = VMX(exit_code),                                                           \
			.exits = exits_,                                                                     \
			.reason_exits = 1,                                                                   \
			.init_exits = 1,                                                                     \
			__VA_ARGS__ },                                                                       \
		NESTED_PLAIN,                                                                                \
	}
#define RUNS_L2 .stats = { { "nested_run", 1 } }

#define L2(variant, guest_entry, what, why, section, ...)                                                    \
	NESTED_L2("vmx", variant, guest_entry, what, why, .sdm = section, __VA_ARGS__)
#define KERNEL(exit_code, exits_, runs) NESTED_KERNEL(.vmx = VMX(exit_code), exits_, runs)
#define FAULT(exit_code)                NESTED_FAULT(.vmx = VMX(exit_code))
#define SWAP(exit_code)                 NESTED_SWAP_EXITS(.vmx = VMX(exit_code), 3)
#define USER(exit_code, exits_, reason_exits_, runs)                                                         \
	NESTED_USER(.vmx = VMX(exit_code), exits_, reason_exits_, runs)

/*
 * To step over what L2 did, L1 reads three fields and writes one (`accesses`). With a shadow VMCS that costs no
 * exit; without, each exits to L0. Both are rows, since a host has the one or the other.
 */
#define TO_L1(                                                                                               \
	variant, guest_entry, what, section, exit_code, argument, flags, counterpart, tables, accesses, why) \
	L2(variant, guest_entry, what ", handled by L1", TO_L1_WHY why, section, argument, flags,            \
		counterpart, tables,                                                                         \
		NESTED_NEEDS(VENDOR_INTEL, .parameter = "kvm_intel.enable_shadow_vmcs=Y"),                   \
		KERNEL(exit_code, 2, 1)),                                                                    \
		L2(variant "-noshadow", guest_entry, what ", handled by L1 without a shadow VMCS",           \
			TO_L1_WHY why " Each VMREAD and VMWRITE of L1's exits, too.", section, argument,     \
			flags, counterpart, tables,                                                          \
			NESTED_NEEDS(VENDOR_INTEL, .parameter = "kvm_intel.enable_shadow_vmcs=N"),           \
			KERNEL(exit_code, 2 + (accesses), 1))
#define TO_L1_WHY                                                                                            \
	"L2 exits to L0, L0 makes it an exit to L1, L1 reads the reason, steps over the instruction and runs L2 again."

#define RELAYED(variant, parameter_, accesses, why)                                                          \
	L2(variant, "l2_out", "OUT, which L1 repeats, to L0's user space",                                   \
		"A device of L2's that L1 takes from its own: L2's exit, L1's OUT and its VMRESUME." why,    \
		"vol. 3C 26.1.3", ABI_PORT_MEASURE, NESTED_CATCH_IO | NESTED_RELAY_IO, "pio/out-user-1b",    \
		NESTED_PLAIN, NESTED_NEEDS(VENDOR_INTEL, .parameter = parameter_),                           \
		USER(IO_INSTRUCTION, 3 + (accesses), 2, 1))

#define ANY NESTED_NEEDS(VENDOR_INTEL)

static const struct bench nested_vmx[] = {
	L1("vmresume", "vmresume", "VMRESUME of an L2 that only executes VMCALL, and back to L1",
		"The round trip with the least that L1 can do. VMRESUME exits to L0, which makes a VMCS for L2 from L1's and "
		"its own and enters L2; L2's VMCALL exits to L0, which hands it to L1. Compare twice cpuid/leaf0: as many "
		"exits, without nesting.",
		"vol. 3C 27", VMRESUME, 2, 0, RUNS_L2),
	L1("vmlaunch", "vmlaunch", "VMCLEAR, VMPTRLD and VMLAUNCH of an L2 that only executes VMCALL",
		"As nested/vmx-vmresume, after L1 has moved its VMCS away and back, as it does when it takes a vCPU to "
		"another CPU: L0 writes its copy of the VMCS back, reads it anew and derives all of L2's state.",
		"vol. 3C 25.11", VMLAUNCH, 4, 0, RUNS_L2),
	L1("vmread", "vmread", "VMREAD of GUEST_RIP in L1",
		"With a shadow VMCS (kvm_intel.enable_shadow_vmcs) the CPU answers and there is no exit; L1 reads several "
		"fields on each exit of its L2.",
		"vol. 3C 25.10", VMREAD, 1, GUEST_RIP, .may_not_exit = true),
	L1("vmwrite", "vmwrite", "VMWRITE of GUEST_RIP in L1",
		"As nested/vmx-vmread; L1 writes GUEST_RIP to step over an instruction of its L2.",
		"vol. 3C 25.10", VMWRITE, 1, GUEST_RIP, .may_not_exit = true),
	L1("vmread-unshadowed", "vmread", "VMREAD of TSC_OFFSET in L1",
		"A field that KVM leaves out of the shadow VMCS as L1s seldom read it: exits everywhere.",
		"vol. 3C 25.10", VMREAD, 1, TSC_OFFSET),
	L1("vmwrite-unshadowed", "vmwrite", "VMWRITE of TSC_OFFSET in L1",
		"A field that KVM leaves out of the shadow VMCS; the write also makes L0 look at more of L1's VMCS before "
		"it next enters L2.",
		"vol. 3C 25.10", VMWRITE, 1, TSC_OFFSET),
	L1("vmptrld", "vmptrld", "VMPTRLD of the VMCS that is current already",
		"L0 sees that it has nothing to do: the floor of L1's VMX instructions.", "vol. 3C 25.11",
		VMPTRLD, 1, 0),
	L1("vmptrld-other", "vmptrld_other", "VMPTRLD of another VMCS than the current one",
		"L1 goes from one L2 to another: L0 writes its copy of one VMCS to L1's memory and reads the other.",
		"vol. 3C 25.11", VMPTRLD, 1, 0),
	L1("vmptrst", "vmptrst", "VMPTRST in L1",
		"L0 decodes the operand and writes eight bytes to L1's memory.", "vol. 3C 31.3", VMPTRST, 1,
		0),
	L1("vmclear", "vmclear", "VMCLEAR of a VMCS that isn't current",
		"L0 only marks it in L1's memory; VMCLEAR of the current one is in nested/vmx-vmlaunch.",
		"vol. 3C 25.11", VMCLEAR, 1, 0),
	L1("vmxon", "vmxon", "VMXOFF and VMXON",
		"L0 frees all that it holds for L1's VMX and allocates it anew.", "vol. 3C 24.7", VMON, 2, 0),
	{
		.id = "nested/vmx-invept",
		.summary = "INVEPT of one context in L1",
		.doc = "L1 changed its nested tables: L0 throws away the shadow of them that it would use for this EPTP; here "
		       "there is none.",
		.sdm = "vol. 3C 29.4",
		L1_AND_L2,
		ANY,
		.entry = "invept",
		.arg = { 1 },
		NESTED_TABLES,
		KERNEL(INVEPT, 1, 0),
		.baseline = "floor/null-loop",
	},
	{
		.id = "nested/vmx-invvpid",
		.summary = "INVVPID of one context in L1",
		.doc = "L1 flushes what its L2's own page tables left in the TLB: L0 does it for L2's VPID.",
		.sdm = "vol. 3C 29.4",
		L1_AND_L2,
		NESTED_NEEDS(VENDOR_INTEL, .parameter = "kvm_intel.vpid=Y"),
		.entry = "invvpid",
		.arg = { 1 },
		NESTED_PLAIN,
		KERNEL(INVVPID, 1, 0),
		.baseline = "floor/null-loop",
	},
	L2("null", "l2_null", "run of the measured loop with nothing in it",
		"The control of the nested rows: L2 runs on the CPU itself and reads the same as L1.", NULL,
		0, 0, "floor/null-loop", NESTED_PLAIN, ANY, .handled_in = HANDLED_NOWHERE,
		.expect = { .init_exits = 1 }),
	TO_L1("vmcall", "l2_hypercall", "VMCALL", "vol. 3C 26.1.2", VMCALL, 0, 0, "cpuid/leaf0", NESTED_PLAIN,
		4, ""),
	TO_L1("cpuid", "l2_cpuid", "CPUID", "vol. 3C 26.1.2", CPUID, 0, 0, "cpuid/leaf0", NESTED_PLAIN, 4,
		""),
	TO_L1("rdmsr", "l2_rdmsr", "RDMSR (IA32_MISC_ENABLE)", "vol. 3C 26.1.3", MSR_READ, NESTED_MSR,
		NESTED_CATCH_MSR, "msr/rd-misc-enable", NESTED_PLAIN, 4, ""),
	TO_L1("out", "l2_out", "OUT", "vol. 3C 26.1.3", IO_INSTRUCTION, ABI_PORT_MEASURE, NESTED_CATCH_IO,
		"cpuid/leaf0", NESTED_PLAIN, 4, ""),
	TO_L1("ept", "l2_read", "access to a page that L1's nested tables lack", "vol. 3C 29.3.3.2",
		EPT_VIOLATION, NESTED_HOLE, NESTED_PAGING, "cpuid/leaf0", NESTED_TABLES, 3,
		" L0 walks L1's nested tables first, to see whose fault it is. Compare nested/vmx-l2-out."),
	L2("rdmsr-l0", "l2_rdmsr", "RDMSR (IA32_MISC_ENABLE), handled by L0", NESTED_TO_L0_WHY,
		"vol. 3C 26.1.3", NESTED_MSR, 0, "msr/rd-misc-enable", NESTED_PLAIN, ANY,
		KERNEL(MSR_READ, 1, 0)),
	L2("ept-l0", "l2_walk", "access to a page that L0's tables lack, L1 without nested paging",
		"L2 lives on L0's own tables: the fault is handled as if it were L1's.", "vol. 3C 29.3.3.2",
		ABI_ARENA, 0, "ept/refault-zapped-read", NESTED_ZAPPED, ANY, FAULT(EPT_VIOLATION)),
	L2("ept-shadow", "l2_walk", "access to a page that L0's tables lack, L1 with nested paging",
		"L0 keeps shadow tables in place of L1's nested ones: it walks those of L1, then fills its own.",
		"vol. 3C 29.3.3.2", ABI_ARENA, NESTED_PAGING, "ept/refault-zapped-read", NESTED_ZAPPED, ANY,
		FAULT(EPT_VIOLATION)),
	L2("out-user", "l2_out", "OUT to L0's user space", NESTED_TO_L0_WHY " The VMM under L1 gets it.",
		"vol. 3C 26.1.3", ABI_PORT_MEASURE, 0, "pio/out-user-1b", NESTED_PLAIN, ANY,
		USER(IO_INSTRUCTION, 1, 1, 0)),
	RELAYED("out-relayed", "kvm_intel.enable_shadow_vmcs=Y", 0, ""),
	RELAYED("out-relayed-noshadow", "kvm_intel.enable_shadow_vmcs=N", 4,
		" Without a shadow VMCS each VMREAD and VMWRITE of L1's exits, too."),
	L2("ept-swap", "l2_swap", "access to a page that L1 maps then, and its call to unmap it",
		"Twice to L1: on the fault L1 writes an entry of its nested tables, on the call it clears it and executes "
		"INVEPT. From then on L0 protects what it shadows, so that the first of the two writes exits, too; between "
		"them L0 fills its shadow.",
		"vol. 3C 29.3.3.2", NESTED_HOLE, NESTED_PAGING | NESTED_SWAP, "nested/vmx-l2-vmcall",
		NESTED_TABLES, NESTED_NEEDS(VENDOR_INTEL, .parameter = "kvm_intel.enable_shadow_vmcs=Y"),
		SWAP(EPT_VIOLATION)),
	{
		.id = "nested/vmx-l1-interrupted",
		.summary = "the host's interrupt while L1 runs",
		.doc = NESTED_L1_INTERRUPTED_WHY,
		.sdm = "vol. 3C 26.2",
		L1_AND_L2,
		ANY,
		.entry = "l1_gaps",
		NESTED_INTERRUPTED,
	},
	{
		.id = "nested/vmx-l2-interrupted",
		.summary = "the host's interrupt while L2 runs, handled by L0",
		.doc = NESTED_L2_INTERRUPTED_WHY NESTED_MULTIPLE("nested/vmx-l1-interrupted"),
		.sdm = "vol. 3C 26.2",
		L1_AND_L2,
		ANY,
		.entry = "l2_gaps",
		NESTED_INTERRUPTED,
		.baseline = "nested/vmx-l1-interrupted",
	},
	NESTED_STATE("vmx-state-get", "KVM_GET_NESTED_STATE of a vCPU in L2", NESTED_GET_WHY, nested_vmx,
		VENDOR_INTEL, nested__get_state),
	NESTED_STATE("vmx-state-set", "KVM_SET_NESTED_STATE into L2, of a vCPU that was there",
		NESTED_SET_WHY, nested_vmx, VENDOR_INTEL, nested__set_state),
};

BENCH_FAMILY_PART("nested", nested_vmx);
