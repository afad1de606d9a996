// SPDX-License-Identifier: MIT
/*
 * Exits of a guest in real mode, where firmware and boot loaders spend their time. A VMX host without "unrestricted
 * guest" can't execute such a guest: KVM emulates each of its instructions.
 */
#include <string.h>

#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "paging.h"

GUEST_DECLARE(real);

#define CODE_AT  0xb000 /* free in guests/abi.h, and within reach of a real-mode IP */
#define CR0_REAL 0x30   /* ET and NE; no PE, no PG */

static uint64_t address_of(const struct machine *m, const char *name)
{
	uint64_t address = image__entry(m->bench->guest, name);

	if (!address)
		fatal("guest %s has no %s", m->bench->guest->name, name);
	return address;
}

/* Base 0 in all segments; data may be anywhere in 4 GiB, as after a visit to protected mode ("big real mode"). */
static void enter_real_mode(struct vcpu *v)
{
	struct kvm_segment data = { .type = 3, .present = 1, .s = 1, .limit = 0xffffffff, .g = 1 };
	struct kvm_segment code = { .type = 11, .present = 1, .s = 1, .limit = 0xffff };
	struct kvm_sregs sregs;

	vcpu__ioctl(v, KVM_GET_SREGS, &sregs);
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
	sregs.cr0 = CR0_REAL;
	sregs.cr4 = 0;
	sregs.efer = 0;
	vcpu__ioctl(v, KVM_SET_SREGS, &sregs);
}

static void setup(struct machine *m)
{
	uint64_t begin = address_of(m, "begin"), end = address_of(m, "end");
	unsigned i;

	memcpy(m->low.start + CODE_AT, m->low.start + begin, end - begin);
	m->entry = m->entry - begin + CODE_AT;
	for (i = 0; i < m->vcpu_count; i++)
		enter_real_mode(&m->vcpus[i]);
}

#define REAL(variant, guest_entry, what, why)                                                                \
	.id = "mode/real-" variant, .summary = what " in real mode", .doc = why, .sdm = "vol. 3C 26.6",      \
	.apm = "15.16", .guest = GUEST(real), .entry = guest_entry, .supported = unpaged_guests,             \
	.setup = setup

/* By the emulator, several instructions for one of the operation: no exit leads to it. */
#define EMULATED(variant, guest_entry, what, why, where, instructions, ...)                                  \
	{                                                                                                    \
		.id = "mode/emulated-" variant, .summary = what " in real mode that KVM emulates",           \
		.doc = why, .sdm = "vol. 3C 26.6", .guest = GUEST(real), .entry = guest_entry,               \
		.setup = setup, .handled_in = HANDLED_##where,                                               \
		.needs = { .vendor = VENDOR_INTEL, .parameter = "kvm_intel.unrestricted_guest=N" },          \
		.expect = { .exits = 1,                                                                      \
			.no_exit_on = ON_VMX,                                                                \
			.stats = { { "insn_emulation", instructions, AT_LEAST } } },                         \
		__VA_ARGS__                                                                                  \
	}

static const struct bench mode[] = {
	{
		REAL("null", "null", "the measured loop with nothing in it,",
			"What the other rows of the family stand on: two stamps, without the fences of floor/null-loop."),
		.handled_in = HANDLED_NOWHERE,
	},
	{
		REAL("cpuid", "cpuid", "CPUID leaf 0",
			"What the mode changes of an exit. Compare cpuid/leaf0."),
		.handled_in = HANDLED_KERNEL,
		.expect = { .vmx = VMX(CPUID), .svm = SVM(CPUID), .exits = 1 },
		.baseline = "mode/real-null",
	},
	{
		REAL("out-user-1b", "out", "OUT of 1 byte to user space",
			"How a boot loader's console prints. Compare pio/out-user-1b."),
		.arg = { ABI_PORT_MEASURE },
		.handled_in = HANDLED_USER,
		.expect = { .vmx = VMX(IO_INSTRUCTION),
			.svm = SVM(IOIO),
			.kvm = KVM_EXIT(IO),
			.exits = 1,
			.stats = { { "io_exits", 1 } } },
		.baseline = "mode/real-null",
	},
	EMULATED("null", "null", "the measured loop with nothing in it,",
		"On VMX without unrestricted guest KVM emulates every instruction of a guest whose segments real mode can't have. "
		"RDTSC, two stores and RDTSC lie between the stamps. Compare mode/real-null.",
		KERNEL, 6),
	EMULATED("cpuid", "cpuid", "CPUID leaf 0",
		"CPUID and the two instructions that load its registers, in KVM's emulator: `net`. Compare mode/real-cpuid, where "
		"the CPU executes them and exits.",
		KERNEL, 9, .baseline = "mode/emulated-null"),
	EMULATED("out-user-1b", "out", "OUT of 1 byte to user space",
		"The emulator finds the OUT and leaves for user space. KVM counts that as an exit. Compare mode/real-out-user-1b.",
		USER, 5, .expect.kvm = KVM_EXIT(IO), .arg = { ABI_PORT_MEASURE },
		.baseline = "mode/emulated-null"),
};

BENCH_FAMILY("mode", "exits of a guest in another mode than 64-bit", mode);
