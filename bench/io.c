// SPDX-License-Identifier: MIT
/* Notifying a device: an ioeventfd instead of an exit to user space, and writes that KVM collects. */
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fatal.h"
#include "bench/paging.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/paced.h"

GUEST_DECLARE(io);

/* What setup and the guest read of a descriptor's arg. */
enum {
	ARG_WHERE,
	ARG_VALUE,
	ARG_WRITES, /* of coalesced-*-full */
	ARG_FLAGS,  /* KVM_IOEVENTFD_FLAG_* */
	ARG_BYTES,  /* length that the ioeventfd matches; 0: any */
	ARG_MATCH,
};

#define NOTICE 1 /* what the guests write */

static void register_ioeventfd(struct machine *m)
{
	const uint64_t *arg = m->bench->arg;
	struct kvm_ioeventfd io = {
		.datamatch = arg[ARG_MATCH],
		.addr = arg[ARG_WHERE],
		.len = (uint32_t)arg[ARG_BYTES],
		.flags = (uint32_t)arg[ARG_FLAGS],
	};

	io.fd = eventfd(0, EFD_CLOEXEC);
	if (io.fd < 0)
		fatal_errno("eventfd");
	vm__ioctl(&m->vm, KVM_IOEVENTFD, &io);
	m->user = (void *)(intptr_t)io.fd;
}

static int event_of(const struct machine *m)
{
	return (int)(intptr_t)m->user;
}

/* A proof of its own: the event has been signalled if and only if the write was to match. */
static void close_ioeventfd(struct machine *m)
{
	const uint64_t *arg = m->bench->arg;
	bool wanted = !(arg[ARG_FLAGS] & KVM_IOEVENTFD_FLAG_DATAMATCH) || arg[ARG_MATCH] == NOTICE;
	struct pollfd p = { .fd = event_of(m), .events = POLLIN };
	bool signalled = poll(&p, 1, 0) == 1;

	if (!m->bench->measure && signalled != wanted)
		fatal("the ioeventfd at %#llx was %ssignalled", (unsigned long long)arg[ARG_WHERE],
			wanted ? "not " : "");
	close(event_of(m));
}

static void wait_for_event(struct machine *m)
{
	uint64_t count;

	if (read(event_of(m), &count, sizeof(count)) != sizeof(count))
		fatal_errno("reading the ioeventfd");
}

static void notify_a_thread(struct pass *p)
{
	paced__notify(p, wait_for_event);
}

/* The way without decoding begins at the mark of MMIO in the tables. */
static const char *marks_mmio(const struct kvm_host *host)
{
	if (host->is_vmx && parameter_is_off("kvm.mmio_caching"))
		return "fast MMIO needs the module parameter kvm.mmio_caching=Y";
	return NULL;
}

#define PORT_EXIT   .vmx = VMX(IO_INSTRUCTION), .svm = SVM(IOIO)
#define MEMORY_EXIT .vmx = VMX_MMIO, .svm = SVM(NPF)
#define PIO         KVM_IOEVENTFD_FLAG_PIO
#define DATAMATCH   KVM_IOEVENTFD_FLAG_DATAMATCH
#define PORT_ARG(writes, flags, bytes, match)                                                                \
	.arg = { ABI_PORT_MEASURE, NOTICE, writes, (flags) | PIO, bytes, match }, .sdm = "vol. 3C 26.1.3",   \
	.apm = "15.10.2"
#define MEMORY_ARG(writes, flags, bytes, match)                                                              \
	.arg = { ABI_UNBACKED, NOTICE, writes, flags, bytes, match }, .sdm = "vol. 3C 29.3.3.1",             \
	.apm = "15.25.6"

#define EVENT(variant, what, why, guest_entry)                                                               \
	.id = "io/" variant, .summary = what, .doc = why, .guest = GUEST(io), .entry = guest_entry,          \
	.setup = register_ioeventfd, .teardown = close_ioeventfd, .baseline = "floor/null-loop"

#define WILDCARD_WHY                                                                                           \
	"A doorbell: the exit ends in the kernel, which signals an eventfd that nobody waits on. Compare the " \
	"same write to user space (pio/out-user-4b, mmio/write-user-4b)."
#define MATCH_WHY "One of several events at the address: the value decides. Compare the wildcard."
#define NOMATCH_WHY                                                                                             \
	"An ioeventfd for another value is there: the look-up fails and the write goes to user space. Compare " \
	"the same write without one (pio/out-user-4b, mmio/write-user-4b)."
#define THREAD_WHY                                                                                                \
	"The way out of a device: `latency` is from the guest's write to the return of another thread's read(). " \
	"`guest` is what the write costs the vCPU with somebody to wake."

static const struct bench io[] = {
	{
		EVENT("eventfd-pio-wildcard", "OUT to an ioeventfd for any value", WILDCARD_WHY, "port"),
		PORT_ARG(0, 0, 4, 0),
		.handled_in = HANDLED_KERNEL,
		.expect = { PORT_EXIT, .exits = 1 },
	},
	{
		EVENT("eventfd-pio-datamatch", "OUT to an ioeventfd for this value", MATCH_WHY, "port"),
		PORT_ARG(0, DATAMATCH, 4, NOTICE),
		.handled_in = HANDLED_KERNEL,
		.expect = { PORT_EXIT, .exits = 1 },
	},
	{
		EVENT("eventfd-pio-nomatch", "OUT to an ioeventfd for another value, to user space",
			NOMATCH_WHY, "port"),
		PORT_ARG(0, DATAMATCH, 4, NOTICE + 1),
		.handled_in = HANDLED_USER,
		.expect = { PORT_EXIT, .kvm = KVM_EXIT(IO), .exits = 1 },
	},
	{
		EVENT("eventfd-pio-thread", "OUT to an ioeventfd that a thread waits on", THREAD_WHY,
			"notify_port"),
		PORT_ARG(0, 0, 4, 0),
		.handled_in = HANDLED_KERNEL,
		.timing_dependent = true,
		.expect = { PORT_EXIT, .exits = 1 },
		.needs = { .max_vcpus = 1 },
		.measure = notify_a_thread,
	},
	{
		EVENT("eventfd-mmio-wildcard", "a store to an ioeventfd for any value", WILDCARD_WHY,
			"memory"),
		MEMORY_ARG(0, 0, 4, 0),
		.handled_in = HANDLED_KERNEL,
		.expect = { MEMORY_EXIT, .exits = 1,
			.stats = { { "mmio_exits", 0 }, { "insn_emulation", 1, AT_LEAST } } },
	},
	{
		EVENT("eventfd-mmio-datamatch", "a store to an ioeventfd for this value", MATCH_WHY,
			"memory"),
		MEMORY_ARG(0, DATAMATCH, 4, NOTICE),
		.handled_in = HANDLED_KERNEL,
		.expect = { MEMORY_EXIT, .exits = 1,
			.stats = { { "mmio_exits", 0 }, { "insn_emulation", 1, AT_LEAST } } },
	},
	{
		EVENT("eventfd-mmio-nomatch", "a store to an ioeventfd for another value, to user space",
			NOMATCH_WHY, "memory"),
		MEMORY_ARG(0, DATAMATCH, 4, NOTICE + 1),
		.handled_in = HANDLED_USER,
		.expect = { MEMORY_EXIT, .kvm = KVM_EXIT(MMIO), .exits = 1,
			.stats = { { "mmio_exits", 1 } } },
	},
	{
		EVENT("eventfd-mmio-any-length", "a store to an ioeventfd of length 0 (fast MMIO)",
			"The event is for any write to the address, so VMX need not decode the instruction: EPT "
			"misconfiguration, signal, entry. SVM has that from Linux 6.15 on. Compare "
			"io/eventfd-mmio-wildcard.",
			"memory"),
		MEMORY_ARG(0, 0, 0, 0),
		.handled_in = HANDLED_KERNEL,
		.expect = { MEMORY_EXIT, .exits = 1,
			.stats = { { "mmio_exits", 0 }, { "insn_emulation", 0, EXACTLY, ON_VMX } } },
		.supported = marks_mmio,
		.needs = { .caps = { NEED_CAP(KVM_CAP_IOEVENTFD_ANY_LENGTH) } },
	},
	{
		EVENT("eventfd-mmio-thread", "a store to an ioeventfd that a thread waits on", THREAD_WHY,
			"notify_memory"),
		MEMORY_ARG(0, 0, 4, 0),
		.handled_in = HANDLED_KERNEL,
		.timing_dependent = true,
		.expect = { MEMORY_EXIT, .exits = 1, .stats = { { "mmio_exits", 0 } } },
		.needs = { .max_vcpus = 1 },
		.measure = notify_a_thread,
	},
};

BENCH_FAMILY("io", "telling a device: ioeventfd and coalesced writes", io);
