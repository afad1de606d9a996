/* SPDX-License-Identifier: MIT */
/* Constants newer than the oldest linux/kvm.h we build with (6.1, Debian 12); values from the kernel's UAPI. */
#ifndef KVM_COMPAT_H
#define KVM_COMPAT_H

#include <linux/kvm.h>

#ifndef KVM_CAP_USER_MEMORY2
#define KVM_CAP_USER_MEMORY2 231
#endif
#ifndef KVM_CAP_MEMORY_FAULT_INFO
#define KVM_CAP_MEMORY_FAULT_INFO 232
#endif
#ifndef KVM_CAP_PRE_FAULT_MEMORY
#define KVM_CAP_PRE_FAULT_MEMORY 236
#endif

#endif
