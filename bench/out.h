/* SPDX-License-Identifier: MIT */
/* The two exits that several families measure under circumstances of their own: CPUID, handled in the kernel, and
 * an OUT to user space. */
#ifndef BENCH_OUT_H
#define BENCH_OUT_H

#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(insn);
GUEST_DECLARE(pio);

#define EXPECT_CPUID .expect = { .vmx = VMX(CPUID), .svm = SVM(CPUID), .exits = 1 }

#define EXPECT_OUT                                                                                           \
	.expect = { .vmx = VMX(IO_INSTRUCTION),                                                              \
		.svm = SVM(IOIO),                                                                            \
		.kvm = KVM_EXIT(IO),                                                                         \
		.exits = 1,                                                                                  \
		.stats = { { "io_exits", 1 } } }

/* All of a descriptor that says what the exit is; the parameters are left to the family. */
#define CPUID_LEAF0                                                                                          \
	.sdm = "vol. 3C 26.1.2", .apm = "15.9", .guest = GUEST(insn), .entry = "cpuid",                      \
	.handled_in = HANDLED_KERNEL, .baseline = "cpuid/leaf0", EXPECT_CPUID
#define OUT_TO_USER                                                                                          \
	.sdm = "vol. 3C 26.1.3", .apm = "15.10.2", .guest = GUEST(pio), .entry = "out1",                     \
	.handled_in = HANDLED_USER, .baseline = "pio/out-user-1b", EXPECT_OUT

/* One KVM_RUN of a guest that has been armed, which must end at its IN or OUT. */
static inline void run_to_out(struct machine *m, struct vcpu *v)
{
	long value = vcpu__run(v->fd);

	if (value || v->run->exit_reason != KVM_EXIT_IO || v->run->io.port != ABI_PORT_MEASURE)
		machine__unexpected(m, v, value);
}

#endif
