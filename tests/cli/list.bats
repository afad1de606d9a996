#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # $out, $err and $status come from the helper

load helper

csv() {
	vb list --format csv "$@"
}

@test "csv and json name the same benchmarks, sorted, each once" {
	csv | tail -n +2 | cut -d , -f 1 >"$BATS_TEST_TMPDIR/csv"
	vb list --format json | jq -r '.[].bench' >"$BATS_TEST_TMPDIR/json"
	[ -s "$BATS_TEST_TMPDIR/csv" ]
	diff "$BATS_TEST_TMPDIR/csv" "$BATS_TEST_TMPDIR/json"
	LC_ALL=C sort -c -u "$BATS_TEST_TMPDIR/csv"
}

@test "every benchmark says what it is and where it is handled" {
	[ "$(vb list --format json | jq '[.[] | select((.summary | length) == 0 or (.doc // "" | length) == 0)] | length')" -eq 0 ]
	csv | tail -n +2 | cut -d , -f 3 | sort -u >"$BATS_TEST_TMPDIR/places"
	refute grep -vxE 'no exit|fast path|kernel|user space|host only' "$BATS_TEST_TMPDIR/places"
}

@test "what this host can't do says why" {
	vb list --format json | jq -e 'length > 0 and [.[] | select(.supported != "yes" and ((.reason // "") | length) == 0)] == []'
}

@test "the families of the foundation are there" {
	for family in floor cpuid hlt pio mmio ept; do
		csv "$family" | grep -q "^$family/" || fail "no $family/"
	done
}

@test "patterns: glob, family, exact, exclusion" {
	[ "$(csv 'cpuid/*' | wc -l)" -eq "$(csv cpuid | wc -l)" ]
	[ "$(csv cpuid/leaf0 | tail -n +2 | wc -l)" -eq 1 ]
	[ "$(csv '*/leaf0' | tail -n +2 | cut -d , -f 1)" = cpuid/leaf0 ]
	[ "$(csv '!cpuid' | grep -c '^cpuid/')" -eq 0 ]
	[ "$(csv cpuid '!cpuid/leaf*' | grep -c '^cpuid/leaf')" -eq 0 ]
	[ "$(csv cpuid '!cpuid/leaf*' cpuid/leaf0 | grep -c '^cpuid/leaf')" -eq 1 ]
}

@test "--supported leaves out the rest" {
	[ "$(csv --supported | tail -n +2 | cut -d , -f 4 | sort -u)" = yes ]
}

@test "without /dev/kvm the list is the same, and says it can't know" {
	build_shim
	run_split fake_kvm open=2 "$VMEXIT_BENCH" list --format json
	status_is 0
	[ "$(printf '%s' "$out" | jq length)" -eq "$(vb list --format json | jq length)" ]
	printf '%s' "$out" | jq -e '.[] | select(.bench == "cpuid/leaf0") |
		.supported == "unknown" and (.reason | contains("/dev/kvm does not exist"))'
}

@test "markdown is one section per benchmark, with links that lead somewhere" {
	vb list --format markdown >"$BATS_TEST_TMPDIR/md"
	# shellcheck disable=SC2016  # backquotes as they are
	grep -q '^### `cpuid/leaf0`' "$BATS_TEST_TMPDIR/md"
	[ "$(grep -c '^### ' "$BATS_TEST_TMPDIR/md")" -eq "$(csv | tail -n +2 | wc -l)" ]
	grep -o '](#[^)]*)' "$BATS_TEST_TMPDIR/md" | tr -d ']()#' | sort -u | while read -r anchor; do
		grep '^### ' "$BATS_TEST_TMPDIR/md" | tr -d '`/# ' | grep -qx "$anchor" || fail "no section for $anchor"
	done
}

@test "docs/benchmarks.md is what make docs writes" {
	vb list --format markdown >"$BATS_TEST_TMPDIR/md"
	cmp "$BATS_TEST_TMPDIR/md" "$ROOT/docs/benchmarks.md" ||
		fail "run make docs: $(diff "$ROOT/docs/benchmarks.md" "$BATS_TEST_TMPDIR/md" | grep '^[<>] ###' | head)"
}

@test "a terminal of any width is not overrun" {
	command -v script >/dev/null || skip "no script(1)"
	# As it is here, and where no benchmark can run.
	build_shim
	for preload in '' "LD_LIBRARY_PATH=${BATS_FILE_TMPDIR@Q} LD_PRELOAD=${SHIM##*/} FAKE_KVM=open=2"; do
		for columns in 40 60 80 132; do
			NO_COLOR=1 on_terminal "stty cols $columns; $preload ${VMEXIT_BENCH@Q} list" |
				tr -d '\r' >"$BATS_TEST_TMPDIR/screen"
			grep -q leaf0 "$BATS_TEST_TMPDIR/screen"
			refute too_wide "$BATS_TEST_TMPDIR/screen" "$columns"
		done
	done
}

@test "a list of names has whole names, in 80 columns too" {
	command -v script >/dev/null || skip "no script(1)"
	NO_COLOR=1 on_terminal "stty cols 80; ${VMEXIT_BENCH@Q} list" | tr -d '\r' >"$BATS_TEST_TMPDIR/screen"
	sed -nE 's,^  ([a-z]+/[^ ]*) .*,\1,p' "$BATS_TEST_TMPDIR/screen" | sort >"$BATS_TEST_TMPDIR/names"
	csv | tail -n +2 | cut -d , -f 1 | sort | cmp - "$BATS_TEST_TMPDIR/names"
}

@test "no escape sequences into a pipe or with NO_COLOR" {
	vb list >"$BATS_TEST_TMPDIR/piped"
	refute grep -q $'\033' "$BATS_TEST_TMPDIR/piped"
	command -v script >/dev/null || skip "no script(1)"
	NO_COLOR=1 on_terminal "${VMEXIT_BENCH@Q} list" >"$BATS_TEST_TMPDIR/plain"
	refute grep -q $'\033' "$BATS_TEST_TMPDIR/plain"
	on_terminal "env -u NO_COLOR ${VMEXIT_BENCH@Q} list" >"$BATS_TEST_TMPDIR/coloured"
	grep -q $'\033' "$BATS_TEST_TMPDIR/coloured"
}
