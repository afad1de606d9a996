// SPDX-License-Identifier: MIT
/*
 * KVM as Xen: hypercalls through Xen's hypercall page, event channels and their upcall, the runstate area, the timer.
 * How guests that were built for Xen run on KVM; QEMU does so since 8.0.
 */
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fatal.h"
#include "guests/include/apic.h"
#include "guests/xen.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/paced.h"
#include "out.h"

GUEST_DECLARE(xen);

#define EVTCHNSTAT_INTERDOMAIN 2 /* of Xen's evtchn_status */
#define EVTCHNSTAT_IPI         5
#define VERSION_4_17           (4u << 16 | 17)
#define PAGE_BYTES             4096
#define FAR_FUTURE_NS          (1ull << 45) /* ten hours; KVM takes more than 2^50 for a bug of the guest */
#define ONCE_NS                50000

/* ---- the VM ------------------------------------------------------------------------------------------- */

static void configure(struct machine *m, struct kvm_xen_hvm_config config)
{
	config.msr = XEN_HYPERCALL_MSR;
	vm__ioctl(&m->vm, KVM_XEN_HVM_CONFIG, &config);
}

static void intercept_hypercalls(struct machine *m)
{
	configure(m, (struct kvm_xen_hvm_config){ .flags = KVM_XEN_HVM_CONFIG_INTERCEPT_HCALL });
}

static void intercept_and_send(struct machine *m)
{
	configure(m, (struct kvm_xen_hvm_config){
			     .flags = KVM_XEN_HVM_CONFIG_INTERCEPT_HCALL | KVM_XEN_HVM_CONFIG_EVTCHN_SEND });
}

static void provide_hypercall_page(struct machine *m)
{
	static const uint8_t page[PAGE_BYTES];

	configure(m, (struct kvm_xen_hvm_config){ .blob_addr_64 = (uintptr_t)page, .blob_size_64 = 1 });
}

/* ---- attributes --------------------------------------------------------------------------------------- */

static uint64_t address_of(const struct machine *m, const char *name)
{
	uint64_t address = image__entry(&guest_image_xen, name);

	if (!address)
		fatal("guest %s has no %s", m->bench->guest->name, name);
	return address;
}

static void set_vm(struct machine *m, struct kvm_xen_hvm_attr attr)
{
	vm__ioctl(&m->vm, KVM_XEN_HVM_SET_ATTR, &attr);
}

static void set_vcpu(struct vcpu *v, struct kvm_xen_vcpu_attr attr)
{
	vcpu__ioctl(v, KVM_XEN_VCPU_SET_ATTR, &attr);
}

static void share_pages(struct machine *m)
{
	uint64_t shared_info = address_of(m, "shared_info");

	set_vm(m, (struct kvm_xen_hvm_attr){ .type = KVM_XEN_ATTR_TYPE_LONG_MODE, .u.long_mode = 1 });
	set_vm(m, (struct kvm_xen_hvm_attr){ .type = KVM_XEN_ATTR_TYPE_SHARED_INFO,
			  .u.shared_info.gfn = shared_info / PAGE_BYTES });
	set_vcpu(&m->vcpus[0],
		(struct kvm_xen_vcpu_attr){ .type = KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO, .u.gpa = shared_info });
}

/* A port whose events come back to the vCPU that sends them, as IPIs do. */
static void bind_to_itself(struct machine *m)
{
	set_vm(m, (struct kvm_xen_hvm_attr){ .type = KVM_XEN_ATTR_TYPE_EVTCHN,
			  .u.evtchn = { .send_port = XEN_PORT,
				  .type = EVTCHNSTAT_IPI,
				  .deliver.port = { .port = XEN_PORT,
					  .priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL } } });
}

static void upcall_by_vm(struct machine *m)
{
	share_pages(m);
	set_vm(m, (struct kvm_xen_hvm_attr){ .type = KVM_XEN_ATTR_TYPE_UPCALL_VECTOR, .u.vector = VECTOR });
}

static void upcall_by_apic(struct machine *m)
{
	share_pages(m);
	set_vcpu(&m->vcpus[0], (struct kvm_xen_vcpu_attr){
				       .type = KVM_XEN_VCPU_ATTR_TYPE_UPCALL_VECTOR, .u.vector = VECTOR });
}

/* ---- setup -------------------------------------------------------------------------------------------- */

static void write_page(struct machine *m)
{
	machine__run_entry(m, &m->vcpus[0], "prepare");
}

static void tell_version(struct machine *m)
{
	write_page(m);
	set_vm(m, (struct kvm_xen_hvm_attr){
			  .type = KVM_XEN_ATTR_TYPE_XEN_VERSION, .u.xen_version = VERSION_4_17 });
}

static void self_by_vm(struct machine *m)
{
	write_page(m);
	upcall_by_vm(m);
	bind_to_itself(m);
}

static void self_by_apic(struct machine *m)
{
	write_page(m);
	upcall_by_apic(m);
	bind_to_itself(m);
}

static int event = -1; /* of the measuring process */

static void bind_to_eventfd(struct machine *m)
{
	write_page(m);
	event = eventfd(0, EFD_CLOEXEC);
	if (event < 0)
		fatal_errno("eventfd");
	set_vm(m, (struct kvm_xen_hvm_attr){ .type = KVM_XEN_ATTR_TYPE_EVTCHN,
			  .u.evtchn = { .send_port = XEN_PORT,
				  .type = EVTCHNSTAT_INTERDOMAIN,
				  .deliver.eventfd.fd = event } });
}

/* The guest's events must have come out: a proof besides the statistics. */
static void close_eventfd(struct machine *m)
{
	uint64_t count = 0;

	(void)m;
	if (read(event, &count, sizeof(count)) != sizeof(count) || !count)
		fatal("no event came out of the guest's event channel");
	close(event);
}

/* Nothing delivers it, but a poll finds it. */
static void leave_event_pending(struct machine *m)
{
	uint64_t *pending;

	write_page(m);
	share_pages(m);
	pending = (uint64_t *)(m->low.start + address_of(m, "shared_info") + SHARED_INFO_EVTCHN_PENDING);
	*pending = 1u << XEN_PORT;
}

static void account_runstate(struct machine *m)
{
	set_vm(m, (struct kvm_xen_hvm_attr){ .type = KVM_XEN_ATTR_TYPE_LONG_MODE, .u.long_mode = 1 });
	set_vcpu(&m->vcpus[0], (struct kvm_xen_vcpu_attr){ .type = KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADDR,
				       .u.gpa = address_of(m, "runstate") });
}

/* KVM must have written it. */
static void look_at_runstate(struct machine *m)
{
	const uint64_t *runstate = (uint64_t *)(m->low.start + address_of(m, "runstate"));

	if (!runstate[1])
		fatal("KVM left the runstate area alone");
}

static void give_timer(struct machine *m)
{
	write_page(m);
	upcall_by_vm(m);
	set_vcpu(&m->vcpus[0], (struct kvm_xen_vcpu_attr){ .type = KVM_XEN_VCPU_ATTR_TYPE_TIMER,
				       .u.timer = { .port = XEN_PORT,
					       .priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL } });
}

/* ---- operations --------------------------------------------------------------------------------------- */

static void answer_0(struct vcpu *v)
{
	if (v->run->xen.type != KVM_EXIT_XEN_HCALL || v->run->xen.u.hcall.input != XEN_MEMORY_OP)
		fatal("KVM_EXIT_XEN of type %u, hypercall %llu", v->run->xen.type,
			(unsigned long long)v->run->xen.u.hcall.input);
	v->run->xen.u.hcall.result = 0;
}

static void send_event(struct machine *m)
{
	struct kvm_irq_routing_xen_evtchn e = { .port = XEN_PORT,
		.priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL };

	vm__ioctl(&m->vm, KVM_XEN_HVM_EVTCHN_SEND, &e);
}

static void by_event(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = send_event });
}

static void late(struct pass *p)
{
	paced__timer(p, false);
}

/* ---- descriptors -------------------------------------------------------------------------------------- */

#define IDENTITY(variant, guest_entry, what, why)                                                            \
	.id = "xen/" variant, .summary = what, .doc = why, .guest = GUEST(xen), .entry = guest_entry,        \
	.baseline = "floor/null-loop"
#define CALL_MANUALS .sdm = "vol. 3C 26.1.2", .apm = "15.9"
#define CALL_EXITS   .vmx = VMX(VMCALL), .svm = SVM(VMMCALL)

/* Guest memory is one for all vCPUs here: pages and event channel belong to vCPU 0. */
#define CAPS(bits) .caps = { NEED_CAP_BITS(KVM_CAP_XEN_HVM, bits) }, .max_vcpus = 1
#define HCALLS     (KVM_XEN_HVM_CONFIG_HYPERCALL_MSR | KVM_XEN_HVM_CONFIG_INTERCEPT_HCALL)
#define EVENTS     (HCALLS | KVM_XEN_HVM_CONFIG_SHARED_INFO | KVM_XEN_HVM_CONFIG_EVTCHN_SEND)

/* An upcall by the VM's vector: KVM injects, and asks to be told when it may again as the event is still there. */
#define UPCALL .stats = { { "irq_injections", 1 }, { "irq_window_exits", 1 } }
#define UPCALL_AND_HALTS(n)                                                                                  \
	.stats = { { "irq_injections", 1 }, { "irq_window_exits", 1 }, { "halt_exits", n } }

/* A hypercall that KVM answers: one exit. */
#define HYPERCALL(variant, guest_entry, what, why, ...)                                                      \
	IDENTITY(variant, guest_entry, what, why), CALL_MANUALS,                                             \
		.arg = { __VA_ARGS__ }, .handled_in = HANDLED_KERNEL, .expect = { CALL_EXITS, .exits = 1 }

#define PAGE(variant, what, why, hook)                                                                       \
	{                                                                                                    \
		IDENTITY(variant, "write_page", what, why),                                                  \
			.sdm = "vol. 3C 26.1.3", .apm = "15.11", .handled_in = HANDLED_KERNEL,               \
			.expect = { .vmx = VMX(MSR_WRITE), .svm = SVM(MSR), .exits = 1 },                    \
			.needs = { CAPS(KVM_XEN_HVM_CONFIG_HYPERCALL_MSR) }, .configure = hook,              \
	}

#define RUNNING_EXITS .vmx = VMX(EXTERNAL_INTERRUPT), .svm = SVM(INTR)
#define HALTED_EXITS  .vmx = VMX(HLT), .svm = SVM_OR(HLT, IDLE_HLT)
#define INTO(variant, exit, wait, leave_ns, halts, why)                                                      \
	{                                                                                                    \
		.id = "xen/event-" variant, .summary = "KVM_XEN_HVM_EVTCHN_SEND into a " variant " vCPU",    \
		.doc = "An event channel of user space's: a bit in the shared page, and the upcall, for "    \
		       "which no APIC is asked. `latency` is from the call to the handler's first "          \
		       "instruction, `roundtrip` the call itself. " why,                                     \
		.sdm = "vol. 3C 27.6", .apm = "15.20", .guest = GUEST(xen), .entry = "receive",              \
		.arg = { wait, leave_ns }, .handled_in = HANDLED_KERNEL, .timing_dependent = true,           \
		.expect = { exit, .exits = 1 + (halts), UPCALL_AND_HALTS(halts) },                           \
		.needs = { CAPS(EVENTS), .irqchip = IRQCHIP_SPLIT }, .configure = intercept_and_send,        \
		.setup = upcall_by_vm, .measure = by_event,                                                  \
	}

/* The hypercall, HLT if it waits there, the window; and where it runs the host's timer makes it exit. */
#define LATE(variant, wait, halts)                                                                           \
	{                                                                                                    \
		.id = "xen/timer-late-" variant,                                                             \
		.summary = "Xen's timer, set to 50 us ahead, vCPU " variant,                                 \
		.doc = "`lateness` is from the time that was asked for, on Xen's clock, to the first "       \
		       "instruction of the upcall's handler. Compare timer/late-oneshot-" variant ".",       \
		CALL_MANUALS, .guest = GUEST(xen), .entry = "late",                                          \
		.arg = { wait, 0, ONCE_NS, PACED_NANOSECONDS }, .handled_in = HANDLED_KERNEL,                \
		.timing_dependent = true,                                                                    \
		.expect = { CALL_EXITS, .exits = 2 + (halts), .reason_exits = 1, UPCALL_AND_HALTS(halts) },  \
		.needs = { CAPS(EVENTS), .irqchip = IRQCHIP_SPLIT }, .configure = intercept_and_send,        \
		.setup = give_timer, .measure = late,                                                        \
	}

static const struct bench xen[] = {
	{
		HYPERCALL("version", "call", "the hypercall xen_version, answered by KVM",
			"Does nothing but return a number: the floor of Xen's hypercalls that stay in the kernel. Compare "
			"hypercall/unknown.",
			XEN_VERSION, XENVER_VERSION),
		.needs = { CAPS(HCALLS | KVM_XEN_HVM_CONFIG_EVTCHN_SEND) },
		.configure = intercept_and_send,
		.setup = tell_version,
	},
	{
		IDENTITY("hypercall-user", "call", "a hypercall that user space answers (memory_op)",
			"KVM_EXIT_XEN: whatever KVM doesn't do itself. The difference to xen/version is the way to user "
			"space and back; compare pio/out-user-1b and hypercall/map-gpa-range-user."),
		CALL_MANUALS,
		.arg = { XEN_MEMORY_OP },
		.handled_in = HANDLED_USER,
		.expect = { CALL_EXITS, .kvm = KVM_EXIT(XEN), .exits = 1 },
		.needs = { CAPS(HCALLS) },
		.configure = intercept_hypercalls,
		.setup = write_page,
		.on_exit = answer_0,
	},
	PAGE("hypercall-page", "the write to the MSR that asks for the hypercall page",
		"KVM writes the page's 128 places, one at a time, into the guest's memory. Once per boot, and a bound for "
		"what a guest can make KVM do by one WRMSR. Compare msr/wr-tsc-adjust.",
		intercept_hypercalls),
	PAGE("hypercall-page-copied", "the same with a page that user space provides",
		"KVM copies the page from user space to the guest in one piece. Compare xen/hypercall-page.",
		provide_hypercall_page),
	{
		HYPERCALL("send-eventfd", "send", "EVTCHNOP_send on a port that is bound to an eventfd",
			"How a frontend notifies its backend in user space, without leaving the kernel. Nobody waits for "
			"the eventfd. Compare io/eventfd-pio-wildcard.",
			XEN_EVENT_CHANNEL_OP, EVTCHNOP_SEND),
		.needs = { CAPS(EVENTS) },
		.configure = intercept_and_send,
		.setup = bind_to_eventfd,
		.teardown = close_eventfd,
	},
	{
		IDENTITY("send-self", "self", "EVTCHNOP_send to the vCPU itself, and the upcall",
			"An IPI of Xen's: the hypercall sets the bits in the shared page and the upcall is injected on the "
			"way back. Nothing is acknowledged, so that KVM asks for the interrupt window to look again: a second "
			"exit, when the handler is done. Compare irq/self-ipi-x2apic-open."),
		CALL_MANUALS,
		.arg = { XEN_EVENT_CHANNEL_OP, EVTCHNOP_SEND },
		.handled_in = HANDLED_KERNEL,
		.expect = { CALL_EXITS, .exits = 2, .reason_exits = 1, UPCALL },
		.needs = { CAPS(EVENTS), .irqchip = IRQCHIP_SPLIT },
		.configure = intercept_and_send,
		.setup = self_by_vm,
	},
	{
		IDENTITY("send-self-apic", "self_apic",
			"EVTCHNOP_send to the vCPU itself, and the upcall through its local APIC",
			"With a vector of the vCPU's own (HVMOP_set_evtchn_upcall_vector) the upcall is an interrupt of the "
			"APIC and ends with an EOI, which exits unless APICv or AVIC spares it. Compare xen/send-self."),
		CALL_MANUALS,
		.arg = { XEN_EVENT_CHANNEL_OP, EVTCHNOP_SEND },
		.handled_in = HANDLED_KERNEL,
		.expect = { CALL_EXITS, .exits = 2, .exits_relation = AT_MOST, .reason_exits = 1,
			.init_exits = 3, .stats = { { "irq_injections", 1, AT_MOST } } },
		.needs = { CAPS(EVENTS), .irqchip = IRQCHIP_SPLIT },
		.configure = intercept_and_send,
		.setup = self_by_apic,
	},
	{
		HYPERCALL("sched-yield", "call", "SCHEDOP_yield, by the only vCPU",
			"KVM looks for another vCPU of the VM to yield to, and there is none. Compare "
			"hypercall/sched-yield.",
			XEN_SCHED_OP, SCHEDOP_YIELD),
		.needs = { CAPS(EVENTS) },
		.configure = intercept_and_send,
		.setup = write_page,
	},
	{
		HYPERCALL("sched-poll", "poll", "SCHEDOP_poll of a port that has an event",
			"What a spin lock of Xen's waits with: KVM reads the list of ports from the guest and finds that it "
			"need not sleep. Compare xen/sched-yield and hlt/pending-nop.",
			XEN_SCHED_OP, SCHEDOP_POLL),
		.needs = { CAPS(EVENTS), .irqchip = IRQCHIP_SPLIT },
		.configure = intercept_and_send,
		.setup = leave_event_pending,
	},
	{
		HYPERCALL("set-timer", "call", "set_timer_op, far in the future",
			"Starts a timer of the host's on the vCPU's behalf. Compare timer/arm-deadline.",
			XEN_SET_TIMER_OP, FAR_FUTURE_NS),
		.needs = { CAPS(EVENTS), .irqchip = IRQCHIP_SPLIT },
		.configure = intercept_and_send,
		.setup = give_timer,
	},
	LATE("running", PACED_BUSY, 0),
	LATE("halted", PACED_HALT, 1),
	INTO("running", RUNNING_EXITS, PACED_BUSY, PACED_LEAVE_RUNNING_NS, 0, "Compare irq/msi-running."),
	INTO("halted", HALTED_EXITS, PACED_HALT, PACED_LEAVE_HALTED_NS, 1, "Compare irq/msi-halted."),
	{
		.id = "xen/out-user-runstate",
		.summary = "OUT to user space, with a runstate area to keep",
		.doc = "Whenever a vCPU is loaded KVM brings the times that it ran, waited and slept up to date in the guest's "
		       "memory. `net` is what that adds to an exit to user space; compare pio/out-user-1b and "
		       "msr/kvm-steal-time.",
		OUT_TO_USER,
		.arg = { ABI_PORT_MEASURE },
		.needs = { CAPS(KVM_XEN_HVM_CONFIG_HYPERCALL_MSR | KVM_XEN_HVM_CONFIG_RUNSTATE) },
		.configure = intercept_hypercalls,
		.setup = account_runstate,
		.teardown = look_at_runstate,
	},
};

BENCH_FAMILY(
	"xen", "KVM as Xen: hypercalls, event channels, runstate and timer of guests built for Xen", xen);
