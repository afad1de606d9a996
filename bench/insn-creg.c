// SPDX-License-Identifier: MIT
/* Control and debug registers. */
#include "bench/insn.h"

GUEST_DECLARE(creg);

#define INSN_MANUALS .sdm = "vol. 3C 26.1.3", .apm = "15.9"

/* The selective intercept is of writes that change more than TS and MP. Where the CPU's CR0 isn't the guest's (CD, and WP
 * without NPT) KVM intercepts all of them, and the other way back has that code. */
#define SVM_CR0_WRITES                                                                                       \
	{                                                                                                    \
		"CR0_SEL_WRITE", SVM_EXIT_CR0_SEL_WRITE, SVM_EXIT_WRITE_CR0                                  \
	}

#define SHADOW_WHY "Exits only where KVM shadows the guest's page tables (ept=0, npt=0)."

static const struct bench creg[] = {
	{
		INSN_SOMETIMES("cr0-read", creg, "cr0_read", "MOV from CR0",
			"The hardware answers from a shadow of the register; without NPT it exits on AMD."),
		INSN_EXITS(CR_ACCESS, READ_CR0),
	},
	{
		INSN_SOMETIMES("cr0-write", creg, "cr0_write", "MOV to CR0 of the value that is there",
			"No exit where no bit changes that KVM wants to see; without NPT it exits on AMD."),
		INSN_EXITS(CR_ACCESS, WRITE_CR0),
	},
	{
		INSN("cr0-toggle-wp", creg, "cr0_wp", "MOV to CR0 that flips WP",
			"What a kernel does to write through its own write protection. The guest owns the bit on VMX with "
			"EPT (since Linux 6.4); on SVM the selective intercept of CR0 writes exits, and without NPT, while the guest "
			"has the bit clear and the CPU must not, the plain one."),
		.expect.vmx = VMX(CR_ACCESS),
		.expect.svm = SVM_CR0_WRITES,
		.expect.may_not_exit = true,
	},
	{
		INSN("cr0-toggle-cd", creg, "cr0_cd", "MOV to CR0 that flips CD",
			"Caching off and on again: KVM always wants to see it. Compare insn/cr0-toggle-wp."),
		.expect.vmx = VMX(CR_ACCESS),
		.expect.svm = SVM_CR0_WRITES,
	},
	{
		INSN_SOMETIMES("cr0-toggle-ts", creg, "cr0_ts", "MOV to CR0 that flips TS",
			"The guest owns the bit; SVM's selective intercept leaves it out."),
		INSN_EXITS(CR_ACCESS, WRITE_CR0),
	},
	{
		INSN_SOMETIMES(
			"clts", creg, "clts", "CLTS", "As insn/cr0-toggle-ts, by the instruction for it."),
		INSN_EXITS(CR_ACCESS, WRITE_CR0),
	},
	{
		INSN_SOMETIMES("lmsw", creg, "lmsw", "LMSW of the value that is there",
			"The old way to write the low bits of CR0. VMX looks at the value; SVM's selective intercept takes every "
			"LMSW (APM vol. 2 15.8.1), which KVM then emulates. QEMU's SVM doesn't."),
		.expect.vmx = VMX(CR_ACCESS),
		.expect.svm = SVM_CR0_WRITES,
	},
	{
		INSN_SOMETIMES("cr3-read", creg, "cr3_read", "MOV from CR3", SHADOW_WHY),
		INSN_EXITS(CR_ACCESS, READ_CR3),
	},
	{
		INSN_SOMETIMES("cr3-write", creg, "cr3_write", "MOV to CR3 of the value that is there",
			SHADOW_WHY " A guest's context switch."),
		INSN_EXITS(CR_ACCESS, WRITE_CR3),
	},
	{
		INSN_SOMETIMES("cr4-read", creg, "cr4_read", "MOV from CR4",
			"VMX answers from a shadow of the register; KVM on SVM intercepts it. Compare insn/cr4-write."),
		INSN_EXITS(CR_ACCESS, READ_CR4),
	},
	{
		INSN("cr4-write", creg, "cr4_write", "MOV to CR4 of the value that is there",
			"SVM intercepts all writes, VMX only such as change bits that KVM wants to see."),
		INSN_EXITS(CR_ACCESS, WRITE_CR4),
		.expect.may_not_exit = true,
	},
	{
		INSN("cr4-toggle-pge", creg, "cr4_pge", "MOV to CR4 that flips PGE",
			"How a kernel empties the whole TLB. The guest owns the bit on VMX with EPT; exits on SVM."),
		INSN_EXITS(CR_ACCESS, WRITE_CR4),
		.expect.may_not_exit = true,
	},
	{
		INSN("cr4-toggle-mce", creg, "cr4_mce", "MOV to CR4 that flips MCE",
			"A bit that KVM wants to see and then does little about. Compare insn/cr4-toggle-pse."),
		INSN_EXITS(CR_ACCESS, WRITE_CR4),
	},
	{
		INSN("cr4-toggle-pse", creg, "cr4_pse", "MOV to CR4 that flips PSE",
			"A bit that says how page tables are read (though not in 64-bit mode): KVM sets its MMU up anew. "
			"Compare insn/cr4-toggle-mce."),
		INSN_EXITS(CR_ACCESS, WRITE_CR4),
	},
	{
		INSN("cr4-toggle-osxsave", creg, "cr4_osxsave", "MOV to CR4 that flips OSXSAVE",
			"CPUID reflects the bit: KVM brings it up to date; newer kernels put that off until the guest's next CPUID. "
			"While the bit is set entries and exits load XCR0 as well. Compare insn/cr4-toggle-mce."),
		INSN_EXITS(CR_ACCESS, WRITE_CR4),
		.needs.cpu_flag = "xsave",
	},
	{
		INSN_SOMETIMES("cr8-read-no-irqchip", creg, "cr8_read",
			"MOV from CR8, no local APIC in the kernel",
			"VMX has a TPR shadow only for KVM's own APIC, so it exits; SVM keeps the value itself."),
		INSN_EXITS(CR_ACCESS, READ_CR8),
		.expect.no_exit_on = ON_SVM,
	},
	{
		INSN("cr8-write-no-irqchip", creg, "cr8_write", "MOV to CR8, no local APIC in the kernel",
			"A value that isn't lower than before stays in the kernel. Compare insn/cr8-lower-user."),
		INSN_EXITS(CR_ACCESS, WRITE_CR8),
	},
	{
		INSN_IDENTITY("cr8-lower-user", creg, "cr8_lower",
			"CR8 raised and lowered, the latter to user space",
			"Lowering the priority can let an interrupt in, and the APIC is in user space: KVM_EXIT_SET_TPR. "
			"Net of insn/cr8-write-no-irqchip, which is the first of the two exits."),
		INSN_EXITS(CR_ACCESS, WRITE_CR8),
		.handled_in = HANDLED_USER,
		.expect.kvm = KVM_EXIT(SET_TPR),
		.expect.exits = 2,
		.baseline = "insn/cr8-write-no-irqchip",
	},
	{
		INSN_SOMETIMES("cr8-read", creg, "cr8_read", "MOV from CR8, local APIC in the kernel",
			"TPR shadow (VMX) and V_TPR (SVM) answer. Compare insn/cr8-read-no-irqchip."),
		INSN_EXITS(CR_ACCESS, READ_CR8),
		.needs.irqchip = IRQCHIP_KERNEL,
	},
	{
		INSN_SOMETIMES("cr8-write", creg, "cr8_write", "MOV to CR8, local APIC in the kernel",
			"TPR shadow (VMX) and V_TPR (SVM) take the value as long as no interrupt waits below it."),
		INSN_EXITS(CR_ACCESS, WRITE_CR8),
		.needs.irqchip = IRQCHIP_KERNEL,
	},
	{
		INSN_IDENTITY("dr-after-exit", creg, "dr_after_exit", "CPUID, then MOV to DR7",
			"KVM takes the debug registers back at every exit, so the first access after one exits too. Net of "
			"cpuid/leaf0 it is what that costs; compare insn/dr7-write."),
		INSN_EXITS(DR_ACCESS, WRITE_DR7),
		.handled_in = HANDLED_KERNEL,
		.expect.exits = 2,
		.expect.reason_exits = 1,
		.baseline = "cpuid/leaf0",
	},
	{
		INSN_CONTROL("dr0-read", creg, "dr0_read", "MOV from DR0, again and again",
			"Only the first after an exit exits itself: KVM then lends the guest its debug registers."),
		.round_samples = 64,
	},
	{
		INSN_CONTROL("dr0-write", creg, "dr0_write", "MOV to DR0, again and again",
			"Only the first after an exit exits itself. Compare insn/dr-after-exit."),
		.round_samples = 64,
	},
	{
		INSN_CONTROL("dr7-write", creg, "dr7_write", "MOV to DR7, again and again",
			"Only the first after an exit exits itself. Compare insn/dr-after-exit."),
		.round_samples = 64,
	},
};

BENCH_FAMILY_PART("insn", creg);
