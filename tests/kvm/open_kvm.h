/* SPDX-License-Identifier: MIT */
/* Group set-up of the tests here: a usable KVM, or all of them are skipped with the reason. */
#ifndef TESTS_KVM_OPEN_KVM_H
#define TESTS_KVM_OPEN_KVM_H

#include <stdio.h>

#include "kvm/host.h"

static struct kvm_host kvm;
static struct error why_no_kvm;

static int open_kvm(void **state)
{
	(void)state;
	if (kvm_host__open(&kvm, &why_no_kvm) < 0)
		kvm.fd = -1;
	return 0;
}

static void need_kvm(void)
{
	if (kvm.fd >= 0)
		return;
	print_message("# skipped: %s\n", why_no_kvm.text);
	skip();
}

#endif
