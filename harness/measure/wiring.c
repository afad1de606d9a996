// SPDX-License-Identifier: MIT
#include "measure/wiring.h"

#include <sys/eventfd.h>

#include "base/fatal.h"

#define CPUID_1_ECX_TSC_DEADLINE (1u << 24)

/* By default a pin leads to both chips, and the PIC would deliver by LINT0, at vectors nobody has set. */
static void mask_pic(struct machine *m)
{
	struct kvm_irqchip chip = { .chip_id = KVM_IRQCHIP_PIC_MASTER };

	vm__ioctl(&m->vm, KVM_GET_IRQCHIP, &chip);
	chip.chip.pic.imr = 0xff;
	vm__ioctl(&m->vm, KVM_SET_IRQCHIP, &chip);
}

void wiring__ioapic_pin(struct machine *m, unsigned pin, uint64_t bits)
{
	struct kvm_irqchip chip = { .chip_id = KVM_IRQCHIP_IOAPIC };

	mask_pic(m);
	vm__ioctl(&m->vm, KVM_GET_IRQCHIP, &chip);
	chip.chip.ioapic.redirtbl[pin].bits = bits;
	vm__ioctl(&m->vm, KVM_SET_IRQCHIP, &chip);
}

void wiring__msi_route(struct machine *m, uint32_t gsi, uint32_t data)
{
	struct {
		struct kvm_irq_routing header;
		struct kvm_irq_routing_entry entry;
	} routing = {
		.header = { .nr = 1 },
		.entry = { .gsi = gsi, .type = KVM_IRQ_ROUTING_MSI },
	};

	routing.entry.u.msi.address_lo = ABI_LAPIC;
	routing.entry.u.msi.data = data;
	vm__ioctl(&m->vm, KVM_SET_GSI_ROUTING, &routing);
}

static int new_eventfd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);

	if (fd < 0)
		fatal_errno("eventfd");
	return fd;
}

int wiring__irqfd(struct machine *m, uint32_t gsi, int *resample)
{
	struct kvm_irqfd irqfd = { .gsi = gsi };
	int fd = new_eventfd();

	irqfd.fd = (uint32_t)fd;
	if (resample) {
		*resample = new_eventfd();
		irqfd.resamplefd = (uint32_t)*resample;
		irqfd.flags = KVM_IRQFD_FLAG_RESAMPLE;
	}
	vm__ioctl(&m->vm, KVM_IRQFD, &irqfd);
	return fd;
}

void wiring__announce_tsc_deadline(struct machine *m)
{
	struct kvm_cpuid_entry2 *leaf = cpuid__find(&m->cpuid, 1, 0);

	if (!leaf)
		fatal("KVM_GET_SUPPORTED_CPUID has no leaf 1");
	leaf->ecx |= CPUID_1_ECX_TSC_DEADLINE;
}
