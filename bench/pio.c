// SPDX-License-Identifier: MIT
/* Port I/O: to user space, by string instructions, and to the devices that KVM emulates itself. */
#include "measure/bench.h"

GUEST_DECLARE(pio);

#define MANUALS .sdm = "vol. 3C 26.1.3", .apm = "15.10.2"
#define EXITS   .vmx = VMX(IO_INSTRUCTION), .svm = SVM(IOIO)

/* A plain IN or OUT to a port that nothing claims. */
#define USER(variant, guest_entry, what, why)                                                                \
	{                                                                                                    \
		.id = "pio/" variant, .summary = what " to user space", .doc = why, MANUALS,                 \
		.guest = GUEST(pio), .entry = guest_entry, .arg = { ABI_PORT_MEASURE },                      \
		.handled_in = HANDLED_USER,                                                                  \
		.expect = { EXITS, .kvm = KVM_EXIT(IO), .exits = 1, .stats = { { "io_exits", 1 } } },        \
		.baseline = "floor/null-loop",                                                               \
	}

#define OUT_WHY                                                                                                \
	"The cheapest exit to user space: KVM decodes it from the exit information and returns; the floor of " \
	"every device that a VMM emulates. Compare floor/run-immediate and cpuid/leaf0."
#define IN_WHY                                                                                               \
	"As OUT, but the value is delivered on the next KVM_RUN, before the guest goes on: the round trip "  \
	"contains the completion of the one before."

/*
 * KVM emulates string instructions. INS is asked of user space in blocks, OUTS element by element; each time
 * the guest is entered again and exits for what remains, the last time to find that nothing does.
 */
#define STRING(variant, guest_entry, what, elements, leaves, most)                                                  \
	{                                                                                                           \
		.id = "pio/" variant, .summary = what " to user space",                                             \
		.doc = "A string instruction goes through KVM's instruction emulator. INS asks user space for a "   \
		       "block at a time, OUTS hands over element by element; after each the guest exits again for " \
		       "what remains, at last for nothing. Compare pio/in-user-1b, and pio/out-user-1b times the "  \
		       "elements.",                                                                                 \
		MANUALS, .guest = GUEST(pio), .entry = guest_entry, .arg = { ABI_PORT_MEASURE, elements },          \
		.handled_in = HANDLED_USER, .user_exits = leaves,                                                   \
		.expect = { EXITS, .kvm = KVM_EXIT(IO), .exits = (leaves) + 1,                                      \
			.stats = { { "io_exits", (leaves) + 1 } } },                                                \
		.samples_max = most, .baseline = "floor/null-loop",                                                 \
	}

/* A device inside KVM: the exit ends in the kernel. */
#define DEVICE(variant, guest_entry, what, port, value, with_pit)                                              \
	{                                                                                                      \
		.id = "pio/" variant, .summary = what,                                                         \
		.doc = "Port I/O that KVM's own device answers: exit, look-up on the bus, the device, entry. " \
		       "The difference to pio/out-user-1b is the way to user space and back.",                 \
		MANUALS, .guest = GUEST(pio), .entry = guest_entry, .arg = { port, value },                    \
		.handled_in = HANDLED_KERNEL,                                                                  \
		.expect = { EXITS, .exits = 1, .stats = { { "io_exits", 1 } } },                               \
		.needs = { .irqchip = IRQCHIP_KERNEL, .pit = with_pit }, .baseline = "floor/null-loop",        \
	}

#define PIC1_DATA   0x21
#define ELCR1       0x4d0
#define PIT_COUNT0  0x40
#define PIT_SPEAKER 0x61

static const struct bench pio[] = {
	USER("out-user-1b", "out1", "OUT of 1 byte", OUT_WHY),
	USER("out-user-2b", "out2", "OUT of 2 bytes", OUT_WHY),
	USER("out-user-4b", "out4", "OUT of 4 bytes", OUT_WHY),
	USER("in-user-1b", "in1", "IN of 1 byte", IN_WHY),
	USER("in-user-2b", "in2", "IN of 2 bytes", IN_WHY),
	USER("in-user-4b", "in4", "IN of 4 bytes", IN_WHY),
	{
		.id = "pio/pci-config-read",
		.summary = "a read from PCI configuration space: an OUT and an IN to user space",
		.doc = "Ports 0xCF8 and 0xCFC: what enumerating devices is made of. Compare pio/out-user-4b and "
		       "pio/in-user-4b together.",
		MANUALS,
		.guest = GUEST(pio),
		.entry = "pci_config",
		.handled_in = HANDLED_USER,
		.user_exits = 2,
		.expect = { EXITS, .kvm = KVM_EXIT(IO), .exits = 2, .stats = { { "io_exits", 2 } } },
		.baseline = "floor/null-loop",
	},
	STRING("rep-outs-user-1", "rep_outs", "REP OUTSB of 1 element", 1, 1, 0),
	STRING("rep-outs-user-16", "rep_outs", "REP OUTSB of 16 elements", 16, 16, 512),
	STRING("rep-outs-user-512", "rep_outs", "REP OUTSB of 512 elements", 512, 512, 16),
	STRING("rep-ins-user-1", "rep_ins", "REP INSB of 1 element", 1, 1, 0),
	STRING("rep-ins-user-16", "rep_ins", "REP INSB of 16 elements", 16, 1, 0),
	STRING("rep-ins-user-512", "rep_ins", "REP INSB of 512 elements", 512, 1, 0),
	DEVICE("in-pic", "in1", "IN from the interrupt controller's mask (PIC, port 0x21)", PIC1_DATA, 0,
		false),
	DEVICE("out-pic", "device_out", "OUT to the interrupt controller's mask (PIC, port 0x21)", PIC1_DATA,
		0xff, false),
	DEVICE("in-elcr", "in1", "IN from the edge/level register (ELCR, port 0x4d0)", ELCR1, 0, false),
	DEVICE("out-elcr", "device_out", "OUT to the edge/level register (ELCR, port 0x4d0)", ELCR1, 0,
		false),
	DEVICE("in-pit", "in1", "IN from counter 0 of the timer (PIT, port 0x40)", PIT_COUNT0, 0, true),
	DEVICE("in-pit-speaker", "in1", "IN from the timer's gate (PIT, port 0x61)", PIT_SPEAKER, 0, true),
	DEVICE("out-pit-speaker", "device_out", "OUT to the timer's gate (PIT, port 0x61)", PIT_SPEAKER, 0,
		true),
};

BENCH_FAMILY("pio", "port I/O: IN, OUT and their string forms", pio);
