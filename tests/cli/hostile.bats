#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # $out, $err and $status come from the helper
# What nobody means to do to a run, and somebody does.

load helper

setup() {
	need_kvm
	D=$BATS_TEST_TMPDIR/d
}

@test "two runs into one directory: one gets it, the other says so, no row is the other's" {
	local i a b first second

	for i in 1 2 3 4 5 6; do
		vb run floor/syscall "${SHORT[@]}" --quiet -o "$D.$i" >/dev/null 2>"$BATS_TEST_TMPDIR/a" &
		a=$!
		vb run floor/syscall "${SHORT[@]}" --quiet -o "$D.$i" >/dev/null 2>"$BATS_TEST_TMPDIR/b" &
		b=$!
		first=0 second=0
		wait $a || first=$?
		wait $b || second=$?
		[ $((first + second)) -eq 1 ] || fail "statuses $first and $second"
		cat "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b" | grep -q "choose another" || fail "not said"
		whole_directory "$D.$i"
		[ "$(grep -c '^floor/syscall,1,1,0,0,roundtrip' "$D.$i/results.csv")" -eq 1 ]
	done
}

@test "no process to be had: status 5, the remedy, and a run.json that doesn't call the run complete" {
	build_shim
	run_split fake_kvm fork=4 "$VMEXIT_BENCH" run floor "${SHORT[@]}" --quiet -o "$D"
	status_is 5
	says_one_sentence "fork"
	says "Resource temporarily unavailable"
	says "ulimit -u"
	whole_directory "$D"
	[ "$(wc -l <"$D/results.csv")" -gt 1 ] # what was finished before
	[ "$(jq -r .status "$D/run.json")" = failed ]
	jq -e '.error | contains("fork")' "$D/run.json"
}

@test "no thread to be had: the row says so, with the remedy" {
	build_shim
	run_split fake_kvm thread "$VMEXIT_BENCH" run cpuid/leaf0 "${SHORT[@]}" --vcpus 2 --quiet -o "$D"
	status_is 5
	grep -q "^cpuid/leaf0,2,1,.*,failed,.*thread for vCPU 1.*ulimit -u" "$D/summary.csv"
}

@test "more samples than a run keeps: said" {
	run_split vb run floor/syscall --runs 1 --count 20000 -o "$D"
	status_is 0
	says "20000 samples a run are wanted, 16384 are kept"
	jq -e '.warnings | any(contains("16384"))' "$D/run.json"
}

# none_inherited: for a shell of its own: closes what the tests were started with, however many it was
# shellcheck disable=SC2016  # that shell's words
none_inherited='for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ $fd -gt 2 ]; then eval "exec $fd>&-"; fi; done;'

@test "too few open files allowed: the limit is raised as far as it goes, then named" {
	run_split bash -c "$none_inherited ulimit -Sn 64 && exec ${VMEXIT_BENCH@Q} run cpuid/leaf0 ${SHORT[*]} --vcpus 40 -o ${D@Q}"
	status_is 0
	# A vCPU takes two descriptors: which of them is one too many depends on how many there are.
	local calls='' more
	for more in '' '{one_more}</dev/null'; do
		run_split bash -c "$none_inherited exec $more; ulimit -n 64 && exec ${VMEXIT_BENCH@Q} run cpuid/leaf0 ${SHORT[*]} --vcpus 40 -o ${D@Q}.hard${more:+er}"
		status_is 5
		calls+=$(grep -m 1 -oE '^cpuid/leaf0,40,.*,failed,(KVM_CREATE_VCPU|KVM_GET_STATS_FD of vCPU) [0-9]+: .*ulimit -n' \
			"$D.hard${more:+er}/summary.csv")$'\n'
	done
	[[ $calls == *KVM_CREATE_VCPU* && $calls == *KVM_GET_STATS_FD* ]] || fail "$calls"
	run_split bash -c "$none_inherited ulimit -n 4 && exec ${VMEXIT_BENCH@Q} run cpuid/leaf0 ${SHORT[*]} -o ${D@Q}.few"
	status_is 3
	says_one_sentence "ulimit -n"
	refute says "vendor module"
}

@test "a limit on the size of files: status 6, named, and no signal" {
	run_split bash -c "ulimit -f 1 && exec ${VMEXIT_BENCH@Q} run floor ${SHORT[*]} --quiet -o ${D@Q}"
	status_is 6
	says "File too large"
	says "ulimit -f"
	[ -z "$(ls -A "$D")" ] || fail "left: $(ls -A "$D")"
	run_split bash -c "ulimit -f 24 && exec ${VMEXIT_BENCH@Q} run floor --runs 2 --count 200 --samples --quiet -o ${D@Q}"
	status_is 6
	says "ulimit -f"
	whole_directory "$D"
	jq -e '.status == "failed"' "$D/run.json" >/dev/null
}

@test "started without stdin, stdout and stderr: what it says goes into no file of results" {
	status=0
	"$VMEXIT_BENCH" run floor/syscall "${SHORT[@]}" -o "$D" <&- >&- 2>&- || status=$?
	status_is 6 # the table could not be written
	whole_directory "$D"
	refute grep -q 'Trust class\|vmexit-bench:' "$D"/*.csv
}

@test "an argument that isn't UTF-8 isn't missing from run.json" {
	run_split vb run floor/syscall "${SHORT[@]}" --quiet -o "$D"$'\377'
	status_is 0
	jq -e '.arguments | index("-o") as $i | .[$i + 1] | endswith("d?")' "$D"$'\377/run.json'
}

@test "a number of runs that --time has no room for: what is announced isn't --time" {
	local pid i=0

	env --default-signal=TERM "$VMEXIT_BENCH" run floor --runs 1000 --count 1 --time 1 -o "$D" >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	# It is announced once the first run of each is over.
	until grep -q ' about ' "$BATS_TEST_TMPDIR/err"; do
		kill -0 $pid
		i=$((i + 1))
		[ $i -lt 1200 ] || { kill -KILL $pid; fail "nothing announced"; }
		sleep 0.05
	done
	kill -TERM $pid
	wait $pid || status=$?
	status_is 143
	grep -qE ' 1000 runs each, .*: about ([0-9]+ min|[2-9] s|[0-9]{2} s)' "$BATS_TEST_TMPDIR/err" || fail "$(cat "$BATS_TEST_TMPDIR/err")"
}

@test "scripts: folders with names that look like options or go over lines" {
	cd "$BATS_TEST_TMPDIR"
	for name in -dash $'new\nline "q"'; do
		run_split "$ROOT/scripts/run-and-report" "$VMEXIT_BENCH" floor/syscall "${SHORT[@]}" -o "$name"
		status_is 0
		says "Report: "
		[ -s "./$name/report.html" ] || fail "no report: $err"
		run_split "$ROOT/scripts/ab" -n 1 -p "$VMEXIT_BENCH" -o "$name.ab" true true -- floor/syscall --count 5
		status_is 0
		[ -s "./$name.ab/a/000/results.csv" ]
	done
}

@test "aa: what can't be kept is shown all the same" {
	run_split env -u HOME -u XDG_STATE_HOME "$VMEXIT_BENCH" aa floor/syscall --runs 6 --count 50 -o "$D"
	status_is 6
	says "XDG_STATE_HOME"
	shows "floor/syscall"
}

@test "aa: too few runs for a noise floor leave the one that was there" {
	mkdir -p "$BATS_TEST_TMPDIR/state/vmexit-bench"
	echo '{"host": "kept"}' >"$BATS_TEST_TMPDIR/state/vmexit-bench/noise-floor.json"
	run_split env XDG_STATE_HOME="$BATS_TEST_TMPDIR/state" "$VMEXIT_BENCH" aa floor/syscall --runs 2 --count 50 -o "$D"
	status_is 0
	# Two by two runs can come out alike; then that is what they show.
	[[ $err == *"too few runs for a noise floor"* ]] || skip "the runs came out alike"
	refute grep -q inf "$BATS_TEST_TMPDIR/out"
	[ "$(jq -r .host "$BATS_TEST_TMPDIR/state/vmexit-bench/noise-floor.json")" = kept ]
}
