#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What surrounds the program: installing, the scripts that check, the scripts that count.
# shellcheck disable=SC2154  # $out, $err and $status come from the helper

load helper

setup() {
	T=$BATS_TEST_TMPDIR
	# The program's build folder, so that nothing is built twice; seen from here, as make knows no spaces.
	O=$(dirname "$VMEXIT_BENCH")
	O=${O#"$ROOT/"}
	cd "$ROOT" || return
}

in_make() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory O="$O" "$@"
}

@test "make help names the targets" {
	run_split in_make help
	status_is 0
	for target in all run check lint format docs man install uninstall dist deb static clean help; do
		printf '%s\n' "$out" | grep -qE "^  $target +[^ ]" || fail "no $target: $out"
	done
}

@test "every build looks whether the revision it records is still right" {
	in_make -n | grep -q scripts/make-version-header
}

@test "whatever target builds the program links it with its libraries" {
	for target in all plots report lifecycle check-plots docs install bench-harness; do
		in_make -n -W harness/cli/main.c "$target" DIR=somewhere >"$T/commands"
		grep -qE -- '-o [^ ]*/vmexit-bench .* -ljansson' "$T/commands" || fail "make $target: $(grep -- '-o [^ ]*/vmexit-bench ' "$T/commands")"
	done
}

@test "install puts a program there that runs; uninstall leaves nothing" {
	command -v man >/dev/null || skip "no man(1)"
	in_make -o "$O/vmexit-bench" install DESTDIR="$T/the root" PREFIX=/usr >/dev/null
	[ "$("$T/the root/usr/bin/vmexit-bench" --version | head -n 1)" = "vmexit-bench $(cat VERSION)" ]
	man -l "$T/the root/usr/share/man/man1/vmexit-bench.1" >/dev/null
	[ -s "$T/the root/usr/share/man/man5/vmexit-bench-results.5" ]
	bash -n "$T/the root/usr/share/bash-completion/completions/vmexit-bench"
	[ -s "$T/the root/usr/share/zsh/site-functions/_vmexit-bench" ]
	# What README.md shows and links to is where it says.
	doc="$T/the root/usr/share/doc/vmexit-bench"
	for link in $(grep -o '](\(images/\)\?[A-Za-z-]*\.\(md\|svg\))' "$doc/README.md" | tr -d '()]'); do
		[ -s "$doc/$link" ] || fail "README.md names $link"
	done
	[ -s "$doc/images/ladder.svg" ]
	if grep -n '](docs/' "$doc/README.md"; then fail "links into the source tree"; fi
	in_make -o "$O/vmexit-bench" uninstall DESTDIR="$T/the root" PREFIX=/usr >/dev/null
	[ -z "$(find "$T/the root" -type f)" ] || fail "left: $(find "$T/the root" -type f)"
	[ -z "$(find "$T/the root" -name 'vmexit-bench*')" ] || fail "left: $(find "$T/the root" -name 'vmexit-bench*')"
}

@test "check-layers accepts this tree and names an include that goes upwards" {
	scripts/check-layers
	mkdir -p "$T/tree/harness/stats" "$T/tree/harness/kvm"
	echo '#include "base/error.h"' >"$T/tree/harness/stats/fine.c"
	run_split scripts/check-layers "$T/tree"
	status_is 0
	echo '#include "kvm/host.h"' >"$T/tree/harness/stats/wrong.c"
	run_split scripts/check-layers "$T/tree"
	status_is 1
	shows 'harness/stats/wrong.c: includes "kvm/host.h"'
}

# count PLAN: what run-tests makes of it
count() {
	run_split scripts/run-tests "$T/logs" <<<"$1"
}

@test "run-tests counts what passed, failed and was skipped" {
	count "tap good printf '1..3\nok 1 - a\nok 2 - b # SKIP no kvm\nok 3 - c\n'
step fine true
skip other not on this machine"
	status_is 0
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "3 passed, 0 failed" ]
	shows "2 skipped:"
	shows "other: not on this machine"
	# cmocka's way to say it
	count "tap cmocka printf '1..2\nok 1 - a\nnot ok 2 # SKIP b\n'"
	status_is 0
	shows "cmocka: # SKIP b"
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "1 passed, 0 failed" ]
}

@test "run-tests: suites can wait for what they start, whatever a parent ignores" {
	# Bits 12 and 16: SIGPIPE and SIGCHLD.
	# shellcheck disable=SC2016  # another shell's words
	run_split env --ignore-signal=CHLD,PIPE scripts/run-tests "$T/logs" \
		<<<'step signals test $((0x$(sed -n "s/^SigIgn:[[:space:]]*//p" /proc/self/status) & 0x11000)) -eq 0'
	status_is 0
}

@test "run-tests: a failed test, a crash, a short plan, silence, a failed step" {
	count "tap bad printf '1..2\nok 1 - a\nnot ok 2 - b\n'"
	status_is 1
	shows "    not ok 2 - b"
	count "tap bats printf '1..2\nok 1 a\nnot ok 2 b\n# because\n'"
	shows "    # because"
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "1 passed, 1 failed" ]
	count "tap crash printf '1..1\nok 1 - a\n'; exit 139"
	status_is 1
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "1 passed, 1 failed" ]
	count "tap short printf '1..3\nok 1 - a\n'"
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "1 passed, 2 failed" ]
	count "tap silent true"
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "0 passed, 1 failed" ]
	count "step broken false"
	[ "$(printf '%s\n' "$out" | tail -n 1)" = "0 passed, 1 failed" ]
	count ""
	status_is 1
}

@test "install-deps INSTALL=no names what is missing, and fails only for what is required" {
	# A machine with a shell and little else.
	mkdir "$T/bin"
	for tool in sh dirname mktemp rm cat env id make git; do
		ln -s "$(command -v $tool)" "$T/bin/$tool"
	done
	run_split env -i PATH="$T/bin" INSTALL=no "$T/bin/sh" scripts/install-deps build
	status_is 1
	says "missing and required: cc (build)"
	says "jansson.h (build)"
	run_split env -i PATH="$T/bin" INSTALL=no "$T/bin/sh" scripts/install-deps plots
	status_is 0
	says "missing, done without: gnuplot (plots)"
}

@test "install-deps lists before it installs, by the names of each package manager" {
	mkdir "$T/bin"
	for tool in sh dirname mktemp rm cat env make git; do
		ln -s "$(command -v $tool)" "$T/bin/$tool"
	done
	printf '#!/bin/sh\necho 0\n' >"$T/bin/id"
	chmod +x "$T/bin/id"
	for manager in apt-get:libjansson-dev dnf:jansson-devel zypper:libjansson-devel pacman:jansson; do
		tool=${manager%%:*} package=${manager#*:}
		# It notes what it was asked for, and installs nothing.
		printf '#!/bin/sh\necho "asked: %s $*"\n' "$tool" >"$T/bin/$tool"
		chmod +x "$T/bin/$tool"
		run_split env -i PATH="$T/bin" "$T/bin/sh" scripts/install-deps build
		status_is 1
		says "still missing and required: cc"
		first=$(printf '%s\n' "$out" | grep -n "installing with $tool" | cut -d : -f 1)
		asked=$(printf '%s\n' "$out" | grep -n "^asked: $tool.* install.*$package\|^asked: $tool -S.*$package" | head -n 1 | cut -d : -f 1)
		[ -n "$first" ] && [ -n "$asked" ] && [ "$first" -lt "$asked" ] || fail "$out"
		rm "$T/bin/$tool"
	done
}

@test "install-deps without root and sudo says what to run as root" {
	mkdir "$T/bin"
	for tool in sh dirname mktemp rm cat env make git; do
		ln -s "$(command -v $tool)" "$T/bin/$tool"
	done
	printf '#!/bin/sh\necho 1000\n' >"$T/bin/id"
	printf '#!/bin/sh\necho "asked: $*"\n' >"$T/bin/apt-get"
	chmod +x "$T/bin/id" "$T/bin/apt-get"
	run_split env -i PATH="$T/bin" "$T/bin/sh" scripts/install-deps build
	status_is 1
	says "neither root nor sudo: run as root: env DEBIAN_FRONTEND=noninteractive apt-get -q install -y"
	refute grep -q "^asked" "$BATS_TEST_TMPDIR/out"
	# With sudo it goes through that.
	printf '#!/bin/sh\necho "sudo: $*"\n' >"$T/bin/sudo"
	chmod +x "$T/bin/sudo"
	run_split env -i PATH="$T/bin" "$T/bin/sh" scripts/install-deps build
	shows "sudo: env DEBIAN_FRONTEND=noninteractive apt-get -q update"
	shows "sudo: env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends gcc"
}

@test "install-deps is silent where nothing is missing" {
	INSTALL=no scripts/install-deps build >/dev/null 2>&1 || skip "something is missing here"
	run_split scripts/install-deps build
	status_is 0
	[ -z "$out$err" ] || [[ $err == *"done without"* ]]
}

@test "lint finds what it looks for" {
	command -v git >/dev/null || skip "no git"
	mkdir -p "$T/tree/scripts" "$T/tree/harness/base"
	cp -r scripts/lint scripts/check-layers "$T/tree/scripts/"
	cp .clang-format "$T/tree/"
	echo '# base' >"$T/tree/harness/base/README.md"
	echo '# scripts' >"$T/tree/scripts/README.md"
	git -C "$T/tree" init -q
	run_split "$T/tree/scripts/lint"
	status_is 0
	printf 'int  x;\n' >"$T/tree/harness/base/bad.c"
	# shellcheck disable=SC2016  # written as it is
	printf '#!/bin/sh\nrm $1\n' >"$T/tree/scripts/bad"
	run_split "$T/tree/scripts/lint"
	status_is 1
	for what in shellcheck clang-format 'SPDX lines'; do
		printf '%s\n' "$out" | grep -qE "^(not ok [0-9]+ - $what|ok [0-9]+ - $what # skip)" || fail "$what: $out"
	done
	shows 'harness/base/bad.c: no SPDX'
}

@test "a tree without git in somebody's repository: its own revision, and lint reads it" {
	command -v git >/dev/null || skip "no git"
	mkdir -p "$T/outer/tree/harness/base"
	cp -r Makefile VERSION scripts .clang-format "$T/outer/tree/"
	echo tree >"$T/outer/.gitignore"
	git -C "$T/outer" init -q
	git -C "$T/outer" add .gitignore
	git -C "$T/outer" -c user.name=x -c user.email=x@example.org commit -qm x
	cd "$T/outer/tree"
	in_make -pn help 2>/dev/null | grep -qx 'REVISION := unknown'
	# shellcheck disable=SC2016  # as git has it
	echo '$Format:%h$' >.revision
	in_make -pn help 2>/dev/null | grep -qx 'REVISION := unknown'
	echo 1a2b3c4 >.revision
	in_make -pn help 2>/dev/null | grep -qx 'REVISION := 1a2b3c4'
	printf 'int  x;\n' >harness/base/bad.c
	run_split scripts/lint
	status_is 1
	shows 'harness/base/bad.c: no SPDX'
}

@test "CONTRIBUTING's benchmark needs no other edit: it builds, is listed, runs and is documented" {
	need_kvm
	mkdir "$T/tree"
	cp -a Makefile VERSION bench guests harness scripts "$T/tree/"
	cp -a "$O" "$T/build"
	# The two fenced blocks, each under the name that stands before it.
	awk -v tree="$T/tree" '
		match($0, /`(guests|bench)\/example\.[Sc]`/) { file = substr($0, RSTART + 1, RLENGTH - 2) }
		/^```/ { inside = !inside; next }
		inside && file { print > (tree "/" file) }' CONTRIBUTING.md
	[ -s "$T/tree/bench/example.c" ] && [ -s "$T/tree/guests/example.S" ]
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$T/tree" O=../build WERROR=1 >"$T/make.log" 2>&1 || fail "$(cat "$T/make.log")"
	VMEXIT_BENCH=$T/build/vmexit-bench
	vb list --format csv | grep -q '^example/wbinvd,example,kernel,'
	vb list --format markdown | grep -q '^## example'
	run_split vb run example "${SHORT[@]}" -o "$T/d"
	status_is 0
	grep -q '^example/wbinvd,1,1,guest,' "$T/d/summary.csv"
}
