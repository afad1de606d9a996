// SPDX-License-Identifier: MIT
/* Interrupts that user space injects into its vCPU, between two KVM_RUNs; and the EOIs that it must hear of. */
#include <string.h>

#include "guests/include/apic.h"
#include "irq.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/wiring.h"

#define LEVEL_PIN 3 /* of the IOAPIC: any that nothing else drives */

static void inject_interrupt(struct vcpu *v)
{
	struct kvm_interrupt interrupt = { .irq = VECTOR };

	vcpu__ioctl(v, KVM_INTERRUPT, &interrupt);
}

static void inject_nmi(struct vcpu *v)
{
	vcpu__ioctl(v, KVM_NMI, NULL);
}

/*
 * What was injected after the last operation of a round goes: the next starts with interrupts off, and KVM
 * takes user space at its word that the guest can be interrupted (VMX would refuse the entry).
 */
static void cancel_injected(struct machine *m)
{
	struct kvm_vcpu_events events;
	unsigned i;

	for (i = 0; i < m->vcpu_count; i++) {
		vcpu__ioctl(&m->vcpus[i], KVM_GET_VCPU_EVENTS, &events);
		memset(&events.interrupt, 0, sizeof(events.interrupt));
		memset(&events.nmi, 0, sizeof(events.nmi));
		events.flags |= KVM_VCPUEVENT_VALID_NMI_PENDING;
		vcpu__ioctl(&m->vcpus[i], KVM_SET_VCPU_EVENTS, &events);
	}
}

static void want_window(struct machine *m)
{
	unsigned i;

	cancel_injected(m);
	for (i = 0; i < m->vcpu_count; i++)
		m->vcpus[i].run->request_interrupt_window = 1;
}

/* The IOAPIC's pin sends our vector, level-triggered: from then on its EOI matters. */
static void wire_kernel_ioapic(struct machine *m)
{
	wiring__ioapic_pin(m, LEVEL_PIN, VECTOR | ICR_LEVEL);
}

/* With the IOAPIC in user space its pins are MSI routes that KVM knows of for the sake of their EOIs. */
static void wire_split_ioapic(struct machine *m)
{
	wiring__msi_route(m, LEVEL_PIN, VECTOR | ICR_LEVEL | ICR_ASSERT);
}

static void wire_split_ioapic_and_enable(struct machine *m)
{
	unsigned i;

	wire_split_ioapic(m);
	for (i = 0; i < m->vcpu_count; i++)
		machine__run_entry(m, &m->vcpus[i], "prepare");
}

#define ENTRY_OF(name) .guest = GUEST(irq), .entry = name, .arg = { ABI_PORT_MEASURE }
#define IO_EXITS       .vmx = VMX(IO_INSTRUCTION), .svm = SVM(IOIO), .kvm = KVM_EXIT(IO)

/* A self-IPI and its EOI: each an exit, unless APICv or AVIC spares it. The VMX exit follows. */
#define EXPECT_IPI_AND_EOI(...)                                                                              \
	.expect = { .svm = SVM(MSR),                                                                         \
		.exits = 2,                                                                                  \
		.exits_relation = AT_MOST,                                                                   \
		.stats = { { "irq_injections", 1, AT_MOST } },                                               \
		__VA_ARGS__ }

static const struct bench inject[] = {
	{
		.id = "irq/interrupt-ioctl",
		.summary = "KVM_INTERRUPT into a vCPU that can take it",
		.doc = "The guest leaves by an OUT, user space injects, the next entry delivers, and KVM makes the vCPU exit "
		       "at once to look for more. The round trip less pio/out-user-1b is all that; `guest` has the "
		       "ioctl in it, too.",
		.sdm = "vol. 3C 27.6",
		.apm = "15.20",
		ENTRY_OF("injected"),
		.handled_in = HANDLED_USER,
		.expect = { IO_EXITS, .exits = 2, .reason_exits = 1, .stats = { { "irq_injections", 1 } } },
		.on_exit = inject_interrupt,
		.before_round = cancel_injected,
		.baseline = "floor/null-loop",
	},
	{
		.id = "irq/window-user",
		.summary = "the interrupt window, to user space that asked for it",
		.doc = "request_interrupt_window in kvm_run: KVM_RUN returns when the guest can take an interrupt, which "
		       "user space then injects. `guest` has the ioctl in it.",
		.sdm = "vol. 3C 26.2",
		.apm = "15.21.4",
		ENTRY_OF("window"),
		.handled_in = HANDLED_USER,
		.expect = { .vmx = VMX(INTERRUPT_WINDOW),
			.svm = SVM(VINTR),
			.kvm = KVM_EXIT(IRQ_WINDOW_OPEN),
			.exits = 2,
			.reason_exits = 1,
			.stats = { { "irq_injections", 1 }, { "irq_window_exits", 1 } } },
		.on_exit = inject_interrupt,
		.before_round = want_window,
		.baseline = "floor/null-loop",
	},
	{
		.id = "irq/nmi-ioctl",
		.summary = "KVM_NMI into a vCPU",
		.doc = "As irq/interrupt-ioctl with an NMI; SVM without vNMI adds the exit of the handler's IRET.",
		.sdm = "vol. 3C 27.6",
		.apm = "15.20",
		ENTRY_OF("nmi_injected"),
		.handled_in = HANDLED_USER,
		.expect = { IO_EXITS, .exits = 1, ONE_NMI },
		.on_exit = inject_nmi,
		.before_round = cancel_injected,
		.baseline = "floor/null-loop",
	},
	{
		.id = "irq/eoi-edge",
		.summary = "a self-IPI whose vector no IOAPIC pin has, and its EOI",
		.doc = "What irq/eoi-level-kernel and irq/eoi-level-user stand on: the same guest, but nobody has to hear "
		       "of the EOI.",
		.sdm = "vol. 3A 11.8.5",
		.apm = "16.6.4",
		ENTRY_OF("level"),
		.handled_in = HANDLED_KERNEL,
		EXPECT_IPI_AND_EOI(.vmx = VMX(MSR_WRITE), .init_exits = 3),
		.needs = { .irqchip = IRQCHIP_KERNEL },
		.baseline = "floor/null-loop",
	},
	{
		.id = "irq/eoi-level-kernel",
		.summary = "a level-triggered interrupt whose EOI the kernel's IOAPIC must hear",
		.doc = "The EOI goes on to the IOAPIC in KVM, also where APICv or AVIC would have spared the exit. "
		       "Compare irq/eoi-edge.",
		.sdm = "vol. 3C 30.1.4",
		.apm = "16.6.4",
		ENTRY_OF("level"),
		.handled_in = HANDLED_KERNEL,
		EXPECT_IPI_AND_EOI(.vmx = VMX(EOI_INDUCED), .init_exits = 3),
		.needs = { .irqchip = IRQCHIP_KERNEL },
		.setup = wire_kernel_ioapic,
		.baseline = "irq/eoi-edge",
	},
	{
		.id = "irq/eoi-level-user",
		.summary = "a level-triggered interrupt whose EOI goes to user space (split irqchip)",
		.doc = "With the IOAPIC in user space every EOI of a level-triggered vector makes KVM_RUN return. Compare "
		       "irq/eoi-level-kernel.",
		.sdm = "vol. 3C 30.1.4",
		.apm = "16.6.4",
		ENTRY_OF("level_prepared"),
		.handled_in = HANDLED_USER,
		EXPECT_IPI_AND_EOI(.vmx = VMX(EOI_INDUCED), .kvm = KVM_EXIT(IOAPIC_EOI)),
		.needs = { .irqchip = IRQCHIP_SPLIT },
		.setup = wire_split_ioapic_and_enable,
		.baseline = "irq/eoi-level-kernel",
	},
};

BENCH_FAMILY_PART("irq", inject);
