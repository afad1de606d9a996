/* SPDX-License-Identifier: MIT */
/* SVM for guests that are hypervisors themselves: APM vol. 2, appendix B (VMCB) and 15.30 (MSRs). */
#ifndef GUESTS_INCLUDE_SVM_H
#define GUESTS_INCLUDE_SVM_H

#include <asm/svm.h> /* SVM_EXIT_* */

#define MSR_EFER        0xc0000080
#define EFER_SVME       0x1000
#define MSR_VM_HSAVE_PA 0xc0010117

/* Control area, table B-1. */
#define VMCB_INTERCEPT_3        0x00c
#define INTERCEPT_CPUID         (1 << 18)
#define INTERCEPT_IOIO          (1 << 27)
#define INTERCEPT_MSR           (1 << 28)
#define INTERCEPT_SHUTDOWN      (1 << 31)
#define VMCB_INTERCEPT_4        0x010
#define INTERCEPT_VMRUN         (1 << 0) /* VMRUN refuses a VMCB without it, 15.5.1 */
#define INTERCEPT_VMMCALL       (1 << 1)
#define VMCB_IOPM_BASE_PA       0x040
#define VMCB_MSRPM_BASE_PA      0x048
#define VMCB_GUEST_ASID         0x058 /* 0 is the host's, 15.5.1 */
#define VMCB_TLB_CONTROL        0x05c /* 15.16.2 */
#define TLB_CONTROL_NOTHING     0
#define TLB_CONTROL_FLUSH_GUEST 3 /* this ASID's entries */
#define VMCB_EXITCODE           0x070
#define VMCB_EXITINFO2          0x080
#define VMCB_NP_ENABLE          0x090
#define VMCB_N_CR3              0x0b0

/* State-save area, table B-2. A segment is selector, attributes (bits 55:52 and 47:40 of its descriptor),
 * limit, base. */
#define VMCB_ES     0x400
#define VMCB_CS     0x410
#define VMCB_SS     0x420
#define VMCB_DS     0x430
#define VMCB_GDTR   0x460
#define VMCB_IDTR   0x480
#define VMCB_EFER   0x4d0
#define VMCB_CR4    0x548
#define VMCB_CR3    0x550
#define VMCB_CR0    0x558
#define VMCB_DR7    0x560
#define VMCB_DR6    0x568
#define VMCB_RFLAGS 0x570
#define VMCB_RIP    0x578
#define VMCB_RSP    0x5d8
#define VMCB_RAX    0x5f8
#define VMCB_G_PAT  0x668
#define VMCB_SIZE   0x1000

#define IOPM_BYTES  0x3000 /* 15.10.1 */
#define MSRPM_BYTES 0x2000 /* 15.11 */

#endif
