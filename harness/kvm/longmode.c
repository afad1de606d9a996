// SPDX-License-Identifier: MIT
#include "kvm/longmode.h"

#include <string.h>

#include "guests/abi.h"

/* Page-table bits, SDM vol. 3A table 4-15. A and D are set so that the walker need not write. */
#define PTE_P    (1ull << 0)
#define PTE_RW   (1ull << 1)
#define PTE_US   (1ull << 2)
#define PTE_A    (1ull << 5)
#define PTE_D    (1ull << 6)
#define PTE_PS   (1ull << 7)
#define PAGE_2M  (1ull << 21)
#define PD_PAGES 4

#define CR0_PE (1ull << 0)
#define CR0_MP (1ull << 1)
#define CR0_ET (1ull << 4)
#define CR0_NE (1ull << 5)
#define CR0_WP (1ull << 16)
#define CR0_PG (1ull << 31)

#define CR4_DE         (1ull << 3)
#define CR4_PAE        (1ull << 5)
#define CR4_PGE        (1ull << 7)
#define CR4_OSFXSR     (1ull << 9)
#define CR4_OSXMMEXCPT (1ull << 10)

#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)
#define EFER_NXE (1ull << 11)

static void put(uint8_t *low, uint64_t gpa, uint64_t value)
{
	memcpy(low + gpa, &value, sizeof(value));
}

static void build_page_tables(uint8_t *low)
{
	uint64_t table = PTE_P | PTE_RW | PTE_US | PTE_A;
	unsigned page, entry;

	put(low, ABI_PML4, ABI_PDPT | table);
	for (page = 0; page < PD_PAGES; page++) {
		uint64_t pd = ABI_PD + page * 0x1000ull;

		put(low, ABI_PDPT + 8 * page, pd | table);
		for (entry = 0; entry < 512; entry++)
			put(low, pd + 8 * entry, (page * 512ull + entry) * PAGE_2M | table | PTE_D | PTE_PS);
	}
}

static void build_gdt(uint8_t *low)
{
	/* SDM vol. 3A 3.4.5: 64-bit code (L=1), flat data, and the 16-byte descriptor of a TSS. */
	put(low, ABI_GDT + ABI_CODE_SELECTOR, 0x00af9b000000ffffull);
	put(low, ABI_GDT + ABI_DATA_SELECTOR, 0x00cf93000000ffffull);
	put(low, ABI_GDT + ABI_TSS_SELECTOR, 0x00008b0000000067ull | (uint64_t)(ABI_TSS & 0xffffff) << 16);
	put(low, ABI_GDT + ABI_TSS_SELECTOR + 8, 0);
}

static void build_idt(uint8_t *low, uint64_t vectors)
{
	unsigned v;

	for (v = 0; v < 256; v++) {
		uint64_t handler = vectors + 16ull * v;

		/* 64-bit interrupt gate, DPL 0 (SDM vol. 3A 6.14.1). */
		put(low, ABI_IDT + 16 * v,
			(handler & 0xffff) | (uint64_t)ABI_CODE_SELECTOR << 16 | 0x8e00ull << 32 |
				(handler >> 16 & 0xffff) << 48);
		put(low, ABI_IDT + 16 * v + 8, handler >> 32);
	}
}

void longmode__build(uint8_t *low, uint64_t vectors)
{
	build_page_tables(low);
	build_gdt(low);
	build_idt(low, vectors);
}

static struct kvm_segment segment(uint16_t selector, uint8_t type, uint8_t l)
{
	return (struct kvm_segment){
		.base = 0,
		.limit = 0xffffffff,
		.selector = selector,
		.type = type,
		.present = 1,
		.db = !l,
		.s = 1,
		.l = l,
		.g = 1,
	};
}

void longmode__sregs(struct kvm_sregs *sregs, uint64_t gs_base)
{
	struct kvm_segment data = segment(ABI_DATA_SELECTOR, 3, 0);

	sregs->cs = segment(ABI_CODE_SELECTOR, 11, 1);
	sregs->ds = sregs->es = sregs->fs = sregs->gs = sregs->ss = data;
	sregs->gs.base = gs_base;
	sregs->tr = (struct kvm_segment){
		.base = ABI_TSS, .limit = 0x67, .selector = ABI_TSS_SELECTOR, .type = 11, .present = 1
	};
	/* An unusable LDT: the guests have none (SDM vol. 3C 24.4.1, access-rights bit 16). */
	sregs->ldt = (struct kvm_segment){ .unusable = 1, .type = 2, .present = 0 };
	sregs->gdt = (struct kvm_dtable){ .base = ABI_GDT, .limit = ABI_TSS_SELECTOR + 15 };
	sregs->idt = (struct kvm_dtable){ .base = ABI_IDT, .limit = 256 * 16 - 1 };
	sregs->cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_PG;
	sregs->cr3 = ABI_PML4;
	sregs->cr4 = CR4_DE | CR4_PAE | CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT;
	sregs->efer = EFER_LME | EFER_LMA | EFER_NXE;
}
