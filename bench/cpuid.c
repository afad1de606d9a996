// SPDX-License-Identifier: MIT
/* CPUID always exits (SDM vol. 3C 26.1.2) and is handled in the kernel: the classic exit to quote. */
#include "measure/bench.h"

GUEST_DECLARE(insn);

#define CPUID(variant, leaf, subleaf, what, why)                                                             \
	{                                                                                                    \
		.id = "cpuid/" variant, .summary = "CPUID " what,                                            \
		.doc = "A kernel-handled exit that does little else than leave and enter. " why,             \
		.sdm = "vol. 3C 26.1.2", .apm = "15.9", .guest = GUEST(insn), .entry = "cpuid",              \
		.arg = { leaf, subleaf }, .handled_in = HANDLED_KERNEL,                                      \
		.expect = { .vmx = VMX(CPUID), .svm = SVM(CPUID), .exits = 1 },                              \
		.baseline = "floor/null-loop",                                                               \
	}

static const struct bench cpuid[] = {
	CPUID("leaf0", 0, 0, "leaf 0 (vendor and highest leaf)",
		"Leaf 0 is the first entry of the table that KVM searches: the floor of kernel-handled exits."),
	CPUID("leaf1", 1, 0, "leaf 1 (features)", "Some bits are filled in at run time (OSXSAVE, APIC id)."),
	CPUID("leaf7", 7, 0, "leaf 7 (extended features)", "A leaf with subleaves."),
	CPUID("leafd", 0xd, 0, "leaf 0xd.0 (XSAVE area)",
		"Its sizes depend on XCR0. Newer CPUs take longer for the same leaf on the host."),
	CPUID("hypervisor", 0x40000000, 0, "leaf 0x40000000 (hypervisor signature)",
		"What guests read first to find out that they run on KVM."),
	CPUID("unknown", 0x3fffffff, 0, "an unknown leaf",
		"Found in no table: the whole search, then the fallback to the highest basic leaf."),
};

BENCH_FAMILY("cpuid", "CPUID, handled in the kernel: exit, a table look-up, entry", cpuid);
