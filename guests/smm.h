/* SPDX-License-Identifier: MIT */
/* What guests/smm.S and its benchmarks agree on: where system management mode starts. */
#ifndef GUESTS_SMM_H
#define GUESTS_SMM_H

#include "guests/abi.h"

#define SMM_SMBASE        0x30000 /* after reset, SDM vol. 3C 32.4 */
#define SMM_HANDLER       (SMM_SMBASE + 0x8000)
#define SMM_HANDLER_BYTES 0x100
#define SMM_SAVED_RIP                                                                                        \
	(SMM_SMBASE + 0xff78) /* in the AMD64 save state map, which KVM uses: APM vol. 2 10.2.3 */

#if SMM_SMBASE + 0x10000 > ABI_IMAGE || SMM_HANDLER < ABI_TSS + 0x1000
#error "SMM's memory collides with what guests/abi.h puts into low memory"
#endif

#endif
