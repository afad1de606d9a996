// SPDX-License-Identifier: MIT
#include "chain.h"

#include <stdlib.h>
#include <string.h>

#include "symbols.h"

#define FRAMES_MAX 256
#define NODES_MAX  65536

/* A chain is a path in a tree from its root; node 0 is the root of nothing called yet. */
struct node {
	unsigned parent, symbol;
	unsigned first_child, next_sibling;
};

struct frame {
	unsigned node;
	uint64_t returns_to; /* where it goes on when this function returns */
	uint64_t retries_at; /* an exception returns to the instruction that raised it */
};

static struct node nodes[NODES_MAX];
static unsigned node_count = 1;
static struct frame frames[FRAMES_MAX];
static unsigned depth = 1; /* frames[0] is the root */

static unsigned child_of(unsigned parent, unsigned symbol)
{
	unsigned n;

	for (n = nodes[parent].first_child; n; n = nodes[n].next_sibling) {
		if (nodes[n].symbol == symbol)
			return n;
	}
	if (node_count == NODES_MAX)
		return parent; /* far more chains than one benchmark has: the figure stays, its place is its caller's */
	n = node_count++;
	nodes[n] = (struct node){ parent, symbol, 0, nodes[parent].first_child };
	nodes[parent].first_child = n;
	return n;
}

static void push(unsigned symbol, uint64_t returns_to, uint64_t retries_at)
{
	if (depth == FRAMES_MAX)
		depth = 1; /* lost, e.g. in a switch of stacks: start again */
	frames[depth] = (struct frame){ child_of(frames[depth - 1].node, symbol), returns_to, retries_at };
	depth++;
}

static void rename_top(unsigned symbol)
{
	unsigned parent = depth > 1 ? frames[depth - 2].node : 0;

	if (depth == 1)
		push(symbol, 0, 0);
	else
		frames[depth - 1].node = child_of(parent, symbol);
}

static unsigned top_symbol(unsigned from_top)
{
	return depth > 1 + from_top ? nodes[frames[depth - 1 - from_top].node].symbol : SYMBOL_UNKNOWN;
}

/* Ends the frames down to the one that was to return to `pc`. */
static int pop_to(uint64_t pc)
{
	for (unsigned i = depth; i-- > 1;) {
		if (frames[i].returns_to == pc || frames[i].retries_at == pc) {
			depth = i ? i : 1;
			return 1;
		}
	}
	return 0;
}

void chain__restart(unsigned symbol)
{
	depth = 1;
	push(symbol, 0, 0);
}

void chain__slid(unsigned symbol)
{
	if (top_symbol(0) != symbol)
		rename_top(symbol);
}

void chain__jumped(enum branch branch, uint64_t last_pc, uint64_t next_pc, uint64_t pc, unsigned symbol)
{
	switch (branch) {
	case BRANCH_CALL:
		/* calls into the middle of one's own function never return: they fill the return stack buffer */
		if (top_symbol(0) == symbol && pc != symbols__entry(symbol))
			break;
		push(symbol, next_pc, 0);
		break;
	case BRANCH_RETURN:
		if (pop_to(pc))
			break;
		/* a retpoline: its inner calls never return, its RET is the jump to where the caller wanted */
		while (depth > 2 && symbols__is_thunk(top_symbol(0)) && symbols__is_thunk(top_symbol(1)))
			depth--;
		rename_top(symbol);
		break;
	case BRANCH_JUMP:
		if (top_symbol(0) == symbol)
			break;
		/* a jump to a thunk is this function's return, or its jump to another: it stays in the chain */
		if (symbols__is_thunk(symbol))
			push(symbol, 0, 0);
		else
			rename_top(symbol);
		break;
	case BRANCH_NONE:
		/* SYSCALL and VMRUN go on behind themselves; faults repeat what faulted; and back from them */
		if (!pop_to(pc))
			push(symbol, next_pc, last_pc);
		break;
	}
	/* what was popped to may have been entered in another function (a tail call's caller) */
	if (top_symbol(0) != symbol)
		rename_top(symbol);
}

unsigned chain__now(void)
{
	return frames[depth - 1].node;
}

unsigned chain__count(void)
{
	return node_count;
}

void chain__walk(unsigned chain, void (*each)(unsigned symbol, void *context), void *context)
{
	unsigned path[FRAMES_MAX], length = 0;

	for (unsigned n = chain; n && length < FRAMES_MAX; n = nodes[n].parent)
		path[length++] = nodes[n].symbol;
	while (length--)
		each(path[length], context);
}
