/* SPDX-License-Identifier: MIT */
/* What this host's KVM is and can.  Opened once by the program; each measuring process opens its own. */
#ifndef KVM_HOST_H
#define KVM_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct kvm_host {
	int fd;              /* /dev/kvm */
	char backend[32];    /* "vmx", "svm", or what another module calls itself */
	bool is_vmx, is_svm; /* by what the backend offers the guest: the vendor of the CPU */
	bool intel, amd;     /* the CPU's vendor */
	long run_bytes;      /* KVM_GET_VCPU_MMAP_SIZE */
	int max_vcpus;
};

/* Opens /dev/kvm. ENOENT, EACCES, EBUSY and an old API each give their own sentence and remedy
 * (status EXIT_NO_KVM). */
int kvm_host__open(struct kvm_host *host, struct error *err);
void kvm_host__close(struct kvm_host *host);

/* Value of a capability (KVM_CHECK_EXTENSION on the device); 0 where it is unknown. */
int kvm_host__cap(const struct kvm_host *host, int cap);

#endif
