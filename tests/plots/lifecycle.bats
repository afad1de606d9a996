#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # status, out: run sets them
# Whole VM lives, as rows of a run directory.

load helper

setup() {
	need hyperfine jq
	[ -c /dev/kvm ] || skip "no /dev/kvm on this machine"
	if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then skip "no permission for /dev/kvm"; fi
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$DATA/here-b" lives
	jq --arg boot "$(cat /proc/sys/kernel/random/boot_id)" '.host.kernel.boot_id = $boot' "$DATA/here-b/run.json" >lives/run.json
}

@test "lives become rows, which compare and draw like others; again replaces them" {
	"$ROOT/scripts/lifecycle" --binary "$VMEXIT_BENCH" --rounds 6 --times 2 lives
	grep -q '^lifecycle/exits-10000,1,1,process,ns,6,[0-9.]*,[0-9.]*,[0-9.]*,[0-9.]*,[0-9.]*,ok,$' lives/summary.csv || fail "$(cat lives/summary.csv)"
	[ "$(grep -c '^lifecycle/create,1,1,[0-5],0,process,ns,2,' lives/results.csv)" -eq 6 ]
	# What was there is there, and the interval of six runs is their least and greatest.
	diff <(grep -v '^lifecycle/' lives/results.csv) "$DATA/here-b/results.csv"
	awk -F, '$1 == "lifecycle/create" { print $12 }' lives/results.csv | sort -g | sed -n '1p;$p' >ends
	awk -F, '$1 == "lifecycle/create" { print $8; print $9 }' lives/summary.csv | diff - ends
	jq -e '.lifecycle.rounds == 6 and .lifecycle.times == 2' lives/run.json
	"$VMEXIT_BENCH" compare --format csv lives lives | grep -q '^lifecycle/first-exit,1,1,process,ns,6,6,.*,same,'
	"$ROOT/plots/draw" lives -o pictures --format svg --only medians | grep -q medians-lifecycle
	# The program's own summary of these rows is the same.
	cp -r lives computed
	rm computed/summary.csv
	for dir in lives computed; do
		"$VMEXIT_BENCH" report --no-plots -o $dir.html $dir
		sed -n '/id="metrics"/,/<\/table>/p' $dir.html | grep lifecycle/ | sed 's/ data-v="[^"]*"//g' >$dir.rows
	done
	[ "$(wc -l <lives.rows)" -ge 6 ]
	diff lives.rows computed.rows
	"$ROOT/scripts/lifecycle" --binary "$VMEXIT_BENCH" --rounds 2 --times 2 lives
	[ "$(grep -c '^lifecycle/create,1,1,[0-9],0,process,ns,2,' lives/results.csv)" -eq 2 ]
	[ ! -e lives/results.csv.tmp ]
}

@test "each life is what its name says, as often as wanted" {
	mkdir "a b"
	cat >"a b/note" <<-EOF
		#!/bin/sh
		echo "\$*" >>${PWD@Q}/asked
	EOF
	chmod +x "a b/note"
	"$ROOT/scripts/lifecycle" --binary "a b/note" --rounds 2 --times 3 lives
	# Two rounds of three and one to warm up; the one before all of them finds out whether a guest runs.
	for life in --version 'live --exits 0' 'live --exits 10000' 'live --exits 1 --memory 64'; do
		[ "$(grep -cxF -- "$life" asked)" -eq 8 ] || fail "$life: $(sort asked | uniq -c)"
	done
	[ "$(grep -cx 'live --exits 1' asked)" -eq 9 ]
	diff <(grep '^lifecycle/' lives/results.csv | cut -d , -f 1,2 | sort -u) - <<-EOF
		$(grep '^lifecycle/' lives/summary.csv | cut -d , -f 1,2 | sort -u)
	EOF
}

@test "another boot's directory, and what is no directory, are refused" {
	jq '.host.kernel.boot_id = "another"' lives/run.json >other && mv other lives/run.json
	run "$ROOT/scripts/lifecycle" --binary "$VMEXIT_BENCH" lives
	[ "$status" -eq 1 ]
	[[ $output == *"another boot"* ]]
	run "$ROOT/scripts/lifecycle" --binary "$VMEXIT_BENCH" nowhere
	[ "$status" -eq 1 ]
	[[ $output == *"no run directory"* ]]
}

@test "live: ends well, and says what it can't do" {
	"$VMEXIT_BENCH" live --exits 0
	[ -z "$("$VMEXIT_BENCH" live --exits 100 --vcpus 2 --memory 4)" ]
	run "$VMEXIT_BENCH" live something
	[ "$status" -eq 1 ]
	[[ $output == *"options only"* ]]
}

@test "run-and-report: the run's status, and the report's path as the last line" {
	run "$ROOT/scripts/run-and-report" "$VMEXIT_BENCH" --runs 1 --count 20 --quiet -o run 'floor/syscall'
	[ "$status" -eq 0 ] || fail "$output"
	[ "${lines[${#lines[@]} - 1]}" = "Report: run/report.html" ] || fail "$output"
	grep -q 'floor/syscall' run/report.html
	run "$ROOT/scripts/run-and-report" "$VMEXIT_BENCH" --nonsense
	[ "$status" -eq 1 ]
	[[ $output != *Report:* ]]
}
