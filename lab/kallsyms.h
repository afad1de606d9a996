/* SPDX-License-Identifier: MIT */
/* Hands the running kernel's functions to whoever watches from outside (lab/plugin). */
#ifndef LAB_KALLSYMS_H
#define LAB_KALLSYMS_H

/* Writes "address name" of every function in /proc/kallsyms to `out`, and a line "end" last. Returns the number
 * of bytes, or -1 with errno. */
long long kallsyms__write(int out);

#endif
