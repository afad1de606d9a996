#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# run --trace on a tree of files that stands for tracefs: refusals, and what a killed run leaves. What it measures is
# tested in the lab, where a real tracefs may be written to.

load helper

setup() {
	need_kvm
	D=$BATS_TEST_TMPDIR/d
	export VMEXIT_BENCH_SYSROOT=$BATS_TEST_TMPDIR/root
	INSTANCES=$VMEXIT_BENCH_SYSROOT/sys/kernel/tracing/instances
	mkdir -p "$VMEXIT_BENCH_SYSROOT/run"
}

make_tracefs() {
	mkdir -p "$INSTANCES/somebody-elses"
	echo 1 >"$INSTANCES/../tracing_on"
}

@test "without tracefs: the remedy, status 1, and no directory" {
	run_split vb run --trace "${SHORT[@]}" floor/syscall -o "$D"
	status_is 1
	says_one_sentence "--trace: tracefs is not mounted"
	says "mount -t tracefs"
	[ ! -e "$D" ]
}

@test "a kernel that can't trace by the TSC: which file is missing, and nothing stays behind" {
	make_tracefs
	run_split vb run --trace "${SHORT[@]}" floor/syscall -o "$D"
	status_is 1
	says_one_sentence "/trace_clock is missing"
	[ ! -e "$D" ]
	[ "$(ls "$INSTANCES")" = somebody-elses ]
}

@test "a trace instance that a killed run left is removed by whatever is started next" {
	make_tracefs
	mkdir "$INSTANCES/vmexit-bench-77"
	run_split vb --version
	status_is 0
	says_one_sentence "switched off the tracing that a killed run had left on"
	[ "$(ls "$INSTANCES")" = somebody-elses ]
	run_split vb --version
	[ -z "$err" ]
}

@test "a trace instance whose run lives stays" {
	make_tracefs
	mkdir "$INSTANCES/vmexit-bench-77"
	flock "$INSTANCES/vmexit-bench-77" "$VMEXIT_BENCH" --version
	[ -d "$INSTANCES/vmexit-bench-77" ]
}
