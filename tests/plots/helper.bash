# SPDX-License-Identifier: MIT
# What the tests of the pictures share. VMEXIT_BENCH names the program; data/ holds run directories as it wrote them.
# shellcheck shell=bash

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
VMEXIT_BENCH=${VMEXIT_BENCH:-$ROOT/build/vmexit-bench}
case $VMEXIT_BENCH in /*) ;; *) VMEXIT_BENCH=$ROOT/$VMEXIT_BENCH ;; esac
export VMEXIT_BENCH VMEXIT_BENCH_PLOTS=$ROOT/plots
# shellcheck disable=SC2034  # for the tests
DATA=$BATS_TEST_DIRNAME/data

# Words, letters and decimal points are those of one locale, whatever the user's.
export LC_ALL=C.UTF-8 LANGUAGE=''

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

need() { # TOOL...
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# run_split COMMAND...: status, stdout and stderr as $status, $out, $err
run_split() {
	status=0
	"$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	out=$(cat "$BATS_TEST_TMPDIR/out")
	err=$(cat "$BATS_TEST_TMPDIR/err")
}

draw() { # ARGUMENT...
	run_split "$ROOT/plots/draw" "$@"
}

status_is() {
	[ "$status" -eq "$1" ] || fail "status $status, wanted $1" "stdout: $out" "stderr: $err"
}

says() {
	case $err in *"$1"*) ;; *) fail "stderr lacks: $1" "stderr: $err" ;; esac
}

# drawn NAME TEXT...: NAME.svg is a whole picture that has these words
drawn() {
	local file=$BATS_TEST_TMPDIR/pictures/$1.svg word
	[ -s "$file" ] || fail "$1.svg was not drawn" "stdout: $out" "stderr: $err"
	grep -q '</svg>' "$file" || fail "$1.svg is cut short"
	shift
	for word; do
		grep -qF -- "$word" "$file" || fail "$file lacks: $word"
	done
}
