/* SPDX-License-Identifier: MIT */
/*
 * What guests and the family hyperv agree on: Hyper-V's constants, by the names of its Top-Level Functional
 * Specification (TLFS), and where the pages are that hypervisor and guest share.
 */
#ifndef GUESTS_HYPERV_H
#define GUESTS_HYPERV_H

/* Pages of the partition, behind the tables in low memory (guests/abi.h). */
#define HYPERV_HYPERCALL_PAGE 0x00010000
#define HYPERV_TSC_PAGE       0x00011000

/* Of each vCPU, as offsets into its area. The pages are at the end of its stack that no guest here gets to, the
 * input of a hypercall is in the part of the shared page that the ABI leaves free. */
#define HYPERV_INPUT        0x00000800
#define HYPERV_ASSIST_PAGE  0x00011000
#define HYPERV_MESSAGE_PAGE 0x00012000
#define HYPERV_EVENT_PAGE   0x00013000

/* Of a reference TSC page: sequence, scale and offset (TLFS, Timers). */
#define HYPERV_TSC_SEQUENCE 0x00
#define HYPERV_TSC_SCALE    0x08
#define HYPERV_TSC_OFFSET   0x10

/* The SynIC's message page has a slot for each source, which begins with the message's type: 0 for none. */
#define HYPERV_MESSAGE_BYTES 256
#define HYPERV_SINT          2

#define HYPERV_ENABLED 1u /* bit 0 of every MSR that takes a page's address, and of SCONTROL */

/* MSRs */
#define HV_X64_MSR_GUEST_OS_ID    0x40000000
#define HV_X64_MSR_HYPERCALL      0x40000001
#define HV_X64_MSR_VP_INDEX       0x40000002
#define HV_X64_MSR_RESET          0x40000003
#define HV_X64_MSR_VP_RUNTIME     0x40000010
#define HV_X64_MSR_TIME_REF_COUNT 0x40000020
#define HV_X64_MSR_REFERENCE_TSC  0x40000021
#define HV_X64_MSR_TSC_FREQUENCY  0x40000022
#define HV_X64_MSR_EOI            0x40000070
#define HV_X64_MSR_ICR            0x40000071
#define HV_X64_MSR_TPR            0x40000072
#define HV_X64_MSR_VP_ASSIST_PAGE 0x40000073
#define HV_X64_MSR_SCONTROL       0x40000080
#define HV_X64_MSR_SIEFP          0x40000082
#define HV_X64_MSR_SIMP           0x40000083
#define HV_X64_MSR_EOM            0x40000084
#define HV_X64_MSR_SINT0          0x40000090
#define HV_X64_MSR_STIMER0_CONFIG 0x400000b0
#define HV_X64_MSR_STIMER0_COUNT  0x400000b1
#define HV_X64_MSR_CRASH_P0       0x40000100
#define HV_X64_MSR_CRASH_CTL      0x40000105

/* Hypercall codes */
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE    0x0002
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST     0x0003
#define HVCALL_NOTIFY_LONG_SPIN_WAIT          0x0008
#define HVCALL_SEND_IPI                       0x000b
#define HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX 0x0013
#define HVCALL_SEND_IPI_EX                    0x0015
#define HVCALL_POST_MESSAGE                   0x005c
#define HVCALL_SIGNAL_EVENT                   0x005d
#define HVCALL_NOBODY_HAS                     0x0fff

#endif
