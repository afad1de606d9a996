/* SPDX-License-Identifier: MIT */
/* How interrupts get to a VM's local APICs: pins, routes, eventfds. For `configure` and `setup` hooks. */
#ifndef MEASURE_WIRING_H
#define MEASURE_WIRING_H

#include <stdbool.h>
#include <unistd.h>

#include "base/fatal.h"
#include "measure/machine.h"

/* A pin (0 to 7) of the kernel's IOAPIC sends what `bits` says (vector and trigger mode, in the ICR's format)
 * to APIC ID 0, and the PIC stays silent. Needs IRQCHIP_KERNEL. */
void wiring__ioapic_pin(struct machine *m, unsigned pin, uint64_t bits);

/* The only route of the VM from now on: `gsi` sends an MSI with `data` to APIC ID 0. */
void wiring__msi_route(struct machine *m, uint32_t gsi, uint32_t data);

/* Makes an eventfd that raises `gsi` when written; with `resample` not NULL the line is level-triggered, and
 * *resample gets an eventfd that tells of its EOIs. Both belong to the caller. */
int wiring__irqfd(struct machine *m, uint32_t gsi, int *resample);

/* What a device does to such an eventfd. Here, so that a hook that is timed has no call more. */
static inline void wiring__write_irqfd(int fd)
{
	static const uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		fatal_errno("writing an irqfd");
}

/* Raises or lowers a line of the kernel's irqchip; likewise. */
static inline void wiring__set_line(struct machine *m, uint32_t gsi, bool raised)
{
	struct kvm_irq_level line = { .irq = gsi, .level = raised };

	vm__ioctl(&m->vm, KVM_IRQ_LINE, &line);
}

/* KVM leaves it to user space to announce the mode, and a guest without the bit can't set it. In `configure`. */
void wiring__announce_tsc_deadline(struct machine *m);

#endif
