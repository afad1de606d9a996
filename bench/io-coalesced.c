// SPDX-License-Identifier: MIT
/* Writes that KVM collects in a ring until user space has another reason to look. */
#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(io);

#define HOST_PAGE 4096
#define VALUE     1

/*
 * The ring holds 169 writes.  Before Linux 6.12 KVM took it for full at half of that, depending on where its
 * ends are; both agree on what is free while `first` is above `last`, so that is how the rounds begin.
 */
#define FREE_ENTRIES 63

static struct kvm_coalesced_mmio_ring *ring_of(const struct machine *m)
{
	int page = vm__cap(&m->vm, KVM_CAP_COALESCED_MMIO);

	return (struct kvm_coalesced_mmio_ring *)((char *)m->vcpus[0].run + page * HOST_PAGE);
}

static void register_zone(struct machine *m)
{
	struct kvm_coalesced_mmio_zone zone = {
		.addr = m->bench->arg[0],
		.size = 8,
		.pio = m->bench->arg[0] == ABI_PORT_MEASURE,
	};

	vm__ioctl(&m->vm, KVM_REGISTER_COALESCED_MMIO, &zone);
}

static void rewind_ring(struct machine *m)
{
	struct kvm_coalesced_mmio_ring *ring = ring_of(m);

	ring->first = FREE_ENTRIES + 1;
	ring->last = 0;
}

/* KVM must have put the last write there, or these were no coalesced writes. */
static void check_ring(struct machine *m)
{
	const struct kvm_coalesced_mmio_ring *ring = ring_of(m);

	if (ring->last == 0 || ring->coalesced_mmio[0].phys_addr != m->bench->arg[0])
		fatal("the ring of coalesced writes does not have the guest's");
}

static void empty_full_ring(struct vcpu *v)
{
	struct machine *m = v->user;
	const struct kvm_coalesced_mmio_ring *ring = ring_of(m);

	if (ring->last != FREE_ENTRIES)
		fatal("the guest left with %u writes in the ring instead of %d", ring->last, FREE_ENTRIES);
	rewind_ring(m);
}

static void register_zone_and_rewind(struct machine *m)
{
	register_zone(m);
	rewind_ring(m);
	m->vcpus[0].user = m;
}

#define PORT        .arg = { ABI_PORT_MEASURE, VALUE, FREE_ENTRIES + 1 }, .sdm = "vol. 3C 26.1.3", .apm = "15.10.2"
#define MEMORY      .arg = { ABI_UNBACKED, VALUE, FREE_ENTRIES + 1 }, .sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6"
#define PORT_EXIT   .vmx = VMX(IO_INSTRUCTION), .svm = SVM(IOIO)
#define MEMORY_EXIT .vmx = VMX_MMIO, .svm = SVM(NPF)
#define NEEDS(capability)                                                                                    \
	.needs = { .caps = { NEED_CAP(KVM_CAP_COALESCED_MMIO), NEED_CAP(capability) }, .max_vcpus = 1 }

#define EACH(variant, guest_entry, what)                                                                              \
	.id = "io/coalesced-" variant, .summary = what " that KVM puts into the ring",                                \
	.doc = "KVM notes the write and enters the guest again; user space reads the ring when it comes by. Compare " \
	       "the same write to user space, and an ioeventfd, which keeps no data.",                                \
	.guest = GUEST(io), .entry = guest_entry, .handled_in = HANDLED_KERNEL,                                       \
	.round_samples = FREE_ENTRIES, .setup = register_zone, .before_round = rewind_ring,                           \
	.teardown = check_ring, .baseline = "floor/null-loop"

#define FULL(variant, guest_entry, what)                                                                               \
	.id = "io/coalesced-" variant "-full",                                                                         \
	.summary = "64 " what "s, the last of which finds the ring full",                                              \
	.doc = "63 writes end in the kernel, one leaves to user space, which empties the ring: what a write costs on " \
	       "average. The ring takes 169; before Linux 6.12 KVM may have called it full at 85.",                    \
	.guest = GUEST(io), .entry = guest_entry, .handled_in = HANDLED_USER, .samples_max = 512,                      \
	.setup = register_zone_and_rewind, .on_exit = empty_full_ring, .baseline = "floor/null-loop"

static const struct bench coalesced[] = {
	{
		EACH("pio", "port", "an OUT"),
		PORT,
		.expect = { PORT_EXIT, .exits = 1 },
		NEEDS(KVM_CAP_COALESCED_PIO),
	},
	{
		EACH("mmio", "memory", "a store"),
		MEMORY,
		.expect = { MEMORY_EXIT, .exits = 1, .stats = { { "mmio_exits", 0 } } },
		NEEDS(KVM_CAP_COALESCED_MMIO),
	},
	{
		FULL("pio", "port_until_full", "OUT"),
		PORT,
		.expect = { PORT_EXIT, .kvm = KVM_EXIT(IO), .exits = FREE_ENTRIES + 1 },
		NEEDS(KVM_CAP_COALESCED_PIO),
	},
	{
		FULL("mmio", "memory_until_full", "store"),
		MEMORY,
		.expect = { MEMORY_EXIT, .kvm = KVM_EXIT(MMIO), .exits = FREE_ENTRIES + 1,
			.stats = { { "mmio_exits", 1 } } },
		NEEDS(KVM_CAP_COALESCED_MMIO),
	},
};

BENCH_FAMILY_PART("io", coalesced);
