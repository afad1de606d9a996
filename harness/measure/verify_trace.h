/* SPDX-License-Identifier: MIT */
/*
 * The second witness: the tracepoint kvm:kvm_exit, filtered by the reason that the descriptor names, counted
 * over a guest round of its own (counting costs time on every exit). Where tracefs can't be read the
 * statistics stand alone; that is no fault of the row.
 */
#ifndef MEASURE_VERIFY_TRACE_H
#define MEASURE_VERIFY_TRACE_H

#include "measure/pass.h"

/* Runs the round on the only lane of a pass and adds the check. Does nothing for several lanes, host-only
 * operations and other backends than vmx and svm. */
void trace_proof__run(struct pass *p);

#endif
