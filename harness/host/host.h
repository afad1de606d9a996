/* SPDX-License-Identifier: MIT */
/*
 * Single facts about this machine, read below a root ("" is the real one).  Texts are cut to `size` and
 * always NUL-terminated.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* What runs the guests: "vmx" for kvm_intel, "svm" for kvm_amd, else what follows "kvm_" in the name of
 * another module below /sys/module; "unknown" where there is none. Both vendor modules may be built into one
 * kernel: then the CPU's flag decides. Returns buf. */
const char *host__backend(const char *root, char *buf, size_t size);

/* "GenuineIntel", "AuthenticAMD"..., or "unknown". Returns buf. */
const char *host__vendor(const char *root, char *buf, size_t size);

/* A field of the first processor of /proc/cpuinfo, e.g. "model name". 0 or -errno (-ENOENT: no such field). */
int host__cpu_field(const char *root, const char *field, char *buf, size_t size);

/* Is the flag, e.g. "invpcid", among those of the first processor? */
bool host__cpu_has_flag(const char *root, const char *flag);

/* Does this kernel run below a hypervisor (the CPU's hypervisor flag, or Xen's /sys/hypervisor)? */
bool host__has_hypervisor(const char *root);

/* The hypervisor's CPUID signature ("KVMKVMKVM"), of this machine only: with another root, or without a
 * hypervisor, the text is empty. Returns buf. */
const char *host__hypervisor_signature(const char *root, char *buf, size_t size);

/* "kvm_intel.pml" -> the value of /sys/module/kvm_intel/parameters/pml. 0 or -errno. */
int host__module_parameter(const char *root, const char *name, char *buf, size_t size);

/* The chosen word of a file like "always [madvise] never"; the whole text where nothing is in brackets.
 * 0 or -errno. */
int host__choice(const char *root, const char *path, char *buf, size_t size);

/* The value of a kernel parameter ("isolcpus" -> "2-3"); "" for one without value. The last one counts.
 * 0, or -ENOENT where the command line doesn't have it, or -errno. */
int host__cmdline(const char *root, const char *name, char *buf, size_t size);

/* Which of the options (NULL-terminated, "CONFIG_KASAN") the running kernel was built with, blank-separated,
 * from /boot/config-RELEASE or /proc/config.gz (needs gzip). 0, or -ENOENT where neither can be read. */
int host__kernel_options(const char *root, const char *const *options, char *buf, size_t size);

#endif
