#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The doctor on recorded machines: what it warns of is its exit status, and each finding has its commands.
# shellcheck disable=SC2154  # $out, $err and $status come from the helper

load helper

tree() { # NAME: a recorded machine below $BATS_TEST_TMPDIR
	"$BATS_TEST_DIRNAME/../hosts/unpack" "$BATS_TEST_TMPDIR/$1" <"$BATS_TEST_DIRNAME/../hosts/$1.tree"
}

@test "a machine as it came: status 7, with commands to change and to restore" {
	tree intel-bare-metal
	run_split vb doctor --root "$BATS_TEST_TMPDIR/intel-bare-metal" --format json
	status_is 7
	printf '%s' "$out" >"$BATS_TEST_TMPDIR/doctor.json"
	jq -e '[.. | objects | select(.state? == "warning")] | length > 0 and all(.why != "" and .change != "")' "$BATS_TEST_TMPDIR/doctor.json"
}

@test "words keep to the terminal's width; what is to be copied stays in one line" {
	command -v script >/dev/null || skip "no script(1)"
	tree intel-bare-metal
	NO_COLOR=1 on_terminal "stty cols 80; ${VMEXIT_BENCH@Q} doctor --root ${BATS_TEST_TMPDIR@Q}/intel-bare-metal" |
		tr -d '\r' >"$BATS_TEST_TMPDIR/screen"
	grep -q '^         why      ' "$BATS_TEST_TMPDIR/screen"
	grep -vE '^         (change|restore)  ' "$BATS_TEST_TMPDIR/screen" >"$BATS_TEST_TMPDIR/words"
	refute too_wide "$BATS_TEST_TMPDIR/words" 80
	run_split vb doctor --root "$BATS_TEST_TMPDIR/intel-bare-metal"
	[ "$(grep -cE '^         (change|restore)  ' "$BATS_TEST_TMPDIR/screen")" -eq "$(grep -cE '^         (change|restore)  ' <<<"$out")" ]
}

@test "a tuned machine: status 0" {
	tree amd-bare-metal
	run_split vb doctor --root "$BATS_TEST_TMPDIR/amd-bare-metal"
	status_is 0
}

@test "a folder that is no recorded machine: status 1" {
	run_split vb doctor --root "$BATS_TEST_TMPDIR"
	status_is 1
	says_one_sentence "$BATS_TEST_TMPDIR"
}
