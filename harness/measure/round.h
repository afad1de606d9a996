/* SPDX-License-Identifier: MIT */
/* One round on one lane, and how its stamps become samples. Private to this room. */
#ifndef MEASURE_ROUND_H
#define MEASURE_ROUND_H

#include "measure/pass.h"

/* Stamps kept of one round: KVM_RUNs, of which an operation may need several. */
#define ROUND_STAMPS_MAX 65536

/* The most samples a round of this benchmark can have. */
uint32_t round__samples_max(const struct bench *b);

/* Runs the round that pass->kind, samples and entry describe. */
void round__run(struct lane *lane);

/* Moves the samples of the round that pass->kind and samples describe, of all lanes, to the series: those which lie
 * in the time in which all lanes ran. False, and none are moved, where some lane has none there, or where that
 * time can't be known because guests' stamps are on clocks of their own. */
bool round__collect(struct pass *p);

/* The same without asking when the others ran, for lanes that would be left without figures: their rows carry
 * FLAG_APART, and there is no rate. */
void round__collect_apart(struct pass *p);

/* Median of the guest round that is in a ring, in ticks, over samples first ... last - 1; 0 of none. */
uint64_t round__median(const struct abi_sample *ring, uint32_t first, uint32_t last);

#endif
