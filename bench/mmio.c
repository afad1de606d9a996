// SPDX-License-Identifier: MIT
/* Memory-mapped I/O: the guest touches an address behind which there is no memory. */
#include "base/fatal.h"
#include "measure/bench.h"
#include "measure/machine.h"

GUEST_DECLARE(mmio);

#define CR4_OSXSAVE (1u << 18)
#define XCR0_TO_AVX 7 /* x87, SSE, AVX */

#define GUEST_ACCESS(guest_entry, address, value)                                                            \
	.guest = GUEST(mmio), .entry = guest_entry, .arg = { address, value }, .baseline = "floor/null-loop"

/*
 * The first access faults (EPT violation, NPF) and leaves a marker in the tables by which KVM recognises the
 * next: EPT misconfiguration on VMX (SDM vol. 3C 29.3.3.1), a reserved bit in the NPF on SVM. Measured is the next.
 * With kvm.mmio_caching=N, and on SVM with 52 bits of physical address, which leave none reserved, all are like the first.
 */
#define USER(variant, guest_entry, what, why)                                                                         \
	{                                                                                                             \
		.id = "mmio/" variant, .summary = what " to user space",                                              \
		.doc = "KVM has to decode the instruction to learn what is accessed: compare pio/out-user-1b, where " \
		       "the exit says it. " why,                                                                      \
		.sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6", GUEST_ACCESS(guest_entry, ABI_UNBACKED, 0),              \
		.handled_in = HANDLED_USER,                                                                           \
		.expect = { .vmx = VMX_MMIO,                                                                          \
			.svm = SVM(NPF),                                                                              \
			.kvm = KVM_EXIT(MMIO),                                                                        \
			.exits = 1,                                                                                   \
			.stats = { { "mmio_exits", 1 }, { "insn_emulation", 1, AT_LEAST } } },                        \
	}
#define WRITE_WHY "A write is done when user space has it."
#define READ_WHY  "A read is completed on the next KVM_RUN."

#define CROSSPAGE(access, what, why)                                                                         \
	{                                                                                                    \
		.id = "mmio/" access "-crosspage-user",                                                      \
		.summary = what " of 8 bytes across a page boundary, to user space in two pieces",           \
		.doc = why, .sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6",                                     \
		GUEST_ACCESS(access "8", ABI_UNBACKED + 0xffc, 0), .handled_in = HANDLED_USER,               \
		.user_exits = 2,                                                                             \
		.expect = { .vmx = VMX_MMIO,                                                                 \
			.svm = SVM(NPF),                                                                     \
			.kvm = KVM_EXIT(MMIO),                                                               \
			.exits = 1,                                                                          \
			.stats = { { "mmio_exits", 1, AT_LEAST } } },                                        \
	}

#define SSE(access, what, why)                                                                               \
	{                                                                                                    \
		.id = "mmio/" access "-user-16b",                                                            \
		.summary = what " of 16 bytes by MOVDQU, to user space in two pieces", .doc = why,           \
		.sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6", GUEST_ACCESS(access "16", ABI_UNBACKED, 0),     \
		.handled_in = HANDLED_USER, .user_exits = 2,                                                 \
		.expect = { .vmx = VMX_MMIO,                                                                 \
			.svm = SVM(NPF),                                                                     \
			.kvm = KVM_EXIT(MMIO),                                                               \
			.exits = 1,                                                                          \
			.stats = { { "mmio_exits", 1, AT_LEAST }, { "insn_emulation", 1, AT_LEAST } } },     \
	}

/* Completes whatever it was: an access of several pieces has left the last of them behind. */
static void need_avx_emulation(struct machine *m)
{
	struct kvm_xcrs xcrs = { .nr_xcrs = 1, .xcrs[0].value = XCR0_TO_AVX };
	struct vcpu *v = &m->vcpus[0];
	struct kvm_sregs sregs;
	long value;

	vcpu__ioctl(v, KVM_GET_SREGS, &sregs);
	sregs.cr4 |= CR4_OSXSAVE;
	vcpu__ioctl(v, KVM_SET_SREGS, &sregs);
	vcpu__ioctl(v, KVM_SET_XCRS, &xcrs);
	machine__arm(m, v, m->entry, ABI_MODE_HOST, 0);
	value = vcpu__run(v->fd);
	if (!value && v->run->exit_reason == KVM_EXIT_INTERNAL_ERROR)
		skip("this KVM's instruction emulator doesn't know AVX");
	if (value || v->run->exit_reason != KVM_EXIT_MMIO)
		machine__unexpected(m, v, value);
	v->run->immediate_exit = 1;
	while (vcpu__run(v->fd) == 0)
		;
	v->run->immediate_exit = 0;
}

#define AVX(access, what, why)                                                                               \
	{                                                                                                    \
		.id = "mmio/" access "-user-32b",                                                            \
		.summary = what " of 32 bytes by VMOVDQU, to user space in four pieces", .doc = why,         \
		.sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6", GUEST_ACCESS(access "32", ABI_UNBACKED, 0),     \
		.handled_in = HANDLED_USER, .user_exits = 4, .setup = need_avx_emulation,                    \
		.expect = { .vmx = VMX_MMIO,                                                                 \
			.svm = SVM(NPF),                                                                     \
			.kvm = KVM_EXIT(MMIO),                                                               \
			.exits = 1,                                                                          \
			.stats = { { "mmio_exits", 1, AT_LEAST }, { "insn_emulation", 1, AT_LEAST } } },     \
		.needs = { .cpu_flag = "avx", .caps = { NEED_CAP(KVM_CAP_XCRS) }, .max_vcpus = 1 },          \
	}

/* KVM emulates an element and has the guest begin anew for the rest. */
#define REP_MOVS(elements, most)                                                                                        \
	{                                                                                                               \
		.id = "mmio/rep-movs-user-" #elements,                                                                  \
		.summary = "REP MOVSD of " #elements " element(s) from memory, to user space",                          \
		.doc = "How a guest fills a frame buffer or a card's memory. Each element is an exit of its own, with " \
		       "the source read by KVM. Compare mmio/write-user-4b, times the elements.",                       \
		.sdm = "vol. 3C 29.3.3.1", .apm = "15.25.6",                                                            \
		GUEST_ACCESS("rep_movs", ABI_UNBACKED, elements), .handled_in = HANDLED_USER,                           \
		.user_exits = elements, .samples_max = most,                                                            \
		.expect = { .vmx = VMX_MMIO,                                                                            \
			.svm = SVM(NPF),                                                                                \
			.kvm = KVM_EXIT(MMIO),                                                                          \
			.exits = elements,                                                                              \
			.stats = { { "mmio_exits", elements }, { "insn_emulation", elements, AT_LEAST } } },            \
	}

#define DEVICE(variant, guest_entry, what, why, address, value, ...)                                         \
	{                                                                                                    \
		.id = "mmio/" variant, .summary = what, .doc = why, .sdm = "vol. 3C 31.4", .apm = "15.29",   \
		GUEST_ACCESS(guest_entry, address, value), .handled_in = HANDLED_KERNEL,                     \
		.expect = { .exits = 1, __VA_ARGS__ }, .needs = { .irqchip = IRQCHIP_KERNEL },               \
	}

#define LAPIC_ID      (ABI_LAPIC + 0x020)
#define LAPIC_LVT_ERR (ABI_LAPIC + 0x370)
#define LVT_MASKED    0x10000
#define IOREGSEL      ABI_IOAPIC
#define IOWIN         (ABI_IOAPIC + 0x10)

/* Without APICv KVM leaves the page unmapped and emulates from the violation; 6.1 does so twice for a read. With it,
 * and with AVIC, a write that is more than a store exits behind it, with a code of its own. */
#define LAPIC_EXITS                                                                                          \
	.vmx = VMX_OR_EITHER(APIC_ACCESS, EPT_VIOLATION, APIC_WRITE),                                        \
	.svm = SVM_OR(NPF, AVIC_UNACCELERATED_ACCESS), .exits_relation = AT_LEAST, .may_not_exit = true
#define IOAPIC_EXITS .vmx = VMX_MMIO, .svm = SVM(NPF)

#define LAPIC_WHY                                                                                              \
	"The local APIC in KVM. With APICv or AVIC the CPU reads most registers itself and the row says that " \
	"there is no exit; a write to a local vector table leaves for KVM after the fact."
#define IOAPIC_WHY                                                                                           \
	"The IOAPIC in KVM: MMIO that ends in the kernel; the difference to mmio/read-user-4b is the way to user space."

static const struct bench mmio[] = {
	USER("read-user-1b", "read1", "a read of 1 byte", READ_WHY),
	USER("read-user-2b", "read2", "a read of 2 bytes", READ_WHY),
	USER("read-user-4b", "read4", "a read of 4 bytes", READ_WHY),
	USER("read-user-8b", "read8", "a read of 8 bytes", READ_WHY),
	USER("write-user-1b", "write1", "a write of 1 byte", WRITE_WHY),
	USER("write-user-2b", "write2", "a write of 2 bytes", WRITE_WHY),
	USER("write-user-4b", "write4", "a write of 4 bytes", WRITE_WHY),
	USER("write-user-8b", "write8", "a write of 8 bytes", WRITE_WHY),
	CROSSPAGE("write", "a write",
		"KVM splits the access at the page: one exit of the guest, two returns of KVM_RUN. Compare twice "
		"mmio/write-user-4b."),
	CROSSPAGE("read", "a read",
		"As mmio/write-crosspage-user, and each piece is completed on the next KVM_RUN."),
	SSE("write", "a write",
		"KVM hands on 8 bytes at most at a time: one exit of the guest, two returns of KVM_RUN. Compare "
		"mmio/write-crosspage-user."),
	SSE("read", "a read", "As mmio/write-user-16b, and each piece is completed on the next KVM_RUN."),
	AVX("write", "a write",
		"As mmio/write-user-16b with twice the pieces; the emulators of older kernels don't know AVX."),
	AVX("read", "a read", "As mmio/write-user-32b, and each piece is completed on the next KVM_RUN."),
	REP_MOVS(1, 0),
	REP_MOVS(4, 1024),
	{
		.id = "mmio/write-readonly-slot",
		.summary = "a write to a read-only memory slot, to user space",
		.doc = "How VMMs emulate flash: the page is mapped without the right to write, so each write is a "
		       "violation that KVM must emulate. Compare mmio/write-user-1b.",
		.sdm = "vol. 3C 29.3.3.2",
		.apm = "15.25.6",
		GUEST_ACCESS("write1", ABI_ARENA, 0),
		.handled_in = HANDLED_USER,
		.expect = { .vmx = VMX(EPT_VIOLATION),
			.svm = SVM(NPF),
			.kvm = KVM_EXIT(MMIO),
			.exits = 1,
			.stats = { { "mmio_exits", 1 }, { "pf_taken", 1 } } },
		.needs = { .caps = { NEED_CAP(KVM_CAP_READONLY_MEM) } },
		.arena = { .backing = BACKING_ANON_4K, .bytes = 4096, .readonly = true },
	},
	{
		.id = "mmio/read-readonly-slot",
		.summary = "a read from a read-only memory slot: no exit",
		.doc = "The control of mmio/write-readonly-slot: once mapped, reads don't exit.",
		GUEST_ACCESS("read1", ABI_ARENA, 0),
		.handled_in = HANDLED_NOWHERE,
		.needs = { .caps = { NEED_CAP(KVM_CAP_READONLY_MEM) } },
		.arena = { .backing = BACKING_ANON_4K, .bytes = 4096, .readonly = true },
	},
	DEVICE("read-lapic", "read4", "a read of the local APIC's ID register", LAPIC_WHY, LAPIC_ID, 0,
		LAPIC_EXITS),
	DEVICE("write-lapic", "write4", "a write to the local APIC's error LVT", LAPIC_WHY, LAPIC_LVT_ERR,
		LVT_MASKED, LAPIC_EXITS),
	DEVICE("read-ioapic", "read4", "a read of the IOAPIC's window", IOAPIC_WHY, IOWIN, 0, IOAPIC_EXITS),
	DEVICE("write-ioapic", "write4", "a write to the IOAPIC's register select", IOAPIC_WHY, IOREGSEL, 0,
		IOAPIC_EXITS),
};

BENCH_FAMILY("mmio", "memory-mapped I/O: accesses to addresses without memory", mmio);
