#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Short runs of the suite on emulated hosts.  The boots are made once, the vendors side by side; the tests read
# what they left.  LAB_BINARY names the static program, LAB_TESTS the folder of those built from the C files here,
# LAB_KERNEL the kernel (default: lab/run's default).
bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# Rows without anything of the kernel between their stamps: no setting may move them.
CONTROLS='floor/(call-host|nop5|null-loop|null-loop-64|stamp-guest|stamp-host)'

lab_run() {
	local name=$1 status=0
	shift
	"$ROOT/lab/run" --binary "$LAB_BINARY" --kernel "${LAB_KERNEL:-default}" --timeout 240 -o "$BATS_FILE_TMPDIR/$name" \
		"$@" >"$BATS_FILE_TMPDIR/$name.log" 2>&1 || status=$?
	echo "$status" >"$BATS_FILE_TMPDIR/$name.status"
}

setup_file() {
	local patterns=() pattern
	export LAB_BINARY=${LAB_BINARY:-$ROOT/build/vmexit-bench.static}
	export LAB_TESTS=${LAB_TESTS:-$ROOT/build/tests/lab}
	for pattern in 'floor/*' 'cpuid/*' 'pio/out-user-*' 'mmio/read-user-4b' 'hlt/user' 'insn/cr[03]-*' \
		'ept/first-write-4k-*'; do
		# a program built from part of bench/ is tested with what it has
		if "$LAB_BINARY" list "$pattern" >/dev/null 2>&1; then patterns+=("$pattern"); fi
	done
	{
		lab_run amd-1 --vendor amd "${patterns[@]}"
		lab_run amd-2 --vendor amd "${patterns[@]}"
		lab_run amd-mitigations-off --vendor amd --append mitigations=off 'floor/*' 'cpuid/*'
		lab_run amd-npt-off --vendor amd --param kvm_amd.npt=0 "${patterns[@]}"
		lab_run amd-other --vendor amd --cpu max --param kvm.tdp_mmu=N --param kvm.mmio_caching=N 'floor/*' 'cpuid/*' \
			'insn/clgi' 'insn/cr0-*' 'ept/first-*-4k-*' 'ept/refault-*' mmio/read-user-4b
		lab_run amd-trace --vendor amd --run-args --trace 'floor/*' cpuid/leaf0 pio/out-user-1b mmio/read-user-4b
		LAB_BINARY=$LAB_TESTS/killed_tracer lab_run amd-killed-tracer --vendor amd --exec
		lab_run amd-panic --vendor amd --append 'rdinit=/nothing root=/dev/nothing'
		lab_run amd-no-kvm --vendor amd --cpu EPYC,-svm
		lab_run amd-hang --vendor amd --boot-timeout 1
	} 3>&- &
	{
		lab_run intel-1 --vendor intel "${patterns[@]}"
		lab_run intel-2 --vendor intel "${patterns[@]}"
		lab_run intel-no-flush --vendor intel --param kvm_intel.vmentry_l1d_flush=never 'floor/*' 'cpuid/*' 'pio/out-user-*'
		lab_run intel-trace --vendor intel --run-args --trace 'floor/*' cpuid/leaf0 pio/out-user-1b mmio/read-user-4b
	} 3>&- &
	wait
}

# have NAME...: skips where the emulator or the kernel can't be had here, fails where there are no results. A
# run of which a row failed has results: the tests of every row say which.
have() {
	local name status
	for name; do
		status=$(cat "$BATS_FILE_TMPDIR/$name.status")
		case $status in
		0 | 5 | 7) ;;
		20 | 21) skip "$(tail -n 1 "$BATS_FILE_TMPDIR/$name.log")" ;;
		*)
			echo "$name ended with status $status"
			cat "$BATS_FILE_TMPDIR/$name.log"
			return 1
			;;
		esac
	done
}

# ended NAME STATUS TEXT: the run ended with that status and said so
ended() {
	local status
	status=$(cat "$BATS_FILE_TMPDIR/$1.status")
	case $status in 20 | 21) skip "$(tail -n 1 "$BATS_FILE_TMPDIR/$1.log")" ;; esac
	cat "$BATS_FILE_TMPDIR/$1.log"
	[ "$status" -eq "$2" ]
	tail -n 1 "$BATS_FILE_TMPDIR/$1.log" | grep -q "$3"
}

# figures NAME [METRIC...]: "bench metric median" of the rows that are no timing-dependent ones
figures() {
	awk -F , 'FNR > 1 && ($4 == "roundtrip" || $4 == "guest") { print $1, $4, $7 }' \
		"$BATS_FILE_TMPDIR/$1/summary.csv" | sort
}

# changes A B: "bench change" of the metrics that both have, whether they differ or not
changes() {
	LC_ALL=C join <(figures "$1" | awk '{ print $1 ":" $2, $3 }' | LC_ALL=C sort) \
		<(figures "$2" | awk '{ print $1 ":" $2, $3 }' | LC_ALL=C sort) |
		awk '{ split($1, part, ":"); print part[1], $3 - $2 }'
}

# moved A B: the benchmarks that both have and whose median differs
moved() {
	changes "$1" "$2" | awk '$2 != 0 { print $1 }' | sort -u
}

# both A B: the benchmarks that both have
both() {
	comm -12 <(figures "$1" | awk '{ print $1 }' | sort -u) <(figures "$2" | awk '{ print $1 }' | sort -u)
}

every_row_is_proven() {
	local directory=$BATS_FILE_TMPDIR/$1
	# no suspect, failed or timed-out row, and something was measured
	run ! grep -E '^[^,]*,([^,]*,){10}(suspect|failed|timeout),' "$directory/summary.csv"
	[ "$(figures "$1" | wc -l)" -ge 10 ]
	# one exit an operation, by KVM's own count
	awk -F , '$1 == "cpuid/leaf0" && $5 == "exits" { n++; if ($7 != 1 || $8 != "ok") bad = 1 }
		END { exit bad || !n }' "$directory/checks.csv"
	# the program knows where it is
	jq -e --arg backend "$2" '.trust == "model" and .backend == $backend and .lab.clock == "exact"' "$directory/run.json"
	# five NOPs are five instructions, or nothing here is a count of instructions
	grep -q '^floor/nop5,1,1,net,insn,1,5,' "$directory/summary.csv"
}

@test "amd: every row is ok or skipped, proven by KVM's statistics" {
	have amd-1
	every_row_is_proven amd-1 svm
}

@test "intel: every row is ok or skipped, proven by KVM's statistics" {
	have intel-1
	every_row_is_proven intel-1 vmx
}

@test "amd: rows are ok or skipped with shadow paging, with a virtual GIF, without TDP MMU or MMIO caching, too" {
	have amd-npt-off amd-other
	every_row_is_proven amd-npt-off svm
	every_row_is_proven amd-other svm
	grep -q '^insn/clgi,1,1,0,exits,1,0,no-exit$' "$BATS_FILE_TMPDIR/amd-other/checks.csv"
	grep -q '^ept/first-read-4k-present,.*,skipped,.*kvm.tdp_mmu=N' "$BATS_FILE_TMPDIR/amd-other/summary.csv"
	# without a mark in the tables each MMIO is a fault, and meant to be one
	run ! grep -E '^mmio/read-user-4b,.*(faults|unsettled)' "$BATS_FILE_TMPDIR/amd-other/results.csv"
}

@test "amd: a second boot gives the same medians" {
	have amd-1 amd-2
	run "$ROOT/lab/diff" --all "$BATS_FILE_TMPDIR/amd-1" "$BATS_FILE_TMPDIR/amd-2"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "intel: a second boot gives the same medians" {
	have intel-1 intel-2
	run "$ROOT/lab/diff" --all "$BATS_FILE_TMPDIR/intel-1" "$BATS_FILE_TMPDIR/intel-2"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "amd: mitigations=off moves every row with kernel in it, and no control" {
	have amd-1 amd-mitigations-off
	both amd-1 amd-mitigations-off | grep -vE "^$CONTROLS\$" >"$BATS_TEST_TMPDIR/wanted"
	moved amd-1 amd-mitigations-off | diff "$BATS_TEST_TMPDIR/wanted" -
}

@test "amd: npt=0 makes MOV CR3 exit, and leaves system calls alone" {
	have amd-1 amd-npt-off
	run ! grep -E '^floor/' <(moved amd-1 amd-npt-off)
	figures amd-1 | grep -q '^insn/cr3-write '
	moved amd-1 amd-npt-off | grep '^insn/cr3-'
}

@test "intel: without the L1D flush user exits lose the flush, kernel exits the question whether, the rest nothing" {
	have intel-1 intel-no-flush
	changes intel-1 intel-no-flush
	changes intel-1 intel-no-flush | awk '
		/^pio\/out-user/ { user++; if ($2 > -1000) bad = 1; next }
		/^cpuid\// { kernel++; if ($2 >= 0 || $2 < -50) bad = 1; next }
		/^floor\// { other++; if ($2 != 0) bad = 1 }
		END { exit bad || !user || !kernel || !other }'
}

# Each sample's legs add up to it, so their means do to its mean, whatever the host's interrupts did.
legs_add_up() {
	local directory=$BATS_FILE_TMPDIR/$1 bench
	for bench in cpuid/leaf0 pio/out-user-1b mmio/read-user-4b; do
		grep -q "^$bench,1,1,0,samples traced,1,1,info" "$directory/checks.csv"
		awk -F, -v bench="$bench" '
			$1 == bench && $6 ~ /^trace_/ { sum += $18; n++ }
			$1 == bench && $6 == "traced_guest" { whole = $18; median = $12 }
			$1 == bench && $6 == "guest" { untraced = $12 }
			END { print bench, sum, whole, median, untraced, n
				d = sum - whole; exit n < 3 || d > 0.001 || d < -0.001 || median <= untraced }' "$directory/results.csv"
	done
	"${LAB_BINARY}" model --trace "$directory" | grep -q 'kvm_userspace_exit'
}

@test "amd: the legs that KVM's tracepoints cut an exit into add up to it" {
	have amd-trace
	legs_add_up amd-trace
}

@test "intel: the legs add up, and the L1D flush before a guest is entered from user space is in VMENTER" {
	have intel-trace
	legs_add_up intel-trace
	awk -F, '$4 == "trace_vmenter" { v[$1] = $7 } END { exit !(v["pio/out-user-1b"] - v["cpuid/leaf0"] > 4000) }' \
		"$BATS_FILE_TMPDIR/intel-trace/summary.csv"
}

@test "an instance of tracefs whose maker was killed is removed by what is started next" {
	have amd-killed-tracer
	cat "$BATS_FILE_TMPDIR/amd-killed-tracer.log"
	[ "$(grep -c '^yes: ' "$BATS_FILE_TMPDIR/amd-killed-tracer.log")" -eq 8 ]
}

@test "docs/lab.md shows the workflow files as they are" {
	local file
	for file in lab-github.yml lab-gitlab.yml; do
		awk -v want="$file" '
			/^```yaml$/ { n++; on = 1; next }
			/^```$/ { on = 0 }
			on && n == (want == "lab-github.yml" ? 1 : 2)' "$ROOT/docs/lab.md" | diff - "$ROOT/scripts/ci/$file"
	done
}

@test "bisect-step: what doesn't build is skipped, and a usage error stops the bisection" {
	run -125 "$ROOT/lab/bisect-step" --vendor amd --bench cpuid/leaf0 --limit 1 --build false
	run -125 "$ROOT/lab/bisect-step" --vendor amd --bench cpuid/leaf0 --limit 1 --build true --image /nothing
	run -129 "$ROOT/lab/bisect-step" --vendor amd --bench cpuid/leaf0 --build false
}

@test "profile: the functions of an exit add up to its median, to the instruction" {
	have amd-1
	run --separate-stderr "$ROOT/lab/profile" --kernel "${LAB_KERNEL:-default}" --binary "$LAB_BINARY" -o "$BATS_TEST_TMPDIR/profile" cpuid/leaf0
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(awk '$NF == "(all)" { print $1 }' <<<"$output")" -eq \
		"$(awk -F , '$1 == "cpuid/leaf0" && $4 == "guest" { print $7 }' "$BATS_TEST_TMPDIR/profile/1/summary.csv")" ]
	grep -q ' svm_vcpu_run$' <<<"$output"
	grep -q ' kvm_emulate_cpuid$' <<<"$output"
}

@test "a guest kernel that panics is said to have panicked" {
	ended amd-panic 22 'the guest kernel panicked: Kernel panic'
}

@test "a guest kernel on a CPU without SVM is said to have no usable KVM" {
	ended amd-no-kvm 24 'no usable KVM in the guest kernel: loading kvm_amd'
}

@test "a guest kernel that isn't up in time is ended" {
	ended amd-hang 23 'was not up within 1 s'
}

@test "arguments that can't be are refused before anything is booted" {
	run -1 "$ROOT/lab/run"
	run -1 "$ROOT/lab/run" --vendor arm
	run -1 "$ROOT/lab/run" --vendor intel --clock wall
	[[ $output = *"Bochs only counts instructions"* ]]
	run -1 "$ROOT/lab/run" --vendor amd --param npt=0
	[[ $output = *"MODULE.NAME=VALUE"* ]]
	run -1 "$ROOT/lab/run" --vendor amd --binary /nothing
	run -21 "$ROOT/lab/get-kernel" 2.4
	[[ $output = *"no kernel matches 2.4"* ]]
	run -1 "$ROOT/lab/build-kernel" -o image
	[[ $output = *"go with --tree"* ]]
}
