#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154  # out, err, status: draw sets them
# Every picture from committed results, and what each says where its data is missing. No KVM is needed.

load helper

setup() {
	need gnuplot jq
	cd "$BATS_TEST_TMPDIR" || return
}

# shows_only NAMES: of the files that were written
shows_only() {
	[ "$(sed 's,.*/,,; s,\.svg$,,' <<<"$out" | tr '\n' ' ')" = "$1 " ] || fail "drawn: $out" "$err"
}

@test "one directory: ladder, legs, overview, medians, distribution, scaling, sequence" {
	draw "$DATA/here-a" -o pictures --format svg
	status_is 0
	drawn ladder "KVM_RUN that does not enter" "TSC ticks (1000 are" "medians of 6 runs" "Linux"
	drawn legs pio/out-user-1b mmio/read-user-4b "exit leg: guest to KVM_RUN" "TSC ticks"
	drawn overview "pio (" "floor (" "TSC ticks (log)"
	drawn medians-pio out-user-1b in-user-1b "95 % intervals"
	drawn medians-floor syscall run-immediate
	drawn distribution-cpuid-leaf0 "share of samples up to here" "n=72" "samples of 6 runs"
	drawn scaling "operations a second" "perfect scaling" cpuid/
	drawn sequence "% from its median" "their median"
	says "heat: not drawn: it compares"
	says "history: not drawn: give --history FILE"
	says "attribution: not drawn: no instructions or cycles were counted"
	says "ways-user: not drawn: no such exit was cut at KVM's tracepoints"
}

@test "the figures in a picture are those of the results" {
	draw "$DATA/lab" -o pictures --format svg --only medians --only ladder
	status_is 0
	cpuid=$(awk -F, '$1 == "cpuid/leaf0" && $4 == "guest" { printf "%.0f", $7 }' "$DATA/lab/summary.csv")
	call=$(awk -F, '$1 == "floor/syscall" && $4 == "roundtrip" { print $7 }' "$DATA/lab/summary.csv")
	nothing=$(awk -F, '$1 == "floor/call-host" && $4 == "roundtrip" { print $7 }' "$DATA/lab/summary.csv")
	[ "$cpuid" -gt 100 ]
	drawn medians-cpuid "leaf0" ">$cpuid<"
	drawn ladder "$(awk -v a="$call" -v b="$nothing" 'BEGIN { printf "%.0f", a - b }')" instructions
}

@test "the way of exits by KVM's tracepoints: a bar is as long as the exit with tracing on" {
	draw "$DATA/lab" -o pictures --format svg --only ways
	status_is 0
	for bench in user:pio/out-user-1b kernel:cpuid/leaf0; do
		whole=$(awk -F, -v b="${bench#*:}" '$1 == b && $4 ~ /^trace_/ { s += $7 } END { printf "%.0f", s }' "$DATA/lab/summary.csv")
		[ "$whole" -gt 1000 ]
		drawn "ways-${bench%:*}" "${bench#*:}" ">$whole<" VMENTER "tracing on"
	done
	if grep -q "switch to guest mode" pictures/ways-kernel.svg; then fail "an exit that KVM handles is not entered anew"; fi
}

@test "more exits than a picture holds: from the cheapest to the dearest, and how many are not there" {
	mkdir many
	cp "$DATA/lab/run.json" many
	head -n 1 "$DATA/lab/results.csv" >many/results.csv
	{
		head -n 1 "$DATA/lab/summary.csv"
		awk 'BEGIN { for (b = 1; b <= 100; b++) { cost = (b < 100) ? 1000 + b : 99999
			printf "kernel/exit-%d,1,1,traced_guest,insn,1,%d,,,1,1,ok,\n", b, cost
			printf "kernel/exit-%d,1,1,trace_vmexit,insn,1,100,,,1,1,ok,\nkernel/exit-%d,1,1,trace_vmenter,insn,1,100,,,1,1,ok,\n", b, b
			printf "kernel/exit-%d,1,1,trace_handler,insn,1,%d,,,1,1,ok,\n", b, cost - 200 } }'
	} >many/summary.csv
	draw many -o pictures --format svg --only ways
	drawn ways-kernel ">kernel/exit-1<" ">kernel/exit-99<" "the 1 dearest of 100 left out" "60 of the other 99 shown, from cheap to dear"
	[ "$(grep -c '>kernel/exit-' pictures/ways-kernel.svg)" -eq 60 ]
}

@test "what is not proved is no part of a ladder" {
	cp -r "$DATA/lab" doubtful
	sed -i 's/^\(pio\/out-user-1b,.*\),ok,/\1,suspect,/' doubtful/summary.csv
	draw doubtful -o pictures --format svg --only ladder --only ways
	status_is 0
	says "ladder: not drawn"
	if grep -q 'pio/out-user-1b' pictures/ways-user.svg; then fail "a suspect exit's way"; fi
}

@test "what was timed in ns is written in units of its size" {
	cp -r "$DATA/here-a" lives
	echo 'lifecycle/create,1,1,process,ns,6,30079224,7353000,33150000,7000000,34000000,ok,' >>lives/summary.csv
	for run in 0 1 2 3 4 5; do
		echo "lifecycle/create,1,1,$run,0,process,ns,4,7000000,8000000,20000000,30000000,31000000,32000000,33000000,34000000,34000000,30000000,1000,"
	done >>lives/results.csv
	draw lives -o pictures --format svg --only medians --only distribution --only overview --bench 'lifecycle/*'
	status_is 0
	drawn medians-lifecycle "30.1 ms" "time (log)" "whole processes"
	drawn overview "create 30.1 ms" "time (log)"
	drawn distribution-lifecycle-create ">ms (to the 99th percentile)<"
}

@test "a host that emulates its guests is named so in every picture" {
	jq -e '.trust == "emulated"' "$DATA/here-a/run.json" >/dev/null
	draw "$DATA/here-a" -o pictures --format svg
	for file in pictures/*.svg; do
		grep -q "these are no exit costs" "$file" || fail "$file doesn't say it"
	done
	draw "$DATA/lab" -o lab --format svg --only ladder
	if grep -q "these are no exit costs" lab/ladder.svg; then fail "the lab's ladder says it"; fi
}

@test "a run that didn't come to its end is named so in every picture" {
	cp -r "$DATA/lab" broken
	for status in running failed; do
		jq ".status = \"$status\"" "$DATA/lab/run.json" >broken/run.json
		draw broken -o pictures --format svg --only ladder --only medians
		status_is 0
		for file in pictures/*.svg; do
			grep -qE "the run (is under way, or was killed|didn.{1,6}t come to its end)" "$file" || fail "$status: $file doesn't say it"
		done
	done
}

@test "two directories: their ratios with the program's verdicts, their distributions side by side" {
	draw "$DATA/here-a" "$DATA/here-b" -o pictures --format svg --only heat --only distribution
	status_is 0
	drawn heat "Each benchmark against here-a" here-b cpuid/leaf0
	drawn distribution-pio-out-user-1b here-a here-b
	open=$("$VMEXIT_BENCH" compare --format csv "$DATA/here-a" "$DATA/here-b" |
		awk -F, '$2 == 1 && $17 == "inconclusive" && ($4 == "roundtrip" || ($4 == "guest" && !($1 in seen))) { seen[$1] } END { for (b in seen) n++; print n + 0 }')
	drawn heat "$open cells marked ?"
}

@test "directories that can't be compared: the reason, and the other pictures" {
	draw "$DATA/here-a" "$DATA/lab" -o pictures --format svg --only heat --only ladder
	status_is 0
	says "heat: not drawn: nothing to compare"
	says "trust class"
	drawn ladder
	drawn ladder-2 instructions
}

@test "attribution: counters of the host's kernel, user space and the guest, stacked" {
	cp -r "$DATA/here-a" counted
	awk -F, -v OFS=, '/^cpuid\/leaf0,1,1,guest/ { split("instructions:k:mh instructions:u:mh instructions:mg", event, " ")
		for (i = 1; i <= 3; i++) { $4 = event[i]; $5 = "count/op"; $7 = 1111 * i; $8 = $9 = ""; print } }' counted/summary.csv >"more"
	cat more >>counted/summary.csv
	draw counted -o pictures --format svg --only attribution
	status_is 0
	drawn attribution-instructions "perf counters, medians of 6 runs" cpuid/leaf0 1111 2222 3333 6666 "host kernel" "host user space" guest
}

@test "history: a change of level is found, dated and drawn" {
	awk 'BEGIN { print "time,kernel,revision,host,trust,bench,vcpus,vms,metric,unit,runs,value"
		for (i = 1; i <= 24; i++) printf "2026-01-%02dT00:00:00Z,6.%d,r%d,\"h, a CPU\",hardware,cpuid/leaf0,1,1,guest,tsc,10,%.1f\n", i, i < 13 ? 1 : 2, i, (i < 13 ? 1000 : 1100) + i % 3 }' >h.csv
	draw "$DATA/here-a" --history h.csv -o pictures --format svg --only history
	status_is 0
	drawn history-cpuid-leaf0 "finds: 1" "change of level" "6.2"
	grep -qE '\+(9\.[0-9]|10\.[0-9]) %' pictures/history-cpuid-leaf0.svg || fail "no +10 %"
}

@test "five directories and more are a history themselves" {
	for i in 1 2 3 4 5; do
		cp -r "$DATA/here-b" "d$i"
		jq ".started = \"2026-02-0${i}T00:00:00Z\"" "$DATA/here-b/run.json" >"d$i/run.json"
	done
	draw d1 d2 d3 d4 d5 -o pictures --format svg --only history --bench 'pio/out-*'
	status_is 0
	shows_only history-pio-out-user-1b
	drawn history-pio-out-user-1b "no change of level was found"
}

@test "a single benchmark of a single run" {
	mkdir one
	cp "$DATA/lab/run.json" one
	grep -E '^bench,|^cpuid/leaf0,1,1,guest,' "$DATA/lab/summary.csv" >one/summary.csv
	grep -E '^bench,|^cpuid/leaf0,1,1,0,0,guest,' "$DATA/lab/results.csv" >one/results.csv
	draw one -o pictures --format svg
	status_is 0
	shows_only "overview medians-cpuid distribution-cpuid-leaf0"
	says "ladder: not drawn: one lacks some of floor/call-host"
	says "legs: not drawn: no benchmark has exit_leg and entry_leg"
	says "scaling: not drawn"
	says "sequence: not drawn: it takes three runs or more"
}

@test "nothing but skipped benchmarks" {
	mkdir none
	cp "$DATA/lab/run.json" none
	head -n 1 "$DATA/lab/results.csv" >none/results.csv
	{
		head -n 1 "$DATA/lab/summary.csv"
		echo 'hlt/user,1,1,,,0,,,,,,skipped,"no local APIC, no HLT"'
	} >none/summary.csv
	draw none -o pictures --format svg
	status_is 0
	[ -z "$out" ]
	says "medians: not drawn: there are no figures"
	says "overview: not drawn: there are no figures"
}

@test "300 benchmarks: all in the overview, each family a picture of its own" {
	mkdir many
	cp "$DATA/lab/run.json" many
	head -n 1 "$DATA/lab/results.csv" >many/results.csv
	{
		head -n 1 "$DATA/lab/summary.csv"
		awk 'BEGIN { for (f = 1; f <= 10; f++) for (b = 1; b <= 30; b++)
			printf "family%d/some-longer-name-%d,1,1,guest,insn,6,%d,%d,%d,1,1,ok,\n", f, b, b * 100 * f, b * 99 * f, b * 101 * f }'
	} >many/summary.csv
	draw many -o pictures --format svg --only overview --only medians
	status_is 0
	[ "$(wc -l <<<"$out")" -eq 11 ]
	drawn overview "300 benchmarks" "family10 (30)"
	drawn medians-family7 some-longer-name-1 some-longer-name-30 ">21000<"
}

@test "six directories of two CPUs: nothing but what is not drawn is said; exits to user space on one axis" {
	draw "$ROOT"/results/reference/lab-* -o pictures --format svg --only ladder --only distribution --only heat --only history
	status_is 0
	if grep -v 'not drawn' <<<"$err" | grep .; then fail "said"; fi
	drawn ladders lab-amd-6.1.192 lab-intel-7.3.4 instructions "one run"
	# The axis of each ladder is as long as the dearest of them.
	drawn ladder ">7000<"
	drawn ladder-4 ">7000<"
	drawn distribution-mmio-read-user-4b "lab-intel-7.3.4, n=64" "quantiles of one run, averaged"
	# A tenth and less is a fraction, not "-100 %".
	drawn heat "1/1103" "3712 times" "2 times" "timer/late-deadline-halted" "one run; the 80 that changed most"
	if grep -qF -- "-100 %" pictures/heat.svg; then fail "-100 %"; fi
	# Two CPUs are two lines, though their hosts have one name.
	drawn history-cpuid-leaf0 "vmexit-lab, AMD EPYC Processor" "vmexit-lab, Intel(R)"
}

@test "heat: where the colours end at a whole power of two, the tics between are fractions" {
	draw "$ROOT"/results/reference/lab-intel-* -o pictures --format svg --only heat
	status_is 0
	drawn heat ">2 times<" ">+41 %<" ">same<" ">-29 %<" ">-50 %<"
	if grep -qE '>[-+]0(\.0)? %<' pictures/heat.svg; then fail "a signed nothing"; fi
}

@test "heat: as many rows as wanted" {
	draw "$ROOT"/results/reference/lab-amd-* -o pictures --format svg --only heat --rows 7
	status_is 0
	drawn heat "the 7 that changed most"
	[ "$(grep -c '<text>.*[a-z]/[a-z]' pictures/heat.svg)" -eq 7 ]
	draw "$ROOT"/results/reference/lab-amd-* --rows none
	status_is 1
	says "--rows takes a number"
}

@test "ticks and instructions share no axis" {
	draw "$DATA/here-a" "$DATA/lab" -o pictures --format svg --only distribution --only ladder --bench cpuid/leaf0
	status_is 0
	drawn distribution-cpuid-leaf0 "n=72"
	[ "$(grep -c ', n=[0-9]' pictures/distribution-cpuid-leaf0.svg)" -eq 1 ]
	[ ! -e pictures/ladders.svg ]
}

@test "a terminal's width is kept, a row a line" {
	export COLUMNS=80
	draw "$DATA/lab" "$DATA/lab" --format dumb
	status_is 0
	if LC_ALL=C.UTF-8 grep -E '^.{81}' <<<"$out"; then fail "wider than 80"; fi
	[[ $out == *"syscall |"*" $(awk -F, '$1 == "floor/syscall" && $4 == "roundtrip" { print $7 }' "$DATA/lab/summary.csv")"* ]] || fail "$out"
}

@test "PNG and the terminal" {
	draw "$DATA/lab" -o pictures --format png --only ladder
	status_is 0
	[ "$(head -c 8 pictures/ladder.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
	draw "$DATA/lab" --only ladder --format dumb
	status_is 0
	case $out in *"KVM_RUN that does not enter"*instructions*) ;; *) fail "$out" ;; esac
	[ ! -e "$DATA/lab/plots" ]
}

@test "a full disk: status 1, the reason, and no half picture" {
	unshare --mount true 2>/dev/null || skip "private mounts are not allowed here"
	mkdir full
	for format in svg png; do
		run_split unshare --mount --propagation private sh -ec "mount -t tmpfs -o size=4k none full
			status=0
			'$ROOT/plots/draw' '$DATA/lab' -o full/p --only ladder --format $format || status=\$?
			ls -A full/p
			rm -rf full/p
			TMPDIR=\$PWD/full '$ROOT/plots/draw' '$DATA/lab' -o elsewhere --only ladder --format $format && exit 9
			ls -A elsewhere
			exit \$status"
		status_is 1
		[ -z "$out" ] || fail "left: $out"
		says "full/p/ladder.$format: could not be written"
		says "No space left on device"
		says "is there room in"
	done
	draw "$DATA/lab" -o /proc/nowhere --only ladder
	status_is 1
	says "/proc/nowhere: could not be made"
}

@test "what is in run.json does nothing to a terminal or to SVG" {
	cp -r "$DATA/lab" strange
	jq '.host.cpu.model_name = "C\u001b[31mPU\u0007"' "$DATA/lab/run.json" >strange/run.json
	draw strange -o pictures --format svg --format dumb --only ladder
	status_is 0
	drawn ladder "C?[31mPU?"
	if grep -q $'[\033\a]' <<<"$out"; then fail "it is in the terminal's picture"; fi
}

@test "names and texts of others are no gnuplot" {
	mkdir "it's"
	cp "$DATA/lab/"*.csv "it's"
	jq '.host.cpu.model_name = "A '"'"'; system(\"touch gotcha\") # `touch gotcha` <b>"' "$DATA/lab/run.json" >"it's/run.json"
	draw "it's" -o pictures --format svg --only ladder
	status_is 0
	[ ! -e gotcha ]
	drawn ladder "touch gotcha" "&lt;b"
}

@test "tables that went through another system or program: the same pictures" {
	local table

	cp -r "$DATA/here-a" here
	draw here -o before --format svg
	for table in here/*.csv; do
		{ printf '\357\273\277'; sed 's/$/\r/' "$table"; } >edited
		mv edited "$table"
	done
	draw here -o pictures --format svg
	status_is 0
	diff -r before pictures
	# Every field in quotes, the columns from right to left.
	for table in here/*.csv; do
		awk -F, '{ sub(/\r$/, ""); sub(/^\357\273\277/, ""); line = ""
			for (i = NF; i; i--) line = line "\"" $i "\"" (i > 1 ? "," : ""); print line }' "$table" >edited
		mv edited "$table"
	done
	draw here -o quoted --format svg
	status_is 0
	diff -r before quoted
}

@test "malformed tables are refused as the program refuses them: file, line and column" {
	local edit

	# shellcheck disable=SC2016  # the $ of sed
	for edit in '5s/,/,"/' '5s/,/"x,/' '5s/,.*,/,/' '1s/bench/b\x1b/' '1s/,metric//' '1s/metric/bench/' '3s/^/\n/' \
		'3s/^/"a"b/' '3s/,/,\r/2' '$s/$/,"a\n\n"b/' d; do
		rm -rf here pictures
		cp -r "$DATA/here-b" here
		sed -i "$edit" here/summary.csv
		draw here -o pictures --format svg
		status_is 1
		status=0
		"$VMEXIT_BENCH" export here --format otava 2>said || status=$?
		status_is 1
		[ "${err#plots/draw: }" = "$(sed 's/^vmexit-bench: //' said)" ] || fail "$edit: $err" "$(cat said)"
		[ ! -e pictures ]
	done
	cp "$DATA/here-b/summary.csv" here
	truncate -s -3 here/results.csv
	draw here -o pictures
	status_is 1
	[[ $err == "plots/draw: here/results.csv:"*"the file was cut short" ]] || fail "$err"
}

@test "a directory whose name looks like an assignment; a run of a great number" {
	cp -r "$DATA/here-a" kernel=7
	sed -i '2,$s/^\([^,]*,1,1\),5,/\1,4294967295,/' kernel=7/results.csv
	draw kernel=7 -o pictures --format svg --only sequence --only distribution </dev/null
	status_is 0
	drawn sequence "their median"
	drawn distribution-cpuid-leaf0 "samples of 6 runs"
}

@test "what is no run directory, no picture or no format is refused with the reason" {
	draw nowhere
	status_is 1
	says "nowhere/summary.csv: can't be read"
	mkdir other
	echo a,b >other/summary.csv
	draw other
	status_is 1
	says "other/summary.csv:1:1: a summary.csv has no column 'a'"
	draw "$DATA/lab" --only portrait
	status_is 1
	says "no picture 'portrait'"
	draw "$DATA/lab" --format gif
	status_is 1
	says "no format 'gif'"
	draw
	status_is 1
}

@test "without gnuplot: status 2 and the remedy" {
	mkdir bin
	for tool in bash dirname readlink basename cat jq head mktemp; do ln -s "$(command -v $tool)" "bin/$tool"; done
	status=0
	err=$(PATH=$PWD/bin "$ROOT/plots/draw" "$DATA/lab" -o pictures 2>&1) || status=$?
	[ "$status" -eq 2 ]
	says "gnuplot is missing: scripts/install-deps plots"
}
