// SPDX-License-Identifier: MIT
/* The inner arrows of the model, from the metrics of `run --trace`. */
#include <math.h>

#include "report/model.h"

static const struct {
	const char *name, *metric, *ends;
} arrows[MODEL_ARROWS] = {
	[ARROW_VMEXIT] = { "VMEXIT", "trace_vmexit", "trace_vmexit: guest's stamp to kvm_exit" },
	[ARROW_HANDLER] = { "exit handler in KVM", "trace_handler",
		"trace_handler: kvm_exit to kvm_userspace_exit" },
	[ARROW_RETURN] = { "return to user space", "trace_return",
		"trace_return: kvm_userspace_exit to KVM_RUN returned" },
	[ARROW_USER] = { "user-space handler", "trace_user", "trace_user: KVM_RUN returned to called" },
	[ARROW_SWITCH] = { "switch to guest mode", "trace_switch",
		"trace_switch: KVM_RUN called to kvm_entry" },
	[ARROW_VMENTER] = { "VMENTER", "trace_vmenter", "trace_vmenter: kvm_entry to guest's stamp" },
};

const char *model_arrow__name(enum model_arrow a)
{
	return arrows[a].name;
}

const char *model_arrow__how(enum model_arrow a)
{
	return arrows[a].ends;
}

/* A missing tracepoint has no cost. */
static double cost(double traced_alone, double guest)
{
	return isnan(traced_alone) ? 0 : traced_alone - guest;
}

/*
 * A tracepoint takes its time stamp somewhere inside: what it costs lies before the stamp, in the arrow that ends there,
 * and behind it, in the one that begins; how much in which can't be told. So an arrow holds at most the cost of the
 * tracepoints at its ends.
 */
bool model_way__build(struct model_way *w, const struct summary_row *rows, size_t count, const char *bench)
{
	enum model_arrow a;

	w->bench = bench;
	w->guest = model__median(rows, count, bench, "guest");
	w->traced_guest = model__median(rows, count, bench, "traced_guest");
	w->exit_leg = model__median(rows, count, bench, "exit_leg");
	w->entry_leg = model__median(rows, count, bench, "entry_leg");
	w->entry = cost(model__median(rows, count, bench, "traced_guest_entry"), w->guest);
	w->exit = cost(model__median(rows, count, bench, "traced_guest_exit"), w->guest);
	w->user = cost(model__median(rows, count, bench, "traced_guest_user"), w->guest);
	for (a = 0; a < MODEL_ARROWS; a++)
		w->arrows[a] = model__median(rows, count, bench, arrows[a].metric);
	/* Where noise is larger than the cost, that may come out below nothing. */
	w->entry = fmax(w->entry, 0);
	w->exit = fmax(w->exit, 0);
	w->user = fmax(w->user, 0);
	w->tracing[ARROW_VMEXIT] = w->exit;
	w->tracing[ARROW_HANDLER] = w->exit + (isnan(w->arrows[ARROW_RETURN]) ? w->entry : w->user);
	w->tracing[ARROW_RETURN] = w->user;
	w->tracing[ARROW_USER] = 0;
	w->tracing[ARROW_SWITCH] = w->entry;
	w->tracing[ARROW_VMENTER] = w->entry;
	for (a = 0; a < MODEL_ARROWS; a++)
		w->tracing[a] = fmin(w->tracing[a], w->arrows[a]); /* nor more than all of it */
	return !isnan(w->traced_guest) && !isnan(w->guest) && !isnan(w->arrows[ARROW_VMEXIT]) &&
	       !isnan(w->arrows[ARROW_VMENTER]);
}
