#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# run --tune on a tree of files that stands for /sys and /proc: whatever ends the run, nothing stays changed.

load helper

setup() {
	need_kvm
	TREE=$BATS_TEST_TMPDIR/root
	D=$BATS_TEST_TMPDIR/d
	"$BATS_TEST_DIRNAME/../hosts/unpack" "$TREE" <"$BATS_TEST_DIRNAME/../hosts/intel-bare-metal.tree"
	mkdir -p "$TREE/run"
	# A file with a choice in brackets reads back otherwise than it is written: only a kernel can play that.
	rm -f "$TREE/sys/kernel/mm/transparent_hugepage/enabled"
	GOVERNOR=$TREE/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor
	echo powersave >"$GOVERNOR"
	state >"$BATS_TEST_TMPDIR/before"
	export VMEXIT_BENCH_SYSROOT=$TREE
}

state() {
	(cd "$TREE" && find . -type f | sort | xargs sha1sum)
}

is_as_before() {
	state | diff "$BATS_TEST_TMPDIR/before" -
}

# Starts a tuned run that lasts some seconds, and waits until it has tuned.
start_tuned_run() {
	env --default-signal=TERM "$VMEXIT_BENCH" run --tune --time 20s 'cpuid/*' -o "$D" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	PID=$!
	for _ in $(seq 100); do
		[ "$(cat "$GOVERNOR")" != performance ] || return 0
		sleep 0.1
	done
	cat "$BATS_TEST_TMPDIR/log"
	return 1
}

@test "a tuned run puts everything back and says in run.json what it changed" {
	"$VMEXIT_BENCH" run --tune floor/syscall --runs 1 --count 100 -o "$D"
	is_as_before
	jq -e '.tuned[] | select(.path | endswith("cpu0/cpufreq/scaling_governor")) | .old == "powersave" and .new == "performance"' "$D/run.json"
}

@test "a tuned run that is ended by SIGTERM puts everything back" {
	start_tuned_run
	kill -TERM "$PID"
	wait "$PID" || [ $? -eq 143 ]
	is_as_before
}

@test "a tuned run that is killed: the next start puts everything back" {
	start_tuned_run
	kill -KILL "$PID"
	wait "$PID" || true
	[ "$(cat "$GOVERNOR")" = performance ]
	run "$VMEXIT_BENCH" list floor/syscall
	[ "$status" -eq 0 ]
	[[ $output == *"put back"* ]]
	is_as_before
}

@test "root's journal is no matter of other users' commands" {
	command -v setpriv >/dev/null || skip "no setpriv"
	[ "$(id -u)" -eq 0 ] || skip "not root"
	mkdir -p "$BATS_TEST_TMPDIR/other/run"
	cp "$VMEXIT_BENCH" "$BATS_TEST_TMPDIR/vb"
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	(umask 077 && : >"$BATS_TEST_TMPDIR/other/run/vmexit-bench-tune.journal")
	run_split env VMEXIT_BENCH_SYSROOT="$BATS_TEST_TMPDIR/other" setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$BATS_TEST_TMPDIR/vb" --version
	status_is 0
	[ -z "$err" ] || fail "$err"
}
