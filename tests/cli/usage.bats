#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Help, versions, and what is said of words that the program doesn't know.

load helper

@test "--version says number, revision and compiler" {
	run_split vb --version
	status_is 0
	shows "vmexit-bench $(cat "$ROOT/VERSION")"
	shows "revision "
	shows "compiler "
	[ -z "$err" ]
}

@test "--help lists every command on stdout" {
	run_split vb --help
	status_is 0
	commands=$(every_command)
	for command in $commands; do
		shows "  $command "
	done
	[ -z "$err" ]
}

@test "without a command the usage goes to stderr, status 1" {
	run_split vb
	status_is 1
	says "Usage: vmexit-bench COMMAND"
	[ -z "$out" ]
}

@test "every command has --help, and 'help COMMAND' is the same" {
	commands=$(every_command)
	for command in $commands; do
		run_split vb "$command" --help
		status_is 0
		shows "Usage: vmexit-bench $command"
		first=$out
		run_split vb help "$command"
		status_is 0
		[ "$out" = "$first" ]
	done
}

@test "no line of any help is wider than 80 columns" {
	commands=$(every_command)
	run_split vb --help
	refute too_wide "$BATS_TEST_TMPDIR/out" 80
	for command in $commands; do
		run_split vb "$command" --help
		refute too_wide "$BATS_TEST_TMPDIR/out" 80
	done
}

@test "an unknown command, with and without something near" {
	run_split vb rnu
	status_is 1
	says_one_sentence "unknown command 'rnu'; did you mean 'run'?"
	run_split vb quux
	status_is 1
	says_one_sentence "unknown command 'quux'; 'vmexit-bench --help' lists them"
	run_split vb --quux
	status_is 1
	says_one_sentence "unknown option '--quux'"
}

@test "an unknown option, with and without something near" {
	run_split vb run --rusn 3
	status_is 1
	says_one_sentence "unknown option '--rusn'; did you mean '--runs'?"
	run_split vb run --xyzzy
	status_is 1
	says_one_sentence "'vmexit-bench run --help' lists them"
	run_split vb list -Z
	status_is 1
	says_one_sentence "unknown option '-Z'"
}

@test "a value that makes no sense: option and value are named" {
	while IFS='|' read -r option value clause; do
		run_split vb run "$option" "$value"
		status_is 1
		says_one_sentence "option $option: '$value' $clause"
	done <<-'EOF'
		--runs|0|is not a whole number from 1 to
		--runs|many|is not a whole number from 1 to
		--time|1,5|is not a duration: the decimal point is '.'
		--time|-3|is not a duration
		--timeout|0|is not a duration above 0
		--vcpus|1,,2|is not a list of numbers
		--vcpus|0|names a number outside
		--cpus|0-|is not a CPU list
		--seed|12monkeys|is not a whole number
		--format|jsno|is not one of text, csv, json; did you mean 'json'?
	EOF
}

@test "an option without its argument" {
	run_split vb run --runs
	status_is 1
	says_one_sentence "option '--runs' needs an argument"
}

@test "a pattern that matches nothing, with and without something near" {
	run_split vb list cpuidd
	status_is 1
	says_one_sentence "no benchmark matches 'cpuidd'; did you mean 'cpuid'?"
	run_split vb run 'nosuchthing/*'
	status_is 1
	says_one_sentence "no benchmark matches 'nosuchthing/*'; 'vmexit-bench list' shows all"
	run_split vb list '!nosuchthing'
	status_is 1
	says_one_sentence "no benchmark matches 'nosuchthing'"
	run_split vb list '!*'
	status_is 1
	says_one_sentence "the patterns leave no benchmark"
}

@test "standard output that can't be written is an error, a closed pipe is none" {
	[ -c /dev/full ] || skip "no /dev/full"
	status=0
	err=$(vb list --format csv 2>&1 >/dev/full) || status=$?
	out=
	status_is 6
	says_one_sentence "writing to standard output: No space left on device"
	vb list --format csv | head -n 1 | grep -q '^bench,'
}
