// SPDX-License-Identifier: MIT
/* Interrupts from user space into a vCPU that is running or halted: the way in of a device. */
#include <unistd.h>

#include "base/fatal.h"
#include "guests/include/apic.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/paced.h"
#include "measure/wiring.h"

GUEST_DECLARE(irq_async);

#define MSI_GSI   24 /* the first beyond the IOAPIC's pins */
#define EDGE_PIN  5
#define LEVEL_PIN 6

/* Descriptors that a benchmark of this file opens, in machine->user. */
struct events {
	int trigger;  /* irqfd */
	int resample; /* -1: none */
};

static void signal_msi(struct machine *m)
{
	struct kvm_msi msi = { .address_lo = ABI_LAPIC, .data = VECTOR };

	if (vm__ioctl(&m->vm, KVM_SIGNAL_MSI, &msi) != 1)
		fatal("KVM_SIGNAL_MSI: the guest did not get the interrupt");
}

static void raise_line(struct machine *m)
{
	wiring__set_line(m, EDGE_PIN, true);
}

static void lower_line(struct machine *m)
{
	wiring__set_line(m, EDGE_PIN, false);
}

static void write_irqfd(struct machine *m)
{
	const struct events *e = m->user;

	wiring__write_irqfd(e->trigger);
}

static void read_resample(struct machine *m)
{
	const struct events *e = m->user;
	uint64_t count;

	if (read(e->resample, &count, sizeof(count)) != sizeof(count))
		fatal_errno("reading the resample eventfd");
}

/* ---- wiring ------------------------------------------------------------------------------------------- */

static void wire_msi(struct machine *m)
{
	static struct events events = { .resample = -1 };

	wiring__msi_route(m, MSI_GSI, VECTOR);
	events.trigger = wiring__irqfd(m, MSI_GSI, NULL);
	m->user = &events;
}

static void wire_edge_pin(struct machine *m)
{
	wiring__ioapic_pin(m, EDGE_PIN, VECTOR);
}

static void wire_resample(struct machine *m)
{
	static struct events events;

	wiring__ioapic_pin(m, LEVEL_PIN, VECTOR | ICR_LEVEL);
	events.trigger = wiring__irqfd(m, LEVEL_PIN, &events.resample);
	m->user = &events;
}

static void close_events(struct machine *m)
{
	const struct events *e = m->user;

	close(e->trigger);
	if (e->resample >= 0)
		close(e->resample);
}

/* ---- measuring ---------------------------------------------------------------------------------------- */

static void by_msi(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = signal_msi });
}

static void by_irqfd(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = write_irqfd });
}

static void by_line(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = raise_line, .settle = lower_line });
}

static void by_level_irqfd(struct pass *p)
{
	paced__deliver(p,
		&(struct paced_delivery){ .cause = write_irqfd, .settle = read_resample, .answered = true });
}

/*
 * A running vCPU exits because of the host's IPI (a host interrupt, which has its statistic) unless posted
 * interrupts spare it that, and at EOI unless APICv or AVIC spares it that.
 */
#define INTO_RUNNING                                                                                         \
	.arg = { PACED_BUSY, PACED_LEAVE_RUNNING_NS }, .expect = { .vmx = VMX(EXTERNAL_INTERRUPT),           \
		.svm = SVM(INTR),                                                                            \
		.exits = 1,                                                                                  \
		.exits_relation = AT_MOST,                                                                   \
		.init_exits = 6,                                                                             \
		.stats = { { "irq_injections", 1, AT_MOST }, { "halt_exits", 0 } } }
#define INTO_HALTED                                                                                          \
	.arg = { PACED_HALT, PACED_LEAVE_HALTED_NS }, .expect = { .vmx = VMX(HLT),                           \
		.svm = SVM_OR(HLT, IDLE_HLT),                                                                \
		.exits = 2,                                                                                  \
		.exits_relation = AT_MOST,                                                                   \
		.init_exits = 6,                                                                             \
		.stats = { { "irq_injections", 1, AT_MOST }, { "halt_exits", 1 } } }

#define RUNNING_WHY                                                                                              \
	" `latency` is from the call to the handler's first instruction, `roundtrip` the call itself. The vCPU " \
	"has to be interrupted, unless the hardware posts interrupts."
#define HALTED_WHY                                                                                                 \
	" `latency` has the wake-up in it, from the call to the handler's first instruction: how long depends on " \
	"halt_poll_ns (hlt/wake-irqfd-*) and on the CPU's idle states."

#define DELIVER(variant, what, why, chip, hook, wire, unwire, state)                                         \
	.id = "irq/" variant, .summary = what, .doc = why, .sdm = "vol. 3C 30.6", .apm = "15.29.5",          \
	.guest = GUEST(irq_async), .entry = "receive_x2apic", .handled_in = HANDLED_KERNEL,                  \
	.timing_dependent = true, state, .needs = { .irqchip = chip, .max_vcpus = 1 }, .setup = wire,        \
	.measure = hook, .teardown = unwire

static const struct bench irq_async[] = {
	{ DELIVER("msi-running", "KVM_SIGNAL_MSI into a running vCPU",
		"The ioctl names address and data." RUNNING_WHY, IRQCHIP_SPLIT, by_msi, NULL, NULL,
		INTO_RUNNING) },
	{ DELIVER("msi-halted", "KVM_SIGNAL_MSI into a halted vCPU",
		"The ioctl names address and data." HALTED_WHY, IRQCHIP_SPLIT, by_msi, NULL, NULL,
		INTO_HALTED) },
	{ DELIVER("irqfd-running", "a write to an irqfd (MSI) into a running vCPU",
		"The way in of vhost and VFIO." RUNNING_WHY, IRQCHIP_SPLIT, by_irqfd, wire_msi, close_events,
		INTO_RUNNING) },
	{ DELIVER("irqfd-halted", "a write to an irqfd (MSI) into a halted vCPU",
		"The way in of vhost and VFIO." HALTED_WHY, IRQCHIP_SPLIT, by_irqfd, wire_msi, close_events,
		INTO_HALTED) },
	{ DELIVER("line-running", "KVM_IRQ_LINE (an IOAPIC pin) into a running vCPU",
		"The way of emulated devices with pins." RUNNING_WHY, IRQCHIP_KERNEL, by_line, wire_edge_pin,
		NULL, INTO_RUNNING) },
	{ DELIVER("line-halted", "KVM_IRQ_LINE (an IOAPIC pin) into a halted vCPU",
		"The way of emulated devices with pins." HALTED_WHY, IRQCHIP_KERNEL, by_line, wire_edge_pin,
		NULL, INTO_HALTED) },
	{ DELIVER("resample-running", "a level-triggered irqfd and its resample event",
		"A level-triggered pin stays high until the guest's EOI, which KVM reports by another eventfd. "
		"`roundtrip` is from the write to the return of read() on that; `latency` to the handler.",
		IRQCHIP_KERNEL, by_level_irqfd, wire_resample, close_events, INTO_RUNNING) },
};

BENCH_FAMILY_PART("irq", irq_async);
