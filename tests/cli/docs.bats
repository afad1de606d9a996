#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The manual pages and the completions say what the option tables say, neither less nor more.
# shellcheck disable=SC2154  # $out, $err and $status come from the helper

load helper

setup() {
	T=$BATS_TEST_TMPDIR
	vb --dump-options >"$T/table"
	[ -s "$T/table" ]
	mkdir "$T/bin"
	ln -s "$VMEXIT_BENCH" "$T/bin/vmexit-bench"
	PATH=$T/bin:$PATH
	hash -r
}

# options_of COMMAND: long names by the table
options_of() {
	awk -F '\t' -v c="$1" '$1 == c && $2 ~ /^--/ { print $2 }' "$T/table" | LC_ALL=C sort
}

make_page() {
	"$ROOT/scripts/make-man" "$VMEXIT_BENCH" 9.9 <"$ROOT/docs/man/vmexit-bench.1.in" >"$T/page.1"
}

@test "man page: every command with every option, and no other" {
	command -v man >/dev/null || skip "no man(1)"
	make_page
	MANWIDTH=200 LC_ALL=C.UTF-8 man -l "$T/page.1" | sed 's/\xe2\x80\x90/-/g' >"$T/text"
	commands=$(every_command)
	for command in $commands; do
		# The section: from the command's heading to the next.
		awk -v c="$command" '
			/^[A-Z]/ { in_it = 0 }
			/^   [a-z]/ { in_it = ($1 == c) }
			in_it' "$T/text" >"$T/section"
		[ -s "$T/section" ] || fail "no section: $command"
		sed -nE 's/^ {7}(-., )?(--[a-z0-9-]+).*/\2/p' "$T/section" | LC_ALL=C sort >"$T/in_page"
		options_of "$command" | grep -vx -- --help >"$T/in_table" || true
		diff "$T/in_table" "$T/in_page" || fail "$command: table and page differ"
	done
}

@test "man pages: no warnings, version put in, nothing left to put in" {
	command -v man >/dev/null || skip "no man(1)"
	make_page
	for page in "$T/page.1" "$ROOT/docs/man/vmexit-bench-results.5"; do
		MANWIDTH=80 man -l --warnings "$page" >/dev/null 2>"$T/warnings"
		[ ! -s "$T/warnings" ] || fail "$(cat "$T/warnings")"
	done
	grep -q 'vmexit-bench 9.9' "$T/page.1"
	refute grep '@[A-Z]*@' "$T/page.1"
}

@test "man page: every exit status of the program" {
	make_page
	sed -n 's/^\tEXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' "$ROOT/harness/base/exit_status.h" | grep -vx 128 >"$T/statuses"
	[ "$(wc -l <"$T/statuses")" -ge 8 ]
	while read -r number; do
		grep -qx "\.B $number" "$T/page.1" || fail "status $number isn't in the page"
	done <"$T/statuses"
}

@test "results page: the headers are those of the files" {
	need_kvm
	vb run floor/syscall "${SHORT[@]}" --samples --quiet -o "$T/d" >/dev/null
	for file in "$T"/d/*.csv; do
		header=$(head -n 1 "$file" | tr -d '\r')
		grep -qx "\.B $header" "$ROOT/docs/man/vmexit-bench-results.5" || fail "${file##*/}: $header isn't in the page"
	done
	for key in $(jq -r 'keys[]' "$T/d/run.json"); do
		grep -qE "(^|[^a-z_])$key([^a-z_]|\$)" "$ROOT/docs/man/vmexit-bench-results.5" || fail "run.json: $key isn't in the page"
	done
}

# complete_bash WORD...: candidates for the last word
complete_bash() {
	bash --norc --noprofile -c '
		. "$0"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_vmexit_bench
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' "$ROOT/completions/vmexit-bench.bash" "$@" | LC_ALL=C sort
}

# complete_zsh WORD...: the same
complete_zsh() {
	local command=''

	[ $# -le 2 ] || command=$2
	zsh -f -c '
		autoload -U compinit 2>/dev/null
		compdef() { : }
		. "$0"
		_vmexit_bench_candidates "$1" "$2" "$3" "$4" | cut -f 1
	' "$ROOT/completions/_vmexit-bench" "$1" "$command" "${@: -2:1}" "${@: -1}" |
		awk -v p="${*: -1}" 'index($0, p) == 1 || /^=/' | LC_ALL=C sort
}

# check_completion FUNCTION: the same promises in both shells
check_completion() {
	local complete=$1 commands

	{ every_command && printf '%s\n' --help --version; } | LC_ALL=C sort >"$T/want"
	$complete vmexit-bench '' | diff "$T/want" - || fail "commands differ"
	[ "$($complete vmexit-bench ru)" = run ]

	commands=$(every_command)
	for command in $commands; do
		options_of "$command" >"$T/want"
		$complete vmexit-bench "$command" -- | diff "$T/want" - || fail "$command: options differ"
		awk -F '\t' -v c="$command" '$1 == c && $5 != "-" { print $2 " " $5 }' "$T/table" | while read -r option choices; do
			echo "$choices" | tr , '\n' | LC_ALL=C sort >"$T/want"
			$complete vmexit-bench "$command" "$option" '' | diff "$T/want" - || fail "$command $option: values differ"
		done
	done

	{ vb list --format csv | tail -n +2 | cut -d , -f 1,2 | tr , '\n'; } | LC_ALL=C sort -u >"$T/want"
	$complete vmexit-bench run '' | diff "$T/want" - || fail "benchmarks differ"
	[ "$($complete vmexit-bench run cpuid/leaf0)" = cpuid/leaf0 ]
	[ -z "$($complete vmexit-bench run --runs '')" ]
	[ "$($complete vmexit-bench baseline '' | tr '\n' ' ')" = "save show " ]
}

@test "bash completion says what the tables say" {
	check_completion complete_bash
	[ "$(complete_bash vmexit-bench run '!cpuid/leaf0')" = '!cpuid/leaf0' ]
	[ "$(complete_bash vmexit-bench run --format = j)" = json ]
	mkdir "$T/some-directory"
	cd "$T"
	[ "$(complete_bash vmexit-bench run -o some)" = some-directory ]
}

@test "zsh completion says what the tables say" {
	command -v zsh >/dev/null || skip "no zsh"
	check_completion complete_zsh
	[ "$(complete_zsh vmexit-bench run -o '')" = '=dirs' ]
}

@test "the README's options exist" {
	grep -oE 'vmexit-bench [a-z]+ [^`|]*' "$ROOT/README.md" | while read -r _ command rest; do
		for word in $rest; do
			[[ $word == --* ]] || continue
			word=${word%%=*}
			options_of "$command" | grep -qx -- "$word" || fail "README: vmexit-bench $command has no $word"
		done
	done
}

@test "the file formats' page names every metric, flag and verdict that there is in the results" {
	command -v man >/dev/null || skip "no man(1)"
	MANWIDTH=500 LC_ALL=C.UTF-8 man -l "$ROOT/docs/man/vmexit-bench-results.5" | sed 's/\xe2\x80\x90/-/g' >"$T/text"
	for dir in "$ROOT"/results/reference/*/ "$ROOT"/tests/plots/data/*/; do
		awk -F, 'FNR > 1 && $4 != "" { print $4 }' "$dir/summary.csv"
		awk -F, 'FNR > 1 { print $NF }' "$dir/results.csv" | tr + '\n'
		awk -F, 'FNR > 1 { print $NF }' "$dir/checks.csv"
	done | sort -u | grep . >"$T/words"
	[ "$(wc -l <"$T/words")" -gt 15 ]
	while read -r word; do
		grep -qwF -- "$word" "$T/text" || fail "the page lacks: $word"
	done <"$T/words"
}

@test "the scripts that are for people say what they do" {
	for script in scripts/ab scripts/ci/boot-runs scripts/lifecycle scripts/record-host lab/run lab/diff lab/compare lab/profile lab/get-kernel \
		lab/build-kernel lab/summary lab/bisect-step plots/draw; do
		run_split "$ROOT/$script" --help
		status_is 0
		[[ $out == *"${script##*/}"* ]] || fail "$script: $out"
	done
}
