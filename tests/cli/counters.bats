#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # $out, $err and $status come from the helper
# Counters, vCPU counts and matrices as a user meets them.

load helper

setup() {
	need_kvm
	D=$BATS_TEST_TMPDIR/d
}

@test "events that can be counted give figures; those that can't, one sentence" {
	vb list --events | grep -q '^context-switches ' || skip "no permission to count (kernel.perf_event_paranoid)"
	run_split vb run --events context-switches,no-such-event cpuid/leaf0 --runs 1 --count 50 -o "$D"
	status_is 0
	grep -q '^cpuid/leaf0,.*,context-switches,count/op,' "$D/results.csv"
	says "no-such-event can't be counted"
	jq -e '.events.counted == ["context-switches"] and (.events.missing | has("no-such-event"))' "$D/run.json"
}

@test "--events none counts nothing; an empty name is refused" {
	run_split vb run --events none floor/syscall "${SHORT[@]}" -o "$D"
	status_is 0
	jq -e '.events.counted == []' "$D/run.json"
	run_split vb run --events 'a,,b' floor/syscall -o "$D.2"
	status_is 1
	says "empty name"
}

@test "list --events says what this host counts" {
	run_split vb list --events
	status_is 0
	[[ $out == *context-switches* ]]
}

@test "two vCPUs: a row for each, and a rate that is their sum" {
	run_split vb run cpuid/leaf0 pio/out-user-1b --vcpus 1,2 --runs 2 --count 2000 --events none -o "$D"
	status_is 0
	for bench in cpuid/leaf0 pio/out-user-1b; do
		awk -F, -v b="$bench" '$1 == b && $2 == 2 && $6 == "guest" { seen[$5]++ } END { exit !(seen[0] == 2 && seen[1] == 2) }' "$D/results.csv"
		# The rate of a run is the sum over its vCPUs; the summary has the median of the two runs: their mean.
		sum=$(awk -F, -v b="$bench" '$1 == b && $2 == 2 && $6 == "rate" { s += $12 } END { printf "%.9g", s / 2 }' "$D/results.csv")
		all=$(awk -F, -v b="$bench" '$1 == b && $2 == 2 && $4 == "rate" { print $7 }' "$D/summary.csv")
		awk -v a="$sum" -v b="$all" 'BEGIN { d = a / b - 1; exit !(d < 0.02 && d > -0.02) }'
		# ... and the efficiency is that against twice the rate of one vCPU.
		one=$(awk -F, -v b="$bench" '$1 == b && $2 == 1 && $4 == "rate" { print $7 }' "$D/summary.csv")
		efficiency=$(awk -F, -v b="$bench" '$1 == b && $2 == 2 && $4 == "efficiency" { print $7 }' "$D/summary.csv")
		awk -v e="$efficiency" -v a="$all" -v o="$one" 'BEGIN { d = e / (a / (2 * o)) - 1; exit !(d < 0.02 && d > -0.02) }'
	done
}

@test "a matrix: a run directory for each combination, and run.json says which" {
	mkdir "$D"
	run_split vb run --matrix halt-poll=0,50000 --matrix vpmu=on,off floor/null-loop "${SHORT[@]}" -o "$D"
	status_is 0
	[ "$(find "$D" -mindepth 1 -maxdepth 1 -type d | wc -l)" -eq 4 ]
	jq -e '.settings == {"halt-poll": "50000", "vpmu": "off"}' "$D/halt-poll=50000,vpmu=off/run.json"
	run_split vb run --matrix halt-poll=0,50000 floor/null-loop
	status_is 1
	says "give -o DIR"
}
