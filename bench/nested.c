// SPDX-License-Identifier: MIT
/* Hooks of the nested family; its descriptors are in nested-svm.c and nested-vmx.c. */
#include "nested.h"

#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "host/host.h"
#include "measure/machine.h"

bool nested__parameter_is_on(const char *name)
{
	char value[16];

	if (host__module_parameter("", name, value, sizeof(value)) < 0)
		return false;
	return strcmp(value, "Y") == 0 || strcmp(value, "1") == 0;
}

const char *nested__unsupported(const struct kvm_host *host)
{
	if (host->is_svm)
		return nested__parameter_is_on("kvm_amd.nested") ? NULL
								 : "kvm_amd is loaded without nested=1";
	if (host->is_vmx)
		return nested__parameter_is_on("kvm_intel.nested") ? NULL
								   : "kvm_intel is loaded without nested=1";
	return "only kvm_amd and kvm_intel run a hypervisor in their guests";
}

const char *nested__unsupported_paging(const struct kvm_host *host)
{
	const char *why = nested__unsupported(host);

	if (why)
		return why;
	if (host->is_svm)
		return nested__parameter_is_on("kvm_amd.npt") ? NULL : "kvm_amd is loaded with npt=0";
	return nested__parameter_is_on("kvm_intel.ept") ? NULL : "kvm_intel is loaded with ept=0";
}

static struct kvm_nested_state *new_state(const struct machine *m)
{
	int bytes = kvm_host__cap(m->host, KVM_CAP_NESTED_STATE);
	struct kvm_nested_state *state = calloc(1, (size_t)bytes);

	if (!state)
		fatal("no memory for %d bytes of nested state", bytes);
	state->size = (uint32_t)bytes;
	return state;
}

/* KVM writes into `size` what it used, and wants to read there how much it may. */
static void save_state(struct machine *m)
{
	struct kvm_nested_state *state = m->user;

	state->size = (uint32_t)kvm_host__cap(m->host, KVM_CAP_NESTED_STATE);
	vcpu__ioctl(&m->vcpus[0], KVM_GET_NESTED_STATE, state);
}

void nested__prepare(struct machine *m)
{
	machine__run_entry(m, &m->vcpus[0], "prepare");
	m->user = new_state(m);
	save_state(m);
}

void nested__restore(struct machine *m)
{
	vcpu__ioctl(&m->vcpus[0], KVM_SET_NESTED_STATE, m->user);
}

void nested__restore_and_zap(struct machine *m)
{
	nested__restore(m);
	host_memory__unmap_from_guest(&m->arena);
}

void nested__forget(struct machine *m)
{
	free(m->user);
	m->user = NULL;
}

#define TIMER_FIRST_NS   500000 /* the round has begun by then */
#define TIMER_SPACING_NS 100000

static int timers[NESTED_TIMERS];

void nested__prepare_timers(struct machine *m)
{
	unsigned i;

	nested__prepare(m);
	for (i = 0; i < NESTED_TIMERS; i++) {
		timers[i] = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
		if (timers[i] < 0)
			fatal_errno("timer %u of %u", i + 1, NESTED_TIMERS);
	}
}

void nested__restore_and_set_timers(struct machine *m)
{
	struct itimerspec when = { 0 };
	unsigned i;

	nested__restore(m);
	for (i = 0; i < NESTED_TIMERS; i++) {
		when.it_value.tv_nsec = TIMER_FIRST_NS + (long)i * TIMER_SPACING_NS;
		if (timerfd_settime(timers[i], 0, &when, NULL) < 0)
			fatal_errno("setting timer %u of %u", i + 1, NESTED_TIMERS);
	}
}

void nested__forget_timers(struct machine *m)
{
	unsigned i;

	for (i = 0; i < NESTED_TIMERS; i++)
		close(timers[i]);
	nested__forget(m);
}

void nested__stop_in_l2(struct machine *m)
{
	struct vcpu *v = &m->vcpus[0];
	struct kvm_nested_state *state;
	long value;

	nested__prepare(m);
	machine__arm(m, v, m->entry, ABI_MODE_HOST, 0);
	value = vcpu__run(v->fd);
	if (value || v->run->exit_reason != KVM_EXIT_IO || v->run->io.port != ABI_PORT_MEASURE)
		machine__unexpected(m, v, value);
	vcpu__complete_io(v);
	save_state(m);
	state = m->user;
	if (!(state->flags & KVM_STATE_NESTED_GUEST_MODE))
		fatal("KVM_GET_NESTED_STATE says that the vCPU is not in L2 (flags %#x)", state->flags);
}

void nested__get_state(struct machine *m)
{
	save_state(m);
}

void nested__set_state(struct machine *m)
{
	nested__restore(m);
}
