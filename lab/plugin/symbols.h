/* SPDX-License-Identifier: MIT */
/* The guest kernel's functions by address, from the list that lab/init sends. */
#ifndef LAB_SYMBOLS_H
#define LAB_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

/* What isn't in the kernel: numbers of their own, before those of functions. */
enum {
	SYMBOL_GUEST,   /* the guest's own instructions, between VMRUN and #VMEXIT */
	SYMBOL_USER,    /* the program that runs the VM */
	SYMBOL_UNKNOWN, /* kernel text that no symbol covers, e.g. BPF programs, trampolines */
	SYMBOL_FIRST,
};

/* Reads "address name" lines up to the line "end". False while the list isn't complete; then nothing is kept. */
bool symbols__load(const char *path);

/* The number of the function that an address lies in; SYMBOL_UNKNOWN where there is none. */
unsigned symbols__find(uint64_t pc);

/* Where the function begins; 0 for what isn't in the kernel. */
uint64_t symbols__entry(unsigned symbol);

/* A thunk of a mitigation: code that stands for an indirect jump or a return. */
bool symbols__is_thunk(unsigned symbol);

const char *symbols__name(unsigned symbol);

#endif
