/* SPDX-License-Identifier: MIT */
/* What the files of the family hyperv share: hooks that make a VM one of Hyper-V's, and what rows have in common. */
#ifndef BENCH_HYPERV_H
#define BENCH_HYPERV_H

#include "guests/hyperv.h"
#include "measure/bench.h"

/* `configure`: CPUID announces Hyper-V, as far as KVM has it, and KVM itself no longer. */
void hyperv__announce(struct machine *m);

/* `setup`: the guest has said what it is, and the hypercall page is in place. */
void hyperv__set_up(struct machine *m);

/* The same with a SynIC in each vCPU, whose source HYPERV_SINT is masked. */
void hyperv__set_up_synic(struct machine *m);

/* After one of these: the reference TSC page, for which vCPU 0 has to be entered; `entry` is one that returns by
 * itself. Skips where KVM doesn't fill the page. */
void hyperv__fill_tsc_page(struct machine *m, const char *entry);

/* KVM_SET_MSRS of one MSR. */
void hyperv__set_msr(struct vcpu *v, uint32_t msr, uint64_t value);

/* What an MSR is told where a page is: at an offset of the vCPU's area, and enabled. */
uint64_t hyperv__page(const struct vcpu *v, uint64_t offset);

/* Where the host reaches what the guest has at an offset of its vCPU's area. */
void *hyperv__area(struct vcpu *v, size_t offset);

/* `on_exit` of rows that leave with KVM_EXIT_HYPERV: it was a hypercall, and it succeeds; it was a SynIC's MSR. */
void hyperv__answer(struct vcpu *v);
void hyperv__expect_synic(struct vcpu *v);

#define HYPERV_CAPS       NEED_CAP(KVM_CAP_HYPERV), NEED_CAP(KVM_CAP_SYS_HYPERV_CPUID)
#define HYPERV_SYNIC_CAPS HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_SYNIC2)

#define HYPERV(variant, image, guest_entry, what, why)                                                       \
	.id = "hyperv/" variant, .summary = what, .doc = why, .guest = GUEST(image), .entry = guest_entry,   \
	.configure = hyperv__announce

#define HYPERV_MSR_MANUALS .sdm = "vol. 3C 26.1.3", .apm = "15.11"

#endif
