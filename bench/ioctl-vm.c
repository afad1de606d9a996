// SPDX-License-Identifier: MIT
/* What a VMM pays to change a VM: memory slots, with its vCPUs idle or running; interrupts; the statistics. */
#include <string.h>
#include <sys/eventfd.h>

#include "base/fatal.h"
#include "measure/background.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/wiring.h"

GUEST_DECLARE(busy);
GUEST_DECLARE(memory);

#define SLOT_PAGES 512
#define SLOT_BYTES (SLOT_PAGES * 4096ul)
#define ELSEWHERE  0x80000000ul

/* ---- memory slots ------------------------------------------------------------------------------- */

static void put(struct machine *m, uint64_t gpa, uint32_t flags)
{
	vm__set_slot(&m->vm, VM_SLOT_ARENA, flags, gpa, m->arena.bytes, m->arena.start);
}

static void create(struct machine *m)
{
	put(m, ABI_ARENA, 0);
}

static void delete (struct machine *m)
{
	vm__set_slot(&m->vm, VM_SLOT_ARENA, 0, ABI_ARENA, 0, NULL);
}

static void create_and_map(struct machine *m)
{
	create(m);
	machine__run_entry_samples(m, &m->vcpus[0], "write", SLOT_PAGES);
}

static void move(struct machine *m)
{
	put(m, ELSEWHERE, 0);
}

static void log_dirty_pages(struct machine *m)
{
	put(m, ABI_ARENA, KVM_MEM_LOG_DIRTY_PAGES);
}

static void measure_beside_guest(struct pass *p)
{
	struct background b;

	background__start(&b, p);
	pass__host_operation(p, 0);
	background__stop(&b);
}

#define SLOT(variant, what, why, image, entry_, prepare, operation)                                                      \
	.id = "ioctl/memslot-" variant, .summary = what,                                                                 \
	.doc = "KVM_SET_USER_MEMORY_REGION copies the table of slots, waits for its readers (SRCU) and, where mappings " \
	       "may go away, takes them down. " why,                                                                     \
	.guest = GUEST(image), .entry = entry_, .handled_in = HANDLED_HOST, .host_prepare = prepare,                     \
	.host_op = operation, .timing_dependent = true, .baseline = "floor/ioctl-device",                                \
	.arena = { .backing = BACKING_ANON_4K, .bytes = SLOT_BYTES }

#define RUNNING_WHY "A vCPU in the guest has to be told: the difference to the -idle variant. "
#define IDLE_AND_RUNNING(variant, what, why, prepare, operation)                                             \
	{ SLOT(variant "-idle", what ", vCPUs idle", why, busy, "count", prepare, operation) },              \
	{                                                                                                    \
		SLOT(variant "-running", what ", a vCPU running", RUNNING_WHY why, busy, "count", prepare,   \
			operation),                                                                          \
			.measure = measure_beside_guest, .needs = { .vcpus = 2, .max_vcpus = 2 },            \
	}

static const struct bench slots[] = {
	IDLE_AND_RUNNING(
		"create", "a slot of 2 MiB is added", "What hotplug of memory costs KVM.", delete, create),
	IDLE_AND_RUNNING("delete", "a slot of 2 MiB is removed",
		"On this path KVM drops all mappings of the VM.", create, delete),
	IDLE_AND_RUNNING("move", "a slot of 2 MiB moves to another guest address",
		"What a guest does that reprograms a PCI BAR with memory behind it.", create, move),
	IDLE_AND_RUNNING("flags", "dirty logging is switched on for a slot of 2 MiB that is not mapped",
		"Compare dirty/enable-4k, where 4 MiB are mapped.", create, log_dirty_pages),
	{
		SLOT("delete-mapped", "a slot of 512 mapped pages is removed, vCPUs idle",
			"Compare ioctl/memslot-delete-idle, where nothing is mapped.", memory, "write",
			create_and_map, delete),
		.arg = { ABI_ARENA, 4096 },
	},
};

BENCH_FAMILY_PART("ioctl", slots);

/* ---- interrupts --------------------------------------------------------------------------------- */

#define GSI         5
#define VECTOR      0x40
#define MSI_ADDRESS 0xfee00000u /* SDM vol. 3A 11.11.1: physical destination 0 */
#define APIC_SPIV   0xf0
#define SPIV_ENABLE 0x1ff
#define ROUTES_MAX  1024

static int event = -1;

static void lower_line(struct machine *m)
{
	wiring__set_line(m, GSI, false);
}

static void raise_line(struct machine *m)
{
	wiring__set_line(m, GSI, true);
}

/* A disabled local APIC refuses interrupts. */
static void enable_lapic(struct machine *m)
{
	struct kvm_lapic_state lapic;
	uint32_t spiv = SPIV_ENABLE;

	vcpu__ioctl(&m->vcpus[0], KVM_GET_LAPIC, &lapic);
	memcpy(lapic.regs + APIC_SPIV, &spiv, sizeof(spiv));
	vcpu__ioctl(&m->vcpus[0], KVM_SET_LAPIC, &lapic);
}

static void signal_msi(struct machine *m)
{
	struct kvm_msi msi = { .address_lo = MSI_ADDRESS, .data = VECTOR };

	vm__ioctl(&m->vm, KVM_SIGNAL_MSI, &msi);
}

static void inject_nmi(struct machine *m)
{
	vcpu__ioctl(&m->vcpus[0], KVM_NMI, NULL);
}

static void inject_interrupt(struct machine *m)
{
	struct kvm_interrupt interrupt = { .irq = VECTOR };

	vcpu__ioctl(&m->vcpus[0], KVM_INTERRUPT, &interrupt);
}

/* arg1: number of routes. */
static void set_routing(struct machine *m)
{
	static struct {
		struct kvm_irq_routing header;
		struct kvm_irq_routing_entry entries[ROUTES_MAX];
	} table;
	uint32_t i;

	table.header.nr = (uint32_t)m->bench->arg[1];
	for (i = 0; i < table.header.nr; i++) {
		table.entries[i].gsi = i;
		table.entries[i].type = KVM_IRQ_ROUTING_MSI;
		table.entries[i].u.msi.address_lo = MSI_ADDRESS;
		table.entries[i].u.msi.data = VECTOR;
	}
	vm__ioctl(&m->vm, KVM_SET_GSI_ROUTING, &table);
}

static void open_event(struct machine *m)
{
	(void)m;
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event < 0)
		fatal_errno("eventfd");
}

static void set_irqfd(struct machine *m, uint32_t flags)
{
	struct kvm_irqfd irqfd = { .fd = (uint32_t)event, .gsi = GSI, .flags = flags };

	vm__ioctl(&m->vm, KVM_IRQFD, &irqfd);
}

static void assign_irqfd(struct machine *m)
{
	set_irqfd(m, 0);
}

static void deassign_irqfd(struct machine *m)
{
	set_irqfd(m, KVM_IRQFD_FLAG_DEASSIGN);
}

static void set_ioeventfd(struct machine *m, uint32_t flags)
{
	struct kvm_ioeventfd ioeventfd = {
		.addr = ABI_PORT_MEASURE,
		.len = 1,
		.fd = event,
		.flags = KVM_IOEVENTFD_FLAG_PIO | flags,
	};

	vm__ioctl(&m->vm, KVM_IOEVENTFD, &ioeventfd);
}

static void assign_ioeventfd(struct machine *m)
{
	set_ioeventfd(m, 0);
}

static void deassign_ioeventfd(struct machine *m)
{
	set_ioeventfd(m, KVM_IOEVENTFD_FLAG_DEASSIGN);
}

/* An assignment has to be undone before the next; the first deassignment needs something to undo. */
static void open_and_assign_irqfd(struct machine *m)
{
	open_event(m);
	assign_irqfd(m);
}

static void open_and_assign_ioeventfd(struct machine *m)
{
	open_event(m);
	assign_ioeventfd(m);
}

#define READ_MAX 4096

static void read_vcpu_stats(struct machine *m)
{
	uint64_t values[READ_MAX];

	statsfd__read(&m->vcpu_stats[0], values);
}

static void read_vm_stats(struct machine *m)
{
	uint64_t values[READ_MAX];

	statsfd__read(&m->vm_stats, values);
}

static void stats_fit(struct machine *m)
{
	if (m->vcpu_stats[0].words > READ_MAX || m->vm_stats.words > READ_MAX)
		fatal("KVM has more than %d words of statistics", READ_MAX);
}

#define CALL(variant, what, why, chip, prepare, operation, ...)                                              \
	{                                                                                                    \
		.id = "ioctl/" variant, .summary = what, .doc = why, .guest = GUEST(busy), .entry = "count", \
		.handled_in = HANDLED_HOST, .needs = { .irqchip = chip }, .host_prepare = prepare,           \
		.host_op = operation, .baseline = "floor/ioctl-device", __VA_ARGS__                          \
	}
#define CALL_WHY                                                                                             \
	"The call alone: the vCPU is idle and its interrupts are off. The way to the guest's handler is in irq/. "
#define ASSIGN_WHY                                                                                                   \
	"Done at a device's reset and whenever a guest masks or moves a vector; waits for readers (SRCU), or for a " \
	"work queue. "

static const struct bench calls[] = {
	CALL("irq-line", "KVM_IRQ_LINE raises a line", CALL_WHY "PIC and IOAPIC, both masked.",
		IRQCHIP_KERNEL, lower_line, raise_line),
	CALL("signal-msi", "KVM_SIGNAL_MSI to an idle vCPU", CALL_WHY "Compare ioctl/irq-line.",
		IRQCHIP_KERNEL, NULL, signal_msi, .setup = enable_lapic),
	CALL("nmi", "KVM_NMI to an idle vCPU", CALL_WHY, IRQCHIP_KERNEL, NULL, inject_nmi),
	CALL("interrupt", "KVM_INTERRUPT to an idle vCPU without a local APIC", CALL_WHY "Compare ioctl/nmi.",
		IRQCHIP_NONE, NULL, inject_interrupt),
	CALL("set-gsi-routing-1", "KVM_SET_GSI_ROUTING with 1 route", ASSIGN_WHY, IRQCHIP_KERNEL, NULL,
		set_routing, .arg = { 0, 1 }, .timing_dependent = true),
	CALL("set-gsi-routing-1024", "KVM_SET_GSI_ROUTING with 1024 routes",
		ASSIGN_WHY "Against ioctl/set-gsi-routing-1: the cost per route.", IRQCHIP_KERNEL, NULL,
		set_routing, .arg = { 0, ROUTES_MAX }, .timing_dependent = true),
	CALL("irqfd-assign", "KVM_IRQFD connects an eventfd to a line", ASSIGN_WHY, IRQCHIP_KERNEL,
		deassign_irqfd, assign_irqfd, .setup = open_and_assign_irqfd, .timing_dependent = true),
	CALL("irqfd-deassign", "KVM_IRQFD disconnects an eventfd", ASSIGN_WHY, IRQCHIP_KERNEL, assign_irqfd,
		deassign_irqfd, .setup = open_event, .timing_dependent = true),
	CALL("ioeventfd-assign", "KVM_IOEVENTFD connects an eventfd to a port", ASSIGN_WHY, IRQCHIP_NONE,
		deassign_ioeventfd, assign_ioeventfd, .setup = open_and_assign_ioeventfd,
		.timing_dependent = true),
	CALL("ioeventfd-deassign", "KVM_IOEVENTFD disconnects an eventfd", ASSIGN_WHY, IRQCHIP_NONE,
		assign_ioeventfd, deassign_ioeventfd, .setup = open_event, .timing_dependent = true),
	CALL("stats-vcpu", "all statistics of a vCPU read with one pread",
		"What looking at a vCPU costs; this program does it around every round.", IRQCHIP_NONE, NULL,
		read_vcpu_stats, .setup = stats_fit),
	CALL("stats-vm", "all statistics of a VM read with one pread", "Compare ioctl/stats-vcpu.",
		IRQCHIP_NONE, NULL, read_vm_stats, .setup = stats_fit),
};

BENCH_FAMILY_PART("ioctl", calls);
