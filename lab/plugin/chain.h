/* SPDX-License-Identifier: MIT */
/*
 * Follows the call chain of one CPU from the instructions that it executes, without reading its stack, and
 * gives each distinct chain a number.  Thunks of retpolines and return thunks are calls and returns that
 * no caller wrote: they count as leaves of the function that went through them.
 */
#ifndef LAB_CHAIN_H
#define LAB_CHAIN_H

#include <stdint.h>

enum branch {
	BRANCH_NONE,
	BRANCH_CALL,
	BRANCH_RETURN,
	BRANCH_JUMP,
};

/* The chain is just `symbol` again: at a place whose callers are of no interest, or unknown. */
void chain__restart(unsigned symbol);

/* The CPU didn't go on with the next instruction. `branch` is what the instruction before was, `next_pc` what
 * follows it in memory, `last_pc` where it is; `pc` lies in the function `symbol`. */
void chain__jumped(enum branch branch, uint64_t last_pc, uint64_t next_pc, uint64_t pc, unsigned symbol);

/* The CPU ran from one function into the next one in memory. */
void chain__slid(unsigned symbol);

/* The number of the chain as it is now: below chain__count(). */
unsigned chain__now(void);
unsigned chain__count(void);

/* Calls `each` for the chain's functions, the outermost first. */
void chain__walk(unsigned chain, void (*each)(unsigned symbol, void *context), void *context);

#endif
