# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Pictures of one run directory: ladder, legs, ways, attribution, overview, medians, scaling, sequence.
# They read the variables of draw and of host(): dirs, work, bench, host, unit, khz, ticks.
# shellcheck disable=SC2154

# bars NAME HEADLINE CAPTION LENGTHS WORD...: reads "label part1 part2..." (by tabs) and draws them stacked. A negative
# part, which noise can bring about, has no width, so the bar is then longer than the sum that is written beside it.
# LENGTHS: a file of the same form whose longest bar the axis must hold; "": what is read.
bars() {
	local name=$1 headline=$2 caption=$3 lengths=$4 rows largest i=1 word words=() letters key_columns key_rows
	shift 4
	cat >"$work/$name.rows"
	rows=$(wc -l <"$work/$name.rows")
	largest=$(awk -F '\t' '{ at = 0; for (i = 2; i <= NF; i++) at += ($i > 0) ? $i : 0; if (at > m) m = at } END { print (m > 0) ? m : 1 }' "${lengths:-$work/$name.rows}")
	awk -F '\t' -v largest="$largest" '
		{ at = sum = 0
		  for (i = 2; i <= NF; i++) { sum += $i; if ($i <= 0) continue
			text = sprintf("%.0f", $i)
			ends = ends at " " NR " " i - 1 "\n" at + $i " " NR " " i - 1 "\n\n"
			print NR, at, at + $i, i - 1, "\"" (($i / largest > 0.014 * (length(text) + 1)) ? text : "") "\""; at += $i }
		  tail[NR] = sprintf("%d \"%s\" %s \"%s\"", NR, $1, at, (sum < 0) ? "lost in noise" : sprintf("%.0f", sum)) }
		END { print "\n"; for (i = 1; i <= NR; i++) print tail[i]; print "\n"; printf "%s", ends }' "$work/$name.rows" >"$work/$name.data"
	for word; do
		words+=("word$i:$word")
		i=$((i + 1))
	done
	letters=$(letters 1 <"$work/$name.rows")
	key_of $((letters > 57 ? 460 : 900 - letters * 77 / 10)) "$@"
	render bars "$name" 940 $((166 + key_rows * 17 + rows * 24)) $((rows + 11 + $#)) "$headline" "$caption" \
		"data:$work/$name.data" "rows=$rows" "letters=$letters" "key_columns=$key_columns" "key_rows=$key_rows" "parts=$#" "largest=$largest" "unit:$unit$(in_ns)" "${words[@]}"
}

medians_of() { # RUNS
	if (($1 == 1)); then echo "one run"; else echo "medians of $1 runs"; fi
}

runs_in_words() { # RUNS
	if (($1 == 1)); then echo "one run"; else echo "$1 runs"; fi
}

# What a thousand ticks are, where they are a time.
in_ns() {
	awk -v khz="$khz" 'BEGIN { if (khz > 0) printf " (1000 are %.0f ns)", 1e9 / khz }'
}

# ladder_of DIR: the rows of its ladder, by tabs; nothing where figures are missing. `host` was called.
ladder_of() {
	local dir=$1 call stamp syscall run least leave cpuid fast id
	# What surrounds a host operation, and what surrounds a KVM_RUN: the latter is called without a pointer.
	call=$(value_of "$dir" floor/call-host roundtrip) stamp=$(value_of "$dir" floor/stamp-host roundtrip)
	syscall=$(value_of "$dir" floor/syscall roundtrip)
	run=$(value_of "$dir" floor/run-immediate roundtrip) leave=$(value_of "$dir" pio/out-user-1b roundtrip)
	cpuid=$(value_of "$dir" cpuid/leaf0 net) fast=''
	# As `vmexit-bench model` has them: the least that a kernel-handled exit costs here, and the fast path.
	least=$(for id in cpuid/leaf0 pio/in-pic pio/in-elcr pio/out-elcr pio/in-pit; do value_of "$dir" $id net; done | sort -g | sed -n 1p)
	read -r fast id < <(for id in msr/tscdeadline-disarm msr/tscdeadline-past msr/x2apic-wr-icr-nobody insn/invd; do
		echo "$(value_of "$dir" $id net) $id"
	done | awk '/^[0-9]/' | sort -g | sed -n 1p) || true
	# One that is no cheaper than what the kernel handles took no fast path here.
	[[ -n $fast && -n $least ]] && awk -v f="$fast" -v k="$least" 'BEGIN { exit !(f < k) }' || fast=''
	[[ -n $call && -n $stamp && -n $syscall && -n $run && -n $least && -n $leave ]] || return 0
	awk -v c="$call" -v t="$stamp" -v s="$syscall" -v r="$run" -v k="$least" -v o="$leave" -v f="$fast" -v q="$cpuid" -v id="$id" 'BEGIN {
		OFS = "\t"; s -= c; r -= c; o -= t
		print "system call", s
		print "KVM_RUN that does not enter", s, r - s
		if (f != "") print "exit, fast path (" id ")", 0, 0, f
		if (q != "") print "exit to the kernel (cpuid/leaf0)", 0, 0, k, q - k
		print "exit to user space (pio/out-user-1b)", s, r - s, k, o - r - k
	}'
}

# A ladder of each directory, those in one unit on one axis; and the exits to user space of all below each other.
draw_ladder() {
	local dir i name runs rungs=() first_unit='' rates='' lengths words=("system call" "KVM_RUN itself" "VMEXIT, the least handling, VMENTER" "handling, and the rest")
	: >"$work/ladders"
	: >"$work/ladders.all"
	labels_of_dirs
	for i in "${!dirs[@]}"; do
		dir=${dirs[i]}
		host "$dir"
		ladder_of "$dir" >"$work/rungs-$i"
		if [[ ! -s $work/rungs-$i ]]; then
			missing "ladder$( ((i == 0)) || echo "-$((i + 1))")" \
				"$(name_of "$dir") lacks some of floor/call-host, floor/stamp-host, floor/syscall, floor/run-immediate, cpuid/leaf0, pio/out-user-1b"
			continue
		fi
		rungs+=("$i")
		first_unit=${first_unit:-$unit}
		[[ $unit = "$first_unit" ]] || continue
		rates+="$khz "
		cat "$work/rungs-$i" >>"$work/ladders.all"
		awk -F '\t' -v OFS='\t' -v label="$(sed -n "$((i + 1))p" "$work/labels")" '/^exit to user space/ { $1 = label; print }' "$work/rungs-$i" >>"$work/ladders"
	done
	for i in "${rungs[@]}"; do
		dir=${dirs[i]} name=ladder$( ((i == 0)) || echo "-$((i + 1))")
		host "$dir"
		lengths=''
		[[ $unit != "$first_unit" ]] || lengths=$work/ladders.all
		runs=$(metric_rows "$dir" roundtrip | awk -F '\t' '$1 == "pio/out-user-1b" { print $5 }')
		bars "$name" "The ladder: what an exit to user space stands on" "$( ((${#dirs[@]} < 2)) || echo "$(name_of "$dir"): ")$host; $(medians_of "$runs")$(grep -q 'fast path' "$work/rungs-$i" || echo '; no exit on a fast path')" \
			"$lengths" "${words[@]}" <"$work/rungs-$i"
	done
	(($(wc -l <"$work/ladders") >= 2)) || return 0
	host "${dirs[0]}"
	# Ticks of different lengths are of no common length.
	(($(tr ' ' '\n' <<<"$rates" | grep . | sort -u | wc -l) < 2)) || khz=0
	bars ladders "An exit to user space (pio/out-user-1b) in each directory" "first: $host; $(medians_of "$runs")" '' "${words[@]}" <"$work/ladders"
}

# choose FILE COLUMN: of a table sorted by that column, what one picture can show, into FILE.shown; prints what is not
# there. The dearest, which may be many exits in one, would press the others flat; of the others as many as a page
# holds, from the cheapest to the dearest.
choose() {
	awk -F '\t' -v c="$2" -v most=60 -v shown="$1.shown" '{ v[NR] = $c; line[NR] = $0 }
		END { for (n = NR; n > 1 && v[n] > 8 * v[int((NR + 1) / 2)]; n--);
			rows = (n < most) ? n : most
			printf "" >shown
			for (i = 0; i < rows; i++) print line[(rows == n) ? i + 1 : 1 + int(i * (n - 1) / (rows - 1) + 0.5)] >shown
			if (n < NR) printf "; the %d dearest of %d left out", NR - n, NR
			if (rows < n) printf "; %d of %s%d shown, from cheap to dear", rows, (n < NR) ? "the other " : "", n }' "$1"
}

draw_legs() {
	local dir=${dirs[0]} left_out
	join -t $'\t' <(metric_rows "$dir" exit_leg | cut -f 1,2 | sort) <(metric_rows "$dir" entry_leg | cut -f 1,2 | sort) |
		join -t $'\t' - <(metric_rows "$dir" guest | cut -f 1,2,5 | sort) |
		awk -F '\t' '{ print $1 "\t" $2 "\t" $4 - $2 - $3 "\t" $3 "\t" $4 "\t" $5 }' | sort -t $'\t' -k 5,5g >"$work/legs"
	if [[ ! -s $work/legs ]]; then
		missing legs "no benchmark has exit_leg and entry_leg"
		return
	fi
	left_out=$(choose "$work/legs" 5)
	cut -f 1-4 "$work/legs.shown" |
		bars legs "Exits to user space in legs, as the guest sees them" \
			"$host; $(medians_of "$(cut -f 6 "$work/legs" | sort -g | tail -n 1)")$left_out" '' \
			"exit leg: guest to KVM_RUN's return" "between: user space, the guest's own" "entry leg: KVM_RUN's call to guest"
}

# The inner arrows, by KVM's tracepoints: of exits to user space, and of those that KVM handles.
draw_ways() {
	local dir=${dirs[0]} runs left_out
	awk -F, -v OFS='\t' -v user="$work/ways-user" -v kernel="$work/ways-kernel" '
		BEGIN { n = split("vmexit handler return user switch vmenter between", legs, " "); printf "" >user; printf "" >kernel }
		$12 != "ok" { next }
		$2 == 1 && $3 == 1 && $4 == "traced_guest" { whole[$1] = $7; runs[$1] = $6 }
		$2 == 1 && $3 == 1 && $4 ~ /^trace_/ { v[$1, substr($4, 7)] = $7 }
		END { for (b in whole) {
			if (!((b, "vmenter") in v)) continue
			to = ((b, "return") in v) ? user : kernel
			line = b; for (i = 1; i <= n; i++) line = line OFS v[b, legs[i]] + 0
			print line, whole[b], runs[b] >to } }' "${table[$dir/summary.csv]}"
	for name in user kernel; do
		if [[ ! -s $work/ways-$name ]]; then
			missing "ways-$name" "no such exit was cut at KVM's tracepoints (run --trace)"
			continue
		fi
		sort -t $'\t' -k 9,9g -k 1,1 -o "$work/ways-$name" "$work/ways-$name"
		left_out=$(choose "$work/ways-$name" 9)
		runs=$(cut -f 10 "$work/ways-$name" | sort -g | tail -n 1)
		if [[ $name = user ]]; then
			cut -f 1-8 "$work/ways-user.shown" | bars ways-user "The way of exits to user space, by KVM's tracepoints" \
				"$host; $(medians_of "$runs"), tracing on$left_out" '' \
				"VMEXIT" "handler in KVM" "return" "user space" "switch to guest mode" "VMENTER" "in the guest between exits"
		else
			awk -F '\t' -v OFS='\t' '{ print $1, $2, $3, 0, 0, 0, $7, $8 }' "$work/ways-kernel.shown" |
				bars ways-kernel "The way of exits that KVM handles, by its tracepoints" \
					"$host; $(medians_of "$runs"), tracing on$left_out" '' \
					"VMEXIT" "handler in KVM" '' '' '' "VMENTER" "in the guest between exits"
		fi
	done
}

# Who executes an operation: from the counters of instructions, else of cycles.
draw_attribution() {
	local dir=${dirs[0]} event unit=$unit khz=0 drawn=0
	for event in instructions cycles; do
		awk -F, -v event="$event" '$2 == 1 && $3 == 1 && $7 != "" && split($4, part, ":") > 1 && part[1] == event {
			who = ""; for (i = 2; i in part; i++) { if (part[i] == "mg") who = "guest"; else if (part[i] == "k" && who == "") who = "kernel"
				else if (part[i] == "u" && who == "") who = "user" }
			if (who != "") { v[$1, who] = $7; names[$1] } delete part }
			END { for (b in names) print b "\t" v[b, "kernel"] + 0 "\t" v[b, "user"] + 0 "\t" v[b, "guest"] + 0 "\t" v[b, "kernel"] + v[b, "user"] + v[b, "guest"] }' \
			"${table[$dir/summary.csv]}" | sort -t $'\t' -k 5,5g -k 1,1 | sed -n 1,60p >"$work/attribution"
		[[ -s $work/attribution ]] || continue
		drawn=1 unit="$event an operation"
		cut -f 1-4 "$work/attribution" | bars "attribution-$event" "Who spends the $event of an operation" "$host; perf counters, $(medians_of "$(awk -F, -v e="$event:" 'index($4, e) == 1 { print $6 }' "${table[$dir/summary.csv]}" | sort -g | tail -n 1)")" '' \
			"host kernel" "host user space" "guest"
	done
	((drawn)) || missing attribution "no instructions or cycles were counted by mode (run --events default, on a host with a PMU)"
}

# log_axis WIDTH: reads "value [letters]", prints "low=... high=..." for a log axis of so many points with room for a
# text of so many letters to the right of each value.
log_axis() {
	awk -v width="$1" '$1 > 0 { if (!n++ || $1 < a) a = $1; if (n == 1 || $1 > b) b = $1
			if ($2 > 0) { v[++texts] = $1; share[texts] = ($2 * 6.8 + 14) / width; if (share[texts] > 0.7) share[texts] = 0.7 } }
		END { if (b < a * 10) { m = sqrt(a * b); a = m / 3.2; b = m * 3.2 } else { a /= 1.3 }
			for (i = 1; i <= texts; i++) { x = exp((log(v[i]) - share[i] * log(a)) / (1 - share[i])); if (x > b) b = x }
			printf "low=%.6g\nhigh=%.6g\n", a, b * 1.05 }'
}

# log_tics LOW HIGH [ns]: tics for a log axis: decades, or 1, 2, 5 where there would be fewer than three.
log_tics() {
	awk -v low="$1" -v high="$2" -v time="${3:-}" '
		function words(v) { return time == "" ? (v >= 1e9 ? v / 1e9 "G" : v >= 1e6 ? v / 1e6 "M" : v >= 1e4 ? v / 1e3 "k" : v) \
			: (v >= 1e9 ? v / 1e9 " s" : v >= 1e6 ? v / 1e6 " ms" : v >= 1e3 ? v / 1e3 " µs" : v " ns") }
		BEGIN { split("1 2 5", step, " "); decades = log(high / low) / log(10)
			for (e = -3; e <= 15; e++) for (i = 1; i <= (decades < 2.5 ? 3 : 1); i++) { v = step[i] * 10 ^ e
				if (v >= low && v <= high) { printf "%s\"%s\" %.6g", (n++ ? ", " : ""), words(v), v } } }'
}

# axes UNIT WIDTH <values: the log axis of values in UNIT, and a second one in time where they are ticks; for render.
axes() {
	local low high scale=0 tics2='' bounds
	bounds=$(log_axis "$2")
	low=$(sed -n 's/^low=//p' <<<"$bounds") high=$(sed -n 's/^high=//p' <<<"$bounds")
	if [[ $1 = "TSC ticks" && $khz != 0 ]]; then
		scale=$(awk -v khz="$khz" 'BEGIN { printf "%.9g", 1e6 / khz }')
		tics2=$(log_tics "$(awk -v x="$low" -v s="$scale" 'BEGIN { print x * s }')" "$(awk -v x="$high" -v s="$scale" 'BEGIN { print x * s }')" ns)
	fi
	axis=("low=$low" "high=$high" "scale=$scale" "tics:$(log_tics "$low" "$high" "$([[ $1 != time ]] || echo ns)")" "tics2:$tics2")
}

# A figure beside its mark, for awk; a time where ns is set.
FIGURE='function digits(v, unit) { return sprintf("%.*f %s", (v < 9.995) ? 2 : (v < 99.95) ? 1 : 0, v, unit) }
function time(v) { return (v >= 999.5e6) ? digits(v / 1e9, "s") : (v >= 999.5e3) ? digits(v / 1e6, "ms") : (v >= 999.5) ? digits(v / 1e3, "µs") : digits(v, "ns") }
function figure(v) { return ns ? time(v) : (v >= 1e6) ? sprintf("%.4gM", v / 1e6) : (v < 100) ? sprintf("%.3g", v) : sprintf("%.0f", v) }
'

# letters FIELD...: reads rows, prints how long these fields together are at most.
letters() {
	awk -F '\t' -v fields="$*" 'BEGIN { n = split(fields, f, " ") } { l = 0
		for (i = 1; i <= n; i++) l += length($f[i])
		if (l > m) m = l } END { print m + 0 }'
}

# all_figures: the figures of the first directory, in $work/all, in one unit: ticks, or ns where some are ns.
all_figures() {
	figures "${dirs[0]}" | awk -F '\t' -v OFS='\t' -v khz="$khz" '
		{ line[NR] = $0; if ($6 == "ns") ns = 1 }
		END { for (i = 1; i <= NR; i++) { $0 = line[i]
			if (ns && khz > 0 && $6 == "tsc") { for (j = 2; j <= 4; j++) if ($j != "") $j = $j / khz * 1e6; $6 = "ns" }
			print } }' | sort -t $'\t' -k 2,2g >"$work/$1"
}

words_of_unit() { # FILE
	case $(cut -f 6 "$1" | sort -u | tr '\n' ' ') in
	"ns ") echo time ;;
	"tsc " | "insn ") echo "$unit" ;;
	*) echo "ticks or ns" ;;
	esac
}

draw_overview() {
	local rows words axis letters ns
	all_figures all
	if [[ ! -s $work/all ]]; then
		missing overview "there are no figures"
		return
	fi
	words=$(words_of_unit "$work/all") ns=$([[ $words != time ]] || echo 1)
	sed 's,/,\t,' "$work/all" | sort -t $'\t' -k 1,1 -k 3,3g | awk -F '\t' '
		function flush() { if (!n) return
			print (n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2) "\t" family "\t" v[n] "\t" last "\t" n; n = 0 }
		$1 != family { flush(); family = $1 } { v[++n] = $3; last = $2 } END { flush() }' | sort -g >"$work/families"
	rows=$(wc -l <"$work/families")
	{
		awk -F '\t' 'NR == FNR { row[$2] = NR; next } { split($1, id, "/"); print row[id[1]], $2 }' "$work/families" "$work/all"
		printf '\n\n'
		awk -F '\t' -v ns="$ns" "$FIGURE"'{ printf "%d \"%s (%d)\" %s %s \"%s %s\"\n", NR, $2, $5, $1, $3, $4, figure($3) }' "$work/families"
	} >"$work/overview"
	letters=$(($(letters 2 5 <"$work/families") + 3))
	axes "$words" $((900 - letters * 77 / 10)) < <(cut -f 2 "$work/all"
		awk -F '\t' -v ns="$ns" "$FIGURE"'{ print $3, length($4 " " figure($3)) }' "$work/families")
	render overview overview 940 $((190 + rows * 21)) $((rows + 13)) \
		"All benchmarks: a dot each, a bar for the median, the dearest named" \
		"$host; $(wc -l <"$work/all") benchmarks, $(medians_of "$(cut -f 5 "$work/all" | sort -g | tail -n 1)")" \
		"data:$work/overview" "rows=$rows" "letters=$letters" "unit:$words (log)" "${axis[@]}"
}

draw_medians() {
	local family rows words axis runs letters doubt ns what
	all_figures all
	if [[ ! -s $work/all ]]; then
		missing medians "there are no figures"
		return
	fi
	for family in $(cut -d / -f 1 "$work/all" | sort -u); do
		awk -F '\t' -v f="$family/" 'index($1, f) == 1' "$work/all" >"$work/family"
		words=$(words_of_unit "$work/family") ns=$([[ $words != time ]] || echo 1)
		what="round trips, else as the guest sees it"
		[[ $(cut -f 7 "$work/family" | sort -u) != process ]] || what="whole processes"
		awk -F '\t' -v ns="$ns" "$FIGURE"'{ low = ($3 == "") ? $2 : $3; high = ($4 == "") ? $2 : $4; sub(/^[^\/]*\//, "", $1)
			what = ($7 == "roundtrip" || $7 == "guest" || $7 == "process") ? "" : " " $7
			printf "%d\t\"%s\"\t%s\t%s\t%s\t\"%s%s\"\t%d\n", NR, $1, $2, low, high, figure($2), what, $8 == "suspect" }' "$work/family" >"$work/medians"
		rows=$(wc -l <"$work/medians") runs=$(cut -f 5 "$work/family" | sort -g | tail -n 1)
		letters=$(($(letters 2 <"$work/medians") - 2)) doubt=$(awk -F '\t' '$7 { n++ } END { print n + 0 }' "$work/medians")
		axes "$words" $((900 - letters * 77 / 10)) < <(cut -f 3,4 "$work/medians" | tr '\t' '\n'
			awk -F '\t' '{ print $5, length($6) }' "$work/medians")
		render medians "medians-$family" 940 $((185 + (doubt > 0 ? 20 : 0) + rows * 20)) $((rows + 13)) \
			"$family/: medians$( ((runs < 6)) || echo " with 95 % intervals"); $what" \
			"$host; $(medians_of "$runs")$( ((runs >= 6)) || echo ", too few for intervals")" \
			"data:$work/medians" "rows=$rows" "letters=$letters" "unit:$words (log)" "anydoubt=$doubt" "${axis[@]}"
	done
}

# Asked for, or the first of each family.
one_a_family() {
	if [[ -n $bench ]]; then cat; else awk -F / '!seen[$1]++'; fi
}

draw_scaling() {
	local dir=${dirs[0]} id n=0 words=() vcpus runs axis rates key_columns key_rows
	: >"$work/scaling"
	for id in $(awk -F, '$4 == "rate" && $3 == 1 && $7 > 0 { c[$1]++; } END { for (b in c) if (c[b] > 1) print b }' "${table[$dir/summary.csv]}" | sort | one_a_family); do
		# shellcheck disable=SC2053  # a pattern
		[[ $id == ${bench:-*} ]] || continue
		((n < 8)) || break
		awk -F, -v b="$id" '$1 == b && $3 == 1 && $7 != "" { if ($4 == "rate") r[$2] = $7; if ($4 == "guest") g[$2] = $7; if ($4 == "roundtrip") o[$2] = $7 }
			END { least = 0; for (v in r) if (!least || v + 0 < least) least = v + 0
				for (v in r) print v, r[v], (v in g) ? g[v] : (v in o) ? o[v] : "NaN", r[least] * v / least }' "${table[$dir/summary.csv]}" | sort -g >>"$work/scaling"
		printf '\n\n' >>"$work/scaling"
		n=$((n + 1)) words+=("word$n:$id")
	done
	if ((!n)); then
		missing scaling "no benchmark${bench:+ matching '$bench'} was run with several numbers of vCPUs (run --vcpus 1,2,4)"
		return
	fi
	vcpus=$(awk 'NF { print $1 }' "$work/scaling" | sort -gu | paste -sd ,)
	runs=$(awk -F, 'NR > 1 && $4 == "rate" { print $6 }' "${table[$dir/summary.csv]}" | sort -g | tail -n 1)
	axes "operations" 900 < <(awk 'NF { print $2; print $4 }' "$work/scaling")
	rates=("rate_low=${axis[0]#low=}" "rate_high=${axis[1]#high=}" "rates:${axis[3]#tics:}")
	axes "$unit" 900 < <(awk 'NF && $3 > 0 { print $3 }' "$work/scaling")
	key_of 440 "${words[@]#*:}" "perfect scaling (left)"
	render scaling scaling 1000 $((400 + key_rows * 17)) 28 "Several vCPUs in a VM: the rate of all together, and what one operation takes" \
		"$host; $(medians_of "$runs")$(in_ns | sed 's/ (\(1000\)\(.*\))/; \1 ticks\2/')$( ((n < 8)) || echo '; one benchmark of each of 8 families')" \
		"time_low=${axis[0]#low=}" "time_high=${axis[1]#high=}" "times:${axis[3]#tics:}" "${rates[@]}" \
		"data:$work/scaling" "benches=$n" "unit:$unit" "key_columns=$key_columns" "key_rows=$key_rows" "vcpus:$vcpus" "most=${vcpus##*,}" "${words[@]}"
}

draw_sequence() {
	local dir=${dirs[0]} n runs limit
	awk -F, 'function sort(x, n,   i, j, y) { for (i = 2; i <= n; i++) { y = x[i]; for (j = i - 1; j > 0 && x[j] > y; j--) x[j + 1] = x[j]; x[j + 1] = y } }
		NR > 1 && $2 == 1 && $3 == 1 && $5 == 0 && ($6 == "roundtrip" || $6 == "guest") {
			k = $1 " " $6; if (!((k, $4 + 0) in v)) run[k, ++count[k]] = $4 + 0; v[k, $4 + 0] = $12 }
		END { for (k in count) { n = count[k]
			if (n < 3) continue
			for (i = 1; i <= n; i++) { r[i] = run[k, i]; s[i] = v[k, r[i]] + 0 }
			sort(r, n)
			sort(s, n)
			med = (n % 2) ? s[(n + 1) / 2] : (s[n / 2] + s[n / 2 + 1]) / 2
			if (med <= 0) continue
			for (i = 1; i <= n; i++) print r[i], (v[k, r[i]] / med - 1) * 100
			print "\n" } }' "${table[$dir/results.csv]}" >"$work/sequence"
	if [[ ! -s $work/sequence ]]; then
		missing sequence "it takes three runs or more"
		return
	fi
	n=$(awk 'NF && !before { n++ } { before = NF } END { print n }' "$work/sequence")
	runs=$(awk 'NF && $1 > m { m = $1 } END { print m + 1 }' "$work/sequence")
	# A few wild figures must not hide the rest.
	limit=$(awk 'NF { print ($2 < 0) ? -$2 : $2 }' "$work/sequence" | sort -g | awk '{ v[NR] = $1 } END { x = v[int(NR * 0.95 + 0.5)] * 1.3; print (x > 1) ? x : 1 }')
	awk 'NF { print $1 "\t" $2 }' "$work/sequence" | sort -k 1,1n -k 2,2g | awk -F '\t' '
		function flush() { if (n) print run, (n % 2) ? s[(n + 1) / 2] : (s[n / 2] + s[n / 2 + 1]) / 2 }
		$1 != run || !n { flush(); run = $1; n = 0 } { s[++n] = $2 } END { flush() }' >>"$work/sequence"
	render sequence sequence 940 420 26 "The runs in the order in which they were made: drift and modes" \
		"$host; $runs runs; the axis holds 95 % of the points" \
		"data:$work/sequence" "benches=$n" "runs=$runs" "limit=$limit"
}
