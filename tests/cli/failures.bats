#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What can go wrong around a run: one clear sentence with the remedy, the documented status, and nothing
# lost that was written before.

load helper

setup() {
	D=$BATS_TEST_TMPDIR/d
}

# in_private_mounts SCRIPT: a shell that may mount without anyone seeing it
in_private_mounts() {
	unshare --mount --propagation private sh -ec "$1"
}

# An empty /dev but for what a program needs; then the rest of the script.
bare_dev='mount -t tmpfs none /dev; mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/zero c 1 5; mknod -m 666 /dev/urandom c 1 9;'

@test "no /dev/kvm: status 3" {
	need_private_mounts
	run_split in_private_mounts "$bare_dev exec ${VMEXIT_BENCH@Q} run cpuid -o ${D@Q}"
	status_is 3
	says_one_sentence "/dev/kvm does not exist"
	says "modprobe"
	[ ! -e "$D" ]
}

@test "no permission for /dev/kvm: status 3" {
	need_private_mounts
	command -v setpriv >/dev/null || skip "no setpriv"
	cp "$VMEXIT_BENCH" "$BATS_TEST_TMPDIR/vb"
	mkdir -m 777 "$BATS_TEST_TMPDIR/w"
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/vb" --version >/dev/null ||
		skip "another user can't reach $BATS_TEST_TMPDIR"
	run_split in_private_mounts "$bare_dev mknod -m 600 /dev/kvm c 10 232
		exec setpriv --reuid 65534 --regid 65534 --clear-groups ${BATS_TEST_TMPDIR@Q}/vb run cpuid -o ${BATS_TEST_TMPDIR@Q}/w/d"
	status_is 3
	says_one_sentence "no permission to open /dev/kvm"
	says "usermod -aG kvm"
}

@test "something that isn't KVM's device: status 3" {
	need_private_mounts
	[ -e /dev/kvm ] || skip "no /dev/kvm to cover"
	run_split in_private_mounts "mount --bind /dev/null /dev/kvm; exec ${VMEXIT_BENCH@Q} run cpuid -o ${D@Q}"
	status_is 3
	says_one_sentence "KVM_GET_API_VERSION"
}

@test "another hypervisor holds the CPU: status 3" {
	need_kvm
	build_shim
	run_split fake_kvm open=16 "$VMEXIT_BENCH" run cpuid -o "$D"
	status_is 3
	says_one_sentence "busy"
	says "stop it"
	run_split fake_kvm create=16 "$VMEXIT_BENCH" run cpuid -o "$D"
	status_is 3
	says_one_sentence "another hypervisor"
}

@test "a kernel too old for proof: status 3, and which is new enough" {
	need_kvm
	build_shim
	run_split fake_kvm cap=203 "$VMEXIT_BENCH" run cpuid -o "$D"
	status_is 3
	says_one_sentence "KVM_CAP_BINARY_STATS_FD"
	says "5.14"
}

@test "a CPU that can't be had: status 1" {
	need_kvm
	run_split vb run cpuid/leaf0 "${SHORT[@]}" --cpus 4000 -o "$D"
	status_is 1
	says_one_sentence "CPU 4000"
}

@test "pinning refused by the kernel: said, with the remedy" {
	need_kvm
	build_shim
	run_split fake_kvm affinity "$VMEXIT_BENCH" run cpuid/leaf0 "${SHORT[@]}" -o "$D"
	[ "$status" -ne 0 ] || says "warning"
	printf '%s\n%s' "$out" "$err" | grep -Eqi 'pin|affinity|CPU [0-9]' || fail "not said: $out $err"
	printf '%s\n%s' "$out" "$err" | grep -qi 'not permitted' || fail "not why: $out $err"
	[ ! -e "$D" ] || whole_directory "$D"
}

@test "a directory that can't be made: status 6" {
	need_kvm
	run_split vb run floor/syscall "${SHORT[@]}" --quiet -o /proc/nowhere
	status_is 6
	says_one_sentence "/proc/nowhere"
	says "-o"
}

@test "a read-only directory: status 6" {
	need_kvm
	need_private_mounts
	mkdir "$BATS_TEST_TMPDIR/ro"
	run_split in_private_mounts "mount -t tmpfs -o ro none ${BATS_TEST_TMPDIR@Q}/ro
		exec ${VMEXIT_BENCH@Q} run floor/syscall ${SHORT[*]} --quiet -o ${BATS_TEST_TMPDIR@Q}/ro/d"
	status_is 6
	says_one_sentence "Read-only file system"
	says "-o"
}

@test "a directory that holds something: status 6, and it is left alone" {
	need_kvm
	mkdir "$D"
	echo precious >"$D/results.csv"
	run_split vb run floor/syscall "${SHORT[@]}" --quiet -o "$D"
	[ "$status" -eq 6 ] || [ "$status" -eq 1 ] || fail "status $status: $err"
	says_one_sentence "$D"
	says "never overwritten"
	[ "$(cat "$D/results.csv")" = precious ]
	[ "$(ls "$D")" = results.csv ]
}

# on_a_small_disk SIZE: a run into a new file system of so many bytes; what is in it afterwards is $D.SIZE
on_a_small_disk() {
	mkdir -p "$BATS_TEST_TMPDIR/small"
	run_split in_private_mounts "mount -t tmpfs -o size=$1 none ${BATS_TEST_TMPDIR@Q}/small
		status=0
		${VMEXIT_BENCH@Q} run cpuid floor --runs 2 --count 200 --samples --quiet -o ${BATS_TEST_TMPDIR@Q}/small/d || status=\$?
		cp -r ${BATS_TEST_TMPDIR@Q}/small/d ${D@Q}.$1
		exit \$status"
	status_is 6
	says "No space left on device"
	says "-o"
}

@test "a disk too small to begin: status 6, and nothing is left there" {
	need_kvm
	need_private_mounts
	for size in 4k 8k 20k 60k; do
		on_a_small_disk $size
		[ -z "$(ls -A "$D.$size")" ] || fail "$size: left: $(ls -A "$D.$size")"
	done
	says "summary.csv and run.json"
}

@test "a disk that fills up: status 6, what was written stays whole, and every reader says what became of the run" {
	need_kvm
	need_private_mounts
	# At every size that the run may break at: before the first row, and between rows.
	for size in 100k 112k 124k 140k 160k; do
		on_a_small_disk $size
		whole_directory "$D.$size"
		[ -e "$D.$size/summary.csv" ] || fail "$size: no summary"
		jq -e '.status == "failed" and (.error | contains("No space left"))' "$D.$size/run.json" >/dev/null ||
			fail "$size: run.json says: $(jq -c '[.status, .error]' "$D.$size/run.json")"
	done
	# The largest had room for some rows.
	[ "$(wc -l <"$D.160k/results.csv")" -gt 1 ] || fail "nothing was kept"
	run_split vb compare "$D.160k" "$D.160k"
	[[ $(tr '\n' ' ' <<<"$out") == *"the run failed"*"No space left"* ]] || fail "$out"
}

# interrupted SIGNAL: a long run that gets SIGNAL once it has written rows
interrupted() {
	local pid i=0

	# A shell's background jobs ignore SIGINT from the start, and whoever started the tests may ignore others; a terminal's
	# commands don't. A group of its own, as there.
	setsid env --default-signal "$VMEXIT_BENCH" run cpuid floor --time 60 --runs 30 -o "$D" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	until [ "$(wc -l 2>/dev/null <"$D/results.csv" || echo 0)" -gt 3 ]; do
		sleep 0.1
		i=$((i + 1))
		kill -0 $pid 2>/dev/null || fail "ended by itself: $(cat "$BATS_TEST_TMPDIR/err")"
		[ $i -lt 200 ] || { kill -KILL $pid; fail "no rows after 20 s: $(cat "$BATS_TEST_TMPDIR/err")"; }
	done
	# The terminal sends Ctrl-C to the measuring processes, too.
	if [ "$1" = INT ]; then kill -INT -- -$pid; else kill -"$1" $pid; fi
	status=0
	wait $pid || status=$?
	out=$(cat "$BATS_TEST_TMPDIR/out") err=$(cat "$BATS_TEST_TMPDIR/err")
}

@test "SIGTERM: status 143, what was finished is in whole files" {
	need_kvm
	interrupted TERM
	status_is 143
	whole_directory "$D"
	[ -s "$D/summary.csv" ]
	[ -s "$D/run.json" ]
	shows "results: $D"
}

@test "Ctrl-C: status 130, what was finished is in whole files" {
	need_kvm
	interrupted INT
	status_is 130
	whole_directory "$D"
	[ -s "$D/summary.csv" ]
	[ -s "$D/run.json" ]
	shows "results: $D"
}

@test "no process is left behind by a signal" {
	need_kvm
	interrupted TERM
	sleep 0.3
	refute pgrep -f -- "-o $D"
}

@test "a killed run leaves whole lines behind" {
	need_kvm
	interrupted KILL
	status_is 137
	whole_csv "$D/results.csv" 20
	whole_csv "$D/checks.csv" 8
}
