#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # $out, $err and $status come from the helper
# Run directories that were cut, joined, edited or sent through another system: each command that reads them
# says what is wrong where, or gives the figures that are there.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	R=r M=m
	mkdir "$R"
	# A few benchmarks are enough.
	for file in results summary checks; do
		grep -E '^(bench|cpuid/leaf0|floor/[a-z0-9-]+|pio/out-user-1b),' "$ROOT/results/reference/lab-amd-6.1.192/$file.csv" >"$R/$file.csv"
	done
	cp "$ROOT/results/reference/lab-amd-6.1.192/run.json" "$R/"
	cp -r "$R" "$M"
}

# every_reader STATUS TEXT: all commands that read a run directory say it
every_reader() {
	local command

	for command in "compare $R $M" "check --baseline $R $M" "baseline save $M -o b" \
		"history add $M --file h" "export --format otava $M" "model $M" \
		"report $M -o page.html"; do
		# shellcheck disable=SC2086  # words
		run_split vb $command
		[ "$status" -eq "$1" ] || fail "$command: status $status, wanted $1: $err"
		[ -z "$2" ] || says "$2"
	done
}

@test "a figure twice in one file is refused: it would count as another vCPU" {
	tail -n +2 "$R/results.csv" >>"$M/results.csv"
	every_reader 1 "twice"
	says "several runs put together"
	cp "$R/results.csv" "$M/results.csv"
	sed -n 3p "$R/summary.csv" >>"$M/summary.csv"
	every_reader 1 "summary.csv has"
	says "twice"
}

@test "a proof that can't be read is no proof that isn't there" {
	run_split vb report "$M" --no-plots -o "$BATS_TEST_TMPDIR/page.html"
	status_is 0
	sed -i '3s/,/,x/' "$M/checks.csv"
	run_split vb report "$M" --no-plots -o "$BATS_TEST_TMPDIR/other.html"
	status_is 1
	says "checks.csv:3:"
	[ ! -e "$BATS_TEST_TMPDIR/other.html" ]
	rm "$M/checks.csv"
	run_split vb report "$M" --no-plots -o "$BATS_TEST_TMPDIR/other.html"
	status_is 0
	grep -qF "There is no checks.csv" "$BATS_TEST_TMPDIR/other.html"
}

@test "a figure that nothing can have measured is refused where it is read" {
	awk -F, -v OFS=, 'NR == 2 { $12 = "1e300" } 1' "$R/results.csv" >"$M/results.csv"
	every_reader 1 "results.csv:2:"
	says "1e300"
}

@test "lines that end as on another system, and a byte order mark, are read" {
	sed -i 's/$/\r/' "$M/results.csv"
	{ printf '\357\273\277'; cat "$R/summary.csv"; } >"$M/summary.csv"
	every_reader 0 ""
}

@test "a run.json with little in it is no crash" {
	local what

	for what in 'del(.host, .clock, .probe, .plan, .program, .warnings, .noise_floor)' \
		'.host = 3 | .clock = "x" | .probe = [] | .plan = 1 | .program = [] | .warnings = "a" | .noise_floor = [1]' \
		'.events = 3 | .flagged_runs = "z" | .arguments = {} | .overheads = [] | .doctor = 9 | .tuned = "k" | .lab = 1'; do
		jq "$what" "$R/run.json" >"$M/run.json"
		for command in "compare $M $M" "model $M" "export --format openmetrics $M"; do
			# shellcheck disable=SC2086  # words
			run_split vb $command
			[ "$status" -le 1 ] || fail "$what, $command: status $status: $err"
		done
	done
}

@test "a run that didn't come to its end: every reader says so" {
	local what words file=x

	for what in '.status = "running":the run is under way, or was killed' \
		'.status = "failed" | .error = "disk-full":the run failed, what it had by then is all there is: disk-full' \
		'.status = "interrupted" | .signal = 15:the run was ended by signal 15'; do
		words=${what#*:}
		jq "${what%%:*}" "$R/run.json" >"$M/run.json"
		for command in "baseline save $M --force -o $file.b" "baseline show $file.b" "history add $M --file $file.h" \
			"export --format otava $M" "model $M"; do
			rm -f "$file.h"
			# shellcheck disable=SC2086  # words
			run_split vb $command
			status_is 0
			says "$words"
		done
		for command in "compare $R $M" "check --baseline $R $M"; do
			# shellcheck disable=SC2086  # words
			run_split vb $command
			status_is 0
			[[ $(tr '\n' ' ' <<<"$out") == *"$words"* ]] || fail "$command: $out"
		done
		run_split vb report "$R" "$M" --no-plots -o "$file.html"
		status_is 0
		grep -qF "$words" "$file.html" || fail "the report doesn't say: $words"
	done
	run_split vb model "$R"
	[ -z "$err" ] || fail "$err"
}

@test "a directory whose name isn't UTF-8 is compared in JSON, too" {
	cp -r "$R" "$BATS_TEST_TMPDIR/"$'n\377'
	run_split vb compare "$R" "$BATS_TEST_TMPDIR/"$'n\377' --format json
	status_is 0
	printf '%s' "$out" | jq -e '.b.label | endswith("n?")'
	printf '%s' "$out" | jq -e '.b.directories | length == 1'
}

@test "history: an empty file is one that hasn't begun" {
	: >"$BATS_TEST_TMPDIR/h"
	run_split vb history add "$R" --file "$BATS_TEST_TMPDIR/h"
	status_is 0
	run_split vb history show --file "$BATS_TEST_TMPDIR/h"
	status_is 0
}

@test "what run.json says does nothing to a terminal" {
	jq '.host.cpu.model_name = "C\u001b[31mPU\u009b\u0007" | .host["a\u001bb"] = ["\u001b"] | .trust = "x\u001b"' "$R/run.json" >"$M/run.json"
	for command in "compare $R $M --across all" "compare $R $M" "model $M" "baseline show $M" "report $M --no-plots -o $BATS_TEST_TMPDIR/p" \
		"export --format openmetrics $M" "history add $M --file $BATS_TEST_TMPDIR/h"; do
		# shellcheck disable=SC2086  # words
		run_split vb $command
		[ "$status" -le 1 ] || fail "$command: status $status: $err"
		if grep -lP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$BATS_TEST_TMPDIR"/{out,err,[ph]}; then fail "$command"; fi
	done
	run_split vb model "$M"
	shows "C?[31mPU??"
}

@test "a folder that may not be looked into is not called one without results" {
	command -v setpriv >/dev/null || skip "no setpriv"
	cp "$VMEXIT_BENCH" "$BATS_TEST_TMPDIR/vb"
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	chmod 700 "$M"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/vb" --version >/dev/null 2>&1 ||
		skip "another user can't reach $BATS_TEST_TMPDIR"
	run_split setpriv --reuid 65534 --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/vb" model "$M"
	status_is 6
	says_one_sentence "Permission denied"
}

@test "a name that would do something to a terminal or in XML is refused" {
	local name

	sed $'1s/metric/met\\033[31mric/' "$R/results.csv" >"$M/results.csv"
	every_reader 1 "results.csv:1:"
	refute grep -q $'\033' "$BATS_TEST_TMPDIR/err"
	for name in $'esc\033[31mred' $'ctl\001' $'bad\377'; do
		awk -F, -v OFS=, -v name="$name" 'NR == 2 { $1 = name } 1' "$R/results.csv" >"$M/results.csv"
		every_reader 1 "results.csv:2:1:"
		refute grep -q $'[\001\033\377]' "$BATS_TEST_TMPDIR/err"
	done
}
