#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # $out, $err and $status come from the helper
# A run as its user meets it: files, table, formats, statuses.

load helper

setup() {
	need_kvm
	D=$BATS_TEST_TMPDIR/d
}

@test "a run writes whole files and ends in the table and the directory" {
	run_split vb run cpuid/leaf0 floor/syscall "${SHORT[@]}" -o "$D"
	status_is 0
	whole_directory "$D"
	shows "cpuid/leaf0"
	shows "results: $D"
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "results: $D" ]
	says "about"
	says "Trust class '"
}

@test "run.json says what ran" {
	run_split vb run cpuid/leaf0 "${SHORT[@]}" --seed 0xabc -o "$D"
	status_is 0
	jq -e '.schema and .backend and .trust and .host and .clock' "$D/run.json"
	jq -e --arg v "$(cat "$ROOT/VERSION")" '.program.version == $v' "$D/run.json"
	jq -e '[.. | numbers, strings] | any(. == 2748 or . == "2748" or . == "0xabc")' "$D/run.json"
}

@test "an emulated backend is called that, everywhere" {
	run_split vb run cpuid/leaf0 "${SHORT[@]}" -o "$D"
	status_is 0
	[ "$(jq -r .trust "$D/run.json")" = emulated ] || skip "this backend runs guests' instructions"
	shows "trust class 'emulated'"
	shows "THESE ARE NO EXIT COSTS"
	says "Trust class 'emulated'"
	jq -e '.trust_words | contains("NO EXIT COSTS")' "$D/run.json"
}

@test "--format csv on stdout is summary.csv" {
	run_split vb run cpuid/leaf0 "${SHORT[@]}" --format csv -o "$D"
	status_is 0
	diff "$BATS_TEST_TMPDIR/out" "$D/summary.csv"
	says "results: $D"
}

@test "--format json has the same rows" {
	run_split vb run cpuid/leaf0 "${SHORT[@]}" --format json -o "$D"
	status_is 0
	[ "$(printf '%s' "$out" | jq length)" -eq "$(tail -n +2 "$D/summary.csv" | wc -l)" ]
	printf '%s' "$out" | jq -e 'all(.[]; .status == "ok") and any(.[]; .metric == "guest" and .median > 0)'
}

@test "--quiet: stdout is the directory, stderr is empty" {
	run_split vb run cpuid/leaf0 "${SHORT[@]}" --quiet -o "$D"
	status_is 0
	[ "$out" = "$D" ]
	[ -z "$err" ]
}

@test "--runs, --count and --vcpus are obeyed" {
	run_split vb run cpuid/leaf0 --runs 3 --count 17 --vcpus 1,2 --samples -o "$D"
	status_is 0
	[ "$(awk -F, '$1 == "cpuid/leaf0" && $6 == "guest" && $2 == 1 { print $4 }' "$D/results.csv" | sort -u | wc -l)" -eq 3 ]
	[ "$(awk -F, '$1 == "cpuid/leaf0" && $6 == "guest" && $2 == 1 { print $8 }' "$D/results.csv" | sort -u)" = 17 ]
	[ "$(awk -F, '$1 == "cpuid/leaf0" { print $2 }' "$D/summary.csv" | sort -u | tr '\n' ' ')" = "1 2 " ]
	[ "$(awk -F, '$1 == "cpuid/leaf0" && $6 == "guest" && $2 == 1 && $4 == 0' "$D/samples.csv" | wc -l)" -eq 17 ]
	whole_directory "$D"
}

@test "without --samples there is no samples.csv" {
	run_split vb run floor/syscall "${SHORT[@]}" -o "$D"
	status_is 0
	[ ! -e "$D/samples.csv" ]
}

@test "the same seed gives the same order, another one another" {
	order() {
		vb run cpuid floor "${SHORT[@]}" --seed "$1" --quiet -o "$BATS_TEST_TMPDIR/$2" >/dev/null
		tail -n +2 "$BATS_TEST_TMPDIR/$2/results.csv" | cut -d , -f 1 | uniq | tr '\n' ' '
	}
	first=$(order 1 a)
	[ "$first" = "$(order 1 b)" ]
	[ "$first" != "$(order 2 c)" ]
}

@test "the default directory is a new one below results/" {
	cd "$BATS_TEST_TMPDIR"
	run_split vb run floor/syscall "${SHORT[@]}" --quiet
	status_is 0
	[[ $out == *results/* ]]
	whole_directory "$out"
	first=$out
	run_split vb run floor/syscall "${SHORT[@]}" --quiet
	status_is 0
	[ "$out" != "$first" ]
}

@test "a baseline comes along, so that net can be had" {
	base=$(vb list --format json | jq -r '.[] | select(.bench == "cpuid/leaf0") | .baseline')
	[ "$base" != null ]
	run_split vb run cpuid/leaf0 "${SHORT[@]}" -o "$D"
	grep -q "^$base," "$D/summary.csv"
	grep -q "^cpuid/leaf0,1,1,net," "$D/summary.csv"
}

@test "a benchmark that only the host can time has a net figure: less the host's stamps" {
	vb run debug/step-user insn/triple-fault "${SHORT[@]}" --quiet -o "$D"
	for bench in debug/step-user insn/triple-fault; do
		if awk -F, -v b=$bench '$1 == b && $12 == "skipped" { found = 1 } END { exit !found }' "$D/summary.csv"; then continue; fi
		awk -F, -v b=$bench '$1 == b && $4 == "roundtrip" { whole = $7 } $1 == b && $4 == "net" { net = $7 }
			$1 == "floor/stamp-host" && $4 == "roundtrip" { less = $7 }
			END { exit !(net > 0 && net == whole - less) }' "$D/summary.csv" || fail "$(cat "$D/summary.csv")"
	done
	grep -q ,net, "$D/summary.csv" || skip "this backend can execute neither"
}

@test "a benchmark that needs two vCPUs has a net figure: its baseline is run with one" {
	run_split vb run insn/pause-round-robin "${SHORT[@]}" -o "$D"
	grep -q "^insn/pause-round-robin,2,1,guest," "$D/summary.csv" || skip "it can't run here"
	grep -q "^floor/null-loop,1,1,guest," "$D/summary.csv"
	grep -q "^insn/pause-round-robin,2,1,net," "$D/summary.csv"
}

@test "progress on a terminal only, on stderr, and gone at the end" {
	command -v script >/dev/null || skip "no script(1)"
	run_split vb run cpuid "${SHORT[@]}" -o "$D"
	refute grep -q $'[\r\033]' "$BATS_TEST_TMPDIR/err"
	on_terminal "${VMEXIT_BENCH@Q} run cpuid ${SHORT[*]} -o ${D@Q}.tty >/dev/null" >"$BATS_TEST_TMPDIR/screen"
	grep -q '\[[#.]*\] [0-9]*/[0-9]*' "$BATS_TEST_TMPDIR/screen"
	[[ $(tail -c 4 "$BATS_TEST_TMPDIR/screen") == *$'\033[K' ]]
}

@test "the table fits the terminal; NO_COLOR is honoured" {
	command -v script >/dev/null || skip "no script(1)"
	NO_COLOR=1 on_terminal "stty cols 60; ${VMEXIT_BENCH@Q} run cpuid ${SHORT[*]} --vcpus 1,2 -o ${D@Q} 2>/dev/null" |
		tr -d '\r' >"$BATS_TEST_TMPDIR/screen"
	grep -q 'cpuid/leaf0' "$BATS_TEST_TMPDIR/screen"
	refute grep -q $'\033' "$BATS_TEST_TMPDIR/screen"
	sed -i '/^results: /d' "$BATS_TEST_TMPDIR/screen" # a path is never cut
	refute too_wide "$BATS_TEST_TMPDIR/screen" 60
	tr '\n' ' ' <"$BATS_TEST_TMPDIR/screen" | grep -q 'Too narrow here for: [a-z+]'
}

@test "a locale with comma decimals changes neither files nor table" {
	other_locale de_DE
	[ "$(/usr/bin/printf '%.1f' 1,5)" = 1,5 ] # the locale is in force
	run_split vb run cpuid/leaf0 floor/syscall --runs 2 --count 20 --time 1.5 -o "$D"
	status_is 0
	whole_directory "$D"
	LC_ALL=C.UTF-8
	awk -F, 'NR > 1 && NF != 20 { print; bad = 1 } END { exit bad }' "$D/results.csv"
	awk -F, 'NR > 1 && $5 == "tsc" && $7 + 0 <= 0 { print; bad = 1 } END { exit bad }' "$D/summary.csv"
	jq -e '.clock' "$D/run.json"
	refute grep -E '[0-9],[0-9]' "$BATS_TEST_TMPDIR/out"
}

@test "status 4 where nothing ran, with the reason" {
	build_shim
	run_split fake_kvm cap=136 "$VMEXIT_BENCH" run floor/run-immediate '!floor/call-host' "${SHORT[@]}" -o "$D"
	reason=$(awk -F, '$1 == "floor/run-immediate" { print $12 "," $13 }' "$D/summary.csv")
	[[ $reason == skipped,*KVM_CAP_IMMEDIATE_EXIT* ]] || fail "no reason: $reason"
	shows KVM_CAP_IMMEDIATE_EXIT
	# Its baseline is measured all the same; alone it leaves nothing that ran.
	if [ "$(awk -F, 'NR > 1 && $12 == "ok"' "$D/summary.csv" | wc -l)" -eq 0 ]; then status_is 4; else status_is 0; fi
}

@test "status 5 where a guest doesn't come back, and the others go on" {
	run_split vb run cpuid/leaf0 floor/syscall --runs 1 --count 1000000 --timeout 30 -o "$D"
	status_is 5
	whole_directory "$D"
	[ "$(awk -F, '$1 == "cpuid/leaf0" { print $12 }' "$D/summary.csv" | sort -u)" = timeout ]
	shows "did not come back"
}

@test "status 7 where KVM's statistics don't agree" {
	build_shim
	run_split fake_kvm stats "$VMEXIT_BENCH" run pio/out-user-1b "${SHORT[@]}" -o "$D"
	status_is 7
	whole_directory "$D"
	[ "$(awk -F, '$1 == "pio/out-user-1b" { print $12 }' "$D/summary.csv" | sort -u)" = suspect ]
	shows suspect
	grep -q ',suspect$' "$D/checks.csv"
}

@test "a reader that goes away loses nothing of the run" {
	set +o pipefail
	vb run cpuid floor "${SHORT[@]}" -o "$D" 2>"$BATS_TEST_TMPDIR/err" | head -n 1 >/dev/null
	status=${PIPESTATUS[0]}
	err=$(cat "$BATS_TEST_TMPDIR/err")
	status_is 0
	whole_directory "$D"
	[ -s "$D/summary.csv" ]
}

@test "standard output on a full disk: status 6, the directory is whole" {
	[ -c /dev/full ] || skip "no /dev/full"
	status=0
	err=$(vb run floor/syscall "${SHORT[@]}" --quiet -o "$D" 2>&1 >/dev/full) || status=$?
	status_is 6
	says_one_sentence "writing to standard output"
	whole_directory "$D"
	[ -s "$D/summary.csv" ]
}
