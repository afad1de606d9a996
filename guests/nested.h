/* SPDX-License-Identifier: MIT */
/*
 * What the nested family's host part and its two L1 hypervisors (nested_svm.S, nested_vmx.S) agree on.
 * abi.arg[5] says how L1 sets up its L2; the other arguments are L2's.
 */
#ifndef GUESTS_NESTED_H
#define GUESTS_NESTED_H

#define NESTED_ARG_FLAGS   5
#define NESTED_PAGING      0x01 /* L1 gives L2 nested page tables (NPT, EPT); else L2 lives on L0's */
#define NESTED_CATCH_CPUID 0x02 /* SVM; on VMX L1 gets every CPUID */
#define NESTED_CATCH_IO    0x04 /* of ABI_PORT_MEASURE */
#define NESTED_CATCH_MSR   0x08 /* reads of NESTED_MSR */
#define NESTED_RELAY_IO    0x10 /* L1 does L2's OUT itself, so that it goes on to L0 */
#define NESTED_SWAP        0x20 /* L1 maps the hole's first page on L2's fault, unmaps it on L2's call */

/* What L1's bitmaps name: IA32_MISC_ENABLE, which KVM answers itself for L1 and, unless L1 wants it, for L2. */
#define NESTED_MSR 0x1a0

/* L1's nested tables are an identity map of 4 GiB but for this GiB. L2's own tables map it all the same. */
#define NESTED_HOLE 0x80000000

#endif
