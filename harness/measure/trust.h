/* SPDX-License-Identifier: MIT */
/* What the figures of this host are, decided by what was seen. */
#ifndef MEASURE_TRUST_H
#define MEASURE_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "kvm/host.h"

enum trust {
	TRUST_HARDWARE, /* bare metal */
	TRUST_NESTED,   /* a hypervisor below: its exits are in the figures */
	TRUST_MODEL,    /* an instruction-counting emulator: exact, and no time */
	TRUST_EMULATED, /* KVM emulated the guest's instructions: no exit was measured */
};

/* What a probe guest showed; gathered in a measuring process, small enough to be shared memory. */
struct trust_evidence {
	bool complete;
	double emulations_per_sample; /* of a loop of some 20 instructions that never exits */
	double null_ticks;            /* median between two guest stamps with nothing in between */
	double control_ticks;         /* the same with five NOPs */
	bool shared_tsc;              /* KVM_VCPU_TSC_OFFSET could be set to 0 */
	unsigned kvm_tsc_khz;         /* KVM_GET_TSC_KHZ of the vCPU; 0: unknown */
};

/* Runs the probe guest. In a measuring process: errors end it. */
void trust__gather(const struct kvm_host *host, struct trust_evidence *evidence);

/* Decides. `exact_clock` as host_clock__is_exact() says, `hypervisor` as host__has_hypervisor(). -1 where the
 * clock claims to count instructions but the guest's control of five reads something else (status
 * EXIT_UNTRUSTWORTHY): nothing may be reported then. */
int trust__decide(const struct trust_evidence *evidence, bool exact_clock, bool hypervisor, enum trust *trust,
	struct error *err);

const char *trust__name(enum trust trust);

/* What the class means for the reader, in a sentence. */
const char *trust__words(enum trust trust);

/* Unit of raw ticks in this class: "tsc", or "insn" for the model. */
const char *trust__tick_unit(enum trust trust);

#endif
