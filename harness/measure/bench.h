/* SPDX-License-Identifier: MIT */
/*
 * The descriptor of a benchmark: the whole truth about it.  A file in bench/ holds a family: an array of
 * descriptors that share guests and hooks, and one BENCH_FAMILY() line that registers it.  Nothing else
 * has to be edited to add one.
 *
 * Everything here is data or runs in the process that measures (see base/fatal.h for how hooks fail).
 */
#ifndef MEASURE_BENCH_H
#define MEASURE_BENCH_H

#include <asm/svm.h>
#include <asm/vmx.h>
#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guests/abi.h"
#include "kvm/compat.h"
#include "kvm/image.h"
#include "kvm/memory.h"

struct machine;
struct pass;
struct vcpu;
struct kvm_host;

enum handled_in {
	HANDLED_NOWHERE,  /* a control: the guest must not exit */
	HANDLED_FASTPATH, /* in the loop around VMENTER, interrupts still off */
	HANDLED_KERNEL,   /* in KVM, the vCPU re-enters without returning to user space */
	HANDLED_USER,     /* KVM_RUN returns */
	HANDLED_HOST,     /* no guest: an ioctl or a system call */
};

enum irqchip {
	IRQCHIP_NONE,   /* no local APIC in the kernel: HLT and interrupts belong to user space */
	IRQCHIP_SPLIT,  /* LAPIC in the kernel, IOAPIC and PIC in user space (KVM_CAP_SPLIT_IRQCHIP) */
	IRQCHIP_KERNEL, /* KVM_CREATE_IRQCHIP */
};

enum vendor {
	VENDOR_ANY,
	VENDOR_INTEL,
	VENDOR_AMD,
};

/* Which backends a line of an expectation speaks of; 0 means both. */
#define ON_VMX 1u
#define ON_SVM 2u

/* An exit as the manuals name it: VMX(CPUID), SVM(CPUID), KVM(IO). */
struct exit_code {
	const char *name; /* NULL: none expected */
	uint32_t code;
	uint32_t or_code, or_third; /* others that stand for it, on some CPUs or in some states; 0: none */
};
#define VMX(reason)                                                                                          \
	{                                                                                                    \
#reason, EXIT_REASON_##reason                                                                \
	}
#define VMX_OR(reason, other)                                                                                \
	{                                                                                                    \
#reason, EXIT_REASON_##reason, EXIT_REASON_##other                                           \
	}
#define VMX_OR_EITHER(reason, other, third)                                                                  \
	{                                                                                                    \
#reason, EXIT_REASON_##reason, EXIT_REASON_##other, EXIT_REASON_##third                      \
	}
/* MMIO that KVM has met before; without a mark in the tables (kvm.mmio_caching=N) as at first. */
#define VMX_MMIO VMX_OR(EPT_MISCONFIG, EPT_VIOLATION)
#define SVM(exit)                                                                                            \
	{                                                                                                    \
#exit, SVM_EXIT_##exit                                                                       \
	}
#define SVM_OR(exit, other)                                                                                  \
	{                                                                                                    \
#exit, SVM_EXIT_##exit, SVM_EXIT_##other                                                     \
	}
#define KVM_EXIT(reason)                                                                                     \
	{                                                                                                    \
#reason, KVM_EXIT_##reason                                                                   \
	}

enum relation {
	EXACTLY, /* within the tolerance that verify.h states */
	AT_LEAST,
	AT_MOST,
};

/* A statistic of KVM_GET_STATS_FD (vCPU or VM) that must move by per_op for every operation. */
struct expected_stat {
	const char *name; /* e.g. "io_exits"; NULL ends the list */
	double per_op;
	enum relation relation;
	unsigned on; /* ON_VMX | ON_SVM, 0 for both */
};

#define EXPECTED_STATS_MAX 6

struct bench_expect {
	struct exit_code vmx, svm; /* hardware exit that one operation causes */
	struct exit_code kvm;      /* run->exit_reason, where it reaches user space */
	double exits;              /* VMEXITs an operation makes (the statistic "exits"); 0 for a control */
	enum relation exits_relation; /* AT_MOST where newer hardware takes over some of them */
	double reason_exits;          /* of those, how many have the reason named in vmx or svm; 0: all */
	unsigned init_exits;          /* allowed on top once a round: what the entry does before its loop */
	unsigned no_exit_on;          /* ON_*: backends on which the hardware takes it over */
	bool may_not_exit; /* depends on CPU or kernel: none is as true as `exits`, and is reported */
	struct expected_stat stats[EXPECTED_STATS_MAX];
};

#define NEEDED_CAPS_MAX 4

struct bench_needs {
	struct {
		int cap;       /* KVM_CAP_*; 0 ends the list */
		uint32_t mask; /* bits that the capability's value must have; 0: any positive value */
		const char *name;
	} caps[NEEDED_CAPS_MAX];
	struct {
		unsigned number; /* 0: the default */
		const char *name;
	} vm_type; /* of KVM_CREATE_VM: VM_TYPE(KVM_X86_SW_PROTECTED_VM) */
	enum irqchip irqchip;
	bool pit;              /* KVM_CREATE_PIT2 */
	enum vendor vendor;    /* of the CPU, as the guest sees it */
	const char *cpu_flag;  /* a flag of /proc/cpuinfo, e.g. "invpcid"; NULL: none */
	const char *parameter; /* "kvm_intel.pml=Y": module parameter that must have this value */
	unsigned vcpus;        /* at least this many vCPUs whatever --vcpus says; 0: 1 */
	unsigned max_vcpus;    /* at most; 0: no limit */
};
#define VM_TYPE(type)                                                                                        \
	{                                                                                                    \
		.number = (type), .name = #type                                                              \
	}
#define NEED_CAP(c)                                                                                          \
	{                                                                                                    \
		.cap = (c), .name = #c                                                                       \
	}
#define NEED_CAP_BITS(c, m)                                                                                  \
	{                                                                                                    \
		.cap = (c), .mask = (m), .name = #c                                                          \
	}

/* Guest memory that the benchmark works on (at ABI_ARENA), apart from the guest's own. */
struct bench_arena {
	enum backing backing;
	size_t bytes;
	bool absent; /* leave the host pages out; else they are populated before the vCPU runs */
	bool readonly;
	bool log_dirty;
};

struct bench {
	const char *id;      /* family/variant, [a-z0-9-] */
	const char *summary; /* one line, no full stop */
	const char *doc;     /* what it isolates, what to compare it with */
	const char *sdm;     /* Intel SDM section, e.g. "25.1.2"; NULL where it says nothing */
	const char *apm;     /* AMD APM volume 2 section */

	const struct guest_image *guest; /* GUEST(name); NULL only for HANDLED_HOST */
	const char *entry;               /* a MEASURE entry of that guest */
	uint64_t arg[ABI_ARGS];          /* its parameters */

	enum handled_in handled_in;
	unsigned ops;           /* operations a guest-timed sample makes; 0: 1 */
	unsigned user_exits;    /* KVM_RUN returns an operation makes; 0: 1 if HANDLED_USER, else none */
	unsigned round_samples; /* samples before `before_round` has to run again; 0: as the ring holds */
	unsigned
		samples_max; /* in a run: for operations so long that more would only cost time; 0: no limit */
	bool timing_dependent; /* figures depend on when a timer or another CPU comes: not exact in the lab */
	struct bench_expect expect;
	struct bench_needs needs;
	struct bench_arena arena;
	uint32_t disable_exits; /* KVM_X86_DISABLE_EXITS_* */
	const char *baseline;   /* id whose median `net` subtracts; NULL: no net figure */

	/* NULL, or why this host can't (a static string). Runs in the parent: look, don't touch. */
	const char *(*supported)(const struct kvm_host *host);
	void (*configure)(struct machine *m); /* VM exists, vCPUs don't: capabilities, filters */
	void (*setup)(struct machine *m);     /* everything exists, guest not yet entered */
	void (*before_round)(struct machine *m);
	void (*on_exit)(struct vcpu *v);         /* after each expected exit, outside the stamps */
	void (*host_op)(struct machine *m);      /* HANDLED_HOST: the operation between the stamps */
	void (*host_prepare)(struct machine *m); /* HANDLED_HOST: before each, outside the stamps */
	void (*measure)(struct pass *p);         /* replaces the standard pass where it doesn't fit */
	void (*teardown)(struct machine *m);
};

struct bench_family {
	const char *name;
	const char *doc;
	const struct bench *benches;
	size_t count;
};

/* Last line of a file in bench/: puts the family where bench__families() finds it. One family may have parts
 * in several files; all but one give NULL for the doc. */
#define BENCH_FAMILY(family_name, family_doc, array)                                                         \
	static const struct bench_family family_##array = {                                                  \
		.name = (family_name),                                                                       \
		.doc = (family_doc),                                                                         \
		.benches = (array),                                                                          \
		.count = sizeof(array) / sizeof((array)[0]),                                                 \
	};                                                                                                   \
	static const struct bench_family *const family_pointer_##array                                       \
		__attribute__((used, section("bench_families"))) = &family_##array

/* The same for further files of a family whose BENCH_FAMILY() line is in another: many variants, one family. */
#define BENCH_FAMILY_PART(family_name, array) BENCH_FAMILY(family_name, NULL, array)

/* All benchmarks sorted by id; *count gets their number. Built on first use, lives to the end. */
const struct bench *const *bench__all(size_t *count);

/* The benchmark of that id, or NULL. */
const struct bench *bench__find(const char *id);

/* The family (for its doc) that a benchmark belongs to. */
const struct bench_family *bench__family(const struct bench *b);

/* Place of a benchmark in its file, from 0: a family's files put what everybody asks for first. */
size_t bench__rank(const struct bench *b);

/* Checks what the compiler can't: ids unique and well formed, baselines and entries that exist, an
 * expectation wherever there is an exit. Returns 0, or -1 with the first fault in `text`. */
int bench__validate(char *text, size_t size);

static inline unsigned bench__ops(const struct bench *b)
{
	return b->ops ? b->ops : 1;
}

static inline unsigned bench__user_exits(const struct bench *b)
{
	return b->user_exits ? b->user_exits : b->handled_in == HANDLED_USER;
}

const char *handled_in__name(enum handled_in h);

#endif
