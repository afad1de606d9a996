#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # $out, $err and $status come from the helper
# What a user's environment holds changes no figure, no word and no way.

load helper

setup() {
	T=$BATS_TEST_TMPDIR
	R=$ROOT/results/reference
}

# same_in LOCALE COMMAND...: writes the same there as here, and ends as here
same_in() {
	local here=0 there=0

	LC_ALL=C.UTF-8 "${@:2}" >"$T/here" 2>&1 || here=$?
	LC_ALL=$1.UTF-8 "${@:2}" >"$T/there" 2>&1 || there=$?
	diff "$T/here" "$T/there" || fail "$1: ${*:2}"
	[ $here -eq $there ]
}

@test "decimal commas: the lab's comparison has the same figures in the same order" {
	other_locale de_DE
	same_in de_DE "$ROOT/lab/diff" --all "$R/lab-amd-6.1.192" "$R/lab-amd-7.3.4"
	grep -q '[0-9][.][0-9] %' "$T/there"
}

@test "letters of another language: exports, manual, make help" {
	other_locale tr_TR
	same_in tr_TR vb export -f benchstat "$R/lab-amd-6.1.192"
	grep -q '^BenchmarkInsn/' "$T/there"
	# shellcheck disable=SC2016  # another shell's words
	same_in tr_TR sh -c '"$0" "$1" 9.9 <"$2"' "$ROOT/scripts/make-man" "$VMEXIT_BENCH" "$ROOT/docs/man/vmexit-bench.1.in"
	same_in tr_TR env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory -C "$ROOT" help
	grep -q '^  install ' "$T/there"
}

@test "a parent that ignores SIGCHLD: a report has its pictures, drawn with a shell's signals" {
	mkdir "$T/plots"
	cat >"$T/plots/draw" <<-EOF
		#!/bin/sh
		sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status >${T@Q}/ignored
		echo '<svg><text>as drawn</text></svg>' >${T@Q}/plots/ladder.svg
		while [ "\$1" != -o ]; do shift; done
		cp ${T@Q}/plots/ladder.svg "\$2" && echo "\$2/ladder.svg"
	EOF
	chmod +x "$T/plots/draw"
	run_split env --ignore-signal=CHLD VMEXIT_BENCH_PLOTS="$T/plots" "$VMEXIT_BENCH" report -o "$T/page.html" "$R/lab-amd-6.1.192"
	status_is 0
	grep -q 'as drawn' "$T/page.html"
	# Bits 12 and 24: SIGPIPE and SIGXFSZ.
	[ $((0x$(cat "$T/ignored") & 0x1001000)) -eq 0 ]
}

@test "POSIXLY_CORRECT: options may follow patterns" {
	run_split env POSIXLY_CORRECT=1 "$VMEXIT_BENCH" list cpuid/leaf0 --format csv
	status_is 0
	[ "$(wc -l <<<"$out")" -eq 2 ]
}

@test "CDPATH leads no script elsewhere" {
	mkdir -p "$T/here/tree" "$T/there/tree" "$T/there/scripts"
	cd "$T/here"
	echo /a:text | CDPATH=$T/there "$ROOT/tests/hosts/unpack" tree
	[ -e tree/a ]
	cd "$ROOT"
	run_split env CDPATH="$T/there" scripts/check-layers
	status_is 0
	[ -z "$out" ]
}

@test "CC of several words, as make takes it" {
	INSTALL=no "$ROOT/scripts/install-deps" build >/dev/null 2>&1 || skip "something is missing here"
	run_split env INSTALL=no CC='env cc' "$ROOT/scripts/install-deps" build check
	status_is 0
}
