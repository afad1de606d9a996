// SPDX-License-Identifier: MIT
#include "kvm/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/host.h"

/* Opening the device says only half: a vendor module that is missing or busy shows at KVM_CREATE_VM. */
static int explain_open(int errnum, struct error *err)
{
	switch (errnum) {
	case ENOENT:
		return error__set(err, EXIT_NO_KVM,
			"/dev/kvm does not exist: load kvm_intel or kvm_amd (modprobe), enable VT-x/SVM in the "
			"firmware, or use the lab (make lab)");
	case EACCES:
	case EPERM:
		return error__set(err, EXIT_NO_KVM,
			"no permission to open /dev/kvm: run as root or join its group "
			"(sudo usermod -aG kvm $USER, then log in again)");
	case EBUSY:
		return error__set(err, EXIT_NO_KVM,
			"/dev/kvm is busy: another hypervisor (VirtualBox, VMware) holds the CPU's virtualization; "
			"stop it and try again");
	case ENODEV:
	case ENXIO:
		return error__set(err, EXIT_NO_KVM,
			"/dev/kvm has no driver behind it: load kvm_intel or kvm_amd (modprobe)");
	default:
		return error__set_errno(err, EXIT_NO_KVM, errnum, "opening /dev/kvm");
	}
}

static int explain_create(int errnum, struct error *err)
{
	if (errnum == EBUSY)
		return error__set(err, EXIT_NO_KVM,
			"KVM_CREATE_VM: the CPU's virtualization is in use by another hypervisor "
			"(VirtualBox, VMware); stop it and try again");
	if (errnum == ENOTTY)
		return error__set(err, EXIT_NO_KVM, "KVM_CREATE_VM: /dev/kvm is not KVM's device");
	/* What has a remedy of its own doesn't need this one. */
	return error__set_errno(err, EXIT_NO_KVM, errnum, "KVM_CREATE_VM on /dev/kvm%s",
		*error__remedy(errnum) || errnum == ENOMEM ? "" : " (is a vendor module loaded? see dmesg)");
}

int kvm_host__open(struct kvm_host *host, struct error *err)
{
	char vendor[16];
	int api, vm;

	memset(host, 0, sizeof(*host));
	host->fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (host->fd < 0)
		return explain_open(errno, err);

	api = ioctl(host->fd, KVM_GET_API_VERSION, 0);
	if (api != KVM_API_VERSION) {
		kvm_host__close(host);
		return error__set(err, EXIT_NO_KVM,
			"/dev/kvm answers KVM_GET_API_VERSION with %d, not %d: it is no KVM this program knows",
			api, KVM_API_VERSION);
	}
	/* EINTR: as in vm__create(). */
	do {
		vm = ioctl(host->fd, KVM_CREATE_VM, 0);
	} while (vm < 0 && errno == EINTR);
	if (vm < 0) {
		int errnum = errno;

		kvm_host__close(host);
		return explain_create(errnum, err);
	}
	close(vm);
	if (kvm_host__cap(host, KVM_CAP_BINARY_STATS_FD) <= 0) {
		kvm_host__close(host);
		return error__set(err, EXIT_NO_KVM,
			"this kernel's KVM has no KVM_CAP_BINARY_STATS_FD, without which no figure can be proven: "
			"Linux 5.14 or newer is needed");
	}
	host->run_bytes = ioctl(host->fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (host->run_bytes < (int)sizeof(struct kvm_run)) {
		int bytes = host->run_bytes, errnum = errno;

		kvm_host__close(host);
		return bytes < 0
			       ? error__set_errno(
					 err, EXIT_NO_KVM, errnum, "KVM_GET_VCPU_MMAP_SIZE on /dev/kvm")
			       : error__set(err, EXIT_NO_KVM,
					 "KVM_GET_VCPU_MMAP_SIZE on /dev/kvm says %d, less than its header's %zu bytes",
					 bytes, sizeof(struct kvm_run));
	}
	host->max_vcpus = kvm_host__cap(host, KVM_CAP_MAX_VCPUS);
	host__backend("", host->backend, sizeof(host->backend));
	host__vendor("", vendor, sizeof(vendor));
	host->intel = strcmp(vendor, "GenuineIntel") == 0;
	host->amd = strcmp(vendor, "AuthenticAMD") == 0 || strcmp(vendor, "HygonGenuine") == 0;
	host->is_vmx = strcmp(host->backend, "vmx") == 0;
	host->is_svm = strcmp(host->backend, "svm") == 0;
	return 0;
}

void kvm_host__close(struct kvm_host *host)
{
	if (host->fd >= 0)
		close(host->fd);
	host->fd = -1;
}

int kvm_host__cap(const struct kvm_host *host, int cap)
{
	int value = ioctl(host->fd, KVM_CHECK_EXTENSION, cap);

	return value < 0 ? 0 : value;
}
