/* SPDX-License-Identifier: MIT */
/* What the descriptors of the family msr have in common. */
#ifndef BENCH_MSR_H
#define BENCH_MSR_H

#include "measure/bench.h"

#define MSR_IDENTITY(variant, guest_entry, what, why)                                                        \
	.id = "msr/" variant, .summary = what, .doc = why, .sdm = "vol. 3C 26.1.3", .apm = "15.11",          \
	.guest = GUEST(msr), .entry = guest_entry

#define MSR_READ_EXIT  .expect.vmx = VMX(MSR_READ), .expect.svm = SVM(MSR)
#define MSR_WRITE_EXIT .expect.vmx = VMX(MSR_WRITE), .expect.svm = SVM(MSR)

/* One exit, handled in the kernel; further designators follow. */
#define MSR_READ(variant, guest_entry, what, why)                                                            \
	MSR_IDENTITY(variant, guest_entry, what, why), MSR_READ_EXIT,                                        \
		.handled_in = HANDLED_KERNEL, .expect.exits = 1, .baseline = "floor/null-loop"
#define MSR_WRITE(variant, guest_entry, what, why) MSR_WRITE_IN(KERNEL, variant, guest_entry, what, why)
#define MSR_WRITE_IN(where, variant, guest_entry, what, why)                                                 \
	MSR_IDENTITY(variant, guest_entry, what, why), MSR_WRITE_EXIT,                                       \
		.handled_in = HANDLED_##where, .expect.exits = 1, .baseline = "floor/null-loop"

/* One that KVM lets the guest have. */
#define MSR_CONTROL(variant, guest_entry, what, why)                                                         \
	MSR_IDENTITY(variant, guest_entry, what, why), .handled_in = HANDLED_NOWHERE, .ops = 64,             \
						       .baseline = "floor/null-loop-64"

#define IA32_TSC               0x10
#define IA32_APIC_BASE         0x1b
#define IA32_TSC_ADJUST        0x3b
#define IA32_SPEC_CTRL         0x48
#define IA32_PRED_CMD          0x49
#define IA32_ARCH_CAPABILITIES 0x10a
#define IA32_TSX_CTRL          0x122
#define IA32_SYSENTER_CS       0x174
#define IA32_SYSENTER_ESP      0x175
#define IA32_MISC_ENABLE       0x1a0
#define IA32_MTRR_PHYSBASE0    0x200
#define IA32_PAT               0x277
#define IA32_MTRR_DEF_TYPE     0x2ff
#define IA32_TSC_DEADLINE      0x6e0
#define IA32_EFER              0xc0000080
#define IA32_LSTAR             0xc0000082
#define IA32_FS_BASE           0xc0000100
#define IA32_KERNEL_GS_BASE    0xc0000102
#define MSR_NOBODY_HAS         0x0badcafe /* in no range of any manual */

#endif
