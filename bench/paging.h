/* SPDX-License-Identifier: MIT */
/* Module parameters on which it depends whether the CPU itself runs what a family's guests do. */
#ifndef BENCH_PAGING_H
#define BENCH_PAGING_H

#include <string.h>

#include "host/host.h"
#include "kvm/host.h"

static inline bool parameter_is_off(const char *name)
{
	char value[8];

	return host__module_parameter("", name, value, sizeof(value)) >= 0 && strcmp(value, "N") == 0;
}

/* For `supported`: guests that leave paging or protected mode, which KVM emulates on VMX without unrestricted guest. */
static inline const char *unpaged_guests(const struct kvm_host *host)
{
	if (host->is_vmx && parameter_is_off("kvm_intel.unrestricted_guest"))
		return "a guest without paging needs the module parameter kvm_intel.unrestricted_guest=Y";
	return NULL;
}

#endif
