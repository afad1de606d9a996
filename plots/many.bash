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
		awk -F, -v i="$i" 'NR > 1 && $2 == 1 && $3 == 1 && ($4 == "roundtrip" || $4 == "guest" || $4 == "process") && $10 != "" {
			if (($1 in row) && $4 == "guest") next
			row[$1] = i "\t" $1 "\t" $10 "\t" $17 } END { for (b in row) print row[b] }' "$work/compared" >>"$work/verdicts"
	done
}

# labels_of_dirs: what tells the directories apart, one a line: their kernels, CPUs or names.
labels_of_dirs() {
	local dir what
	for what in .host.kernel.release .host.cpu.model_name; do
		for dir in "${dirs[@]}"; do fact "$dir" $what; done >"$work/labels"
		(($(sort -u "$work/labels" | grep -c .) < ${#dirs[@]})) || return 0
	done
	for dir in "${dirs[@]}"; do name_of "$dir"; done >"$work/labels"
	(($(sort -u "$work/labels" | wc -l) < ${#dirs[@]})) || return 0
	for dir in "${dirs[@]}"; do echo "$dir"; done >"$work/labels"
}

draw_heat() {
	local rows columns=$((${#dirs[@]} - 1)) all limit label i=0 open
	if ((!columns)); then
		missing heat "it compares: give two directories or more"
		return
	fi
	verdicts
	if [[ ! -s $work/verdicts ]]; then
		missing heat "nothing to compare: $(sort -u "$work/refused" | head -n 1 | grep . || echo "no benchmark is in both")"
		return
	fi
	[[ ! -s $work/refused ]] || echo "plots/draw: heat: a directory was left out: $(head -n 1 "$work/refused")" >&2
	labels_of_dirs
	# Dearer and cheaper first, then the undecided; where they fit on no page, the rest changed less than the last shown.
	awk -F '\t' '{ p = ($3 > 1) ? $3 - 1 : 1 / $3 - 1; d = ($4 == "slower" || $4 == "faster"); k = d * 1000 + p
		if (!($2 in m) || k > m[$2]) m[$2] = k } END { for (b in m) print m[b] "\t" b }' "$work/verdicts" |
		sort -t $'\t' -k 1,1gr -k 2,2 >"$work/order.all"
	all=$(wc -l <"$work/order.all")
	head -n 80 "$work/order.all" | cut -f 2 >"$work/order"
	rows=$(wc -l <"$work/order")
	limit=$(awk -F '\t' '{ p = ($3 - 1) * 100; p = (p < 0) ? -p : p; if (p > m) m = p } END { print (m > 50) ? 50 : (m < 2) ? 2 : m }' "$work/verdicts")
	awk -F '\t' -v limit="$limit" 'NR == FNR { row[$1] = NR; next } $2 in row { p = ($3 - 1) * 100
		open = ($4 == "inconclusive") ? " ?" : ($4 == "suspect") ? " !" : ""
		text = (p >= 100) ? sprintf("%.1f times", $3) : (p == 0) ? (open == "" ? "same" : "0 %") : sprintf("%+.*f %%", (p < 10 && p > -10) ? 1 : 0, p)
		printf "%d\t%d\t%.6g\t\"%s%s\"\t%d\n", $1, row[$2], p, text, open, (p > limit * 0.7 || p < -limit * 0.6) }' "$work/order" "$work/verdicts" >"$work/heat"
	{
		echo 'set ytics ()'
		awk '{ printf "set ytics add (\"%s\" %d)\n", $1, NR }' "$work/order"
		while IFS= read -r label; do
			((i == 0)) || printf 'set x2tics add (%s %d)\n' "$(quoted "$label")" "$i"
			i=$((i + 1))
		done <"$work/labels"
		((columns < 3)) || echo 'set x2tics rotate by 20'
	} >"$work/heat.labels"
	open=$(awk -F '\t' '$4 == "inconclusive"' "$work/verdicts" | wc -l)
	render heat heat 900 $((170 + (rows < 5 ? 5 : rows) * 19 + (columns < 3 ? 0 : 60))) $((rows + 10)) \
		"Each benchmark against $(head -n 1 "$work/labels")" \
		"$host$( ((all <= 80)) || echo "; the 80 that changed most of $all")$( ((open == 0)) || echo "; $open cells marked ? where the runs decide nothing")" \
		"data:$work/heat" "labels:$work/heat.labels" "rows=$rows" "columns=$columns" "limit=$limit"
}

# distribution_of DIR BENCH METRIC: value, share up to it, share from it on: from the samples where they were kept, else
# from the quantiles of the runs, averaged. Sets in $work/sources which.
distribution_of() {
	if [[ -r $1/samples.csv ]] && awk -F, -v b="$2" -v m="$3" '$1 == b && $2 == 1 && $3 == 1 && $6 == m { print $9 }' "$1/samples.csv" | sort -g >"$work/values" &&
		[[ -s $work/values ]]; then
		awk '{ v[NR] = $1 } END { first = 1
			for (i = 1; i <= NR; i++) { if (v[i] == v[i + 1]) continue
				if (NR < 4000 || i < 20 || i > NR - 400 || int(i / NR * 2000) != last) print v[i], i / NR, (NR - first + 1) / NR
				last = int(i / NR * 2000); first = i + 1 } }' "$work/values"
		echo "$(wc -l <"$work/values") samples" >>"$work/sources"
	else
		awk -F, -v b="$2" -v m="$3" -v sources="$work/sources" '$1 == b && $2 == 1 && $3 == 1 && $6 == m {
			n++; samples += $8; for (i = 9; i <= 17; i++) q[i] += $i } END {
			split("0 0.05 0.25 0.5 0.75 0.95 0.99 0.999 1", share, " ")
			if (!n) exit
			# Quantiles beyond the number of samples of a run are no quantiles.
			for (i = 9; i <= 17; i++) if (i == 17 || 1 - share[i - 8] >= n / samples) print q[i] / n, share[i - 8], (i == 17) ? n / samples : 1 - share[i - 8]
			printf "quantiles of %d samples in %d runs\n", samples, n >>sources }' "$1/results.csv"
	fi
}

# which_distributions: benchmarks worth a picture: those asked for; else one of each kind, and what changed most.
which_distributions() {
	local id kinds=(cpuid/leaf0 pio/out-user-1b mmio/read-user-4b hlt/user hlt/wake-event ept/first-write-4k-absent)
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
		((${#dirs[@]} < 2)) || sort -t $'\t' -k 3,3gr "$work/verdicts" | awk -F '\t' '$4 == "slower" { print $2 }' | head -n 4
		((${#dirs[@]} < 2)) || sort -t $'\t' -k 3,3g "$work/verdicts" | awk -F '\t' '$4 == "faster" { print $2 }' | head -n 3
		head -n 3 "$work/ids"
	} | awk '!seen[$1]++' | head -n 12
}

draw_distribution() {
	local id metric n words dir drawn=0 bounds i style any=0 sampled
	verdicts
	for dir in "${dirs[@]}"; do [[ ! -r $dir/samples.csv ]] || any=1; done
	for id in $(which_distributions); do
		metric=$(figures "${dirs[0]}" | awk -F '\t' -v b="$id" '$1 == b { print $7 }') n=0 words=()
		: >"$work/distribution"
		: >"$work/sources"
		labels_of_dirs
		for i in "${!dirs[@]}"; do
			dir=${dirs[i]}
			distribution_of "$dir" "$id" "$metric" >"$work/one"
			[[ -s $work/one ]] || continue
			cat "$work/one" >>"$work/distribution"
			printf '\n\n' >>"$work/distribution"
			# Where some have samples, those that have none say so.
			sampled=''
			((!any)) || sampled=$(sed -n '$s/^quantiles.*/ (quantiles)/p' "$work/sources")
			n=$((n + 1)) words+=("word$n:$(sed -n "$((i + 1))p" "$work/labels")$sampled")
			((n < 8)) || break
		done
		((n)) || continue
		drawn=1
		if ((any)); then style=steps; else style=linespoints; fi
		mapfile -t bounds < <(awk '
			function step(x,   unit) { unit = 1; while (unit > x) unit /= 10
				while (unit * 10 <= x) unit *= 10
				return x <= unit ? unit : x <= 2 * unit ? 2 * unit : x <= 5 * unit ? 5 * unit : 10 * unit }
			NF { if (!k++ || $1 < a) a = $1; if (k == 1 || $1 > z) z = $1; if ($2 <= 0.9901 && (!h++ || $1 > b)) b = $1
			if (!l++ || $3 < least) least = $3 } END { if (b <= a) { b = a * 1.02 + 1; a *= 0.98 } if (!least) least = 0.001
			if (z <= a) z = a + 1
			printf "left_step=%.9g\nright_step=%.9g\n", step((b - a) / 4), step((z - a) / 4)
			printf "from=%.9g\nto=%.9g\nleast=%g\nwide=%d\n", a - (b - a) * 0.03, b + (b - a) * 0.03, least * 0.8, (z > 20 * a && a > 0) }' "$work/distribution")
		render distribution "distribution-${id//\//-}" 1000 420 26 "$id, $metric: all samples and their tail" \
			"$host; $(head -n 1 "$work/sources")" \
			"data:$work/distribution" "dirs=$n" "unit:$unit" "style:$style" "${bounds[@]}" "${words[@]}"
	done
	((drawn)) || missing distribution "there are no figures${bench:+ of '$bench'}"
}

# The history of the figures that changed most, or that were asked for.
draw_history() {
	local id metric n=0 at unit=$unit
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
	check_columns "$history" time,kernel,revision,host,trust,bench,vcpus,vms,metric,unit,runs,value
	"$program" history show --file "$history" --format csv >"$work/changes" || die "$history: its changes could not be found"
	# A field with a comma is in quotes, and only host, kernel and revision may have one: counted from the end.
	awk -F, -v OFS='\t' 'NR > 1 && $(NF - 9) == 1 && $(NF - 8) == 1 && ($(NF - 7) == "roundtrip" || $(NF - 7) == "guest") { print $(NF - 10), $(NF - 7) }' "$work/changes" | awk '!seen[$0]++' >"$work/changed"
	awk -F, -v OFS='\t' 'NR > 1 && $(NF - 5) == 1 && $(NF - 4) == 1 && ($(NF - 3) == "roundtrip" || $(NF - 3) == "guest") { print $(NF - 6), $(NF - 3) }' "$history" | sort -t $'\t' -u -k 1,1 -k 2,2r >>"$work/changed"
	awk '!seen[$1]++' "$work/changed" >"$work/shown"
	while IFS=$'\t' read -r id metric; do
		# shellcheck disable=SC2053  # a pattern
		[[ $id == ${bench:-*} ]] || continue
		((n < 6)) || break
		awk -F, -v b="$id" -v m="$metric" '$(NF - 6) == b && $(NF - 5) == 1 && $(NF - 4) == 1 && $(NF - 3) == m {
			gsub(/"/, ""); print ++n, $NF; print $1 "\t" $2 "\t" n >times }' times="$work/times" "$history" >"$work/history"
		(($(wc -l <"$work/history") >= 3)) || continue
		unit=$(awk -F, -v b="$id" -v m="$metric" '$(NF - 6) == b && $(NF - 3) == m { print $(NF - 2); exit }' "$history")
		case $unit in tsc) unit="TSC ticks" ;; insn) unit=instructions ;; esac
		printf '\n\n' >>"$work/history"
		at=0
		awk -F, -v b="$id" -v m="$metric" '$(NF - 10) == b && $(NF - 7) == m { print $(NF - 5) "\t" $(NF - 2) "\t" $(NF - 1) }' "$work/changes" >"$work/levels"
		at=$(wc -l <"$work/levels")
		awk -F '\t' 'NR == FNR { number[$1] = $3; next } { printf "%d %s %s \"%+.1f %%\"\n", number[$1], $2, $3, ($3 / $2 - 1) * 100 }' "$work/times" "$work/levels" >>"$work/history"
		{
			echo 'set xtics () rotate by 25 right'
			# The kernel is named where it changes, else the day.
			awk -F '\t' '{ line[NR] = $0 } END { step = int((NR + 15) / 16); for (i = 1; i <= NR; i += step) { split(line[i], f, "\t")
				printf "set xtics add (\"%s\" %d)\n", (f[2] == kernel) ? substr(f[1], 1, 10) : substr(f[2], 1, 24), f[3]; kernel = f[2] } }' "$work/times"
		} >"$work/history.labels"
		n=$((n + 1))
		render history "history-${id//\//-}" 940 440 26 "$id, $metric, over time" "$host; changes of level that 'history show' finds: $at" \
			"data:$work/history" "labels:$work/history.labels" "unit:$unit" "changes=$at"
	done <"$work/shown"
	((n)) || missing history "no figure${bench:+ of '$bench'} is in it three times or more"
}
