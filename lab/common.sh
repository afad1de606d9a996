# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the lab's scripts share: messages, exit statuses, the cache.  Sourced, never run.

# A user's locale may have decimal commas, which awk then reads and writes; and `cd` may be led elsewhere.
export LC_ALL=C
unset CDPATH

# Statuses that lab/run adds to those of the program (0, 1, 2, 3, 4, 5, 7, 8).
LAB_USAGE=1
LAB_NO_TOOL=20   # an emulator or a tool is not installed
LAB_NO_KERNEL=21 # no such kernel, or it could not be fetched
LAB_PANIC=22     # the guest kernel panicked
LAB_HANG=23      # nothing came to an end within --timeout
LAB_NO_KVM=24    # the guest kernel booted but has no usable KVM
LAB_DIED=25      # the emulator ended before the run did
export LAB_USAGE LAB_NO_TOOL LAB_NO_KERNEL LAB_PANIC LAB_HANG LAB_NO_KVM LAB_DIED

lab_cache=${VMEXIT_LAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/vmexit-bench/lab}
export lab_cache

note() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die STATUS WORDS...
die() {
	local status=$1
	shift
	note "$@"
	exit "$status"
}

# need_tool COMMAND PACKAGE: ends with the remedy where COMMAND isn't there.
need_tool() {
	command -v "$1" >/dev/null || die "$LAB_NO_TOOL" "$1 not found: install it, e.g. apt-get install $2"
}

# json_string TEXT: TEXT as a JSON string (what the lab writes holds no control characters but tabs).
json_string() {
	local text=${1//\\/\\\\}
	text=${text//\"/\\\"}
	text=${text//$'\t'/\\t}
	printf '"%s"' "${text//$'\n'/\\n}"
}

# json_array WORD...: a JSON array of strings.
json_array() {
	local separator='' word
	printf '['
	for word; do
		printf '%s' "$separator"
		json_string "$word"
		separator=,
	done
	printf ']'
}

# file_hash FILE...: one short name for the contents of all of them, in that order.
file_hash() {
	sha256sum -- "$@" | cut -d ' ' -f 1 | sha256sum | cut -c 1-20
}
