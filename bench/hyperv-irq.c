// SPDX-License-Identifier: MIT
/* Interrupts as Hyper-V's guests take and end them. */
#include <unistd.h>

#include "base/fatal.h"
#include "guests/include/apic.h"
#include "hyperv.h"
#include "measure/machine.h"
#include "measure/paced.h"
#include "measure/wiring.h"

GUEST_DECLARE(hyperv);
GUEST_DECLARE(irq_async);

#define SINT_AUTO_EOI (1u << 17)
#define OTHER_VECTOR  (VECTOR + 0x10)
#define SINT_GSI      24 /* the first beyond the IOAPIC's pins */

/* ---- the three ends of an interrupt ------------------------------------------------------------------- */

/* A source with AutoEOI, whatever its vector, makes KVM do without APICv and AVIC in this VM: the rows are then the
 * same on every host. */
static void set_up_ends(struct machine *m, uint8_t auto_eoi_vector)
{
	unsigned i;

	hyperv__set_up_synic(m);
	for (i = 0; i < m->vcpu_count; i++) {
		struct vcpu *v = &m->vcpus[i];

		hyperv__set_msr(v, HV_X64_MSR_SINT0 + HYPERV_SINT, SINT_AUTO_EOI | auto_eoi_vector);
		hyperv__set_msr(v, HV_X64_MSR_VP_ASSIST_PAGE, hyperv__page(v, HYPERV_ASSIST_PAGE));
	}
}

static void set_up_explicit(struct machine *m)
{
	set_up_ends(m, OTHER_VECTOR);
}

static void set_up_auto(struct machine *m)
{
	set_up_ends(m, VECTOR);
}

/* ---- interrupts of devices ---------------------------------------------------------------------------- */

static void route_source(struct machine *m)
{
	struct {
		struct kvm_irq_routing header;
		struct kvm_irq_routing_entry entry;
	} routing = {
		.header = { .nr = 1 },
		.entry = { .gsi = SINT_GSI,
			.type = KVM_IRQ_ROUTING_HV_SINT,
			.u.hv_sint = { .sint = HYPERV_SINT } },
	};

	hyperv__set_up_synic(m);
	hyperv__set_msr(&m->vcpus[0], HV_X64_MSR_SINT0 + HYPERV_SINT, VECTOR);
	vm__ioctl(&m->vm, KVM_SET_GSI_ROUTING, &routing);
	m->user = (void *)(intptr_t)wiring__irqfd(m, SINT_GSI, NULL);
}

static int irqfd_of(const struct machine *m)
{
	return (int)(intptr_t)m->user;
}

static void write_irqfd(struct machine *m)
{
	wiring__write_irqfd(irqfd_of(m));
}

static void close_irqfd(struct machine *m)
{
	close(irqfd_of(m));
}

static void deliver(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = write_irqfd });
}

/* ---- descriptors -------------------------------------------------------------------------------------- */

#define ENDED(variant, guest_entry, ends, prepare, what, why)                                                \
	HYPERV(variant, hyperv, guest_entry, "a self-IPI by Hyper-V's ICR, ended " what, why),               \
		HYPERV_MSR_MANUALS, .handled_in = HANDLED_KERNEL,                                            \
				    .expect = { .vmx = VMX(MSR_WRITE),                                       \
					    .svm = SVM(MSR),                                                 \
					    .exits = ends,                                                   \
					    .init_exits = 3,                                                 \
					    .stats = { { "irq_injections", 1 } } },                          \
				    .needs = { .caps = { HYPERV_SYNIC_CAPS }, .irqchip = IRQCHIP_SPLIT },    \
				    .setup = prepare, .baseline = "floor/null-loop"

#define DELIVER(variant, what, why, wait, leave_ns, exit_vmx, exit_svm, most, halts)                         \
	HYPERV(variant, irq_async, "receive_x2apic", what, why),                                             \
		.sdm = "vol. 3C 30.6", .apm = "15.29.5", .handled_in = HANDLED_KERNEL,                       \
		.timing_dependent = true, .arg = { wait, leave_ns },                                         \
		.expect = { .vmx = VMX(exit_vmx),                                                            \
			.svm = SVM(exit_svm),                                                                \
			.exits = most,                                                                       \
			.exits_relation = AT_MOST,                                                           \
			.init_exits = 6,                                                                     \
			.stats = { { "irq_injections", 1, AT_MOST }, { "halt_exits", halts } } },            \
		.needs = { .caps = { HYPERV_SYNIC_CAPS }, .irqchip = IRQCHIP_SPLIT, .max_vcpus = 1 },        \
		.setup = route_source, .measure = deliver, .teardown = close_irqfd

#define LATENCY_WHY " `latency` is from the write to the handler's first instruction, `roundtrip` the write."

static const struct bench hyperv_irq[] = {
	{
		ENDED("eoi-msr", "eoi_msr", 2, set_up_explicit, "by a write to its EOI",
			"Two exits: ICR and EOI (TLFS, Virtual Interrupt Control). Compare irq/self-ipi-x2apic-open, and "
			"hyperv/eoi-assist. APICv and AVIC are off in this VM, by a SynIC's source with AutoEOI."),
	},
	{
		ENDED("eoi-assist", "eoi_assist", 1, set_up_explicit, "by the assist page",
			"KVM leaves a bit in the page at VP_ASSIST_PAGE, and clearing it is the EOI: no second exit. KVM "
			"looks at the bit at the next exit. Compare hyperv/eoi-msr; without APICv and AVIC, as there."),
	},
	{
		ENDED("eoi-auto", "eoi_itself", 1, set_up_auto, "by itself",
			"The vector is that of a SynIC's source with AutoEOI: KVM ends the interrupt as it injects it. "
			"Compare hyperv/eoi-assist."),
	},
	{
		DELIVER("sint-irqfd-running", "a write to an irqfd of a SynIC's source, vCPU running",
			"How VMBus's devices interrupt (TLFS, Inter-Partition Communication). Compare irq/irqfd-running." LATENCY_WHY,
			PACED_BUSY, PACED_LEAVE_RUNNING_NS, EXTERNAL_INTERRUPT, INTR, 1, 0),
	},
	{
		DELIVER("sint-irqfd-halted", "a write to an irqfd of a SynIC's source, vCPU in HLT",
			"Compare irq/irqfd-halted." LATENCY_WHY, PACED_HALT, PACED_LEAVE_HALTED_NS, HLT, HLT,
			2, 1),
	},
};

BENCH_FAMILY_PART("hyperv", hyperv_irq);
