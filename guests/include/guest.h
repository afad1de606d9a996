/* SPDX-License-Identifier: MIT */
/*
 * What every guest is made of: the entry macro, the stamp, the measured loop, gates and assertions.
 *
 * Registers of the measured loop: %r15 the shared page, %r12 samples left, %r13 the ring, %r14 operations
 * left, %rbp the first stamp.  A body may use all others; %rax and %rdx don't survive a stamp.  %gs:0 is
 * the shared page too (the host sets the base), for handlers that know no register.
 */
#ifndef GUESTS_INCLUDE_GUEST_H
#define GUESTS_INCLUDE_GUEST_H

#include "guests/abi.h"

#ifdef __ASSEMBLER__
/* clang-format off */

/* Names the address that follows in the image's table, where the host looks entries up. */
.macro ENTRY name
	.pushsection .entries, "a"
	.quad entry_\name
	.ascii "\name"
	.zero 24 - (9f - 8f)
	.popsection
	.pushsection .discard, "", @progbits
8:	.ascii "\name"
9:
	.popsection
	.p2align 4
entry_\name:
.endm

/* %rdx = time stamp; clobbers %rax.  LFENCE in front: everything before has retired when RDTSC reads;
 * behind: nothing after starts earlier (SDM vol. 2B, RDTSC).  Not RDTSCP (may be #UD in a guest), not
 * CPUID (exits).  The host stamps with the same fences, so that the overheads are alike. */
.macro STAMP
	lfence
	rdtsc
	lfence
	shl	$32, %rdx
	or	%rax, %rdx
.endm

/* The end of a sample: its second stamp, both into the ring; the next one at `again`, or the round is over. */
.macro STAMP_AND_STORE again
	STAMP
	mov	%rbp, (%r13)
	mov	%rdx, 8(%r13)
	add	$16, %r13
	dec	%r12
	jnz	\again
	jmp	guest_done
.endm

/*
 * An entry `name` that measures the macro body_<name>, after `init` (a macro to run once; may set registers
 * for the body).  The loops differ between benchmarks in the body alone; the null loop has an empty one.
 */
.macro MEASURE name, init=no_init
	ENTRY	\name
	mov	%rdi, %r15
	\init
	cmpq	$ABI_MODE_GUEST, ABI_OFF_MODE(%r15)
	je	.Lguest_mode_\@
	.p2align 4
.Lhost_mode_\@:
	body_\name
	jmp	.Lhost_mode_\@

.Lguest_mode_\@:
	mov	ABI_OFF_SAMPLES(%r15), %r12
	lea	ABI_RING_OFFSET(%r15), %r13
	.p2align 4
.Lsample_\@:
	mov	ABI_OFF_OPS(%r15), %r14
	STAMP
	mov	%rdx, %rbp
.Lop_\@:
	body_\name
	dec	%r14
	jnz	.Lop_\@
	STAMP_AND_STORE .Lsample_\@
.endm

.macro no_init
.endm

/* Loads the benchmark's n-th parameter. */
.macro LOAD_ARG n, register
	mov	(ABI_OFF_ARG + 8 * \n)(%r15), \register
.endm

/* Points the IDT's gate of `vector` at `handler` (an interrupt gate: IF is clear in the handler).
 * SDM vol. 3A 6.14.1. Clobbers %rax. */
.macro SET_GATE vector, handler
	mov	$\handler, %eax
	mov	%ax, (ABI_IDT + 16 * \vector)
	movw	$ABI_CODE_SELECTOR, (ABI_IDT + 16 * \vector + 2)
	movw	$0x8e00, (ABI_IDT + 16 * \vector + 4)
	shr	$16, %eax
	mov	%ax, (ABI_IDT + 16 * \vector + 6)
	movq	$0, (ABI_IDT + 16 * \vector + 8)
.endm

/* Ends the round as failed unless the 64-bit register equals the immediate; the host prints line and values. */
.macro ASSERT_EQUAL wanted, register
	cmp	$\wanted, \register
	je	.Lequal_\@
	movq	$__LINE__, ABI_OFF_LINE(%r15)
	mov	\register, ABI_OFF_VALUE(%r15)
	movq	$\wanted, ABI_OFF_WANTED(%r15)
	jmp	guest_assert
.Lequal_\@:
.endm

/* clang-format on */
#else /* C */

#include <stdint.h>

/* Names a C function `void name(struct abi_page *abi)` as an entry of the image; when it returns, the round
 * is done. */
#define GUEST_ENTRY(name)                                                                                    \
	void entry_##name(struct abi_page *abi);                                                             \
	__asm__(".pushsection .entries, \"a\"\n\t"                                                           \
		".quad entry_trampoline_" #name "\n\t"                                                       \
		"8: .ascii \"" #name "\"\n\t"                                                                \
		"9: .zero 24 - (9b - 8b)\n\t"                                                                \
		".popsection\n\t"                                                                            \
		".pushsection .text\n"                                                                       \
		"entry_trampoline_" #name ":\n\t"                                                            \
		"mov %rdi, %r15\n\t"                                                                         \
		"call entry_" #name "\n\t"                                                                   \
		"jmp guest_done\n\t"                                                                         \
		".popsection");                                                                              \
	void entry_##name(struct abi_page *abi)

static inline uint64_t stamp(void)
{
	uint32_t low, high;

	__asm__ __volatile__("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void store_sample(struct abi_page *abi, uint64_t i, uint64_t before_tsc, uint64_t after_tsc)
{
	volatile struct abi_sample *ring = (volatile struct abi_sample *)((uint8_t *)abi + ABI_RING_OFFSET);

	ring[i].before_tsc = before_tsc;
	ring[i].after_tsc = after_tsc;
}

#define GUEST_ASSERT(abi_, seen, wanted_)                                                                    \
	do {                                                                                                 \
		uint64_t seen_ = (seen), want_ = (wanted_);                                                  \
		if (seen_ != want_)                                                                          \
			guest_assert_failed((abi_), __LINE__, seen_, want_);                                 \
	} while (0)

_Noreturn void guest_assert_failed(struct abi_page *abi, uint64_t line, uint64_t value, uint64_t wanted);

#endif
#endif
