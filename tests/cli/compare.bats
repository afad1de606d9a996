#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # out, err, status: run_split sets them
# compare, check, baseline, export and history on made-up run directories: no KVM is needed.

load helper

# make_run DIR SEED [FACTOR [JSON]]: 10 runs of 4 benchmarks around 3000 ticks with 0.2 % of noise; pio/out-user-1b
# is FACTOR times that; JSON is merged into run.json.
make_run() {
	mkdir -p "$1"
	awk -v seed="$2" -v factor="${3:-1}" 'BEGIN {
		srand(seed); OFS = ","
		print "bench,vcpus,vms,run,vcpu,metric,unit,n,min,p05,p25,p50,p75,p95,p99,p999,max,mean,stddev,flags"
		split("cpuid/leaf0 hlt/user pio/in-user-1b pio/out-user-1b", bench, " ")
		for (run = 0; run < 10; run++)
			for (b = 1; b <= 4; b++) {
				v = 3000 * b * (1 + 0.004 * (rand() - 0.5)) * (b == 4 ? factor : 1)
				print bench[b], 1, 1, run, 0, "guest", "tsc", 100, v, v, v, v, v, v, v, v, v, v, 1, ""
				print bench[b], 1, 1, run, 0, "exits", "count/op", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "", ""
			}
	}' >"$1/results.csv"
	jq -n --arg seed "$2" '{schema: "vmexit-bench-run/1", status: "complete", started: "2026-01-01T00:00:0\($seed)Z",
		finished: "2026-01-01T01:00:00Z", trust: "hardware", backend: "svm", plan: {seed: ($seed | tonumber)},
		clock: {tsc_khz: 2000000}, host: {hostname: "h", cpu: {model_name: "CPU"},
		kernel: {release: "6.1", boot_id: "b"}}} * ('"${4:-{\}}"')' >"$1/run.json"
}

setup() {
	command -v jq >/dev/null || skip "no jq"
	cd "$BATS_TEST_TMPDIR" || return
	make_run a 1
	make_run b 2 1.05
}

@test "compare: a directory is the same as itself" {
	run_split vb compare a a
	status_is 0
	shows "4 same"
	shows "the very same runs"
}

@test "compare: what is 5 % slower is named, with ratio and interval" {
	run_split vb compare a b
	status_is 0
	shows "1 slower, 3 same"
	[[ $out =~ slower\ +pio/out-user-1b\ +guest.*tsc\ +\+[45]\.[0-9]+\ %\ +\+[45]\.[0-9]+\ ..\ \+[45]\.[0-9]+\ % ]] || fail "$out"
}

@test "compare: csv and json hold the same verdicts" {
	vb compare -f csv a b | grep -q '^pio/out-user-1b,1,1,guest,tsc,10,10,.*,slower,'
	[ "$(vb compare -f json a b | jq -r '[.rows[] | select(.verdict == "slower") | .bench] | join(" ")')" = pio/out-user-1b ]
	vb compare -f markdown a b | grep -q '| .*slower | pio/out-user-1b | guest |'
}

@test "compare: for the message of a commit it is ASCII in short lines, with the host and what differs" {
	vb compare -f commit a b >message
	awk 'length > 74 { exit 1 }' message || fail "a line is too long: $(cat message)"
	! LC_ALL=C grep -q '[^ -~]' message || fail "not all is ASCII: $(cat message)"
	grep -q "^vmexit-bench .* microcode " message || fail "$(cat message)"
	grep -Eq '^pio/out-user-1b +[0-9]+ +[0-9]+  \+[45]\.[0-9]+ % \(\+[45]\.[0-9]+ \.\. \+[45]\.[0-9]+ %\)$' message ||
		fail "$(cat message)"
	[ "$(grep -c ', same$' message)" = 3 ] || fail "$(cat message)"
	[ "$(vb compare -c -f commit a b | grep -c ', same$')" = 0 ]
	run_split vb compare --by kernel -f commit a b
	status_is 1
	says_one_sentence "text or markdown"
}

@test "compare: another trust class is refused with the reason" {
	make_run emulated 3 1 '{trust: "emulated"}'
	run_split vb compare a emulated
	status_is 1
	says_one_sentence "trust class 'hardware'"
	run_split vb compare --across all a emulated
	status_is 1
}

@test "compare: another CPU is refused until it is what is asked for" {
	make_run other 3 1 '{host: {cpu: {model_name: "other CPU"}}}'
	run_split vb compare a other
	status_is 1
	says "--across cpu"
	run_split vb compare --across cpu a other
	status_is 0
	run_split vb compare --by cpu a other
	status_is 0
	shows "other CPU"
	make_run other2 4 1 '{host: {cpu: {model_name: "other CPU"}, kernel: {release: "6.12"}}}'
	run_split vb compare --by cpu a other2
	status_is 1
	says "--across kernel"
	run_split vb compare --by cpu --across kernel a other2
	status_is 0
}

@test "compare --by kernel: groups in columns, boots pooled" {
	for i in 3 4 5; do make_run "new/$i" "$i" 1.05 '{host: {kernel: {release: "6.12", boot_id: "n'"$i"'"}}}'; done
	for i in 6 7 8; do make_run "old/$i" "$i" 1 '{host: {kernel: {boot_id: "o'"$i"'"}}}'; done
	run_split vb compare --by kernel old new
	status_is 0
	shows "3 boots against 3"
	[[ $out =~ benchmark\ +metric\ +6\.1\ +6\.12 ]] || fail "$out"
	[[ $out =~ pio/out-user-1b\ +guest\ +12[0-9]+\ +\+[45]\.[0-9]+\ %\ ! ]] || fail "$out"
}

@test "compare: a directory given twice, or a copy in the folder, doesn't make its runs count twice" {
	make_run new 3 1.05 '{host: {kernel: {release: "6.12"}}}'
	run_split vb compare --by kernel a a new
	status_is 1
	says_one_sentence "a and a hold the very same runs"
	mkdir folder
	cp -r a folder/1
	cp -r a folder/2
	run_split vb compare folder b
	status_is 1
	says_one_sentence "folder/1 and folder/2 hold the very same runs"
	# Two sides may.
	run_split vb compare a folder/1
	status_is 0
	shows "Both sides hold the very same runs"
}

@test "compare: too few runs are said to be too few, and how many it takes" {
	for d in a b; do
		mkdir "few-$d"
		cp "$d/run.json" "few-$d"
		awk -F, 'NR == 1 || $4 < 3' "$d/results.csv" >"few-$d/results.csv"
	done
	run_split vb compare few-a few-b
	status_is 0
	[[ $out == *"3 runs a side can't decide 4 comparisons: at least 5 are needed"* ]] || fail "$out"
	run_split vb compare --strict few-a few-b
	status_is 8
	run_split vb check --strict --baseline few-a few-b
	status_is 8
}

@test "check: exit status 2, JUnit, Markdown, TAP, KTAP and annotations name the one" {
	run_split vb check --baseline a --junit j.xml --markdown s.md --markdown s.md b
	status_is 2
	shows "FAIL: regression (1 failed, 0 undecided, 7 passed, 0 skipped)"
	grep -q '<failure message="pio/out-user-1b guest: slower' j.xml
	if command -v xmllint >/dev/null; then xmllint --noout j.xml; fi
	grep -q 'slower | pio/out-user-1b' s.md
	[[ $(vb check --baseline a -f tap b) == "TAP version 14"$'\n'1..8$'\n'"not ok 1 - pio/out-user-1b guest: slower"* ]]
	[[ $(vb check --baseline a -f ktap b) == "KTAP version 1"$'\n'1..8$'\n'"not ok 1 pio/out-user-1b guest: slower"* ]]
	[[ $(vb check --baseline a -f github b) == "::error title=pio/out-user-1b slower::pio/out-user-1b guest"* ]]
	run_split vb check --baseline a a
	status_is 0
}

@test "check: limits of a thresholds file, and verdicts to fail on" {
	printf 'version 1\n* * 1%%\npio/* * 8%%\n' >limits
	run_split vb check --baseline a --thresholds limits b
	status_is 0
	run_split vb check --baseline a --thresholds "$ROOT/scripts/ci/thresholds.example" b
	status_is 2
	run_split vb check --baseline b a # faster
	status_is 0
	run_split vb check --baseline b --fail-on slower,faster a
	status_is 2
	printf 'version 1\n* * much\n' >limits
	run_split vb check --baseline a --thresholds limits b
	status_is 1
	says_one_sentence "limits:2:5: 'much' is no limit"
}

@test "check: a benchmark that fails now is broken: status 5; one that is suspect: status 7" {
	summary=bench,vcpus,vms,metric,unit,runs,median,ci_lo,ci_hi,min,p99,status,reason
	cp -r a fails && cp -r a suspect
	grep -v '^hlt/user' a/results.csv >fails/results.csv
	printf '%s\nhlt/user,1,1,,,0,,,,,,timeout,the guest did not come back\n' "$summary" >fails/summary.csv
	run_split vb check --baseline a fails
	status_is 5
	shows "the guest did not come back"
	printf '%s\nhlt/user,1,1,guest,tsc,10,6000,,,,,suspect,no exit was counted\n' "$summary" >suspect/summary.csv
	run_split vb check --baseline a suspect
	status_is 7
	shows "no exit was counted"
}

@test "check: on a virtual host times aren't gated, and it says so" {
	make_run va 1 1 '{trust: "nested"}'
	make_run vb 2 1.5 '{trust: "nested"}'
	run_split vb check --baseline va vb
	status_is 0
	shows "only what is counted is gated"
	run_split vb check --gate all --baseline va vb
	status_is 2
}

@test "baseline: saved, shown, compared with; an existing file is kept" {
	run_split vb baseline save a -o a.baseline
	status_is 0
	[ "$out" = a.baseline ]
	run_split vb baseline show a.baseline
	shows pio/out-user-1b
	run_split vb check --baseline a.baseline b
	status_is 2
	run_split vb baseline save b -o a.baseline
	status_is 1
	says_one_sentence "a.baseline exists"
	head -n 30 a.baseline >cut.baseline
	run_split vb check --baseline cut.baseline b
	status_is 1
	says_one_sentence "the file was cut short"
}

@test "bad input: file, line and column, and never a crash" {
	truncate -s 300 b/results.csv
	run_split vb compare a b
	status_is 1
	says_one_sentence "b/results.csv:"
	printf 'time,value\n1,2\n' >b/results.csv
	run_split vb compare a b
	says_one_sentence "b/results.csv:1:1: a results.csv has no column 'time'"
	: >b/results.csv
	run_split vb compare a b
	says_one_sentence "b/results.csv:1:1: nothing there"
	make_run b 2
	printf '{"schema": "vmexit-bench-run/1",\n "trust": }\n' >b/run.json
	run_split vb compare a b
	says_one_sentence "b/run.json:2:11: not JSON"
	run_split vb compare a nowhere
	says_one_sentence "nowhere: No such file or directory"
	run_split vb compare a /etc/hostname
	says_one_sentence "neither a run directory nor a baseline file"
	run_split vb compare a
	status_is 1
	says "--by kernel"
}

@test "export: every format writes something; unknown ones are refused" {
	for format in google-benchmark bencher benchstat openmetrics hyperfine otava otava-config; do
		run_split vb export -f "$format" a
		status_is 0
		shows pio/out-user-1b || shows Pio/out-user-1b
	done
	run_split vb export -f yaml a
	status_is 1
	run_split vb export -f otava -o o.csv a b
	status_is 0
	[ "$(wc -l <o.csv)" -eq 3 ]
}

@test "history: runs are added once, and a change is dated" {
	for i in 1 2 3 4 5 6 7 8 9; do
		make_run "h$i" "$i" "$([ "$i" -le 4 ] && echo 1 || echo 1.05)" '{finished: "'"$i"'"}'
		run_split vb history -F h.csv add "h$i"
		status_is 0
	done
	run_split vb history -F h.csv add h3
	says "is in h.csv already"
	run_split vb history -F h.csv --alpha 0.05 show
	status_is 0
	[[ $out =~ pio/out-user-1b\ +guest\ +2026-01-01T00:00:05Z ]] || fail "$out"
	printf 'x,y\n' >>h.csv
	run_split vb history -F h.csv show
	status_is 1
	says_one_sentence "h.csv:74:"
}

@test "boot-runs: boots in the order A B B A, then the comparison" {
	cat >program <<-'EOF'
		#!/bin/sh
		[ "$1" = run ] || { echo "$*"; exit 0; }
		mkdir -p "$4" && echo '"status": "complete"' >"$4/run.json"
	EOF
	chmod +x program
	order=
	next=A
	for _ in 1 2 3 4; do
		order="$order$next"
		run_split env VMEXIT_BENCH_RELEASE="$next" "$ROOT/scripts/ci/boot-runs" -o e -n 2 -p ./program -b 'echo %k' A B
		status_is 0
		next=$out
	done
	[ "$order" = ABBA ]
	[ "$out" = "compare e/A e/B" ]
	run_split "$ROOT/scripts/ci/boot-runs" -n 2 A B
	status_is 1
}
