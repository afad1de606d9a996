# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # variables of lab/run
# Builds what a lab host boots: the initramfs and the description of the lab.  Sourced by lab/run.

# default_binary TREE: the static program of this tree.
default_binary() {
	local binary=${O:-$1/build}/vmexit-bench.static
	if [[ ! -e $binary ]]; then
		note "building the static program"
		make -s -C "$1" static O="$(dirname "$binary")" >&2 ||
			die "$LAB_USAGE" "make static failed: name a static program with --binary"
	fi
	readlink -f "$binary"
}

# init_binary: builds /init once for its sources and prints its path.
init_binary() {
	local cc=${CC:-cc} sources=("$lab/init.c" "$lab/tar.c" "$lab/kallsyms.c") name temporary
	name=$lab_cache/images/init-$(file_hash "${sources[@]}" "$lab/tar.h" "$lab/kallsyms.h")
	if [[ ! -e $name ]]; then
		need_tool "${cc%% *}" gcc
		mkdir -p "$lab_cache/images"
		temporary=$(mktemp "$name.XXXXXX")
		# shellcheck disable=SC2086  # a list of words, as for make: "ccache gcc"
		$cc -std=gnu11 -D_GNU_SOURCE -Os -Wall -Wextra -static -s -o "$temporary" "${sources[@]}" >&2 ||
			die "$LAB_NO_TOOL" "lab/init.c does not compile with $cc: see above (static glibc: libc6-dev)"
		mv "$temporary" "$name"
	fi
	echo "$name"
}

# pack FOLDER: the folder as a cpio archive on stdout; the same files give the same bytes.
pack() {
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort |
		cpio --quiet --create --format=newc --reproducible --owner=0:0)
}

# base_archive: the part that many runs share (program, init, modules), cached by its content.
base_archive() {
	local init name tree temporary files
	init=$(init_binary)
	shopt -s nullglob
	files=("$kernel_folder"/modules/*.ko "$kernel_folder"/confi[g])
	shopt -u nullglob
	name=$lab_cache/images/base-$(file_hash "$binary" "$init" "${files[@]}" "$kernel_folder/order-$vendor").cpio
	if [[ ! -e $name ]]; then
		tree=$1/base
		mkdir -p "$tree/lab/modules.d"
		install -m 755 "$init" "$tree/init"
		install -m 755 "$binary" "$tree/vmexit-bench"
		[[ ! -e $kernel_folder/config ]] || cp "$kernel_folder/config" "$tree/lab/config"
		while read -r module; do
			cp "$kernel_folder/modules/$module.ko" "$tree/lab/modules.d/"
		done <"$kernel_folder/order-$vendor"
		temporary=$(mktemp "$name.XXXXXX")
		pack "$tree" >"$temporary"
		mv "$temporary" "$name"
		# the cache would grow with every build of the program
		find "$lab_cache/images" -name 'base-*' -mtime +7 -delete
	fi
	echo "$name"
}

# make_initramfs WORK: WORK/initramfs from the shared archive and one with this run's orders.
make_initramfs() {
	local tree=$1/orders module param line
	mkdir -p "$tree/lab"
	printf '%s\0' "${argv[@]}" >"$tree/lab/argv"
	cp "$1/lab.json" "$tree/lab/lab.json"
	while read -r module; do
		line=$module
		for param in "${params[@]}"; do
			[[ $param != "$module".* ]] || line+=" ${param#*.}"
		done
		echo "$line"
	done <"$kernel_folder/order-$vendor" >"$tree/lab/modules"
	if [[ $verbose = yes ]]; then : >"$tree/lab/verbose"; fi
	if [[ -n $plugin ]]; then : >"$tree/lab/send-kallsyms"; fi
	base=$(base_archive "$1") || exit
	cat "$base" >"$1/initramfs"
	pack "$tree" >>"$1/initramfs"
}

# lab_json: what the program copies into run.json.
lab_json() {
	printf '{"emulator":%s,"emulator_version":%s,' "$(json_string "$emulator")" "$(json_string "$(emulator__version)")"
	printf '"arguments":%s,' "$(json_array "${emulator_arguments[@]}")"
	printf '"clock":%s,"cpu_model":%s,' "$(json_string "$clock")" "$(json_string "$cpu")"
	printf '"vendor":%s,"cpus":%d,"memory_mib":%d,' "$(json_string "$vendor")" "$vcpus" "$memory"
	printf '"kernel_package":%s,"kernel_command_line":%s,' "$(json_string "$package")" "$(json_string "$cmdline")"
	printf '"kernel_image":%s,' "$(json_string "$(file_hash "$kernel_folder/vmlinuz")")"
	if [[ -e $kernel_folder/config ]]; then
		printf '"kernel_config":%s,' "$(json_string "$(file_hash "$kernel_folder/config")")"
	fi
	printf '"module_parameters":%s}\n' "$(json_array "${params[@]}")"
}
