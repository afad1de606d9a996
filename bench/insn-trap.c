// SPDX-License-Identifier: MIT
/* Exceptions that the guest raises and handles itself: some pass through KVM on their way. */
#include "base/fatal.h"
#include "bench/insn.h"
#include "measure/machine.h"

GUEST_DECLARE(trap);

#define INSN_MANUALS .sdm = "vol. 3C 26.2", .apm = "15.12"

#define UD_EXIT .expect.vmx = VMX(EXCEPTION_NMI), .expect.svm = SVM_EXCEPTION(UD, UD_VECTOR)
#define DB_EXIT .expect.vmx = VMX(EXCEPTION_NMI), .expect.svm = SVM_EXCEPTION(DB, DB_VECTOR)

static void need_icebp(struct machine *m)
{
	machine__run_entry(m, &m->vcpus[0], "icebp_once");
	if (m->vcpus[0].abi->shared[0])
		skip("the CPU raises #UD for ICEBP (opcode F1): emulators may lack the instruction");
}

/* Both vendors' instructions of virtualization, in a guest that may not use them. */
#define FOREIGN_WHY                                                                                              \
	"On the CPU that knows it the instruction exits by itself, on the other as #UD; either way KVM injects " \
	"#UD and the guest's handler steps over it. Compare insn/ud2."

/* By KVM's prefix, which the parameter makes it heed. */
#define FORCED(variant, what, why)                                                                           \
	{                                                                                                    \
		INSN("fep-" variant, trap, "fep_" variant, what " that KVM is told to emulate", why),        \
			UD_EXIT, .expect.stats = { { "insn_emulation", 1 } },                                \
				 .needs.parameter = "kvm.force_emulation_prefix=1",                          \
	}
#define FORCED_WHY "Compare insn/fep-nop."

static const struct bench trap[] = {
	{
		INSN("ud2", trap, "ud2", "UD2 and the guest's #UD handler",
			"KVM intercepts #UD to see whether it should emulate the instruction, finds that it shouldn't, and "
			"hands it on. Compare insn/de-native: an exception without an exit."),
		UD_EXIT,
	},
	{
		INSN("gp", trap, "gp", "#GP by a non-canonical address, and the guest's handler",
			"KVM intercepts #GP with kvm.enable_vmware_backdoor, and on SVM, for an erratum of older CPUs, once the "
			"guest has set EFER.SVME, which this one doesn't; it hands it on. Otherwise no exit."),
		.expect.vmx = VMX(EXCEPTION_NMI),
		.expect.svm = SVM_EXCEPTION(GP, GP_VECTOR),
		.expect.may_not_exit = true,
	},
	{
		INSN("step", trap, "step", "an instruction single-stepped by the guest (RFLAGS.TF)",
			"KVM intercepts #DB always and hands it to the guest's handler: what a debugger inside the guest "
			"pays a step. Compare debug/step-user."),
		DB_EXIT,
	},
	{
		INSN("icebp", trap, "icebp", "ICEBP (INT1) and the guest's #DB handler",
			"#DB by an instruction of its own, which VMX's exception bitmap covers. On SVM it has an intercept of its "
			"own, which KVM doesn't set, and the one of #DB leaves it out (APM vol. 2 15.12.2): no exit there, whatever "
			"emulators do. Compare insn/step."),
		DB_EXIT,
		.expect.may_not_exit = true,
		.setup = need_icebp,
	},
	{
		INSN("vmread", trap, "vmread", "VMREAD: #UD", FOREIGN_WHY),
		.expect.vmx = VMX(VMREAD),
		.expect.svm = SVM_EXCEPTION(UD, UD_VECTOR),
	},
	{
		INSN("vmlaunch", trap, "vmlaunch", "VMLAUNCH: #UD", FOREIGN_WHY),
		.expect.vmx = VMX(VMLAUNCH),
		.expect.svm = SVM_EXCEPTION(UD, UD_VECTOR),
	},
	{
		INSN("vmrun", trap, "vmrun", "VMRUN: #UD", FOREIGN_WHY),
		INSN_EXITS(EXCEPTION_NMI, VMRUN),
	},
	{
		INSN("clgi", trap, "clgi", "CLGI: #UD",
			FOREIGN_WHY
			" With a virtual GIF (kvm_amd.vgif) KVM, as of 6.12, leaves the instruction to the CPU even for a guest "
			"without SVM: then there is neither exit nor #UD. Compare nested/svm-clgi."),
		INSN_EXITS(EXCEPTION_NMI, CLGI),
		.expect.may_not_exit = true,
	},
	FORCED("nop", "a NOP",
		"The way into KVM's instruction emulator and back, with next to nothing to emulate: #UD, the fetch of the "
		"prefix, decoding, execution."),
	FORCED("mov", "a load from memory", "What most accesses to MMIO are. " FORCED_WHY),
	FORCED("alu", "an ADD of registers", "The emulator executes a real ADD, for its flags. " FORCED_WHY),
	FORCED("rmw", "an INC of memory", "A read and a write back. Compare insn/fep-mov."),
	FORCED("lock", "a LOCK INC of memory",
		"The emulator maps the guest's page and exchanges there. Compare insn/fep-rmw."),
	FORCED("div", "a DIV", "Executed for real under an exception handler. " FORCED_WHY),
	FORCED("sse", "a MOVDQU from memory",
		"The guest's FPU state has to be at hand. Compare insn/fep-mov."),
	{
		INSN_CONTROL("de-native", trap, "de", "#DE and the guest's handler, no exit",
			"A control: an exception that KVM doesn't intercept, gate and IRET. Compare insn/ud2."),
	},
	{
		INSN_CONTROL("bp-native", trap, "bp", "INT3 and the guest's handler, no exit",
			"A control: intercepted only while user space debugs the guest. Compare debug/sw-breakpoint."),
	},
	{
		INSN_CONTROL("int-n-native", trap, "int_n", "INT n and the guest's handler, no exit",
			"A control: a software interrupt through the guest's own table."),
	},
};

BENCH_FAMILY_PART("insn", trap);
