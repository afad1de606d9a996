# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034 # variables of lab/run
# QEMU's TCG: a CPU with SVM.  Sourced by lab/run.

emulator_pid=''
emulator_timeout_ms=2000 # of virtual time: 2 G instructions

emulator__check() {
	need_tool qemu-system-x86_64 qemu-system-x86
	cpu=${cpu:-EPYC}
}

emulator__version() {
	qemu-system-x86_64 --version | sed -n '1s/^QEMU emulator version //p'
}

emulator__cmdline() {
	:
}

# emulator__configure WORK CMDLINE: the arguments; files have bare names, so that equal runs are equal.
emulator__configure() {
	emulator_arguments=(-nodefaults -no-user-config -machine q35 -accel tcg -cpu "$cpu" -smp "$vcpus" -m "$memory"
		-rtc "base=2024-01-01T00:00:00,clock=vm" -seed 42 -display none -no-reboot)
	# one instruction is one nanosecond of virtual time, and idling costs no real time
	[[ $clock != exact ]] || emulator_arguments+=(-icount "shift=0,sleep=off")
	[[ -z $plugin ]] || emulator_arguments+=(-plugin "$plugin")
	emulator_arguments+=(-kernel vmlinuz -initrd initramfs -append "$2" -serial file:console.log -serial file:out.tar)
	ln -s "$kernel_folder/vmlinuz" "$1/vmlinuz"
}

emulator__start() {
	qemu-system-x86_64 "${emulator_arguments[@]}" </dev/null >emulator.log 2>&1 &
	emulator_pid=$!
}

emulator__alive() {
	[[ -n $emulator_pid ]] && kill -0 "$emulator_pid" 2>/dev/null
}

emulator__pid() {
	echo "$emulator_pid"
}

emulator__kill() {
	[[ -n $emulator_pid ]] || return 0
	kill -KILL "$emulator_pid" 2>/dev/null || true
	wait "$emulator_pid" 2>/dev/null || true
	emulator_pid=''
}
