// SPDX-License-Identifier: MIT
#include "measure/trace_split.h"

#include <string.h>

/* Where the vCPU's thread is on its way. */
enum place {
	AT_START,  /* in the guest, between its stamp and the first exit */
	IN_GUEST,  /* entered again */
	IN_KERNEL, /* behind kvm_exit */
	ENTERING,  /* behind a call of KVM_RUN */
	LOST,
};

struct way {
	enum place place;
	uint64_t now_tsc; /* up to here time is accounted for */
	uint64_t *legs;
	const struct run_stamps *stamps;
	unsigned exits, left; /* to user space: expected, seen */
};

static void go(struct way *w, enum trace_leg leg, uint64_t to_tsc, enum place place)
{
	if (to_tsc < w->now_tsc) { /* not one clock, or not this sample's */
		w->place = LOST;
		return;
	}
	w->legs[leg] += to_tsc - w->now_tsc;
	w->now_tsc = to_tsc;
	w->place = place;
}

/* Between this tracepoint and the next one lie the host's own two stamps. */
static void leave(struct way *w, uint64_t tsc)
{
	go(w, TRACE_LEG_HANDLER, tsc, ENTERING);
	if (w->left == w->exits)
		w->place = LOST;
	if (w->place != LOST)
		go(w, TRACE_LEG_RETURN, w->stamps[w->left].return_tsc, ENTERING);
	if (w->place != LOST)
		go(w, TRACE_LEG_USER, w->stamps[w->left + 1].call_tsc, ENTERING);
	w->left++;
}

static void pass_point(struct way *w, const struct trace_event *e)
{
	if (e->point == TRACE_EXIT && w->place == AT_START)
		go(w, TRACE_LEG_VMEXIT, e->tsc, IN_KERNEL);
	else if (e->point == TRACE_EXIT && w->place == IN_GUEST)
		go(w, TRACE_LEG_BETWEEN, e->tsc, IN_KERNEL);
	else if (e->point == TRACE_ENTRY && w->place == IN_KERNEL)
		go(w, TRACE_LEG_HANDLER, e->tsc, IN_GUEST);
	else if (e->point == TRACE_ENTRY && w->place == ENTERING)
		go(w, TRACE_LEG_SWITCH, e->tsc, IN_GUEST);
	/* Also without having entered: the second half of an access that crosses a page, the next of REP OUTS. */
	else if (e->point == TRACE_USERSPACE_EXIT && (w->place == IN_KERNEL || w->place == ENTERING))
		leave(w, e->tsc);
	else
		w->place = LOST;
}

bool trace_split__sample(const struct abi_sample *sample, const struct run_stamps *stamps, unsigned exits,
	const struct trace_event *events, size_t count, size_t *next, uint64_t legs[TRACE_LEGS])
{
	struct way w = { .now_tsc = sample->before_tsc, .legs = legs, .stamps = stamps, .exits = exits };
	size_t i = *next;

	memset(legs, 0, TRACE_LEGS * sizeof(*legs));
	while (i < count && events[i].tsc < sample->before_tsc)
		i++;
	for (; i < count && events[i].tsc < sample->after_tsc; i++)
		pass_point(&w, &events[i]);
	*next = i;
	if (w.place != IN_GUEST || w.left != exits)
		return false;
	go(&w, TRACE_LEG_VMENTER, sample->after_tsc, IN_GUEST);
	return w.place == IN_GUEST;
}
