/* SPDX-License-Identifier: MIT */
/* What guests/task.S and its benchmark agree on: the descriptors of two tasks in 32-bit protected mode. */
#ifndef GUESTS_TASK_H
#define GUESTS_TASK_H

/* Behind those of guests/abi.h. */
#define TASK_CODE_SELECTOR  0x28
#define TASK_MAIN_SELECTOR  0x30
#define TASK_OTHER_SELECTOR 0x38
#define TASK_GDT_LIMIT      0x3f

#endif
