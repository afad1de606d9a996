// SPDX-License-Identifier: MIT
#include "measure/setting.h"

#include <errno.h>
#include <linux/kvm.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/array.h"
#include "base/fatal.h"

static const char *const on_off[] = { "on", "off", NULL };
static const char *const allowed_disabled[] = { "allowed", "disabled", NULL };
static const char *const exits[] = { "hlt", "pause", "mwait", "none", NULL };

/* How the process may speculate; a child inherits it, and so does KVM_RUN (Documentation/userspace-api/spec_ctrl). */
static void speculation(unsigned long which, const char *name, const char *value)
{
	unsigned long control = strcmp(value, "allowed") == 0 ? PR_SPEC_ENABLE : PR_SPEC_DISABLE;
	int state = prctl(PR_GET_SPECULATION_CTRL, which, 0, 0, 0);

	if (state < 0)
		skip("%s=%s: PR_GET_SPECULATION_CTRL: %s", name, value, strerror(errno));
	if (!(state & PR_SPEC_PRCTL)) {
		/* Fixed for all processes: fine if it is fixed as wanted. */
		if (((unsigned long)state & control) == control ||
			(control == PR_SPEC_ENABLE && state == PR_SPEC_NOT_AFFECTED))
			return;
		skip("%s=%s: this kernel doesn't let a process choose (spec_store_bypass_disable=, spectre_v2_user=)",
			name, value);
	}
	if (prctl(PR_SET_SPECULATION_CTRL, which, control, 0, 0) < 0)
		skip("%s=%s: PR_SET_SPECULATION_CTRL: %s", name, value, strerror(errno));
}

static void store_bypass(const char *value)
{
	speculation(PR_SPEC_STORE_BYPASS, "store-bypass", value);
}

static void indirect_branch(const char *value)
{
	speculation(PR_SPEC_INDIRECT_BRANCH, "indirect-branch", value);
}

static void huge_pages(const char *value)
{
	if (prctl(PR_SET_THP_DISABLE, strcmp(value, "disabled") == 0, 0, 0, 0) < 0)
		skip("thp=%s: PR_SET_THP_DISABLE: %s", value, strerror(errno));
}

static void halt_poll(const struct vm *vm, const char *value)
{
	vm__enable_cap(vm, KVM_CAP_HALT_POLL, strtoul(value, NULL, 10), "KVM_CAP_HALT_POLL");
}

static void disable_exits(const struct vm *vm, const char *value)
{
	static const uint64_t bits[] = { KVM_X86_DISABLE_EXITS_HLT, KVM_X86_DISABLE_EXITS_PAUSE,
		KVM_X86_DISABLE_EXITS_MWAIT, 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bits); i++)
		if (bits[i] && strcmp(value, exits[i]) == 0)
			vm__enable_cap(vm, KVM_CAP_X86_DISABLE_EXITS, bits[i], "KVM_CAP_X86_DISABLE_EXITS");
}

/* Off is how every benchmark runs that doesn't say otherwise. */
static void virtual_pmu(const struct vm *vm, const char *value)
{
	vm__try_enable_cap(vm, KVM_CAP_PMU_CAPABILITY, strcmp(value, "off") == 0 ? KVM_PMU_CAP_DISABLE : 0);
}

static const struct setting settings[] = {
	{ "disable-exits", "instructions that don't exit (KVM_CAP_X86_DISABLE_EXITS)", exits, NULL,
		disable_exits },
	{ "halt-poll", "nanoseconds that KVM polls before it puts a halted vCPU to sleep (KVM_CAP_HALT_POLL)",
		NULL, NULL, halt_poll },
	{ "indirect-branch", "indirect branch speculation of the process (PR_SPEC_INDIRECT_BRANCH)",
		allowed_disabled, indirect_branch, NULL },
	{ "store-bypass", "speculative store bypass of the process (PR_SPEC_STORE_BYPASS)", allowed_disabled,
		store_bypass, NULL },
	{ "thp", "transparent huge pages of the process (PR_SET_THP_DISABLE)", allowed_disabled, huge_pages,
		NULL },
	{ "vpmu", "a virtual PMU (KVM_CAP_PMU_CAPABILITY)", on_off, NULL, virtual_pmu },
};

const struct setting *setting__all(size_t *count)
{
	*count = ARRAY_SIZE(settings);
	return settings;
}

static int check_value(const struct setting *s, const char *value, struct error *err)
{
	char all[128] = "";
	size_t used = 0;
	char *end;
	int i;

	if (!s->values) {
		strtoul(value, &end, 10);
		if (*value && !*end && *value != '-')
			return 0;
		return error__set(err, EXIT_USAGE, "setting %s: '%s' is not a number", s->name, value);
	}
	for (i = 0; s->values[i]; i++) {
		if (strcmp(s->values[i], value) == 0)
			return 0;
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s", i ? ", " : "", s->values[i]);
	}
	return error__set(err, EXIT_USAGE, "setting %s can't be '%s': there are %s", s->name, value, all);
}

int setting__choose(const char *name, const char *value, struct setting_choice *choice, struct error *err)
{
	char all[256] = "";
	size_t used = 0, i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (strcmp(settings[i].name, name) == 0) {
			*choice = (struct setting_choice){ &settings[i], value };
			return check_value(&settings[i], value, err);
		}
		used += (size_t)snprintf(
			all + used, sizeof(all) - used, "%s%s", i ? ", " : "", settings[i].name);
	}
	return error__set(
		err, EXIT_USAGE, "no setting '%s': there are %s, and files of /sys and /proc/sys", name, all);
}

void setting__apply_process(const struct setting_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->choices[i].setting->apply_process)
			list->choices[i].setting->apply_process(list->choices[i].value);
}

void setting__apply_vm(const struct setting_list *list, const struct vm *vm)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->choices[i].setting->apply_vm)
			list->choices[i].setting->apply_vm(vm, list->choices[i].value);
}
