/* SPDX-License-Identifier: MIT */
/*
 * What guest and host agree on; included by C and by assembly.  tests/unit/test_abi.c asserts that the
 * structure and the offsets are the same thing.
 */
#ifndef GUESTS_ABI_H
#define GUESTS_ABI_H

/* Guest-physical map.  The guest runs on an identity map of the first 4 GiB (2 MiB pages), virtual =
 * physical, except that the arena may be mapped by 4 KiB pages on request. */
#define ABI_PML4       0x00001000
#define ABI_PDPT       0x00002000
#define ABI_PD         0x00003000 /* four pages: 4 GiB */
#define ABI_GDT        0x00008000
#define ABI_IDT        0x00009000
#define ABI_TSS        0x0000a000
#define ABI_IMAGE      0x00100000 /* the guest's flat binary; 1 MiB */
#define ABI_IMAGE_SIZE 0x00100000
#define ABI_LOW_SIZE   0x00200000 /* end of the low memory slot */
#define ABI_VCPU       0x10000000 /* per-vCPU areas, ABI_VCPU_SIZE each */
#define ABI_ARENA      0x40000000 /* memory that a benchmark works on; its own slot */
#define ABI_UNBACKED   0xd0000000 /* no slot ever: accesses are MMIO to user space */
#define ABI_IOAPIC     0xfec00000 /* where KVM's devices sit by default */
#define ABI_LAPIC      0xfee00000

/* One vCPU's area: the shared page, the ring of stamps, the stack. */
#define ABI_VCPU_SIZE   0x00020000
#define ABI_RING_OFFSET 0x00001000
#define ABI_RING_SLOTS  4096          /* samples; a sample is two stamps of 8 bytes */
#define ABI_STACK_TOP   ABI_VCPU_SIZE /* grows down to the ring's end at 0x11000 */

#define ABI_CODE_SELECTOR 0x08
#define ABI_DATA_SELECTOR 0x10
#define ABI_TSS_SELECTOR  0x18

/* Ports on which the guest speaks to the harness; nothing in KVM claims them. */
#define ABI_PORT_DONE    0x5e0 /* a byte written: the entry has finished (enum in `status`) */
#define ABI_PORT_MEASURE 0x5e8 /* what the pio family reads and writes: up to 4 bytes */

/* abi.mode: which of the two measured loops an entry runs. */
#define ABI_MODE_HOST  0 /* endless: body, jump; the host holds the clock and ends it */
#define ABI_MODE_GUEST 1 /* `samples` times: stamp, `ops` bodies, stamp, store */

/* abi.status */
#define ABI_STATUS_RUNNING   0
#define ABI_STATUS_DONE      1
#define ABI_STATUS_ASSERT    2 /* a guest assertion failed: line, value, wanted */
#define ABI_STATUS_EXCEPTION 3 /* an exception nobody wanted: vector, error, rip, cr2 in value.. */

#define ABI_ARGS 6

/* Offsets into the shared page, for assembly. */
#define ABI_OFF_MODE    0x00
#define ABI_OFF_SAMPLES 0x08
#define ABI_OFF_OPS     0x10
#define ABI_OFF_INDEX   0x18
#define ABI_OFF_ARG     0x20
#define ABI_OFF_STATUS  0x50
#define ABI_OFF_TAKEN   0x58
#define ABI_OFF_LINE    0x60
#define ABI_OFF_VALUE   0x68
#define ABI_OFF_WANTED  0x70
#define ABI_OFF_VECTOR  0x78
#define ABI_OFF_ERROR   0x80
#define ABI_OFF_RIP     0x88
#define ABI_OFF_CR2     0x90
#define ABI_OFF_SHARED  0xc0 /* eight words of a cache line of its own: what a family needs */
#define ABI_SHARED      8

#ifndef __ASSEMBLER__

#include <stdint.h>

struct abi_page {
	uint64_t mode;
	uint64_t samples; /* to take in this round, at most ABI_RING_SLOTS */
	uint64_t ops;     /* operations a sample */
	uint64_t index;   /* of this vCPU in its VM */
	uint64_t arg[ABI_ARGS];
	uint64_t status;
	uint64_t taken; /* samples stored in this round */
	uint64_t line;  /* of a failed guest assertion, with what was seen and what was wanted */
	uint64_t value;
	uint64_t wanted;
	uint64_t vector; /* of an unexpected exception, with what the CPU pushed */
	uint64_t error;
	uint64_t rip;
	uint64_t cr2;
	uint64_t reserved[5];
	uint64_t shared[ABI_SHARED]; /* host and guest may write while the guest runs */
};

struct abi_sample {
	uint64_t before_tsc;
	uint64_t after_tsc;
};

#endif
#endif
