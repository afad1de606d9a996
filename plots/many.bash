# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Pictures that set directories beside each other: distribution, heat, history.
# shellcheck disable=SC2154  # variables of draw and host()

# verdicts: "column bench ratio verdict" of each directory against the first, of the figure that stands for a benchmark,
# in $work/verdicts; notes why one could not be compared in $work/refused.
verdicts() {
	local i
	[[ ! -e $work/verdicts ]] || return 0
	: >"$work/verdicts"
	: >"$work/refused"
	if [[ -z $program ]]; then
		echo "the program was not found; VMEXIT_BENCH names it" >"$work/refused"
		return 0
	fi
	for ((i = 1; i < ${#dirs[@]}; i++)); do
		"$program" compare --across all --format csv "${dirs[0]}" "${dirs[i]}" 2>"$work/why" >"$work/compared" || {
			sed 's/^vmexit-bench: //' "$work/why" | head -n 1 >>"$work/refused"
			continue
		}
		awk -F, -v i="$i" 'BEGIN { n = split("roundtrip guest latency lateness process", order, " ")
				for (k = 1; k <= n; k++) rank[order[k]] = k }
			NR > 1 && $2 == 1 && $3 == 1 && ($4 in rank) && $10 != "" && (!($1 in best) || rank[$4] < best[$1]) {
				best[$1] = rank[$4]; row[$1] = i "\t" $1 "\t" $10 "\t" $17 }
			END { for (b in row) print row[b] }' "$work/compared" >>"$work/verdicts"
	done
}

# labels_of_dirs: what tells the directories apart, one a line: their kernels, CPUs or names.
labels_of_dirs() {
	local dir what
	for what in .host.kernel.release .host.cpu.model_name; do
		for dir in "${dirs[@]}"; do fact "$dir" $what; done | short 40 >"$work/labels"
		(($(sort -u "$work/labels" | grep -c .) < ${#dirs[@]})) || return 0
	done
	for dir in "${dirs[@]}"; do name_of "$dir"; done | short 40 >"$work/labels"
	(($(sort -u "$work/labels" | wc -l) < ${#dirs[@]})) || return 0
	for dir in "${dirs[@]}"; do echo "$dir"; done | short 40 >"$work/labels"
}

# Long names keep their ends, where they differ from others.
short() { # LENGTH
	awk -v most="$1" '{ n = length($0); h = int(most * 0.35); print (n > most) ? substr($0, 1, h) "..." substr($0, n - most + h + 4) : $0 }'
}

draw_heat() {
	local rows columns=$((${#dirs[@]} - 1)) all limit label i=0 open slanted runs
	if ((!columns)); then
		missing heat "it compares: give two directories or more"
		return
	fi
	verdicts
	if [[ ! -s $work/verdicts ]]; then
		missing heat "nothing to compare: $(sort -u "$work/refused" | sed -n 1p | grep . || echo "no benchmark is in both")"
		return
	fi
	[[ ! -s $work/refused ]] || echo "plots/draw: heat: a directory was left out: $(head -n 1 "$work/refused")" >&2
	labels_of_dirs
	# Dearer and cheaper first, then the undecided; where they fit on no page, the rest changed less than the last shown.
	awk -F '\t' '{ p = ($3 > 1) ? $3 - 1 : 1 / $3 - 1; d = ($4 == "slower" || $4 == "faster"); k = d * 1000 + p
		if (!($2 in m) || k > m[$2]) m[$2] = k } END { for (b in m) print m[b] "\t" b }' "$work/verdicts" |
		sort -t $'\t' -k 1,1gr -k 2,2 >"$work/order.all"
	all=$(wc -l <"$work/order.all")
	head -n "$most_rows" "$work/order.all" | cut -f 2 >"$work/order"
	rows=$(wc -l <"$work/order")
	# Half is as far from the same as twice: colours go by the logarithm. A few wild ones must not make the rest pale.
	limit=$(awk -F '\t' 'NR == FNR { shown[$1]; next } $2 in shown && $3 > 0 { x = log($3) / log(2); print (x < 0) ? -x : x }' "$work/order" "$work/verdicts" | sort -g |
		awk '{ v[NR] = $1 } END { x = v[int(NR * 0.75 + 0.5)]; n = split("1.03 1.05 1.1 1.2 1.5 2 4", step, " ")
			for (i = 1; i < n && log(step[i]) / log(2) < x; i++);
			print log(step[i]) / log(2) }')
	awk -F '\t' -v limit="$limit" 'NR == FNR { row[$1] = NR; next } $2 in row { p = ($3 - 1) * 100; x = ($3 > 0) ? log($3) / log(2) : -99
		open = ($4 == "inconclusive") ? " ?" : ($4 == "suspect") ? " !" : ""
		text = ($3 >= 100) ? sprintf("%.0f times", $3) : ($3 >= 2) ? sprintf("%.1f times", $3) : ($3 > 0 && $3 <= 0.095) ? sprintf("1/%.0f", 1 / $3) \
			: (p == 0) ? (open == "" ? "same" : "0 %") : (p < 0.05 && p > -0.05) ? "0.0 %" : sprintf("%+.*f %%", (p < 10 && p > -10) ? 1 : 0, p)
		# White is legible on the full blue only.
		printf "%d\t%d\t%.6g\t\"%s%s\"\t%d\n", $1, row[$2], x, text, open, x < -limit * 0.85 }' "$work/order" "$work/verdicts" >"$work/heat"
	slanted=$(sed 1d "$work/labels" | awk -v columns="$columns" '{ if (length($0) > m) m = length($0) } END { print (m * 7.2 > 560 / columns - 6) ? 10 + ((m > 24) ? 24 : m) * 3 : 0 }')
	runs=$(figures "${dirs[0]}" | cut -f 5 | sort -g | tail -n 1)
	{
		echo 'set ytics ()'
		awk '{ printf "set ytics add (\"%s\" %d)\n", $1, NR }' "$work/order"
		while IFS= read -r label; do
			((i == 0)) || printf 'set x2tics add (%s %d)\n' "$(quoted "$label")" "$i"
			i=$((i + 1))
		done < <(if ((slanted)); then short 24 <"$work/labels"; else cat "$work/labels"; fi)
		((!slanted)) || echo 'set x2tics rotate by 25'
	} >"$work/heat.labels"
	open=$(awk -F '\t' '$4 == "inconclusive"' "$work/verdicts" | wc -l)
	render heat heat 900 $((150 + (rows < 5 ? 5 : rows) * 19 + slanted)) $((rows + 13)) \
		"Each benchmark against $(head -n 1 "$work/labels")" \
		"$host; $(medians_of "$runs")$( ((all <= most_rows)) || echo "; the $most_rows that changed most of $all")$( ((open == 0)) || echo "; $open cells marked ? where the runs decide nothing")" \
		"data:$work/heat" "labels:$work/heat.labels" "rows=$rows" "letters=$(letters 1 <"$work/order")" "columns=$columns" "limit=$limit" "slanted=$slanted"
}

# distribution_of DIR BENCH METRIC: value, share up to it, share from it on: from the samples where they were kept, else
# from the quantiles of the runs, averaged. Says in $work/source which.
distribution_of() {
	if [[ -n ${table[$1/samples.csv]:-} ]] && awk -F, -v b="$2" -v m="$3" '$1 == b && $2 == 1 && $3 == 1 && $6 == m { print $9 }' "${table[$1/samples.csv]}" | sort -g >"$work/values" &&
		[[ -s $work/values ]]; then
		awk '{ v[NR] = $1 } END { first = 1
			for (i = 1; i <= NR; i++) { if (v[i] == v[i + 1]) continue
				if (NR < 4000 || i < 20 || i > NR - 400 || int(i / NR * 2000) != last) print v[i], i / NR, (NR - first + 1) / NR
				last = int(i / NR * 2000); first = i + 1 } }' "$work/values"
		printf 's\tn=%d\n' "$(wc -l <"$work/values")" >"$work/source"
	else
		awk -F, -v b="$2" -v m="$3" -v source="$work/source" '$1 == b && $2 == 1 && $3 == 1 && $6 == m {
			n++; samples += $8; for (i = 9; i <= 17; i++) q[i] += $i } END {
			split("0 0.05 0.25 0.5 0.75 0.95 0.99 0.999 1", share, " ")
			if (!n) exit
			# Quantiles beyond the number of samples of a run are no quantiles.
			for (i = 9; i <= 17; i++) if (i == 17 || 1 - share[i - 8] >= n / samples) print q[i] / n, share[i - 8], (i == 17) ? n / samples : 1 - share[i - 8]
			printf "q\tn=%d\n", samples >source }' "${table[$1/results.csv]}"
	fi
}

# One of each kind of exit.
kinds=(cpuid/leaf0 pio/out-user-1b mmio/read-user-4b hlt/user msr/tscdeadline-disarm ept/first-write-4k-absent)

# which_distributions: benchmarks worth a picture: those asked for; else one of each kind, and what changed most.
which_distributions() {
	local id
	figures "${dirs[0]}" | cut -f 1 | sort >"$work/ids"
	if [[ -n $bench ]]; then
		while read -r id; do
			# shellcheck disable=SC2053  # a pattern
			[[ $id != $bench ]] || echo "$id"
		done <"$work/ids"
		return
	fi
	{
		for id in "${kinds[@]}"; do grep -Fx "$id" "$work/ids" || true; done
		((${#dirs[@]} < 2)) || sort -t $'\t' -k 3,3gr "$work/verdicts" | awk -F '\t' '$4 == "slower" && n++ < 4 { print $2 }'
		((${#dirs[@]} < 2)) || sort -t $'\t' -k 3,3g "$work/verdicts" | awk -F '\t' '$4 == "faster" && n++ < 3 { print $2 }'
		head -n 3 "$work/ids"
	} | awk '!seen[$1]++ && n++ < 12'
}

# scale_of UNIT: divides the values of $work/distribution so that they have few digits, and sets scaled: their unit.
scale_of() {
	local divisor
	read -r divisor scaled < <(awk -v unit="$1" 'NF && $2 <= 0.9901 && $1 > b { b = $1 }
		END { if (unit != "ns") print (b >= 1e7) ? "1e6 millions of" : "1"
			else print (b >= 2e9) ? "1e9 s" : (b >= 2e6) ? "1e6 ms" : (b >= 2e3) ? "1e3 µs" : "1 ns" }' "$work/distribution")
	[[ $1 = ns ]] || scaled=${scaled:+$scaled }$unit$(in_ns)
	[[ $divisor = 1 ]] || awk -v by="$divisor" 'NF { printf "%.12g %s %s\n", $1 / by, $2, $3; next } { print }' "$work/distribution" >"$work/one" &&
		{ [[ $divisor = 1 ]] || mv "$work/one" "$work/distribution"; }
}

# bounds_of: the axes of a distribution: of the left one up to the 99th percentile, and of the right one, each
# logarithmic where its values differ by more than ten times.
bounds_of() {
	local bounds side
	bounds=$(awk '
		function step(x,   unit) { unit = 1; while (unit > x) unit /= 10
			while (unit * 10 <= x) unit *= 10
			return x <= unit ? unit : x <= 2 * unit ? 2 * unit : x <= 5 * unit ? 5 * unit : 10 * unit }
		function axis(side, z,   wide) { wide = z > 10 * a && a > 0
			if (z <= a) z = a * 1.02 + 1
			printf "%s_step=%.9g\n%s_wide=%d\n", side, step((z - a) / 4), side, wide
			printf "%s_from=%.9g\n%s_to=%.9g\n", side, wide ? a / 1.2 : a - (z - a) * 0.03, side, wide ? z * 1.2 : z + (z - a) * 0.03 }
		NF { if (!k++ || $1 < a) a = $1; if (k == 1 || $1 > z) z = $1; if ($2 <= 0.9901 && (!h++ || $1 > b)) b = $1
			if (!l++ || $3 < least) least = $3 }
		END { if (!least) least = 0.001
			axis("left", b); axis("right", z); printf "least=%g\n", least * 0.8 }')
	echo "$bounds"
	for side in left right; do
		echo "${side}_tics:$(log_tics "$(sed -n "s/^${side}_from=//p" <<<"$bounds")" "$(sed -n "s/^${side}_to=//p" <<<"$bounds")")"
	done
}

draw_distribution() {
	local id metric measured runs n words dir drawn=0 bounds i sorts from key_columns key_rows scaled
	verdicts
	labels_of_dirs
	for id in $(which_distributions); do
		read -r metric measured runs < <(figures "${dirs[0]}" | awk -F '\t' -v b="$id" '$1 == b { print $7, $6, $5 }')
		n=0 words=() sorts=''
		: >"$work/distribution"
		for i in "${!dirs[@]}"; do
			dir=${dirs[i]}
			# Ticks and instructions have no axis in common.
			[[ $(fact "$dir" .clock.unit) = "$(fact "${dirs[0]}" .clock.unit)" ]] || continue
			distribution_of "$dir" "$id" "$metric" >"$work/one"
			[[ -s $work/one ]] || continue
			cat "$work/one" >>"$work/distribution"
			printf '\n\n' >>"$work/distribution"
			n=$((n + 1)) words+=("word$n:$(sed -n "$((i + 1))p" "$work/labels"), $(cut -f 2 "$work/source")")
			sorts+=$(cut -f 1 "$work/source")
			((n < 8)) || break
		done
		((n)) || continue
		drawn=1
		case $sorts in
		*s*q* | *q*s*) from="steps: samples; dots: quantiles of the runs" ;;
		*s*) from="samples of $(runs_in_words "$runs")" ;;
		*) from="quantiles of $(runs_in_words "$runs"), averaged" ;;
		esac
		key_of 440 "${words[@]#*:}"
		scale_of "$measured"
		mapfile -t bounds < <(bounds_of <"$work/distribution")
		render distribution "distribution-${id//\//-}" 1000 $((400 + key_rows * 17)) 26 "$id, $metric: how it is distributed, and the tail" \
			"$( ((n < 2)) || echo "first: ")$host; $from" "key_columns=$key_columns" "key_rows=$key_rows" \
			"data:$work/distribution" "dirs=$n" "unit:$scaled" "kinds:$sorts" "${bounds[@]}" "${words[@]}"
	done
	((drawn)) || missing distribution "there are no figures${bench:+ of '$bench'}"
}

# Fields of a history, as awk reads them: one with a comma is in quotes, and only host, kernel and revision may have one,
# so that the rest is counted from the end; "host" joins what is between.
HISTORY='function host_from(first, last,   i, h) { h = $first; for (i = first + 1; i <= last; i++) h = h "," $i
	gsub(/"/, "", h); return h }
'

# series_of ID METRIC: tables for history.gp of one figure, an index a host, in $work/history, and the names of the hosts
# in $work/hosts. Every run has its place on the axis by its time, whatever host it is from.
series_of() {
	: >"$work/hosts"
	awk -F, "$HISTORY"'$(NF - 6) == b && $(NF - 5) == 1 && $(NF - 4) == 1 && $(NF - 3) == m {
		print $1 "\t" $2 "\t" host_from(4, NF - 8) "\t" $NF "\t" $(NF - 2) "\t" $(NF - 1) }' b="$1" m="$2" "${table[$history]}" | sort -s -t $'\t' -k 1,1 >"$work/points"
	# One axis has one unit: that of the first host.
	awk -F '\t' 'NR == 1 { unit = $5 } $5 == unit { print }' "$work/points" >"$work/points.unit" && mv "$work/points.unit" "$work/points"
	awk -F '\t' -v hosts="$work/hosts" -v times="$work/times" '
		{ k = $1 "\t" $2; if (!(k in at)) { at[k] = ++n; print k "\t" n >times }
		  if (!($3 in number)) { number[$3] = ++h; name[h] = $3 }
		  rows[$3] = rows[$3] at[k] " " $4 "\n" }
		END { for (i = 1; i <= h && i <= 6; i++) { printf "%s\n\n", rows[name[i]]; print name[i] >hosts } }' "$work/points" >"$work/history"
}

# The history of the figures that changed most, or that were asked for; else of one of each kind.
draw_history() {
	local id metric n=0 at unit hosts words label i
	if [[ -z $program ]]; then
		missing history "the program, which finds the changes, was not found; VMEXIT_BENCH names it"
		return
	fi
	if [[ -z $history ]]; then
		if ((${#dirs[@]} < 5)); then
			missing history "give --history FILE, or five directories or more"
			return
		fi
		history=$work/history.csv
		for dir in "${dirs[@]}"; do printf '%s\t%s\n' "$(fact "$dir" .started)" "$dir"; done | sort | cut -f 2 |
			xargs -d '\n' "$program" history add --file "$history" 2>"$work/why" || die "$(cat "$work/why")"
	fi
	read_table "$history" time,kernel,revision,host,trust,bench,vcpus,vms,metric,unit,runs,value
	"$program" history show --file "$history" --format csv >"$work/changes" || die "$history: its changes could not be found"
	{
		awk -F, -v OFS='\t' 'NR > 1 && $(NF - 9) == 1 && $(NF - 8) == 1 && ($(NF - 7) == "roundtrip" || $(NF - 7) == "guest") && $(NF - 2) > 0 {
			x = log($(NF - 1) / $(NF - 2)); print (x < 0) ? -x : x, $(NF - 10), $(NF - 7) }' "$work/changes" | sort -t $'\t' -k 1,1gr -k 2,2 | cut -f 2,3
		for id in "${kinds[@]}"; do printf '%s\troundtrip\n%s\tguest\n' "$id" "$id"; done
		awk -F, -v OFS='\t' 'NR > 1 && $(NF - 5) == 1 && $(NF - 4) == 1 && ($(NF - 3) == "roundtrip" || $(NF - 3) == "guest") { print $(NF - 6), $(NF - 3) }' "${table[$history]}" |
			sort -t $'\t' -u -k 1,1 -k 2,2r
	} | awk -F '\t' 'NR == FNR { split($0, f, ","); there[$0]; next } ($0 in there) && !seen[$1]++' \
		<(awk -F, -v OFS='\t' '$(NF - 5) == 1 && $(NF - 4) == 1 { print $(NF - 6), $(NF - 3) }' "${table[$history]}" | sort -u) - >"$work/shown"
	while IFS=$'\t' read -r id metric; do
		# shellcheck disable=SC2053  # a pattern
		[[ $id == ${bench:-*} ]] || continue
		((n < 6)) || break
		series_of "$id" "$metric"
		(($(wc -l <"$work/points") >= 3)) || continue
		unit=$(cut -f 5 "$work/points" | sed -n 1p)
		case $unit in tsc) unit="TSC ticks" ;; insn) unit=instructions ;; esac
		awk -F, "$HISTORY"'$(NF - 10) == b && $(NF - 9) == 1 && $(NF - 8) == 1 && $(NF - 7) == m {
			print $(NF - 5) "\t" host_from(1, NF - 12) "\t" $(NF - 2) "\t" $(NF - 1) }' b="$id" m="$metric" "$work/changes" >"$work/levels"
		awk -F '\t' 'FILENAME == ARGV[1] { shown[$0]; next } FILENAME == ARGV[2] { number[$1] = $3; next }
			$2 in shown { printf "%d %s %s \"%+.1f %%\"\n", number[$1], $3, $4, ($4 / $3 - 1) * 100 }' "$work/hosts" "$work/times" "$work/levels" >"$work/steps"
		at=$(wc -l <"$work/steps") hosts=$(wc -l <"$work/hosts") words=() i=0
		cat "$work/steps" >>"$work/history"
		while IFS= read -r label; do
			i=$((i + 1)) words+=("word$i:$label")
		done < <(short 60 <"$work/hosts")
		{
			echo 'set xtics () rotate by -25 left'
			# The kernel is named where it changes, else the day.
			awk -F '\t' '{ line[NR] = $0 } END { step = int((NR + 15) / 16); for (i = 1; i <= NR; i += step) { split(line[i], f, "\t")
				printf "set xtics add (\"%s\" %d)\n", (f[2] == kernel) ? substr(f[1], 1, 10) : (length(f[2]) > 20) ? substr(f[2], 1, 17) "..." : f[2], f[3]; kernel = f[2] } }' "$work/times"
		} >"$work/history.labels"
		n=$((n + 1))
		render history "history-${id//\//-}" 940 $((430 + hosts * 17)) 28 "$id, $metric, over time" \
			"$(wc -l <"$work/points") medians, $(cut -f 6 "$work/points" | sort -g | awk '{ v[NR] = $1 } END { if (v[1] == v[NR]) printf "of %d run%s each", v[1], (v[1] == 1) ? "" : "s"; else printf "of %d to %d runs", v[1], v[NR] }'); changes of level that 'history show' finds: $at" \
			"data:$work/history" "labels:$work/history.labels" "unit:$unit" "changes=$at" "hosts=$hosts" "${words[@]}"
	done <"$work/shown"
	((n)) || missing history "no figure${bench:+ of '$bench'} is in it three times or more"
}
