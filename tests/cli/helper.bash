# SPDX-License-Identifier: MIT
# What the tests of the command line share. VMEXIT_BENCH names the program.
# shellcheck shell=bash

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
VMEXIT_BENCH=${VMEXIT_BENCH:-$ROOT/build/vmexit-bench}
case $VMEXIT_BENCH in /*) ;; *) VMEXIT_BENCH=$ROOT/$VMEXIT_BENCH ;; esac

# Words, letters and decimal points are those of one locale, whatever the user's; a test of another one makes it.
export LC_ALL=C.UTF-8 LANGUAGE=''

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

# on_terminal COMMAND: what a shell command writes to a terminal of 80 columns, if it doesn't set others. script(1) runs $SHELL,
# and waits for a SIGCHLD that whoever started the tests may ignore.
on_terminal() {
	TERM=xterm SHELL=/bin/sh env --default-signal=CHLD -u COLUMNS script -qec "$1" /dev/null </dev/null
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

# other_locale NAME: is in force from here on. Made for this test, as most machines have few.
other_locale() {
	local folder=$BATS_FILE_TMPDIR/locales

	mkdir -p "$folder"
	[ -e "$folder/$1.UTF-8" ] || localedef -i "$1" -f UTF-8 "$folder/$1.UTF-8" 2>/dev/null || true
	[ -e "$folder/$1.UTF-8/LC_NUMERIC" ] || skip "no locale $1 can be made (localedef, package locales)"
	export LOCPATH=$folder LC_ALL=$1.UTF-8
}

# build_shim: a library for LD_PRELOAD that gives KVM's answers of hosts we don't have (fake_kvm.c)
build_shim() {
	SHIM=$BATS_FILE_TMPDIR/fake_kvm.so
	# shellcheck disable=SC2086  # a list of words
	[ -e "$SHIM" ] || ${CC:-cc} -shared -fPIC -O1 -Wall -Werror -o "$SHIM" "$ROOT/tests/cli/fake_kvm.c" -ldl
}

# fake_kvm WHAT COMMAND...: with the library, which is found by its name alone: LD_PRELOAD ends a path at a space
fake_kvm() {
	env LD_LIBRARY_PATH="${SHIM%/*}" LD_PRELOAD="${SHIM##*/}" FAKE_KVM="$1" "${@:2}"
}
