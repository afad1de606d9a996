# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034 # variables of lab/run
# Bochs: a CPU with VT-x and EPT (or, as "ryzen", one with SVM and nrip-save).  Sourced by lab/run.

emulator_pid=''
emulator_timeout_ms=10000 # of virtual time: 2 G instructions

emulator__check() {
	local file
	need_tool bochs bochs
	need_tool xorriso xorriso
	need_tool script bsdutils
	for file in /usr/lib/ISOLINUX/isolinux.bin=isolinux /usr/lib/syslinux/modules/bios/ldlinux.c32=syslinux-common \
		/usr/share/bochs/BIOS-bochs-latest=bochsbios /usr/share/vgabios/vgabios.bin=vgabios; do
		[[ -r ${file%=*} ]] || die "$LAB_NO_TOOL" "${file%=*} not found: apt-get install ${file#*=}"
	done
	# Debian packs the displays apart; term is the one that opens neither a window nor a port
	[[ -n $(find /usr/lib -name libbx_term_gui.so -print -quit 2>/dev/null) ]] ||
		die "$LAB_NO_TOOL" "Bochs has no term display: apt-get install bochs-term"
	cpu=${cpu:-corei7_haswell_4770}
}

emulator__version() {
	local version
	version=$(dpkg-query -W -f "\${Version}" bochs 2>/dev/null) || version=''
	echo "$(bochs --help 2>&1 | sed -n 's/.*Bochs x86 Emulator \([0-9.]*\).*/\1/p' | head -n 1)${version:+ (Debian $version)}"
}

# RDRAND and RDSEED (word 4 bit 30, word 9 bit 18) give other numbers in every boot; MWAITX, which the ryzen model
# announces, isn't what the kernel expects.
emulator__cmdline() {
	printf ' clearcpuid=158,306'
	[[ $cpu != ryzen ]] || printf ',221'
}

emulator__configure() {
	local tree=$1/iso
	cat >"$1/bochsrc" <<-EOF
		cpu: model=$cpu, count=$vcpus, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
		memory: guest=$memory, host=$memory
		romimage: file=/usr/share/bochs/BIOS-bochs-latest
		vgaromimage: file=/usr/share/vgabios/vgabios.bin
		pci: enabled=1, chipset=i440fx
		clock: sync=none, time0=1704067200, rtc_sync=0
		ata0-master: type=cdrom, path=boot.iso, status=inserted
		boot: cdrom
		com1: enabled=1, mode=file, dev=console.log
		com2: enabled=1, mode=file, dev=out.tar
		display_library: term
		log: bochs.log
		panic: action=fatal
		error: action=report
		info: action=ignore
		debug: action=ignore
	EOF
	# Debian's build starts in its debugger: "c" lets it go
	echo c >"$1/bochs.commands"
	emulator_arguments=(-q -unlock -f bochsrc -rc bochs.commands)
	mkdir -p "$tree/isolinux"
	cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$tree/isolinux"
	printf 'default lab\nprompt 0\nlabel lab\n kernel /vmlinuz\n append initrd=/initrd %s\n' "$2" >"$tree/isolinux/isolinux.cfg"
	bochsrc_lines=()
	mapfile -t bochsrc_lines <"$1/bochsrc"
}

emulator__start() {
	cp "$kernel_folder/vmlinuz" iso/vmlinuz
	mv initramfs iso/initrd
	chmod -R u+w iso
	find iso -exec touch -h -d @1704067200 {} +
	SOURCE_DATE_EPOCH=1704067200 xorriso -as mkisofs -quiet -o boot.iso -b isolinux/isolinux.bin -c isolinux/boot.cat \
		-no-emul-boot -boot-load-size 4 -boot-info-table iso >xorriso.log 2>&1 ||
		fail "$LAB_NO_TOOL" "xorriso can't make the boot image: $(tail -n 1 xorriso.log)"
	rm -r iso
	# the term display wants a terminal: script(1) gives it one of its own, runs $SHELL and waits for SIGCHLD
	TERM=vt100 SHELL=/bin/sh env --default-signal=CHLD script -qfc "echo \$\$ >bochs.pid; exec bochs ${emulator_arguments[*]}" /dev/null \
		</dev/null >screen.log 2>&1 &
	emulator_pid=$!
}

emulator__alive() {
	[[ -n $emulator_pid ]] && kill -0 "$emulator_pid" 2>/dev/null
}

# Bochs itself, not the script(1) around it
emulator__pid() {
	cat "$work/bochs.pid" 2>/dev/null || echo "$emulator_pid"
}

emulator__kill() {
	[[ -n $emulator_pid ]] || return 0
	kill -KILL "$(emulator__pid)" 2>/dev/null || true
	kill -KILL "$emulator_pid" 2>/dev/null || true
	wait "$emulator_pid" 2>/dev/null || true
	emulator_pid=''
	cp "$work/bochs.log" "$work/emulator.log" 2>/dev/null || true
}
