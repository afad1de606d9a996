# SPDX-License-Identifier: MIT
# What the tests of the command line share. VMEXIT_BENCH names the program.
# shellcheck shell=bash

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
VMEXIT_BENCH=${VMEXIT_BENCH:-$ROOT/build/vmexit-bench}
case $VMEXIT_BENCH in /*) ;; *) VMEXIT_BENCH=$ROOT/$VMEXIT_BENCH ;; esac

out='' err='' status=0

# A run that takes a fraction of a second.
# shellcheck disable=SC2034  # for the tests
SHORT=(--runs 1 --count 20)

if [ ! -x "$VMEXIT_BENCH" ]; then
	echo "no program at $VMEXIT_BENCH: build it, or set VMEXIT_BENCH" >&2
	exit 1
fi

vb() {
	"$VMEXIT_BENCH" "$@"
}

# run_split COMMAND...: status, and stdout and stderr apart, as $out and $err
run_split() {
	status=0
	"$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	out=$(cat "$BATS_TEST_TMPDIR/out")
	err=$(cat "$BATS_TEST_TMPDIR/err")
}

# every_command: their names, at least one
every_command() {
	vb --dump-options | cut -f 1 | sort -u | grep .
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# refute COMMAND...: fails where it succeeds ("!" before a command fails no test, but in the last line)
refute() {
	if "$@"; then fail "succeeded: $*"; fi
}

# too_wide FILE COLUMNS: its lines that are wider
too_wide() {
	LC_ALL=C.UTF-8 grep -nE "^.{$(($2 + 1))}" "$1"
}

# status_is N: of the last run_split
status_is() {
	[ "$status" -eq "$1" ] || fail "status $status, wanted $1" "stdout: $out" "stderr: $err"
}

# says TEXT: stderr has it
says() {
	case $err in *"$1"*) ;; *) fail "stderr lacks: $1" "stderr: $err" ;; esac
}

# says_one_sentence TEXT: stderr is one line of ours that has it
says_one_sentence() {
	says "$1"
	[ "$(printf '%s\n' "$err" | wc -l)" -eq 1 ] || fail "more than one line: $err"
	[[ $err == "vmexit-bench: "* ]] || fail "doesn't say who speaks: $err"
}

shows() {
	case $out in *"$1"*) ;; *) fail "stdout lacks: $1" "stdout: $out" ;; esac
}

need_kvm() {
	[ -c /dev/kvm ] || skip "no /dev/kvm on this machine"
	if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then skip "no permission for /dev/kvm"; fi
}

# Mounts that only this test sees.
need_private_mounts() {
	unshare --mount true 2>/dev/null || skip "private mounts are not allowed here"
}

# whole_csv FILE FIELDS: every line ended and with as many fields (none of ours is quoted over lines)
whole_csv() {
	[ -s "$1" ] || fail "$1 is missing or empty"
	[ "$(tail -c 1 "$1" | od -An -c | tr -d ' ')" = '\n' ] || fail "$1 ends within a line"
	awk -F, -v n="$2" 'NF < n { print FILENAME ": line " FNR " has " NF " fields: " $0; bad = 1 } END { exit bad }' "$1"
}

# whole_directory DIR: nothing in it is half-written
whole_directory() {
	local file

	whole_csv "$1/results.csv" 20
	whole_csv "$1/checks.csv" 8
	[ ! -e "$1/samples.csv" ] || whole_csv "$1/samples.csv" 10
	[ ! -e "$1/summary.csv" ] || whole_csv "$1/summary.csv" 13
	[ ! -e "$1/run.json" ] || jq -e . "$1/run.json" >/dev/null
	for file in "$1"/*; do
		case ${file##*/} in
		results.csv | checks.csv | samples.csv | summary.csv | run.json) ;;
		*) fail "left over: $file" ;;
		esac
	done
}

# build_shim: a library for LD_PRELOAD that gives KVM's answers of hosts we don't have (fake_kvm.c)
build_shim() {
	SHIM=$BATS_FILE_TMPDIR/fake_kvm.so
	[ -e "$SHIM" ] || "${CC:-cc}" -shared -fPIC -O1 -Wall -Werror -o "$SHIM" "$ROOT/tests/cli/fake_kvm.c" -ldl
}
