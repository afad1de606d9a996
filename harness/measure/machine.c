// SPDX-License-Identifier: MIT
#include "measure/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "kvm/longmode.h"

static void create_irqchip(struct machine *m)
{
	/* Port 0x61 belongs to the PIT only on request. */
	struct kvm_pit_config pit = { .flags = KVM_PIT_SPEAKER_DUMMY };

	switch (m->bench->needs.irqchip) {
	case IRQCHIP_NONE:
		break;
	case IRQCHIP_SPLIT:
		vm__enable_cap(&m->vm, KVM_CAP_SPLIT_IRQCHIP, 24, "KVM_CAP_SPLIT_IRQCHIP");
		break;
	case IRQCHIP_KERNEL:
		vm__ioctl(&m->vm, KVM_CREATE_IRQCHIP, NULL);
		break;
	}
	if (m->bench->needs.pit)
		vm__ioctl(&m->vm, KVM_CREATE_PIT2, &pit);
}

static void create_arena(struct machine *m)
{
	const struct bench_arena *a = &m->bench->arena;

	if (a->backing == BACKING_NONE)
		return;
	host_memory__map(&m->arena, a->backing, a->bytes);
	if (!a->absent)
		host_memory__populate(&m->arena);
	m->arena_flags =
		(a->readonly ? KVM_MEM_READONLY : 0u) | (a->log_dirty ? KVM_MEM_LOG_DIRTY_PAGES : 0u);
	vm__set_slot(&m->vm, VM_SLOT_ARENA, m->arena_flags, ABI_ARENA, m->arena.bytes, m->arena.start);
}

static void create_memory(struct machine *m)
{
	const struct guest_image *image = m->bench->guest;
	size_t image_bytes = (size_t)(image->end - image->start);

	if (image_bytes > ABI_IMAGE_SIZE)
		fatal("guest %s has %zu bytes, its place %d", image->name, image_bytes, ABI_IMAGE_SIZE);
	host_memory__map(&m->low, BACKING_ANON_4K, ABI_LOW_SIZE);
	host_memory__populate(&m->low);
	longmode__build((uint8_t *)m->low.start, image__vectors(image));
	memcpy(m->low.start + ABI_IMAGE, image->start, image_bytes);
	vm__set_slot(&m->vm, VM_SLOT_LOW, 0, 0, m->low.bytes, m->low.start);

	host_memory__map(&m->areas, BACKING_ANON_4K, (size_t)m->vcpu_count * ABI_VCPU_SIZE);
	host_memory__populate(&m->areas);
	vm__set_slot(&m->vm, VM_SLOT_VCPU, 0, ABI_VCPU, m->areas.bytes, m->areas.start);
	create_arena(m);
}

/* With a local APIC in the kernel all but the first vCPU wait for INIT and SIPI; our guests don't send them. */
static void start_without_sipi(struct machine *m, struct vcpu *v)
{
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_RUNNABLE };

	if (v->index > 0 && m->bench->needs.irqchip != IRQCHIP_NONE)
		vcpu__ioctl(v, KVM_SET_MP_STATE, &state);
}

static void create_vcpus(struct machine *m)
{
	unsigned i;

	m->vcpus = calloc(m->vcpu_count, sizeof(*m->vcpus));
	m->vcpu_stats = calloc(m->vcpu_count, sizeof(*m->vcpu_stats));
	if (!m->vcpus || !m->vcpu_stats)
		fatal("no memory for %u vCPUs", m->vcpu_count);
	m->shared_tsc = true;
	for (i = 0; i < m->vcpu_count; i++) {
		struct vcpu *v = &m->vcpus[i];
		char name[32];

		vcpu__create(v, &m->vm, i, &m->cpuid.header);
		v->abi = (struct abi_page *)(m->areas.start + (size_t)i * ABI_VCPU_SIZE);
		v->ring = (struct abi_sample *)((char *)v->abi + ABI_RING_OFFSET);
		vcpu__enter_long_mode(v);
		start_without_sipi(m, v);
		if (!vcpu__share_host_tsc(v))
			m->shared_tsc = false;
		snprintf(name, sizeof(name), "vCPU %u", i);
		statsfd__open(&m->vcpu_stats[i], v->fd, name);
	}
}

void machine__create(struct machine *m, const struct kvm_host *host, const struct bench *b,
	const struct setting_list *settings, unsigned vcpus, unsigned index)
{
	memset(m, 0, sizeof(*m));
	m->bench = b;
	m->host = host;
	m->index = index;
	m->vcpu_count = vcpus;
	m->low.fd = m->areas.fd = m->arena.fd = -1;
	m->entry = image__entry(b->guest, b->entry);
	if (!m->entry)
		fatal("guest %s has no entry %s", b->guest->name, b->entry);

	vm__create(&m->vm, host, b->needs.vm_type.number);
	/* No virtual PMU unless a benchmark wants one: switching it costs time on every exit. */
	vm__try_enable_cap(&m->vm, KVM_CAP_PMU_CAPABILITY, KVM_PMU_CAP_DISABLE);
	if (settings)
		setting__apply_vm(settings, &m->vm);
	create_irqchip(m);
	if (b->disable_exits)
		vm__enable_cap(
			&m->vm, KVM_CAP_X86_DISABLE_EXITS, b->disable_exits, "KVM_CAP_X86_DISABLE_EXITS");
	cpuid__supported(host, &m->cpuid);
	if (b->configure)
		b->configure(m);
	create_memory(m);
	create_vcpus(m);
	statsfd__open(&m->vm_stats, m->vm.fd, "the VM");
	if (b->setup)
		b->setup(m);
}

void machine__destroy(struct machine *m)
{
	unsigned i;

	if (m->bench->teardown)
		m->bench->teardown(m);
	statsfd__close(&m->vm_stats);
	for (i = 0; i < m->vcpu_count; i++) {
		statsfd__close(&m->vcpu_stats[i]);
		vcpu__destroy(&m->vcpus[i]);
	}
	free(m->vcpus);
	free(m->vcpu_stats);
	vm__destroy(&m->vm);
	host_memory__unmap(&m->arena);
	host_memory__unmap(&m->areas);
	host_memory__unmap(&m->low);
}

void machine__renew_arena_slot(struct machine *m)
{
	vm__set_slot(&m->vm, VM_SLOT_ARENA, 0, ABI_ARENA, 0, NULL);
	vm__set_slot(&m->vm, VM_SLOT_ARENA, m->arena_flags, ABI_ARENA, m->arena.bytes, m->arena.start);
}

void machine__arm(struct machine *m, struct vcpu *v, uint64_t entry, uint64_t mode, uint64_t samples)
{
	const struct bench *b = m->bench;
	struct abi_page *abi = v->abi;

	abi->mode = mode;
	abi->samples = samples;
	abi->ops = bench__ops(b);
	abi->index = v->index;
	memcpy(abi->arg, b->arg, sizeof(abi->arg));
	abi->status = ABI_STATUS_RUNNING;
	abi->taken = 0;
	vcpu__set_entry(v, entry);
}

void machine__run_entry_samples(struct machine *m, struct vcpu *v, const char *entry, uint64_t samples)
{
	uint64_t address = image__entry(m->bench->guest, entry);
	long value;

	if (!address)
		fatal("guest %s has no entry %s", m->bench->guest->name, entry);
	machine__arm(m, v, address, ABI_MODE_GUEST, samples);
	do
		value = vcpu__run(v->fd);
	while (value == -EINTR); /* a process that was stopped and continued */
	if (value || v->run->exit_reason != KVM_EXIT_IO || v->run->io.port != ABI_PORT_DONE ||
		v->abi->status != ABI_STATUS_DONE)
		machine__unexpected(m, v, value);
	vcpu__complete_io(v);
}

void machine__run_entry(struct machine *m, struct vcpu *v, const char *entry)
{
	machine__run_entry_samples(m, v, entry, 1);
}

/* The guest ended by itself, but not as a finished round. */
static _Noreturn void guest_ended(const struct machine *m, const struct abi_page *abi)
{
	switch (abi->status) {
	case ABI_STATUS_ASSERT:
		fatal("guest %s line %llu: saw %#llx, wanted %#llx", m->bench->guest->name,
			(unsigned long long)abi->line, (unsigned long long)abi->value,
			(unsigned long long)abi->wanted);
	case ABI_STATUS_EXCEPTION:
		/* #UD and #GP are how an emulator says that it lacks an instruction. */
		fatal__end(abi->vector == 6 || abi->vector == 13 ? ENDING_BACKEND : ENDING_FAILED,
			"guest %s: exception %llu, error code %#llx, at %#llx, CR2 %#llx",
			m->bench->guest->name, (unsigned long long)abi->vector,
			(unsigned long long)abi->error, (unsigned long long)abi->rip,
			(unsigned long long)abi->cr2);
	default:
		fatal("guest %s ended its round too early (status %llu, %llu samples)", m->bench->guest->name,
			(unsigned long long)abi->status, (unsigned long long)abi->taken);
	}
}

void machine__unexpected(struct machine *m, struct vcpu *v, long run_value)
{
	const struct kvm_run *run = v->run;
	struct kvm_regs regs = { 0 };
	char text[160];

	if (run_value == -EINTR)
		fatal__end(ENDING_TIMEOUT, "the guest did not come back in time");
	vcpu__try_ioctl(v, KVM_GET_REGS, &regs);
	if (run_value < 0)
		fatal("KVM_RUN on vCPU %u: %s (%s, guest at %#llx)", v->index, strerror((int)-run_value),
			vcpu__describe_exit(v, text, sizeof(text)), (unsigned long long)regs.rip);
	if (run->exit_reason == KVM_EXIT_IO && run->io.port == ABI_PORT_DONE)
		guest_ended(m, v->abi);
	fatal__end(run->exit_reason == KVM_EXIT_INTERNAL_ERROR ? ENDING_BACKEND : ENDING_FAILED,
		"vCPU %u left with %s at %#llx, wanted %s%s", v->index,
		vcpu__describe_exit(v, text, sizeof(text)), (unsigned long long)regs.rip,
		m->bench->expect.kvm.name ? "KVM_EXIT_" : "the end of the round",
		m->bench->expect.kvm.name ? m->bench->expect.kvm.name : "");
}
