/* SPDX-License-Identifier: MIT */
/*
 * What both halves of the nested family share. L1 is set up once, before any round, by its entry "prepare";
 * the vCPU's nested state of then is kept and put back before every round, so that each begins in L1, whatever
 * the last one left behind.
 */
#ifndef BENCH_NESTED_H
#define BENCH_NESTED_H

#include "guests/nested.h"
#include "measure/bench.h"

/* Hooks of all of them. */
void nested__prepare(struct machine *m);
void nested__restore(struct machine *m);
void nested__forget(struct machine *m);

/* As nested__restore, and the arena's mappings are gone from KVM's tables while its pages stay. */
void nested__restore_and_zap(struct machine *m);

/* Prepares, and before each round sets as many timers of the host as a round has samples: each interrupts the
 * CPU that the vCPU is on, and nobody waits for it. */
void nested__prepare_timers(struct machine *m);
void nested__restore_and_set_timers(struct machine *m);
void nested__forget_timers(struct machine *m);

/* NULL, or why this host's KVM can't run a hypervisor in its guest. */
const char *nested__unsupported(const struct kvm_host *host);
/* Also: not if the second-level tables are missing that L1 is to nest in. */
const char *nested__unsupported_paging(const struct kvm_host *host);

/* Whether a boolean module parameter is on, however this kernel prints it ("1", "Y"). */
bool nested__parameter_is_on(const char *name);

/* Of the benchmarks of KVM_GET_NESTED_STATE and KVM_SET_NESTED_STATE: the vCPU stopped in L2. */
void nested__stop_in_l2(struct machine *m);
void nested__get_state(struct machine *m);
void nested__set_state(struct machine *m);

/* Hooks of: any nested guest; one with nested tables; one that walks over pages that KVM hasn't mapped. */
#define NESTED_PLAIN                                                                                         \
	.setup = nested__prepare, .before_round = nested__restore, .teardown = nested__forget,               \
	.supported = nested__unsupported
#define NESTED_TABLES                                                                                        \
	.setup = nested__prepare, .before_round = nested__restore, .teardown = nested__forget,               \
	.supported = nested__unsupported_paging
#define NESTED_ZAPPED                                                                                        \
	.setup = nested__prepare, .before_round = nested__restore_and_zap, .teardown = nested__forget,       \
	.supported = nested__unsupported_paging, .round_samples = NESTED_WALK_STEPS,                         \
	.arena = { .backing = BACKING_ANON_4K, .bytes = NESTED_WALK_STEPS * NESTED_STRIDE }

/* L2 walks in steps of eight pages: so many are mapped at a time where KVM shadows page tables (PTE_PREFETCH_NUM). */
#define NESTED_STRIDE     0x8000ul
#define NESTED_WALK_STEPS 128

#define NESTED_NEEDS(cpu_vendor, ...)                                                                        \
	.needs = { .caps = { NEED_CAP(KVM_CAP_NESTED_STATE) },                                               \
		.vendor = (cpu_vendor),                                                                      \
		.max_vcpus = 1,                                                                              \
		__VA_ARGS__ }

/* The multiple that every L2 row stands for. */
#define NESTED_MULTIPLE(counterpart)                                                                         \
	" Stamps and loop run in L2, so that `guest` here over `guest` of " counterpart                      \
	" is the multiple of L2 over "                                                                       \
	"L1; `net` is what nesting adds."

/* Something that L2 does, timed there. `manual` is the designator of its section; further ones follow. A file that
 * uses it says L1_AND_L2, its guest. */
#define NESTED_L2(vendor_name, variant, guest_entry, what, why, manual, argument, flags, counterpart, ...)   \
	{                                                                                                    \
		.id = "nested/" vendor_name "-l2-" variant, .summary = "L2's " what,                         \
		.doc = why " " NESTED_MULTIPLE(counterpart), manual, L1_AND_L2, .entry = guest_entry,        \
		.arg = { argument, NESTED_STRIDE, [NESTED_ARG_FLAGS] = flags }, .baseline = counterpart,     \
		__VA_ARGS__                                                                                  \
	}

/* What a row of L2's expects, `code` being the designator of the vendor's exit code: all exits of an operation, and how
 * often L0 enters L2 for L1. */
#define NESTED_KERNEL(code, exits_, runs)                                                                    \
	.handled_in = HANDLED_KERNEL, .expect = { code, .exits = exits_, .reason_exits = 1, .init_exits = 1, \
		.stats = { { "nested_run", runs } } }
#define NESTED_FAULT(code)                                                                                   \
	.handled_in = HANDLED_KERNEL, .expect = { code, .exits = 1, .init_exits = 1,                         \
		.stats = { { "nested_run", 0 }, { "pf_taken", 1 }, { "pf_fixed", 1 } } }
#define NESTED_SWAP_EXITS(code, faults)                                                                      \
	.handled_in = HANDLED_KERNEL, .expect = { code, .exits = 7, .reason_exits = faults, .init_exits = 1, \
		.stats = { { "nested_run", 2 }, { "pf_taken", faults }, { "pf_fixed", (faults)-1 } } }
#define NESTED_USER(code, exits_, reason_exits_, runs)                                                       \
	.handled_in = HANDLED_USER,                                                                          \
	.expect = { code, .kvm = KVM_EXIT(IO), .exits = exits_, .reason_exits = reason_exits_,               \
		.init_exits = 1, .stats = { { "nested_run", runs }, { "io_exits", 1 } } }

#define NESTED_TO_L0_WHY "L1 doesn't want it: L0 answers and enters L2 again, L1 isn't run."

/* A row of gaps that interrupts of the host make in the guest's time, in L1 or in L2. */
#define NESTED_TIMERS  32
#define NESTED_GAP_TSC 500 /* longer than an iteration of the guest's loop, shorter than an exit */
#define NESTED_INTERRUPTED                                                                                   \
	.arg = { NESTED_GAP_TSC }, .handled_in = HANDLED_KERNEL, .timing_dependent = true,                   \
	.round_samples = NESTED_TIMERS, .setup = nested__prepare_timers,                                     \
	.before_round = nested__restore_and_set_timers, .teardown = nested__forget_timers,                   \
	.supported = nested__unsupported,                                                                    \
	.expect = { .vmx = VMX(EXTERNAL_INTERRUPT),                                                          \
		.svm = SVM(INTR),                                                                            \
		.exits = 1,                                                                                  \
		.init_exits = 1,                                                                             \
		.stats = { { "irq_exits", 1 } } }
#define NESTED_L1_INTERRUPTED_WHY                                                                                      \
	"The gap that an interrupt of the host (a timer that nobody waits for) leaves in the guest's time: exit, the " \
	"host's handler, entry. The counterpart of the same in L2."
#define NESTED_L2_INTERRUPTED_WHY                                                                                       \
	"The gap that an interrupt of the host (a timer that nobody waits for) leaves in L2's time: L0 handles it and " \
	"enters L2 again, L1 isn't run."

/* A row of the ioctls on the nested state. */
#define NESTED_STATE(id_, what, why, image, cpu_vendor, operation)                                           \
	{                                                                                                    \
		.id = "nested/" id_, .summary = what, .doc = why, .guest = GUEST(image), .entry = "l2_out",  \
		.arg = { ABI_PORT_MEASURE }, .handled_in = HANDLED_HOST, NESTED_NEEDS(cpu_vendor),           \
		.supported = nested__unsupported, .setup = nested__stop_in_l2, .host_op = operation,         \
		.teardown = nested__forget, .baseline = "floor/call-host",                                   \
	}
#define NESTED_GET_WHY                                                                                       \
	"What live migration of a hypervisor pays on top, on the side it leaves. Compare floor/ioctl-vcpu."
#define NESTED_SET_WHY                                                                                             \
	"The side it comes to. The vCPU is in L2 already, so that the ioctl leaves L2 first and enters it again. " \
	"Compare floor/ioctl-vcpu."

#endif
