#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154  # $out, $err and $status come from the helper
# Signals that aren't meant to end a run, and ends that leave nobody behind (failures.bats has those that are).

load helper

setup() {
	need_kvm
	D=$BATS_TEST_TMPDIR/d
}

# background COMMAND...: in a group of its own; its process id is $pid. Waits for rows.
background() {
	local i=0

	setsid "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until [ "$(wc -l 2>/dev/null <"$D/results.csv" || echo 0)" -gt 3 ]; do
		sleep 0.05
		i=$((i + 1))
		kill -0 $pid 2>/dev/null || fail "ended by itself: $(cat "$BATS_TEST_TMPDIR/err")"
		[ $i -lt 400 ] || { kill -KILL -- -$pid; fail "no rows: $(cat "$BATS_TEST_TMPDIR/err")"; }
	done
}

ended() {
	status=0
	wait $pid || status=$?
	out=$(cat "$BATS_TEST_TMPDIR/out") err=$(cat "$BATS_TEST_TMPDIR/err")
}

@test "nohup: a hang-up that was ignored before stays ignored" {
	background env --ignore-signal=HUP "$VMEXIT_BENCH" run cpuid floor --runs 3 --count 200 -o "$D"
	kill -HUP -- -$pid
	ended
	status_is 0
	whole_directory "$D"
	[ "$(jq -r .status "$D/run.json")" = complete ]
	refute grep -q ',failed,\|,timeout,' "$D/summary.csv"
}

@test "a shell's background job ignores Ctrl-C, measuring processes and all" {
	background env --ignore-signal=INT "$VMEXIT_BENCH" run cpuid floor --runs 3 --count 200 -o "$D"
	kill -INT -- -$pid
	ended
	status_is 0
	refute grep -q ',failed,\|,timeout,' "$D/summary.csv"
}

@test "a parent that ignores SIGCHLD doesn't make every run a timeout" {
	run_split timeout 60 env --ignore-signal=CHLD "$VMEXIT_BENCH" run cpuid/leaf0 "${SHORT[@]}" -o "$D"
	status_is 0
	refute grep -q ',timeout,' "$D/summary.csv"
}

@test "signals that a parent left blocked reach the run and its guests" {
	run_split timeout 60 env --block-signal "$VMEXIT_BENCH" run hypercall/unknown ioctl/kick-signal ept/uffd-missing "${SHORT[@]}" -o "$D"
	status_is 0
	refute grep -q ',timeout,' "$D/summary.csv"
	rm -r "$D"
	background env --default-signal=TERM --block-signal=TERM "$VMEXIT_BENCH" run cpuid floor --time 60 --runs 30 -o "$D"
	kill -TERM $pid
	ended
	status_is 143
}

@test "stopped and continued: no guest is called lost" {
	background "$VMEXIT_BENCH" run cpuid floor --runs 4 --count 300 --timeout 2s -o "$D"
	kill -STOP -- -$pid
	sleep 3
	kill -CONT -- -$pid
	ended
	status_is 0
	whole_directory "$D"
	refute grep -q ',failed,\|,timeout,' "$D/summary.csv"
}

@test "a killed program takes its measuring process with it" {
	local i left

	background "$VMEXIT_BENCH" run cpuid floor --runs 100 --count 2000 -o "$D"
	kill -KILL $pid
	ended
	status_is 137
	for i in 1 2 3 4 5 6 7 8 9 10; do
		left=$(pgrep -r R,S,D,T -g $pid || true) # not what waits for somebody to reap it
		[ -n "$left" ] || return 0
		sleep 0.1
	done
	fail "left behind: $left"
}
