/* SPDX-License-Identifier: MIT */
/*
 * Settings that KVM takes per VM and the kernel per process: what `run --matrix` varies without changing the host.
 * A setting is applied in the measuring process, before its VMs exist or to each of them.
 */
#ifndef MEASURE_SETTING_H
#define MEASURE_SETTING_H

#include <stddef.h>

#include "base/error.h"
#include "kvm/vm.h"

struct setting {
	const char *name;
	const char *what;          /* one line */
	const char *const *values; /* NULL-terminated; NULL: a number */
	void (*apply_process)(const char *value);
	void (*apply_vm)(const struct vm *vm, const char *value); /* before the VM has vCPUs */
};

/* One chosen value. */
struct setting_choice {
	const struct setting *setting;
	const char *value;
};

/* What one run is made with. */
struct setting_list {
	const struct setting_choice *choices;
	size_t count;
};

/* All there are; *count gets their number. */
const struct setting *setting__all(size_t *count);

/* Finds the setting of "NAME" and checks "VALUE". 0, or -1 with err, which lists what there is. */
int setting__choose(const char *name, const char *value, struct setting_choice *choice, struct error *err);

/* Apply choices; a host that can't ends the process as skipped. */
void setting__apply_process(const struct setting_list *list);
void setting__apply_vm(const struct setting_list *list, const struct vm *vm);

#endif
