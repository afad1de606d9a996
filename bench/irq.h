/* SPDX-License-Identifier: MIT */
/* What the files of the family irq share. */
#ifndef BENCH_IRQ_H
#define BENCH_IRQ_H

#include "measure/bench.h"

GUEST_DECLARE(irq);

/* The statistics of one NMI that is taken: SVM without vNMI intercepts the handler's IRET to learn of its end. */
#define ONE_NMI                                                                                              \
	.stats = { { "nmi_injections", 1 }, { "nmi_window_exits", 1, AT_MOST, ON_SVM },                      \
		{ "nmi_window_exits", 0, EXACTLY, ON_VMX } }

#endif
