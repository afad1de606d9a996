/* SPDX-License-Identifier: MIT */
/*
 * The local APIC in its two modes: xAPIC (registers in memory) and x2APIC (registers as MSRs; SDM vol. 3A
 * 11.12, APM vol. 2 16.9).  Every macro exists with the suffixes _xapic and _x2apic, so that a benchmark
 * written once serves both.
 *
 * %rsi holds ABI_LAPIC after init_xapic; bodies and handlers must leave it alone.  The macros for x2APIC
 * clobber %rax, %rcx and %rdx, those for xAPIC at most %rax.
 */
#ifndef GUESTS_INCLUDE_APIC_H
#define GUESTS_INCLUDE_APIC_H

#include "guest.h"

#define IA32_APIC_BASE    0x1b
#define APIC_BASE_EXTD    (1 << 10) /* x2APIC mode */
#define IA32_TSC_DEADLINE 0x6e0

/* Offsets in xAPIC mode; the x2APIC MSR is 0x800 + offset / 16. */
#define APIC_TPR           0x080
#define APIC_EOI           0x0b0
#define APIC_SVR           0x0f0
#define APIC_ICR           0x300
#define APIC_ICR_HIGH      0x310
#define APIC_LVTT          0x320
#define APIC_TMICT         0x380
#define APIC_TDCR          0x3e0
#define X2APIC_MSR(offset) (0x800 + (offset) / 16)
#define X2APIC_SELF_IPI    0x83f

#define SVR_ENABLE_SPURIOUS 0x1ff /* software enable, spurious vector 0xff */
#define ICR_NMI             (4 << 8)
#define ICR_ASSERT          (1 << 14)
#define ICR_LEVEL           (1 << 15)
#define ICR_SELF            (1 << 18) /* shorthand: the sender itself */
#define ICR_OTHERS          (3 << 18) /* shorthand: all but the sender */
#define TDCR_DIVIDE_BY_1    0xb
#define TIMER_ONE_SHOT      (0 << 17)
#define TIMER_PERIODIC      (1 << 17)
#define TIMER_TSC_DEADLINE  (2 << 17)

/* What the benchmarks' interrupts use: above the exceptions, below the spurious vector. */
#define VECTOR 0x50

#ifdef __ASSEMBLER__
/* clang-format off */

.macro APIC_WRITE_x2apic offset, value
	mov	$X2APIC_MSR(\offset), %ecx
	mov	$\value, %eax
	xor	%edx, %edx
	wrmsr
.endm
.macro APIC_WRITE_xapic offset, value
	movl	$\value, \offset(%rsi)
.endm

.macro SELF_IPI_x2apic
	mov	$X2APIC_SELF_IPI, %ecx
	mov	$VECTOR, %eax
	xor	%edx, %edx
	wrmsr
.endm
.macro SELF_IPI_xapic
	movl	$(ICR_SELF | ICR_ASSERT | VECTOR), APIC_ICR(%rsi)
.endm

/* Puts the APIC into the mode, enabled by software. */
.macro APIC_SWITCH_ON_x2apic
	mov	$IA32_APIC_BASE, %ecx
	rdmsr
	or	$APIC_BASE_EXTD, %eax
	wrmsr
	APIC_WRITE_x2apic APIC_SVR, SVR_ENABLE_SPURIOUS
.endm
.macro APIC_SWITCH_ON_xapic
	mov	$ABI_LAPIC, %esi
	APIC_WRITE_xapic APIC_SVR, SVR_ENABLE_SPURIOUS
.endm

/* The same, and lets every priority through; leaves interrupts off. */
.macro APIC_ENABLE_x2apic
	APIC_SWITCH_ON_x2apic
	APIC_WRITE_x2apic APIC_TPR, 0
	cli
.endm
.macro APIC_ENABLE_xapic
	APIC_SWITCH_ON_xapic
	APIC_WRITE_xapic APIC_TPR, 0
	cli
.endm

/* Both modes of a macro that takes the suffix. */
.macro IN_BOTH_MODES name
	\name	x2apic
	\name	xapic
.endm

/* clang-format on */
#endif
#endif
