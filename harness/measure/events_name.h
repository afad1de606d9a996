/* SPDX-License-Identifier: MIT */
/* Inside events: the sources of names. */
#ifndef MEASURE_EVENTS_NAME_H
#define MEASURE_EVENTS_NAME_H

#include "measure/events.h"

/* The kernel's generic event of index i, or NULL after the last. */
const char *generic_event__name(size_t i, enum event_kind *kind);

/* libpfm4: 0, or -1 with err. Built without it the error says so. */
int pfm__resolve(const char *name, struct event *event, struct error *err);

/* Calls fn for each event of this CPU's units that libpfm4 knows. */
void pfm__list(event_list_fn fn, void *context);

/* Why perf_event_open() of this event failed with errno, without the event's name. */
void event__explain(const struct event *event, int open_errno, char *buf, size_t size);

#endif
