// SPDX-License-Identifier: MIT
/* The life of a VM: created, entered for the first time, reset, destroyed. */
#include "measure/bench.h"
#include "measure/machine.h"
#include "measure/pass.h"
#include "out.h"

GUEST_DECLARE(null);

/* These take milliseconds: a run has few samples of each. arg4 is how many at most, arg5 the number of vCPUs. */
#define SAMPLES     10
#define SAMPLES_FEW 4
#define VCPUS_MAX   64

/* What an operation creates beside the job's own machine: of the measuring process. */
static struct {
	struct vm vm;
	bool exists;
	struct vcpu vcpus[VCPUS_MAX];
	unsigned count;
} other;

static void measure_few(struct pass *p)
{
	pass__host_operation(p, (uint32_t)p->bench->arg[4]);
}

static void destroy(struct machine *m)
{
	(void)m;
	while (other.count)
		vcpu__destroy(&other.vcpus[--other.count]);
	if (other.exists)
		vm__destroy(&other.vm);
	other.exists = false;
}

static void create(struct machine *m)
{
	vm__create(&other.vm, m->host, m->bench->needs.vm_type.number);
	other.exists = true;
}

/* What the measured operation must find: nothing; a VM; a VM with an irqchip. */
static void renew(struct machine *m)
{
	destroy(m);
	create(m);
}

static void create_irqchip(struct machine *m)
{
	(void)m;
	vm__ioctl(&other.vm, KVM_CREATE_IRQCHIP, NULL);
}

static void create_split_irqchip(struct machine *m)
{
	(void)m;
	vm__enable_cap(&other.vm, KVM_CAP_SPLIT_IRQCHIP, 24, "KVM_CAP_SPLIT_IRQCHIP");
}

static void create_pit(struct machine *m)
{
	struct kvm_pit_config pit = { 0 };

	(void)m;
	vm__ioctl(&other.vm, KVM_CREATE_PIT2, &pit);
}

static void renew_with_irqchip(struct machine *m)
{
	renew(m);
	create_irqchip(m);
}

static void create_vcpus(struct machine *m)
{
	for (other.count = 0; other.count < m->bench->arg[5]; other.count++)
		vcpu__create(&other.vcpus[other.count], &other.vm, other.count, &m->cpuid.header);
}

static void renew_with_vcpus(struct machine *m)
{
	renew_with_irqchip(m);
	create_vcpus(m);
}

/* ---- first entry ---------------------------------------------------------------------------------- */

/* A vCPU that has never run, in 64-bit mode at the guest's entry, on memory that the machine has already. */
static void renew_ready_to_run(struct machine *m)
{
	struct vcpu *v = &other.vcpus[0];

	renew(m);
	vm__set_slot(&other.vm, VM_SLOT_LOW, 0, 0, m->low.bytes, m->low.start);
	vm__set_slot(&other.vm, VM_SLOT_VCPU, 0, ABI_VCPU, m->areas.bytes, m->areas.start);
	create_vcpus(m);
	v->abi = m->vcpus[0].abi;
	vcpu__enter_long_mode(v);
	machine__arm(m, v, m->entry, ABI_MODE_HOST, 0);
}

static void run(struct machine *m)
{
	run_to_out(m, &other.vcpus[0]);
}

static void renew_and_run_once(struct machine *m)
{
	renew_ready_to_run(m);
	run(m);
}

/* ---- reset ---------------------------------------------------------------------------------------- */

static struct {
	struct kvm_regs regs;
	struct kvm_sregs sregs;
	struct kvm_vcpu_events events;
} initial;

static void save_initial_state(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];

	vcpu__set_entry(v, m->entry);
	vcpu__ioctl(v, KVM_GET_REGS, &initial.regs);
	vcpu__ioctl(v, KVM_GET_SREGS, &initial.sregs);
	vcpu__ioctl(v, KVM_GET_VCPU_EVENTS, &initial.events);
}

/* The guest has run since: what it changed is put back, not compared with what is there. */
static void run_machine(struct machine *m)
{
	run_to_out(m, &m->vcpus[0]);
	vcpu__complete_io(&m->vcpus[0]);
}

static void reset(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];

	vcpu__ioctl(v, KVM_SET_SREGS, &initial.sregs);
	vcpu__ioctl(v, KVM_SET_REGS, &initial.regs);
	vcpu__ioctl(v, KVM_SET_VCPU_EVENTS, &initial.events);
}

static void arm(struct machine *m)
{
	save_initial_state(m);
	machine__arm(m, &m->vcpus[0], m->entry, ABI_MODE_HOST, 0);
}

#define LIFE_OF(image, entry_, variant, what, why, most, vcpus_, prepare, operation, ...)                    \
	{                                                                                                    \
		.id = "vm/" variant, .summary = what, .doc = why, .guest = GUEST(image), .entry = entry_,    \
		.arg = { ABI_PORT_MEASURE, 0, 0, 0, most, vcpus_ }, .handled_in = HANDLED_HOST,              \
		.measure = measure_few, .timing_dependent = true, .host_prepare = prepare,                   \
		.host_op = operation, .teardown = destroy, .baseline = "floor/ioctl-device", __VA_ARGS__     \
	}
#define LIFE(...) LIFE_OF(null, "null", __VA_ARGS__)
#define VM_WHY    "What starting a VM costs before it has memory, devices or vCPUs. "
#define CHIP_WHY  "A part of starting a VM. Compare vm/create. "
#define VCPU_WHY                                                                                                           \
	"KVM_CREATE_VCPU, the mapping of kvm_run and KVM_SET_CPUID2, the VM has an irqchip. Compare the variants for the " \
	"cost per vCPU. "
#define DESTROY_WHY                                                                                          \
	"The last descriptor of the VM is closed: the MMU's tables, the vCPUs and the buses go. Compare the variants. "

#define VCPUS(n, samples)                                                                                    \
	LIFE("create-vcpus-" #n, #n " vCPU(s) are created", VCPU_WHY, samples, n, renew_with_irqchip,        \
		create_vcpus, .needs = { .irqchip = IRQCHIP_KERNEL }, .supported = allows_##n),              \
		LIFE("destroy-vcpus-" #n, "a VM with " #n " vCPU(s) is destroyed", DESTROY_WHY, samples, n,  \
			renew_with_vcpus, destroy, .needs = { .irqchip = IRQCHIP_KERNEL },                   \
			.supported = allows_##n)

#define ALLOWS(n)                                                                                            \
	static const char *allows_##n(const struct kvm_host *host)                                           \
	{                                                                                                    \
		return host->max_vcpus < n ? "this KVM allows fewer than " #n " vCPUs in a VM" : NULL;       \
	}
ALLOWS(1)
ALLOWS(2)
ALLOWS(8)
ALLOWS(64)

static const struct bench lives[] = {
	LIFE("create", "KVM_CREATE_VM", VM_WHY "Compare vm/destroy.", SAMPLES, 0, destroy, create),
	LIFE("destroy", "an empty VM is destroyed", DESTROY_WHY, SAMPLES, 0, renew, destroy),
	LIFE("create-irqchip", "KVM_CREATE_IRQCHIP: PIC, IOAPIC, and local APICs to come", CHIP_WHY, SAMPLES,
		0, renew, create_irqchip, .needs = { .irqchip = IRQCHIP_KERNEL }),
	LIFE("create-irqchip-split", "KVM_CAP_SPLIT_IRQCHIP: local APICs to come, the rest is user space's",
		CHIP_WHY, SAMPLES, 0, renew, create_split_irqchip, .needs = { .irqchip = IRQCHIP_SPLIT }),
	LIFE("create-pit", "KVM_CREATE_PIT2", CHIP_WHY "It comes with a kernel thread.", SAMPLES, 0,
		renew_with_irqchip, create_pit, .needs = { .irqchip = IRQCHIP_KERNEL, .pit = true }),
	VCPUS(1, SAMPLES),
	VCPUS(2, SAMPLES),
	VCPUS(8, SAMPLES),
	VCPUS(64, SAMPLES_FEW),
	LIFE_OF(pio, "out1", "run-first", "the first KVM_RUN of a new vCPU, to an OUT to user space",
		"Contains what KVM leaves until then: the MMU's root, the faults on the image and the vCPU's memory, the first "
		"load of the state. Compare vm/run-second.",
		SAMPLES, 1, renew_ready_to_run, run),
	LIFE_OF(pio, "out1", "run-second", "the second KVM_RUN of a new vCPU, to an OUT to user space",
		"What remains once the memory is mapped. Compare vm/run-first and pio/out-user-1b.", SAMPLES,
		1, renew_and_run_once, run),
	{
		.id = "vm/reset-vcpu",
		.summary = "registers, system registers and events of a vCPU that has run are put back",
		.doc = "What a VMM pays to start a vCPU anew (after KVM_EXIT_SHUTDOWN, or for the next input of a fuzzer), "
		       "without its memory: three ioctls. Compare ioctl/set-sregs and ioctl/set-regs.",
		.guest = GUEST(pio),
		.entry = "out1",
		.arg = { ABI_PORT_MEASURE },
		.handled_in = HANDLED_HOST,
		.setup = arm,
		.host_prepare = run_machine,
		.host_op = reset,
		.baseline = "floor/ioctl-vcpu",
	},
};

BENCH_FAMILY("vm", "the life of a VM: create, first entry, reset, destroy", lives);
