#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# docs/kvm-unit-tests.md: every test of vmexit.c is there, and every id in it exists.

load helper

TABLE=$BATS_TEST_DIRNAME/../../docs/kvm-unit-tests.md

vmexit_c_tests() {
	printf '%s\n' cpuid vmcall wbinvd invd mov_from_cr8 mov_to_cr8 inl_from_pmtimer inl_from_qemu inl_from_kernel \
		outl_to_kernel mov_dr tscdeadline_immed tscdeadline ipi ipi_halt ple_round_robin wr_kernel_gs_base \
		wr_tsx_ctrl_msr wr_ibrs_msr wr_ibpb_msr wr_tsc_adjust_msr rd_tsc_adjust_msr toggle_cr0_wp toggle_cr4_pge
	for prefix in '' x2apic_; do
		printf "${prefix}self_ipi_%s\n" sti_nop sti_hlt tpr tpr_sti_nop tpr_sti_hlt
	done
	for bus in mmio portio; do
		printf "$bus-%s-eventfd\n" no wildcard datamatch
	done
}

rows() {
	awk -F ' *[|] *' '/^\| [a-z]/ && $2 != "vmexit.c" { print $2, $3 }' "$TABLE"
}

@test "every test of vmexit.c has a counterpart" {
	vmexit_c_tests | sort >"$BATS_TEST_TMPDIR/wanted"
	rows | cut -d ' ' -f 1 | sort >"$BATS_TEST_TMPDIR/there"
	diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/there"
}

@test "every counterpart exists" {
	vb list --format csv | cut -d , -f 1 | sort >"$BATS_TEST_TMPDIR/ids"
	rows | cut -d ' ' -f 2 | sort -u >"$BATS_TEST_TMPDIR/named"
	missing=$(comm -13 "$BATS_TEST_TMPDIR/ids" "$BATS_TEST_TMPDIR/named")
	[ -z "$missing" ] || fail "no such benchmarks: $missing"
}
