// SPDX-License-Identifier: MIT
/* Hyper-V's hypercalls, by the page that the hypervisor fills with the vendor's instruction. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fatal.h"
#include "guests/include/apic.h"
#include "hyperv.h"
#include "measure/machine.h"
#include "measure/paced.h"

GUEST_DECLARE(hyperv);

/* The control word, TLFS, Hypercall Interface. */
#define FAST     (1ull << 16)
#define BANKS(n) ((uint64_t)(n) << 17) /* of a sparse set of processors: words of a variable-sized header */
#define REPS(n)  ((uint64_t)(n) << 32)

#define HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES (1u << 1)
#define HV_STATUS_INVALID_HYPERCALL_CODE    2
#define SPARSE_4K                           0 /* format of a set of processors: banks of 64 */
#define FIRST_BANK                          1u
#define SOME_SPINS                          0x1000
#define CONNECTION                          7

/* SDM vol. 1 13.4 */
#define XSAVE_XMM0     160
#define XSAVE_STATE_BV 512
#define XSAVE_SSE      (1u << 1)

/* Which of a descriptor's arg the hooks read; those before are the guest's. */
enum {
	ARG_CONTROL,
	ARG_PAGES = 3, /* of a list: an address, and in its low bits how many pages more */
	ARG_WANTED,    /* what the hypercall answers */
};

/* A list names pages that nobody uses, of a 2 MiB page. */
#define ADDRESSES(pages) (ABI_ARENA + (pages)-1)

static uint64_t self(const struct vcpu *v)
{
	return 1ull << v->index;
}

/* KVM_SET_FPU would not do: registers that XSTATE_BV says are in their initial state stay 0. */
static void set_xmm0(struct vcpu *v, uint64_t low, uint64_t high)
{
	struct kvm_xsave area;
	uint8_t *bytes = (uint8_t *)area.region;
	uint64_t state_bv;

	vcpu__ioctl(v, KVM_GET_XSAVE, &area);
	memcpy(&state_bv, bytes + XSAVE_STATE_BV, sizeof(state_bv));
	state_bv |= XSAVE_SSE;
	memcpy(bytes + XSAVE_STATE_BV, &state_bv, sizeof(state_bv));
	memcpy(bytes + XSAVE_XMM0, &low, sizeof(low));
	memcpy(bytes + XSAVE_XMM0 + sizeof(low), &high, sizeof(high));
	vcpu__ioctl(v, KVM_SET_XSAVE, &area);
}

/* Once, outside any measurement: the hypercall must do what the row says. */
static void check_answer(struct machine *m)
{
	uint64_t wanted = m->bench->arg[ARG_WANTED], seen;
	char once[24];
	unsigned i;

	snprintf(once, sizeof(once), "once_%s", m->bench->entry);
	for (i = 0; i < m->vcpu_count; i++) {
		machine__run_entry(m, &m->vcpus[i], once);
		seen = m->vcpus[i].abi->shared[0];
		if (seen != wanted)
			fatal("hypercall %#llx answers %#llx, wanted %#llx",
				(unsigned long long)m->bench->arg[ARG_CONTROL], (unsigned long long)seen,
				(unsigned long long)wanted);
	}
}

static void set_up_call(struct machine *m)
{
	hyperv__set_up(m);
	check_answer(m);
}

/* Each vCPU flushes its own. The input in memory and in XMM0; the first two words are in registers then. */
static void lay_flush(struct vcpu *v, uint64_t processors, uint64_t pages)
{
	uint64_t input[] = { 0, HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES, processors, pages };

	memcpy(hyperv__area(v, HYPERV_INPUT), input, sizeof(input));
	set_xmm0(v, processors, pages);
}

static void set_up_flush(struct machine *m)
{
	unsigned i;

	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++)
		lay_flush(&m->vcpus[i], self(&m->vcpus[i]), m->bench->arg[ARG_PAGES]);
	check_answer(m);
}

static void set_up_flush_ex(struct machine *m)
{
	unsigned i;

	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++) {
		uint64_t input[] = { 0, HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES, SPARSE_4K, FIRST_BANK,
			self(&m->vcpus[i]) };

		memcpy(hyperv__area(&m->vcpus[i], HYPERV_INPUT), input, sizeof(input));
	}
	check_answer(m);
}

static void set_up_ipi(struct machine *m)
{
	unsigned i;

	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++) {
		uint64_t input[] = { VECTOR, self(&m->vcpus[i]) };

		memcpy(hyperv__area(&m->vcpus[i], HYPERV_INPUT), input, sizeof(input));
	}
	check_answer(m);
}

static void set_up_ipi_ex(struct machine *m)
{
	unsigned i;

	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++) {
		uint64_t input[] = { VECTOR, SPARSE_4K, FIRST_BANK, self(&m->vcpus[i]) };

		memcpy(hyperv__area(&m->vcpus[i], HYPERV_INPUT), input, sizeof(input));
		set_xmm0(&m->vcpus[i], FIRST_BANK, self(&m->vcpus[i]));
	}
	check_answer(m);
}

/* ---- the connection that KVM knows -------------------------------------------------------------------- */

static void set_up_eventfd(struct machine *m)
{
	struct kvm_hyperv_eventfd event = { .conn_id = CONNECTION };
	uint64_t input = CONNECTION;
	unsigned i;

	event.fd = eventfd(0, EFD_CLOEXEC);
	if (event.fd < 0)
		fatal_errno("eventfd");
	vm__ioctl(&m->vm, KVM_HYPERV_EVENTFD, &event);
	m->user = (void *)(intptr_t)event.fd;
	hyperv__set_up(m);
	for (i = 0; i < m->vcpu_count; i++)
		memcpy(hyperv__area(&m->vcpus[i], HYPERV_INPUT), &input, sizeof(input));
	check_answer(m);
}

/* A proof of its own: the event has been signalled. */
static void close_eventfd(struct machine *m)
{
	struct pollfd p = { .fd = (int)(intptr_t)m->user, .events = POLLIN };

	if (poll(&p, 1, 0) != 1)
		fatal("the eventfd of connection %d was not signalled", CONNECTION);
	close(p.fd);
}

/* ---- what concerns other vCPUs ------------------------------------------------------------------------ */

static void flush_all(struct pass *p)
{
	struct machine *m = &p->machines[0];

	hyperv__set_up(m);
	lay_flush(&m->vcpus[0], (1ull << m->vcpu_count) - 1, 0);
	paced__send(p, p->bench->entry, "receive_flush");
}

static void interrupt(struct pass *p)
{
	paced__send(p, p->bench->entry, "receive_ipi");
}

#define VP_1 (1u << 1)

/* ---- descriptors -------------------------------------------------------------------------------------- */

#define CALL_EXITS .expect.vmx = VMX(VMCALL), .expect.svm = SVM(VMMCALL)

#define CALL_IN(where, variant, guest_entry, what, why)                                                      \
	HYPERV(variant, hyperv, guest_entry, what, why), .sdm = "vol. 3C 26.1.2", .apm = "15.9", CALL_EXITS, \
							 .handled_in = HANDLED_##where, .expect.exits = 1,   \
							 .baseline = "floor/null-loop"
#define CALL(variant, guest_entry, what, why)                                                                \
	CALL_IN(KERNEL, variant, guest_entry, what, why), .expect.stats = { { "hypercalls", 1 } },           \
							  .needs.caps = { HYPERV_CAPS }

#define FLUSH(variant, guest_entry, what, why)                                                               \
	CALL_IN(KERNEL, variant, guest_entry, what, why),                                                    \
		.expect.stats = { { "hypercalls", 1 }, { "tlb_flush", 1 } },                                 \
		.needs.caps = { HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_TLBFLUSH) }

/* Interrupts are off: it stays pending. */
#define SEND_IPI(variant, guest_entry, what, why)                                                            \
	CALL_IN(KERNEL, variant, guest_entry, what, why),                                                    \
		.expect.stats = { { "hypercalls", 1 } }, .expect.init_exits = 4,                             \
		.needs = {                                                                                   \
			.caps = { HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_SEND_IPI) },                          \
			.irqchip = IRQCHIP_SPLIT,                                                            \
		}

/* KVM lets only a guest with a SynIC send such to user space, and a SynIC needs a local APIC in the kernel. */
#define CALL_USER(variant, what, why)                                                                        \
	CALL_IN(USER, variant, "fast", what, why),                                                           \
		.expect.kvm = KVM_EXIT(HYPERV), .expect.stats = { { "hypercalls", 1 } },                     \
		.needs = { .caps = { HYPERV_SYNIC_CAPS }, .irqchip = IRQCHIP_SPLIT },                        \
		.setup = hyperv__set_up_synic, .on_exit = hyperv__answer

#define SIGNAL(variant, guest_entry, what, why)                                                              \
	CALL_IN(KERNEL, variant, guest_entry, what, why),                                                    \
		.expect.stats = { { "hypercalls", 1 } },                                                     \
		.needs.caps = { HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_EVENTFD) }, .setup = set_up_eventfd,    \
		.teardown = close_eventfd

#define BETWEEN_VCPUS(variant, guest_entry, what, why)                                                       \
	HYPERV(variant, hyperv, guest_entry, what, why),                                                     \
		.sdm = "vol. 3C 26.1.2", .apm = "15.9", .handled_in = HANDLED_KERNEL,                        \
		.timing_dependent = true, .disable_exits = KVM_X86_DISABLE_EXITS_PAUSE,                      \
		.baseline = "floor/null-loop"
#define TWO_VCPUS .irqchip = IRQCHIP_SPLIT, .vcpus = 2, .max_vcpus = 2

static const struct bench hyperv_hypercall[] = {
	{
		CALL("hypercall-unknown", "fast", "a Hyper-V hypercall that KVM doesn't know",
			"Answered with HV_STATUS_INVALID_HYPERCALL_CODE: the floor of Hyper-V's hypercalls. Compare "
			"hypercall/unknown, which goes by KVM's own numbers and without the call into the hypercall page "
			"(TLFS, Hypercall Interface)."),
		.arg = { FAST | HVCALL_NOBODY_HAS, [ARG_WANTED] = HV_STATUS_INVALID_HYPERCALL_CODE },
		.setup = set_up_call,
	},
	{
		CALL("spin-wait", "fast", "HVCALL_NOTIFY_LONG_SPIN_WAIT",
			"What a spin lock calls after the 4095 turns that KVM recommends: KVM looks for a vCPU to yield to, "
			"and with one vCPU finds none. Compare hyperv/hypercall-unknown and insn/pause."),
		.arg = { FAST | HVCALL_NOTIFY_LONG_SPIN_WAIT, SOME_SPINS },
		.setup = set_up_call,
	},
	{
		FLUSH("flush-space-memory", "memory", "HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE, input in memory",
			"A flush of the vCPU's own TLB (TLFS, Virtual MMU and Caching): KVM reads 24 bytes of the guest's memory, leaves itself a "
			"request, and meets it before the next entry. Compare hyperv/flush-space-xmm."),
		.arg = { HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE },
		.setup = set_up_flush,
	},
	{
		FLUSH("flush-space-xmm", "fast", "HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE, input in XMM0",
			"As hyperv/flush-space-memory; instead of the guest's memory KVM reads all six XMM registers, which "
			"loads the guest's FPU."),
		.arg = { FAST | HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE, 0, HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES },
		.setup = set_up_flush,
	},
	{
		FLUSH("flush-space-ex-memory", "memory",
			"HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX, input in memory",
			"What guests with more than 64 vCPUs use: the processors as a sparse set of banks, read in a second "
			"step. Compare hyperv/flush-space-memory."),
		.arg = { HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX | BANKS(1) },
		.setup = set_up_flush_ex,
	},
	{
		FLUSH("flush-list-memory", "memory",
			"HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST of one page, input in memory",
			"One address instead of everything (INVVPID, INVLPGA), from Linux 6.2 on; kvm_amd of 7.3 flushes "
			"everything all the same. Compare hyperv/flush-space-memory."),
		.arg = { HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST | REPS(1), [ARG_PAGES] = ADDRESSES(1),
			[ARG_WANTED] = REPS(1) },
		.setup = set_up_flush,
	},
	{
		FLUSH("flush-list-memory-16", "memory",
			"HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST of 16 pages, input in memory",
			"One entry that names 16 pages in a row. A fifteenth of what exceeds hyperv/flush-list-memory is the "
			"flush of one page; nothing exceeds it where KVM flushes everything."),
		.arg = { HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST | REPS(1), [ARG_PAGES] = ADDRESSES(16),
			[ARG_WANTED] = REPS(1) },
		.setup = set_up_flush,
	},
	{
		FLUSH("flush-list-xmm", "fast",
			"HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST of one page, input in XMM0",
			"As hyperv/flush-list-memory, with the address in the upper half of XMM0."),
		.arg = { FAST | HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST | REPS(1), 0,
			HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES, ADDRESSES(1), REPS(1) },
		.setup = set_up_flush,
	},
	{
		SEND_IPI("send-ipi-fast", "fast_self", "HVCALL_SEND_IPI to the vCPU itself",
			"Vector and mask are in registers (TLFS, Virtual Interrupt Control). Interrupts are off: the IPI stays pending. Compare "
			"hypercall/send-ipi, KVM's own, and hyperv/wr-icr."),
		.arg = { FAST | HVCALL_SEND_IPI, VECTOR },
		.setup = set_up_ipi,
	},
	{
		SEND_IPI("send-ipi-memory", "memory_apic",
			"HVCALL_SEND_IPI to the vCPU itself, input in memory",
			"As hyperv/send-ipi-fast, and 16 bytes of the guest's memory are read."),
		.arg = { HVCALL_SEND_IPI },
		.setup = set_up_ipi,
	},
	{
		SEND_IPI("send-ipi-ex-memory", "memory_apic",
			"HVCALL_SEND_IPI_EX to the vCPU itself, input in memory",
			"For more than 64 vCPUs: a sparse set of processors, read in a second step. Compare "
			"hyperv/send-ipi-memory."),
		.arg = { HVCALL_SEND_IPI_EX | BANKS(1) },
		.setup = set_up_ipi_ex,
	},
	{
		SEND_IPI("send-ipi-ex-xmm", "fast_apic",
			"HVCALL_SEND_IPI_EX to the vCPU itself, input in XMM0",
			"The set of processors is in XMM0. Compare hyperv/send-ipi-ex-memory."),
		.arg = { FAST | HVCALL_SEND_IPI_EX | BANKS(1), VECTOR, SPARSE_4K },
		.setup = set_up_ipi_ex,
	},
	{
		SIGNAL("signal-event-eventfd", "fast", "HVCALL_SIGNAL_EVENT for an eventfd",
			"VMBus's doorbell (TLFS, Inter-Partition Communication), by KVM_HYPERV_EVENTFD: KVM finds the connection and signals an eventfd "
			"that nobody waits on. Compare io/eventfd-pio-wildcard and hyperv/signal-event-user."),
		.arg = { FAST | HVCALL_SIGNAL_EVENT, CONNECTION },
	},
	{
		SIGNAL("signal-event-eventfd-memory", "memory",
			"HVCALL_SIGNAL_EVENT for an eventfd, input in memory",
			"As hyperv/signal-event-eventfd, and eight bytes of the guest's memory are read."),
		.arg = { HVCALL_SIGNAL_EVENT },
	},
	{
		CALL_USER("signal-event-user", "HVCALL_SIGNAL_EVENT to user space",
			"A connection that KVM doesn't know goes to user space, after the search for it. Compare "
			"pio/out-user-1b and hyperv/signal-event-eventfd."),
		.arg = { FAST | HVCALL_SIGNAL_EVENT, CONNECTION },
	},
	{
		CALL_USER("post-message-user", "HVCALL_POST_MESSAGE to user space",
			"How VMBus's channels are opened and closed: KVM hands it on as it is. Compare "
			"hypercall/map-gpa-range-user."),
		.arg = { FAST | HVCALL_POST_MESSAGE },
	},
	{
		BETWEEN_VCPUS("flush-running", "send_flush",
			"HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE of two vCPUs, the other one running",
			"The other vCPU is made to exit, and the caller waits for that. `guest` is the caller's view, "
			"`latency` (of vCPU 1) from there to when the other is back in its guest. Compare "
			"hyperv/flush-space-memory."),
		.arg = { PACED_BUSY, PACED_LEAVE_RUNNING_NS, HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE },
		.expect = { .vmx = VMX(VMCALL),
			.svm = SVM(VMMCALL),
			.exits = 2,
			.exits_relation = AT_MOST,
			.init_exits = 6,
			.stats = { { "hypercalls", 1 }, { "tlb_flush", 2 }, { "halt_exits", 0 } } },
		.needs = { .caps = { HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_TLBFLUSH) }, TWO_VCPUS },
		.measure = flush_all,
	},
	{
		BETWEEN_VCPUS("send-ipi-running", "send_ipi", "HVCALL_SEND_IPI to a vCPU that runs",
			"`guest` is the sender's view, `latency` (of vCPU 1) from there to the first instruction of the "
			"receiver's handler. Compare ipi/pv, KVM's own, and ipi/running."),
		.arg = { PACED_BUSY, PACED_LEAVE_RUNNING_NS, FAST | HVCALL_SEND_IPI, VECTOR, VP_1 },
		.expect = { .vmx = VMX(VMCALL),
			.svm = SVM(VMMCALL),
			.exits = 2,
			.exits_relation = AT_MOST,
			.init_exits = 6,
			.stats = { { "hypercalls", 1 }, { "irq_injections", 1, AT_MOST },
				{ "halt_exits", 0 } } },
		.needs = { .caps = { HYPERV_CAPS, NEED_CAP(KVM_CAP_HYPERV_SEND_IPI) }, TWO_VCPUS },
		.setup = hyperv__set_up,
		.measure = interrupt,
	},
};

BENCH_FAMILY("hyperv",
	"KVM's Hyper-V, which every Windows guest lives on: hypercalls, MSRs, SynIC, timers, reference time",
	hyperv_hypercall);
