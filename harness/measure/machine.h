/* SPDX-License-Identifier: MIT */
/* The VM that a benchmark asks for, built and ready to be entered. */
#ifndef MEASURE_MACHINE_H
#define MEASURE_MACHINE_H

#include <stdbool.h>

#include "kvm/cpuid.h"
#include "kvm/memory.h"
#include "kvm/statsfd.h"
#include "kvm/vcpu.h"
#include "kvm/vm.h"
#include "measure/bench.h"
#include "measure/setting.h"

struct machine {
	const struct bench *bench;
	const struct kvm_host *host;
	unsigned index; /* of this VM in the job */
	struct vm vm;
	struct cpuid_table cpuid; /* what the vCPUs get; `configure` may change it */
	struct host_memory low;   /* tables and image */
	struct host_memory areas; /* per-vCPU areas */
	struct host_memory arena;
	uint32_t arena_flags; /* KVM_MEM_* */
	struct vcpu *vcpus;
	unsigned vcpu_count;
	struct statsfd vm_stats;
	struct statsfd *vcpu_stats;
	bool shared_tsc; /* guest and host stamps are on one clock */
	uint64_t entry;  /* guest address of the benchmark's entry */
	void *user;      /* of the benchmark */
};

/* Builds everything and calls configure and setup. `settings` may be NULL. Errors end the process (base/fatal.h). */
void machine__create(struct machine *m, const struct kvm_host *host, const struct bench *b,
	const struct setting_list *settings, unsigned vcpus, unsigned index);
void machine__destroy(struct machine *m);

/* Deletes and sets the arena's slot anew: the VM has no mapping of it, nor tables for one, afterwards. */
void machine__renew_arena_slot(struct machine *m);

/* Points vCPU `v` at an entry for a round and fills the parameters. */
void machine__arm(struct machine *m, struct vcpu *v, uint64_t entry, uint64_t mode, uint64_t samples);

/* Runs an entry of the image to its end, outside any measurement; one that leaves to user space by nothing but
 * ABI_PORT_DONE. The second form runs a measured one in guest mode for `samples` samples. */
void machine__run_entry(struct machine *m, struct vcpu *v, const char *entry);
void machine__run_entry_samples(struct machine *m, struct vcpu *v, const char *entry, uint64_t samples);

/* Ends the process, saying what the guest was seen to do instead of what it should. */
_Noreturn void machine__unexpected(struct machine *m, struct vcpu *v, long run_value);

#endif
