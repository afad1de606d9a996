// SPDX-License-Identifier: MIT
/* The doctor on KVM: what runs the guests, what is below, and which parameters change exits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "host/doctor_checks.h"
#include "host/host.h"

static void look_device(const char *root, struct finding *f)
{
	if (*root) {
		finding__set(f, FINDING_UNKNOWN, "needs the machine itself");
	} else if (!access("/dev/kvm", R_OK | W_OK)) {
		finding__set(f, FINDING_OK, "/dev/kvm may be used");
	} else if (errno == EACCES) {
		finding__set(f, FINDING_WARNING, "/dev/kvm may not be opened by this user");
		finding__change(f, "usermod -aG kvm $USER, then log in again; or run as root");
		finding__restore(f, "gpasswd -d $USER kvm");
	} else {
		finding__set(f, FINDING_WARNING, "there is no /dev/kvm");
		finding__change(f, "modprobe %s (and virtualisation must be on in the firmware)",
			host__cpu_has_flag(root, "svm") ? "kvm_amd" : "kvm_intel");
		finding__restore(
			f, "modprobe -r %s", host__cpu_has_flag(root, "svm") ? "kvm_amd" : "kvm_intel");
	}
}

static void look_backend(const char *root, struct finding *f)
{
	char backend[32];

	host__backend(root, backend, sizeof(backend));
	if (!strcmp(backend, "vmx") || !strcmp(backend, "svm"))
		finding__set(f, FINDING_OK, "%s: the CPU runs the guest", backend);
	else if (!strcmp(backend, "unknown"))
		finding__set(f, FINDING_WARNING, "no KVM module is loaded");
	else
		finding__set(f, FINDING_WARNING,
			"%s is neither kvm_intel nor kvm_amd: figures are no exit costs of "
			"this CPU",
			backend);
}

static void look_hypervisor(const char *root, struct finding *f)
{
	char signature[16], product[64] = "";

	if (!host__has_hypervisor(root)) {
		finding__set(f, FINDING_OK, "none: bare metal");
		return;
	}
	host__hypervisor_signature(root, signature, sizeof(signature));
	file__read(root, "/sys/class/dmi/id/product_name", product, sizeof(product));
	finding__set(f, FINDING_WARNING, "this machine is a virtual one%s%s%s%s",
		*signature ? ", below it: " : "", signature, *product ? ", called: " : "", product);
	finding__change(f, "measure on bare metal; or compare only with runs from the same kind of VM");
}

static void look_paging(const char *root, struct finding *f)
{
	char backend[32], name[32], value[16];
	const char *module = "kvm_intel", *parameter = "ept";

	host__backend(root, backend, sizeof(backend));
	if (!strcmp(backend, "svm")) {
		module = "kvm_amd";
		parameter = "npt";
	}
	snprintf(name, sizeof(name), "%s.%s", module, parameter);
	if (host__module_parameter(root, name, value, sizeof(value))) {
		finding__set(f, FINDING_UNKNOWN, "this backend doesn't say");
		return;
	}
	if (*value == 'Y' || *value == '1') {
		finding__set(f, FINDING_OK, "%s=%s", name, value);
		return;
	}
	finding__set(f, FINDING_WARNING, "%s=%s: shadow paging", name, value);
	finding__change(f, "modprobe -r %s && modprobe %s %s=1", module, module, parameter);
	finding__restore(f, "modprobe -r %s && modprobe %s %s=0", module, module, parameter);
}

static void look_halt_poll(const char *root, struct finding *f)
{
	char value[32];

	if (host__module_parameter(root, "kvm.halt_poll_ns", value, sizeof(value))) {
		finding__set(f, FINDING_UNKNOWN, "kvm.halt_poll_ns can't be read");
		return;
	}
	if (!strcmp(value, "0")) {
		finding__set(f, FINDING_OK, "off");
		return;
	}
	finding__set(f, FINDING_INFO, "up to %s ns", value);
	finding__file_commands(f, "/sys/module/kvm/parameters/halt_poll_ns", "0", value);
}

/* Parameters whose value shows in some figure; the usual one isn't worth a word. */
static void look_parameters(const char *root, struct finding *f)
{
	static const struct {
		const char *name, *usual;
	} parameters[] = {
		{ "kvm.force_emulation_prefix", "0" },
		{ "kvm.enable_vmware_backdoor", "N" },
		{ "kvm.nx_huge_pages", "N" },
		{ "kvm.tdp_mmu", "Y" },
		{ "kvm.mmio_caching", "Y" },
		{ "kvm.eager_page_split", "Y" },
		{ "kvm.mitigate_smt_rsb", "N" },
		{ "kvm.enable_pmu", "Y" },
		{ "kvm_intel.enable_apicv", "Y" },
		{ "kvm_intel.enable_ipiv", "Y" },
		{ "kvm_intel.eptad", "Y" },
		{ "kvm_intel.pml", "Y" },
		{ "kvm_intel.preemption_timer", "Y" },
		{ "kvm_intel.vpid", "Y" },
		{ "kvm_intel.vnmi", "Y" },
		{ "kvm_intel.flexpriority", "Y" },
		{ "kvm_intel.ple_gap", "128" },
		{ "kvm_intel.unrestricted_guest", "Y" },
		{ "kvm_intel.vmentry_l1d_flush", "not required" },
		{ "kvm_intel.dump_invalid_vmcs", "N" },
		{ "kvm_amd.avic", "Y" },
		{ "kvm_amd.vgif", "1" },
		{ "kvm_amd.vls", "1" },
		{ "kvm_amd.vnmi", "1" },
		{ "kvm_amd.nrips", "1" },
		{ "kvm_amd.lbrv", "1" },
		{ "kvm_amd.pause_filter_count", "3000" },
	};
	char unusual[sizeof(f->value)] = "";
	unsigned seen = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
		char value[64];

		if (host__module_parameter(root, parameters[i].name, value, sizeof(value)))
			continue;
		seen++;
		if (strcmp(value, parameters[i].usual))
			snprintf(unusual + strlen(unusual), sizeof(unusual) - strlen(unusual), "%s%s=%s",
				*unusual ? ", " : "", parameters[i].name, value);
	}
	if (!seen)
		finding__set(f, FINDING_UNKNOWN, "no parameter of KVM can be read");
	else
		finding__set(
			f, *unusual ? FINDING_INFO : FINDING_OK, "%s", *unusual ? unusual : "all as usual");
}

static const struct check checks[] = {
	{ "kvm-device", "without it nothing can be measured", look_device },
	{ "kvm-backend", "only kvm_intel and kvm_amd make the exits that this suite is about", look_backend },
	{ "hypervisor", "below another hypervisor every exit is handled twice, and others share the machine",
		look_hypervisor },
	{ "kvm-paging", "without EPT or NPT every guest page-table write exits", look_paging },
	{ "kvm-halt-poll", "a vCPU that polls before it sleeps makes HLT cheap and its CPU busy",
		look_halt_poll },
	{ "kvm-parameters", "these decide which operations exit at all, and how", look_parameters },
};

const struct check_table doctor_kvm_checks = { checks, ARRAY_SIZE(checks) };
