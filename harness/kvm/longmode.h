/* SPDX-License-Identifier: MIT */
/* The tables and system registers that let a vCPU start in 64-bit mode (SDM vol. 3A 4.5, 10.8.5; APM vol. 2 14.6). */
#ifndef KVM_LONGMODE_H
#define KVM_LONGMODE_H

#include <linux/kvm.h>
#include <stdint.h>

/* Writes page tables (identity, 4 GiB, 2 MiB pages), GDT, TSS and an IDT whose gates lead to the image's
 * stubs into low memory. `vectors` as image__vectors() gives it. */
void longmode__build(uint8_t *low, uint64_t vectors);

/* Changes what KVM_GET_SREGS gave to 64-bit mode, ring 0, on those tables; GS base = `gs_base`. */
void longmode__sregs(struct kvm_sregs *sregs, uint64_t gs_base);

#endif
