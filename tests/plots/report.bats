#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The report as a page, and in a browser where there is one: it loads, sorts, filters and prints.

load helper

setup_file() {
	export PAGES=$BATS_FILE_TMPDIR
	command -v gnuplot >/dev/null && command -v jq >/dev/null || return 0
	"$VMEXIT_BENCH" report -o "$PAGES/one.html" "$DATA/here-a"
	"$VMEXIT_BENCH" report -o "$PAGES/two.html" "$DATA/here-a" "$DATA/here-b"
	cat "$PAGES/two.html" "$BATS_TEST_DIRNAME/probe.html" >"$PAGES/probed.html"
}

setup() {
	need gnuplot jq
	cd "$BATS_TEST_TMPDIR" || return
}

browser() { # OPTION... URL
	local name
	for name in chromium chromium-browser google-chrome; do
		command -v "$name" >/dev/null && break
	done
	command -v "$name" >/dev/null || skip "no chromium on this machine"
	timeout 120 "$name" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --user-data-dir="$BATS_TEST_TMPDIR/profile" \
		--enable-logging=stderr "$@" 2>"$BATS_TEST_TMPDIR/log"
}

has() { # FILE TEXT...
	local file=$1 text
	shift
	for text; do
		grep -qF -- "$text" "$file" || fail "$file lacks: $text"
	done
}

lacks() { # FILE REGEX
	if grep -oE "$2" "$1"; then fail "$1 has what it should not: $2"; fi
}

@test "one directory: trust, ladder, model, figures, pictures, proof, host" {
	has "$PAGES/one.html" "What the figures are worth: emulated" 'id="picture-ladder"' "Execution model of an exit" \
		'id="benchmarks"' 'id="metrics"' 'id="checks"' 'id="facts"' 'id="picture-scaling"' 'id="picture-sequence"' \
		'id="picture-medians-floor"' "AMD EPYC" "what it is" "The dearest exits"
	lacks "$PAGES/one.html" 'id=comparison'
	# Every benchmark and vCPU count of the summary has its row, those without a figure a table of their own.
	cells=$(awk -F, 'NR > 1 && $4 != "" && !s[$1, $2, $3]++' "$DATA/here-a/summary.csv" | wc -l)
	[ "$(sed -n '/id="benchmarks"/,/<\/table>/p' "$PAGES/one.html" | grep -c '^<tr>')" -eq "$cells" ]
	unmeasured=$(awk -F, 'NR > 1 && $4 == ""' "$DATA/here-a/summary.csv" | wc -l)
	[ "$unmeasured" -gt 0 ]
	[ "$(sed -n '/id="unmeasured"/,/<\/table>/p' "$PAGES/one.html" | grep -c '^<tr>')" -eq "$unmeasured" ]
	figure=$(awk -F, '$1 == "pio/out-user-1b" && $2 == 1 && $4 == "roundtrip" { printf "%.0f", $7 }' "$DATA/here-a/summary.csv")
	sed -n '/id="benchmarks"/,/<\/table>/p' "$PAGES/one.html" | grep '<td>pio/out-user-1b</td>' | grep -q ">$figure<"
}

@test "the first screen: what the kinds of exits cost; the dearest without what isn't the exit's" {
	reference=$ROOT/results/reference/lab-amd-6.1.192
	"$VMEXIT_BENCH" report -o exact.html "$reference"
	figure() { awk -F, -v b="$1" -v m="$2" '$1 == b && $2 == 1 && $3 == 1 && $4 == m { print $7 }' "$reference/summary.csv"; }
	# As in the ladder: without the stamps around it.
	sed -n '/id="kinds"/,/<\/table>/p' exact.html >kinds
	cost=$(($(figure pio/out-user-1b roundtrip) - $(figure floor/stamp-host roundtrip)))
	grep 'an exit to user space <span class=soft>pio/out-user-1b<' kinds | grep -q ">$cost<"
	grep 'an exit that the kernel handles <span class=soft>cpuid/leaf0<' kinds | grep -q ">$(figure cpuid/leaf0 net)<.*>1.0<"
	has kinds ">instructions<" ">why<"
	# A walk through a cold cache after an exit is not the exit's cost.
	[ "$(figure indirect/llc-cpuid guest)" -gt "$(figure ept/uffd-missing guest)" ]
	sed -n '/id="dearest"/,/<\/table>/p' exact.html >dearest
	has dearest ept/uffd-missing "times a CPUID exit"
	lacks dearest 'indirect/'
	# An exact clock has neither times nor intervals: no columns without anything in them.
	grep 'id="benchmarks"' exact.html >heading
	lacks heading 'time<|interval'
	grep 'id="benchmarks"' "$PAGES/one.html" >heading
	has heading time interval
	sed -n '/id="kinds"/,/<\/table>/p' "$PAGES/one.html" | grep '>floor/syscall<' | grep -Eq '>[0-9.]+ ns<'
}

@test "an exit that noise makes cheaper than none has no figure" {
	cp -r "$DATA/here-a" noisy
	awk -F, -v OFS=, '$1 == "cpuid/leaf0" && $4 == "net" { $7 = -1370 } { print }' "$DATA/here-a/summary.csv" >noisy/summary.csv
	"$VMEXIT_BENCH" report --no-plots -o noisy.html noisy
	sed -n '/id="kinds"/,/<\/table>/p' noisy.html >kinds
	grep '>cpuid/leaf0<' kinds | grep -q '>lost in noise<'
	lacks kinds '1370|times a CPUID'
}

@test "what was timed in ns stands among the times, not among the ticks" {
	cp -r "$DATA/here-a" lives
	echo 'lifecycle/create,1,1,process,ns,6,30079224,7353000,33140000,7000000,34000000,ok,' >>lives/summary.csv
	"$VMEXIT_BENCH" report --no-plots -o lives.html lives
	sed -n '/id="benchmarks"/,/<\/table>/p' lives.html | grep '<td>lifecycle/create</td>' >row
	has row '>30.1 ms<' '>7.35 ms .. 33.1 ms<'
	lacks row '>30079224<'
	sed -n '/id="metrics"/,/<\/table>/p' lives.html | grep '<td>lifecycle/create</td>' | grep -q '>30079224<'
}

@test "two directories: their comparison with verdicts and what differs" {
	has "$PAGES/two.html" "id=comparison" 'id="compared-1"' 'id="picture-heat"' "B against A" 'href="#to-1"' 'id="picture-ladders"'
	rows=$("$VMEXIT_BENCH" compare --format json "$DATA/here-a" "$DATA/here-b" | jq '[.rows[] | select(.primary)] | length')
	[ "$(sed -n '/id="compared-1"/,/<\/table>/p' "$PAGES/two.html" | grep -c '^<tr>')" -eq "$rows" ]
}

@test "what can't be compared is said, and the page is written" {
	"$VMEXIT_BENCH" report --no-plots -o mixed.html "$DATA/here-a" "$DATA/lab"
	has mixed.html "Not compared: " "trust class" "(an instruction-counting emulator)"
}

@test "nothing on the page comes from elsewhere" {
	lacks "$PAGES/two.html" '(src|href)=["'"'"']?(https?:|//)[^ >]*'
	lacks "$PAGES/two.html" '@import|url\((https?:|//)'
	has "$PAGES/two.html" "Content-Security-Policy content=\"default-src 'none'"
}

@test "who can't see it: landmarks, scopes, a name for each picture and table, the keyboard reaches what scrolls" {
	has "$PAGES/two.html" "<html lang=en>" "<main>" "<th scope=col" "aria-label='The ladder: what an exit to user space stands on'" \
		"tabindex=0 role=region aria-label=\"table: benchmarks\""
	lacks "$PAGES/two.html" "aria-label=['\"](ladder|overview|heat)['\"]|<svg [^>]*aria-label=''"
	[ "$(grep -c '<svg ' "$PAGES/two.html")" -eq "$(grep -c '<svg .*aria-label=' "$PAGES/two.html")" ]
}

@test "texts of others are no HTML" {
	cp -r "$DATA/here-a" odd
	jq '.host.cpu.model_name = "<script>alert(1)</script>" | .warnings = ["<img src=x onerror=alert(2)>"]' "$DATA/here-a/run.json" >odd/run.json
	"$VMEXIT_BENCH" report -o odd.html odd
	lacks odd.html '<script>alert|<img '
	has odd.html "&lt;script&gt;alert(1)"
	# A headline is one of them where it names a CPU.
	cp -r "$DATA/here-b" other
	jq '.host.cpu.model_name = "a'"'"'b & <i>/x</i>" | .host.kernel.release = "k"' "$DATA/here-b/run.json" >other/run.json
	jq '.host.cpu.model_name = "<b>&amp;'"'"' onload=alert(3)" | .host.kernel.release = "k"' "$DATA/here-a/run.json" >odd/run.json
	"$ROOT/plots/draw" odd other -o pictures --format svg --only heat
	grep -q "aria-label='Each benchmark against &lt;b&gt;&amp;amp;&apos; onload=alert(3)'" pictures/heat.svg || fail "$(head -c 700 pictures/heat.svg)"
}

@test "without gnuplot the page says so and has the rest" {
	mkdir bin
	for tool in bash dirname readlink basename cat jq head mktemp; do ln -s "$(command -v $tool)" "bin/$tool"; done
	PATH=$PWD/bin "$VMEXIT_BENCH" report -o bare.html "$DATA/here-a" 2>err
	has bare.html "There are no plots on this page" "gnuplot is missing" 'id="benchmarks"' "Execution model"
	has err "gnuplot is missing"
	VMEXIT_BENCH_PLOTS=/nonexistent "$VMEXIT_BENCH" report -o bare.html "$DATA/here-a" 2>err
	has bare.html "plots/draw was not found"
}

@test "without a file name the page goes into the first directory, and its path to stdout" {
	cp -r "$DATA/lab" here
	[ "$("$VMEXIT_BENCH" report --no-plots here)" = here/report.html ]
	[ -s here/report.html ]
	if "$VMEXIT_BENCH" report --no-plots nowhere; then fail "succeeded"; fi
}

@test "a browser: no errors, sorts, filters, opens all to print; no words on each other" {
	browser --window-size=1200,900 --dump-dom "file://$PAGES/probed.html" >dom
	if grep -E 'CONSOLE|Uncaught' log; then fail "the console has messages"; fi
	sed -n '/<pre id="probe">/,/end=probe/p' dom | sed 's/.*<pre id="probe">//' >probe
	has probe end=probe
	cells=$(awk -F, 'NR > 1 && $4 != "" && !s[$1, $2, $3]++' "$DATA/here-a/summary.csv" | wc -l)
	grep -qx "rows=$cells" probe || fail "$(cat probe)"
	grep -qx "all=$cells" probe
	grep -qx 'cheapest=floor/\(call\|stamp\)-host' probe || fail "$(cat probe)"
	grep -qx 'aria=descending' probe
	dearest=$(sed -n 's/^dearest=//p' probe)
	[ "$dearest" != "$(sed -n 's/^cheapest=//p' probe)" ]
	filtered=$(sed -n 's/^filtered=//p' probe)
	[ "$filtered" -ge 2 ] && [ "$filtered" -lt "$cells" ]
	grep -qx closed=0 probe
	grep -qx bulk=0 probe
	[ "$(sed -n 's/^figures=//p' probe)" -ge 12 ] || fail "$(cat probe)"
	grep -qx ids-twice=0 probe || fail "$(cat probe)"
	grep -qx overlaps=0 probe || fail "$(cat probe)"
	grep -qx outside=0 probe || fail "$(cat probe)"
}

@test "a browser: no words cut off or on each other with six directories, long names and one benchmark" {
	long="long-name-of-somebody-who-puts-settings-and-dates-into-names-2026-11-26"
	cp -r "$DATA/here-a" "$long"
	jq '.host.cpu.model_name = "Intel(R) Xeon(R) Platinum 8592+ Engineering Sample @ 1.90GHz"
		| .host.kernel.release = "6.12.0-100.el10.x86_64+debug-localversion"' "$DATA/here-a/run.json" >"$long/run.json"
	mkdir one
	cp "$DATA/lab/run.json" one
	grep -E '^bench,|^cpuid/leaf0,1,1,' "$DATA/lab/summary.csv" >one/summary.csv
	grep -E '^bench,|^cpuid/leaf0,1,1,' "$DATA/lab/results.csv" >one/results.csv
	"$VMEXIT_BENCH" report -o six.html "$ROOT"/results/reference/lab-*
	"$VMEXIT_BENCH" report -o long.html "$long" "$DATA/here-b"
	"$VMEXIT_BENCH" report -o one.html one
	for page in six long one; do
		cat $page.html "$BATS_TEST_DIRNAME/probe.html" >probed.html
		browser --window-size=1200,900 --dump-dom "file://$PWD/probed.html" >dom
		sed -n '/<pre id="probe">/,/end=probe/p' dom | sed 's/.*<pre id="probe">//' >probe
		grep -q end=probe probe || fail "$page" "$(wc dom)" "$(tail -n 5 log)"
		grep -qx overlaps=0 probe || fail "$page" "$(cat probe)"
		grep -qx outside=0 probe || fail "$page" "$(cat probe)"
	done
}

@test "a browser that prints: the whole page as PDF" {
	browser --print-to-pdf="$PWD/page.pdf" "file://$PAGES/two.html"
	[ "$(head -c 5 page.pdf)" = %PDF- ]
	[ "$(grep -ac '/Type */Page\b' page.pdf)" -ge 3 ]
}

@test "a browser without JavaScript: all tables are whole, no dead controls" {
	sed "s/<head>/<head><meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">/" "$PAGES/two.html" >silent.html
	browser --dump-dom "file://$PWD/silent.html" >dom
	grep -q 'CONSOLE.*Content Security Policy' log || fail "the script ran all the same"
	lacks dom '<(input|button)'
	has dom 'id="benchmarks"' "pio/out-user-1b"
}
