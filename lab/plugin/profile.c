// SPDX-License-Identifier: MIT
/*
 * A QEMU TCG plugin that says which kernel functions the instructions between two time stamps belong to.
 *
 * The program under test marks what it measures by LFENCE, RDTSC, LFENCE outside the kernel, which nothing
 * else does.  What is executed from one stamp to the next is a span; spans between the same two places that
 * took the same number of instructions are summed per call chain.  So the typical exit and the one that a
 * timer hit are told apart, and each is exact.
 *
 *   -plugin profile.so,symbols=FILE,output=FILE     (one emulated CPU)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "qemu-plugin-v1.h"
#include "symbols.h"

#define EXPORT __attribute__((visibility("default")))

#define KERNEL_HALF 0xffff800000000000ULL
#define SPANS_MAX   512
#define TOUCHED_MAX 4096
#define TIMES_MIN   3 /* spans seen less often are start-up: a line without chains */

enum kind {
	KIND_OTHER,
	KIND_RDTSC,
	KIND_LFENCE,
	KIND_VMRUN,
};

struct insn {
	uint64_t pc;
	uint8_t size, kind, branch;
	uint32_t symbol; /* valid once symbols are loaded: looked up when first executed */
	bool resolved;
};

/* Spans from one stamp to another that took `total` instructions. */
struct span {
	uint64_t from, to;
	bool from_guest, to_guest;
	uint64_t total, times;
	uint64_t *by_chain; /* instructions of all of them, by the chain's number */
	unsigned room;
};

static const char *symbols_path = "symbols", *output_path = "profile";
static bool loaded;

static const struct insn *last;
static bool in_guest;        /* between VMRUN and #VMEXIT */
static uint64_t after_vmrun; /* where #VMEXIT goes on */
static uint64_t stamp_pc;    /* of the stamp before; 0: none */
static bool stamp_in_guest;

static uint64_t executed; /* since that stamp */
static uint32_t counts[65536];
static unsigned touched[TOUCHED_MAX], touched_count;
static bool overflown;

static struct span spans[SPANS_MAX];
static unsigned span_count;
static uint64_t spans_lost;

static struct span *span_for(uint64_t to)
{
	struct span *s;

	for (s = spans; s < spans + span_count; s++) {
		if (s->from == stamp_pc && s->to == to && s->total == executed &&
			s->from_guest == stamp_in_guest && s->to_guest == in_guest)
			return s;
	}
	if (span_count == SPANS_MAX)
		return NULL;
	span_count++;
	*s = (struct span){ stamp_pc, to, stamp_in_guest, in_guest, executed, 0, NULL, 0 };
	return s;
}

static void end_span(uint64_t to)
{
	struct span *s = stamp_pc && !overflown ? span_for(to) : NULL;

	if (s && s->room < chain__count()) {
		unsigned room = chain__count() + 64;

		s->by_chain = realloc(s->by_chain, room * sizeof(*s->by_chain));
		if (!s->by_chain)
			abort();
		memset(s->by_chain + s->room, 0, (room - s->room) * sizeof(*s->by_chain));
		s->room = room;
	}
	if (s)
		s->times++;
	else if (stamp_pc)
		spans_lost++;
	for (unsigned i = 0; i < touched_count; i++) {
		if (s)
			s->by_chain[touched[i]] += counts[touched[i]];
		counts[touched[i]] = 0;
	}
	touched_count = 0;
	executed = 0;
	overflown = false;
	stamp_pc = to;
	stamp_in_guest = in_guest;
}

static void follow(const struct insn *insn)
{
	if (!last) {
		chain__restart(insn->symbol);
	} else if (insn->pc != last->pc + last->size) {
		chain__jumped(last->branch, last->pc, last->pc + last->size, insn->pc, insn->symbol);
	} else if (insn->symbol != last->symbol) {
		chain__slid(insn->symbol);
	}
}

static void on_insn(unsigned int vcpu, void *data)
{
	struct insn *insn = data;
	unsigned chain;

	(void)vcpu;
	if (!loaded) {
		/* the list comes before the program runs, and nothing but the program stamps */
		if (insn->kind != KIND_RDTSC || insn->pc >= KERNEL_HALF || !symbols__load(symbols_path))
			return;
		loaded = true;
	}
	if (insn->pc == after_vmrun) {
		/* what the hypervisor intercepts was begun and not executed: the clock doesn't count it either */
		if (in_guest && executed && counts[chain__now()]) {
			counts[chain__now()]--;
			executed--;
		}
		in_guest = false;
	}
	if (last && last->kind == KIND_VMRUN && insn->pc != after_vmrun)
		in_guest = true;
	if (insn->pc < KERNEL_HALF) {
		insn->symbol = in_guest ? SYMBOL_GUEST : SYMBOL_USER;
	} else if (!insn->resolved) {
		insn->symbol = symbols__find(insn->pc);
		insn->resolved = true;
	}
	follow(insn);
	chain = chain__now();
	if (!counts[chain]) {
		if (touched_count < TOUCHED_MAX)
			touched[touched_count++] = chain;
		else
			overflown = true; /* a span of calibration or start-up: nobody asks for it */
	}
	counts[chain]++;
	executed++;
	if (insn->kind == KIND_RDTSC && insn->pc < KERNEL_HALF && last && last->kind == KIND_LFENCE) {
		end_span(insn->pc);
		/* the measuring loop has no callers worth naming, and a chain that got lost ends here */
		if (!in_guest)
			chain__restart(SYMBOL_USER);
	}
	if (insn->kind == KIND_VMRUN)
		after_vmrun = insn->pc + insn->size;
	last = insn;
}

static void classify(struct insn *insn, const uint8_t *bytes)
{
	size_t i = 0;

	/* 0f xx opcodes that matter have no prefix here */
	if (insn->size == 2 && !memcmp(bytes, "\x0f\x31", 2))
		insn->kind = KIND_RDTSC;
	else if (insn->size == 3 && !memcmp(bytes, "\x0f\xae\xe8", 3))
		insn->kind = KIND_LFENCE;
	else if (insn->size == 3 && !memcmp(bytes, "\x0f\x01\xd8", 3))
		insn->kind = KIND_VMRUN;
	/* prefixes that compilers and alternatives put before branches: CS, REPNE, REP, NOTRACK, REX */
	while (i + 1 < insn->size && (bytes[i] == 0x2e || bytes[i] == 0x3e || bytes[i] == 0xf2 ||
					     bytes[i] == 0xf3 || (bytes[i] & 0xf0) == 0x40))
		i++;
	switch (bytes[i]) {
	case 0xe8:
		insn->branch = BRANCH_CALL;
		break;
	case 0xc2:
	case 0xc3:
		insn->branch = BRANCH_RETURN;
		break;
	case 0xe9:
	case 0xeb:
		insn->branch = BRANCH_JUMP;
		break;
	case 0x0f:
		if (i + 1 < insn->size && (bytes[i + 1] & 0xf0) == 0x80)
			insn->branch = BRANCH_JUMP;
		break;
	case 0xff:
		/* ModRM.reg: 2 and 3 call, 4 and 5 jump */
		if (i + 1 < insn->size && (bytes[i + 1] & 0x30) == 0x10)
			insn->branch = BRANCH_CALL;
		else if (i + 1 < insn->size && (bytes[i + 1] & 0x30) == 0x20)
			insn->branch = BRANCH_JUMP;
		break;
	default:
		/* Jcc, LOOP, JRCXZ */
		if ((bytes[i] & 0xf0) == 0x70 || (bytes[i] & 0xfc) == 0xe0)
			insn->branch = BRANCH_JUMP;
	}
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *q = qemu_plugin_tb_get_insn(tb, i);
		struct insn *insn =
			calloc(1, sizeof(*insn)); /* lives as long as the translation may: to the end */

		if (!insn)
			abort();
		insn->pc = qemu_plugin_insn_vaddr(q);
		insn->size = (uint8_t)qemu_plugin_insn_size(q);
		classify(insn, qemu_plugin_insn_data(q));
		qemu_plugin_register_vcpu_insn_exec_cb(q, on_insn, QEMU_PLUGIN_CB_NO_REGS, insn);
	}
}

struct writer {
	FILE *out;
	bool first;
};

static void write_symbol(unsigned symbol, void *context)
{
	struct writer *w = context;

	fprintf(w->out, "%s%s", w->first ? "" : ";", symbols__name(symbol));
	w->first = false;
}

/* "span FROM TO GUEST|HOST GUEST|HOST TOTAL TIMES", then its chains: "chain A;B;C INSTRUCTIONS" over all times */
static void on_end(qemu_plugin_id_t id, void *data)
{
	FILE *out = fopen(output_path, "we");

	(void)id;
	(void)data;
	if (!out)
		return;
	for (const struct span *s = spans; s < spans + span_count; s++) {
		fprintf(out, "span %" PRIx64 " %" PRIx64 " %s %s %" PRIu64 " %" PRIu64 "\n", s->from, s->to,
			s->from_guest ? "guest" : "host", s->to_guest ? "guest" : "host", s->total, s->times);
		for (unsigned chain = 0; chain < s->room && s->times >= TIMES_MIN; chain++) {
			struct writer w = { out, true };

			if (!s->by_chain[chain])
				continue;
			fputs("chain ", out);
			chain__walk(chain, write_symbol, &w);
			fprintf(out, " %" PRIu64 "\n", s->by_chain[chain]);
		}
	}
	fprintf(out, "lost %" PRIu64 "\n", spans_lost);
	fclose(out);
}

EXPORT int qemu_plugin_version = 1;

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "symbols=", 8))
			symbols_path = strdup(argv[i] + 8);
		else if (!strncmp(argv[i], "output=", 7))
			output_path = strdup(argv[i] + 7);
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
