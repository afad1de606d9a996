/* SPDX-License-Identifier: MIT */
/* What guests/xen.S and its benchmarks agree on; numbers and layouts by the names of Xen's public headers. */
#ifndef GUESTS_XEN_H
#define GUESTS_XEN_H

#define XEN_HYPERCALL_MSR 0x40000000

/* Hypercalls, and the first argument of some. */
#define XEN_MEMORY_OP        12
#define XEN_SET_TIMER_OP     15
#define XEN_VERSION          17
#define XENVER_VERSION       0
#define XEN_SCHED_OP         29
#define SCHEDOP_YIELD        0
#define SCHEDOP_POLL         3
#define XEN_EVENT_CHANNEL_OP 32
#define EVTCHNOP_SEND        4

/* struct shared_info of a 64-bit guest: 32 of struct vcpu_info, then the bits of all event channels. */
#define SHARED_INFO_EVTCHN_PENDING 2048
#define VCPU_INFO_UPCALL_PENDING   0
#define VCPU_INFO_PENDING_SEL      8
#define VCPU_INFO_TIME             32 /* as kvmclock's struct pvclock_vcpu_time_info */
#define PVCLOCK_VERSION            0
#define PVCLOCK_TSC_TIMESTAMP      8
#define PVCLOCK_SYSTEM_TIME        16
#define PVCLOCK_TSC_TO_SYSTEM_MUL  24
#define PVCLOCK_TSC_SHIFT          28

/* The one event channel in use: any port will do that is in the first word of the bits. */
#define XEN_PORT 5

#endif
