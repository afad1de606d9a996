// SPDX-License-Identifier: MIT
/*
 * System management mode. KVM emulates it: an SMI stores the vCPU's state in guest memory and starts a handler in
 * 16-bit mode, RSM goes the other way in KVM's instruction emulator. SMM has memory slots of its own.
 */
#include <string.h>

#include "base/fatal.h"
#include "guests/smm.h"
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/paced.h"
#include "out.h"
#include "paging.h"

GUEST_DECLARE(null);
GUEST_DECLARE(smm);

#define SLOT_IN_SMM(slot) (1u << 16 | (slot)) /* KVM_CAP_MULTI_ADDRESS_SPACE: the second one is SMM's */
#define MSI_ADDRESS       0xfee00000u         /* SDM vol. 3A 11.11.1: physical destination 0 */
#define MSI_SMI           (2u << 8)           /* delivery mode, SDM vol. 3A 11.11.2 */

static void show_memory_to_smm(struct machine *m)
{
	vm__set_slot(&m->vm, SLOT_IN_SMM(VM_SLOT_LOW), 0, 0, m->low.bytes, m->low.start);
	vm__set_slot(&m->vm, SLOT_IN_SMM(VM_SLOT_VCPU), 0, ABI_VCPU, m->areas.bytes, m->areas.start);
}

static void install(struct machine *m, const char *handler)
{
	uint64_t address = image__entry(m->bench->guest, handler);

	if (!address)
		fatal("guest %s has no entry %s", m->bench->guest->name, handler);
	memcpy(m->low.start + SMM_HANDLER, m->low.start + address, SMM_HANDLER_BYTES);
}

/* Whether SMIs get to a handler at all: tried once, with one that leaves a trace. */
static void prepare(struct machine *m, const char *handler)
{
	show_memory_to_smm(m);
	install(m, "smm_clear");
	machine__run_entry(m, &m->vcpus[0], "self_once");
	install(m, handler);
}

static void return_at_once(struct machine *m)
{
	prepare(m, "smm_rsm");
}

static void out_in_handler(struct machine *m)
{
	prepare(m, "smm_out");
}

static void cpuid_in_handler(struct machine *m)
{
	prepare(m, "smm_cpuid");
}

static void stamp_in_handler(struct machine *m)
{
	prepare(m, "smm_received");
}

/* No local APIC: the handler is tried by the ioctl that is measured. */
static void return_at_once_without_apic(struct machine *m)
{
	show_memory_to_smm(m);
	install(m, "smm_rsm");
}

/* As a migrated vCPU that was in SMM: it stays in 64-bit mode and on its tables. */
static void put_into_smm(struct machine *m)
{
	struct kvm_vcpu_events events;
	unsigned i;

	show_memory_to_smm(m);
	for (i = 0; i < m->vcpu_count; i++) {
		vcpu__ioctl(&m->vcpus[i], KVM_GET_VCPU_EVENTS, &events);
		events.flags |= KVM_VCPUEVENT_VALID_SMM;
		events.smi.smm = 1;
		vcpu__ioctl(&m->vcpus[i], KVM_SET_VCPU_EVENTS, &events);
	}
}

static void must_be_in_smm(struct vcpu *v)
{
	if (!(v->run->flags & KVM_RUN_X86_SMM))
		fatal("vCPU %u left for user space without KVM_RUN_X86_SMM", v->index);
}

/* A round that the host ends leaves the vCPU in the handler, in 16-bit mode. */
static void leave_smm(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];
	struct kvm_vcpu_events events;

	vcpu__ioctl(v, KVM_GET_VCPU_EVENTS, &events);
	if (!events.smi.smm)
		return;
	events.flags |= KVM_VCPUEVENT_VALID_SMM;
	events.smi.smm = 0;
	vcpu__ioctl(v, KVM_SET_VCPU_EVENTS, &events);
	vcpu__enter_long_mode(v);
}

static void send_smi(struct vcpu *v)
{
	if (v->run->flags & KVM_RUN_X86_SMM)
		fatal("vCPU %u is still in SMM", v->index);
	vcpu__ioctl(v, KVM_SMI, NULL);
}

static void smi_ioctl(struct machine *m)
{
	vcpu__ioctl(&m->vcpus[0], KVM_SMI, NULL);
}

static void signal_smi(struct machine *m)
{
	struct kvm_msi msi = { .address_lo = MSI_ADDRESS, .data = MSI_SMI };

	if (vm__ioctl(&m->vm, KVM_SIGNAL_MSI, &msi) != 1)
		fatal("KVM_SIGNAL_MSI: the guest did not get the SMI");
}

static void by_msi(struct pass *p)
{
	paced__deliver(p, &(struct paced_delivery){ .cause = signal_smi });
}

#define SMI_MANUALS .sdm = "vol. 3C 32.3", .apm = "10.3"

/* RSM: an intercept of its own on SVM; on VMX it raises #UD, whatever KVM thinks the mode is. */
#define RSM_EXITS .vmx = VMX(EXCEPTION_NMI), .svm = SVM(RSM), .stats = { { "insn_emulation", 1, AT_LEAST } }

#define CAPS           .caps = { NEED_CAP(KVM_CAP_X86_SMM) }
#define ALONE          .max_vcpus = 1 /* all vCPUs start with the same SMBASE, and with that one save area */
#define APIC_AND_ALONE .needs = { CAPS, .irqchip = IRQCHIP_SPLIT, ALONE }

#define SELF(variant, what, why)                                                                             \
	.id = "smm/" variant, .summary = what, .doc = why, SMI_MANUALS, .guest = GUEST(smm),                 \
	.entry = "self", .supported = unpaged_guests, APIC_AND_ALONE

#define FROM_OUTSIDE(variant, wait, leave_ns, more_exits, why)                                                \
	{                                                                                                     \
		.id = "smm/msi-" variant,                                                                     \
		.summary = "an MSI with delivery mode SMI into a " variant " vCPU",                           \
		.doc = "KVM_SIGNAL_MSI. `latency` is from the call to the handler's stamp, in SMM: the kick " \
		       "or the wake-up, and the vCPU's state stored in the save area. " why,                  \
		SMI_MANUALS, .guest = GUEST(smm), .entry = "receive", .arg = { wait, leave_ns },              \
		.handled_in = HANDLED_KERNEL, .timing_dependent = true, .supported = unpaged_guests,          \
		.expect = { RSM_EXITS, .exits = 1 + (more_exits), .reason_exits = 1, .init_exits = 6 },       \
		APIC_AND_ALONE, .setup = stamp_in_handler, .measure = by_msi,                                 \
	}

static const struct bench smm[] = {
	{
		SELF("self", "an SMI that the vCPU sends itself, and RSM",
			"The ICR's exit, the entry to SMM with half a KiB of state stored and the MMU switched to SMM's memory "
			"slots, RSM's exit, and all the way back. No handler can cost less. Compare irq/nmi-self."),
		.handled_in = HANDLED_KERNEL,
		.expect = { RSM_EXITS, .exits = 2, .reason_exits = 1, .init_exits = 3 },
		.setup = return_at_once,
		.baseline = "floor/null-loop",
	},
	{
		SELF("self-out-user", "the same, with an OUT to user space in the handler",
			"What firmware in SMM does that talks to a device: `net` is the OUT, in 16-bit mode, with "
			"KVM_RUN_X86_SMM told to user space. Compare pio/out-user-1b."),
		.handled_in = HANDLED_USER,
		.expect = { RSM_EXITS, .kvm = KVM_EXIT(IO), .exits = 3, .reason_exits = 1, .init_exits = 3 },
		.setup = out_in_handler,
		.before_round = leave_smm,
		.on_exit = must_be_in_smm,
		.baseline = "smm/self",
	},
	{
		SELF("self-cpuid", "the same, with a CPUID in the handler",
			"`net` is the CPUID: an exit like any other, as SMM is a mode of KVM's and not of the CPU. Compare "
			"cpuid/leaf0."),
		.handled_in = HANDLED_KERNEL,
		.expect = { RSM_EXITS, .exits = 3, .reason_exits = 1, .init_exits = 3 },
		.setup = cpuid_in_handler,
		.baseline = "smm/self",
	},
	{
		.id = "smm/inject",
		.summary = "an OUT to user space that answers with KVM_SMI",
		.doc = "How UEFI asks its part in SMM for a service: a write to port 0xB2. The round trip holds the entry to SMM, "
		       "RSM and the next OUT; `guest` and `net` have the ioctl in it, too. Compare smm/self and "
		       "irq/nmi-ioctl.",
		SMI_MANUALS,
		.guest = GUEST(smm),
		.entry = "out",
		.arg = { ABI_PORT_MEASURE },
		.handled_in = HANDLED_USER,
		.expect = { RSM_EXITS, .kvm = KVM_EXIT(IO), .exits = 2, .reason_exits = 1 },
		.needs = { CAPS, ALONE },
		.supported = unpaged_guests,
		.setup = return_at_once_without_apic,
		.on_exit = send_smi,
		.baseline = "pio/out-user-1b",
	},
	{
		.id = "smm/ioctl",
		.summary = "KVM_SMI",
		.doc = "The call alone, of an idle vCPU: a request is noted for the next KVM_RUN. Compare ioctl/nmi.",
		.guest = GUEST(null),
		.entry = "null",
		.handled_in = HANDLED_HOST,
		.host_op = smi_ioctl,
		.needs = { CAPS },
		.baseline = "floor/ioctl-device",
	},
	FROM_OUTSIDE("running", PACED_BUSY, PACED_LEAVE_RUNNING_NS, 0, "Compare irq/msi-running."),
	FROM_OUTSIDE("halted", PACED_HALT, PACED_LEAVE_HALTED_NS, 1, "Compare irq/msi-halted."),
	{
		.id = "smm/rsm-outside",
		.summary = "RSM outside SMM: #UD",
		.doc = "KVM decodes the instruction, finds that the vCPU isn't in SMM and injects #UD, which the guest's handler "
		       "steps over. Compare insn/ud2.",
		.sdm = "vol. 3C 26.3",
		.apm = "15.13.3",
		.guest = GUEST(smm),
		.entry = "rsm",
		.handled_in = HANDLED_KERNEL,
		.expect = { RSM_EXITS, .exits = 1 },
		.baseline = "floor/null-loop",
	},
	{
		.id = "smm/out-user-1b",
		.summary = "OUT of 1 byte to user space, by a vCPU in SMM",
		.doc = "The vCPU is put into SMM as migration would, in 64-bit mode. `net` is what SMM changes: next to nothing. "
		       "Compare pio/out-user-1b.",
		OUT_TO_USER,
		.arg = { ABI_PORT_MEASURE },
		.needs = { CAPS },
		.setup = put_into_smm,
		.on_exit = must_be_in_smm,
	},
	{
		.id = "smm/cpuid",
		.summary = "CPUID leaf 0, by a vCPU in SMM",
		.doc = "As smm/out-user-1b, of an exit that stays in the kernel. Compare cpuid/leaf0.",
		CPUID_LEAF0,
		.needs = { CAPS },
		.setup = put_into_smm,
	},
};

BENCH_FAMILY("smm", "system management mode: SMIs, RSM, and exits from within", smm);
