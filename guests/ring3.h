/* SPDX-License-Identifier: MIT */
/* What guests/ring3.S and its benchmarks agree on: the descriptors of user mode. */
#ifndef GUESTS_RING3_H
#define GUESTS_RING3_H

/* Behind those of guests/abi.h; both with RPL 3. */
#define RING3_CODE_SELECTOR 0x2b
#define RING3_DATA_SELECTOR 0x33
#define RING3_GDT_LIMIT     0x37

#endif
