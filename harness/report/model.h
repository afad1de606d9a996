/* SPDX-License-Identifier: MIT */
/*
 * The execution model with a host's figures on its arrows: an exit to user space (pio/out-user-1b) taken apart
 * with the help of the floors.  Every figure is a difference of measured medians and says of which; the parts add
 * up to the measured round trip because what no floor explains is a part of its own, the rest.
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "results/record.h"

enum model_figure {
	MODEL_SYSTEM_CALL, /* into the kernel and out again */
	MODEL_RUN,         /* what KVM_RUN adds without entering: vcpu_load, FPU, vcpu_put */
	MODEL_SWITCH,      /* VMENTER, VMEXIT and the least that the kernel can do between them */
	MODEL_REST, /* of the round trip: the exit's own handling, completion, what the others don't explain */
	MODEL_ROUNDTRIP, /* the sum: KVM_RUN from call to return */
	MODEL_EXIT_LEG,  /* guest's last instruction to KVM_RUN's return */
	MODEL_HANDLER,   /* user space between return and call: the harness's own, nearly nothing */
	MODEL_ENTRY_LEG, /* KVM_RUN's call to the guest's next instruction */
	MODEL_GUEST,     /* the sum: the exit as the guest sees it */
	MODEL_FASTPATH,  /* an exit that never leaves the loop around VMENTER */
	MODEL_KERNEL,    /* an exit that the kernel handles, as the guest sees it */
	MODEL_FIGURES,
};

/* The inner arrows, by KVM's tracepoints (run --trace), in the order in which an exit goes. */
enum model_arrow {
	ARROW_VMEXIT,  /* guest's stamp to kvm_exit */
	ARROW_HANDLER, /* kvm_exit to kvm_userspace_exit, or to kvm_entry where KVM handles it */
	ARROW_RETURN,  /* kvm_userspace_exit to KVM_RUN's return */
	ARROW_USER,    /* return to call */
	ARROW_SWITCH,  /* KVM_RUN's call to kvm_entry */
	ARROW_VMENTER, /* kvm_entry to the guest's next stamp */
	MODEL_ARROWS,
};

/* One exit's way with tracing on. NAN where there is no figure. */
struct model_way {
	const char *bench;
	double arrows[MODEL_ARROWS];
	double tracing[MODEL_ARROWS]; /* how much of it tracing itself is, at most */
	double exit_leg, entry_leg;   /* without tracing */
	double guest, traced_guest;   /* the whole, without and with tracing */
	double entry, exit,
		user; /* what each tracepoint costs alone: kvm_entry, kvm_exit, kvm_userspace_exit */
};

struct model {
	struct {
		double value;    /* NAN where a benchmark is missing */
		const char *how; /* "pio/out-user-1b roundtrip - floor/stamp-host" */
	} figures[MODEL_FIGURES];
	char least[96], fast[96]; /* how MODEL_SWITCH and MODEL_FASTPATH were found */
	const char *unit;
	double tsc_khz;       /* 0: the unit is not a time */
	const char *fastpath; /* the benchmark that stands for the fast path; NULL where there is none */
	bool traced;          /* are there ways? They are drawn where this is set */
	struct model_way user_way, kernel_way; /* of pio/out-user-1b and cpuid/leaf0 */
};

const char *model_figure__name(enum model_figure f);
const char *model_arrow__name(enum model_arrow a);

/* From which metric an arrow is, and what lies at its ends. */
const char *model_arrow__how(enum model_arrow a);

/* From the rows of a summary. -1 with err where not even the round trip of pio/out-user-1b is there. */
int model__build(
	struct model *m, const struct summary_row *rows, size_t count, double tsc_khz, struct error *err);

/* The median of a metric of one vCPU in one VM; NAN where there is none, or none that is proven. */
double model__median(const struct summary_row *rows, size_t count, const char *bench, const char *metric);

/* The way of a benchmark's exit. Is there one? */
bool model_way__build(struct model_way *w, const struct summary_row *rows, size_t count, const char *bench);

/* The picture as text, then a table of every figure with its derivation; `width` columns, 0: no limit. */
void model__text(const struct model *m, unsigned width, FILE *out);

/* The picture as an SVG document (inline: without the XML declaration, for HTML). `caption` is under it. */
void model__svg(const struct model *m, const char *caption, bool inline_svg, FILE *out);

#endif
