#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The model on the terminal and as a picture, with and without tracepoints, from committed results.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

figure() { # BENCH METRIC: as the results of the lab have it
	awk -F, -v b="$1" -v m="$2" '$1 == b && $4 == m { printf "%.0f", $7 }' "$DATA/lab/summary.csv"
}

@test "the parts add up to the measured round trip, and each says of which benchmarks it is" {
	"$VMEXIT_BENCH" model "$DATA/lab" >text
	awk '/^The round trip/ { on = 1; next } /^$/ { on = 0 }
		on && /round trip/ { whole = substr($0, 36, 9) + 0; next }
		on { sum += substr($0, 36, 9) }
		END { exit sum != whole || !whole }' text || fail "$(cat text)"
	grep -q 'round trip  *3420  *pio/out-user-1b roundtrip - floor/stamp-host' text
	grep -q "kernel 6.12.*backend svm, trust class model" text
	if grep -qi tracepoint text; then fail "nobody asked for tracepoints"; fi
}

@test "a rest below 0 is explained by what was measured" {
	reference=$ROOT/results/reference/lab-amd-7.3.4
	"$VMEXIT_BENCH" model "$reference" >text
	grep -qE 'rest +-[0-9]+ +below 0: the cheapest does more in KVM than this OUT' text || fail "$(cat text)"
	mkdir fewer
	cp "$reference/run.json" fewer
	for file in summary.csv results.csv; do grep -vE '^pio/(in|out)-(pic|pit|elcr),' "$reference/$file" >fewer/$file; done
	"$VMEXIT_BENCH" model fewer >text
	grep -qE 'rest +-[0-9]+ +below 0: run pio/\* too' text || fail "$(cat text)"
}

@test "no line is wider than the terminal" {
	command -v script >/dev/null || skip "no script on this machine"
	for what in "lab-amd-7.3.4" "lab-intel-7.3.4" "pvm-6.18"; do
		trace=--trace
		[ $what != pvm-6.18 ] || trace=''
		script -qec "stty cols 80; '$VMEXIT_BENCH' model $trace '$ROOT/results/reference/$what'" /dev/null | tr -d '\r' >text
		grep -q 'round trip' text
		[ -z "$(awk 'length > 80' text)" ] || fail "$what" "$(awk 'length > 80' text)"
	done
}

@test "--trace: a figure on every inner arrow, and tracing's cost beside it" {
	"$VMEXIT_BENCH" model --trace "$DATA/lab" >text
	enter=$(figure pio/out-user-1b trace_vmenter) guest=$(figure pio/out-user-1b guest)
	traced=$(figure pio/out-user-1b traced_guest) alone=$(figure pio/out-user-1b traced_guest_entry)
	[ "$enter" -gt 0 ] && [ "$traced" -gt "$guest" ]
	# What kvm_entry alone costs, but no more than all of the arrow.
	cost=$((alone - guest < enter ? alone - guest : enter))
	grep -qE -- "-VMENTER-*$enter-+> " text || fail "$(cat text)"
	grep -qE "VMENTER +$enter +<= $cost " text
	grep -qE "= the whole +$traced +$((traced - guest)) +without tracing $guest" text
	grep -q 'trace_handler: kvm_exit to kvm_entry' text
	"$VMEXIT_BENCH" model --trace -f svg "$DATA/lab" >traced.svg
	"$VMEXIT_BENCH" model -f svg "$DATA/lab" >plain.svg
	for word in "with KVM's tracepoints on" "trace_vmenter" "without tracing $guest" "&#8804; $cost"; do
		grep -qF -- "$word" traced.svg || fail "traced.svg lacks: $word"
		if grep -qF -- "$word" plain.svg; then fail "plain.svg has: $word"; fi
	done
	grep -q '</svg>' traced.svg
}

@test "--trace of results without it: said, with what to run" {
	status=0
	"$VMEXIT_BENCH" model --trace "$DATA/here-a" >text 2>err || status=$?
	[ "$status" -eq 1 ] && [ ! -s text ]
	grep -q "run --trace" err
}

@test "without what it takes apart there is no model, and the reason" {
	mkdir none
	cp "$DATA/lab/run.json" none
	grep -E '^bench,|^cpuid/' "$DATA/lab/summary.csv" >none/summary.csv
	grep -E '^bench,|^cpuid/' "$DATA/lab/results.csv" >none/results.csv
	status=0
	"$VMEXIT_BENCH" model none >text 2>err || status=$?
	[ "$status" -eq 1 ]
	grep -q "pio/out-user-1b" err
}

@test "the report of a traced directory has the inner arrows" {
	"$VMEXIT_BENCH" report --no-plots -o traced.html "$DATA/lab"
	grep -qF "with KVM's tracepoints on" traced.html
	"$VMEXIT_BENCH" report --no-plots -o plain.html "$DATA/here-a"
	if grep -qF "with KVM's tracepoints on" plain.html; then fail "untraced results have no tracepoints"; fi
}

@test "a long caption is folded, not cut" {
	cp -r "$DATA/lab" long
	jq '.host.cpu.model_name = "A CPU whose name goes on and on, as those of engineering samples and of some clouds do, and on"' \
		"$DATA/lab/run.json" >long/run.json
	"$VMEXIT_BENCH" model -f svg long >long.svg
	[ "$(grep -c 'font-size="12" fill="#777777"' long.svg)" -eq 2 ]
	[ "$(grep 'font-size="12" fill="#777777"' long.svg | sed 's/<[^>]*>//g' | awk 'length > 112' | wc -l)" -eq 0 ]
	grep -q 'trust class model</text>' long.svg
}
