# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the pictures share: facts of a run directory, its rows, and handing tables to gnuplot.

die() {
	echo "plots/draw: $*" >&2
	exit 1
}

missing() { # PICTURE WHY
	echo "plots/draw: $1: not drawn: $2" >&2
}

# The columns as the program writes them; awk below counts on their order.
readonly SUMMARY_COLUMNS=bench,vcpus,vms,metric,unit,runs,median,ci_lo,ci_hi,min,p99,status,reason
readonly RESULTS_COLUMNS=bench,vcpus,vms,run,vcpu,metric,unit,n,min,p05,p25,p50,p75,p95,p99,p999,max,mean,stddev,flags
readonly SAMPLES_COLUMNS=bench,vcpus,vms,run,vcpu,metric,unit,index,value,flags

# Where awk below finds the tables of each directory, by "DIR/NAME.csv".
declare -A table=()

# read_table FILE COLUMNS: refuses what is malformed, and sets table[FILE]: the file itself where it is as the program
# writes it, which may be huge, else a copy in that form. awk would take a name with "=" in it for an assignment.
read_table() {
	local header cut=0 copy=/dev/null own=$1
	[[ -z ${table[$1]:-} ]] || return 0
	[[ $own = /* ]] || own=./$own
	[[ -r $own && ! -d $own ]] || die "$1: can't be read: is its folder a run directory?"
	[[ -z $(tail -c 1 "$own") ]] || cut=1
	IFS= read -r header <"$own" || true
	if [[ $header = "$2" ]] && ! grep -q $'["\r]' "$own"; then
		table[$1]=$own
	else
		copy=$work/table-${#table[@]}.csv
		table[$1]=$copy
	fi
	NAME=$1 awk -v kind="${1##*/}" -v columns="$2" -v cut=$cut -f "$plots/table.awk" <"$own" >"$copy" || exit 1
}

read_directory() {
	read_table "$1/summary.csv" "$SUMMARY_COLUMNS"
	read_table "$1/results.csv" "$RESULTS_COLUMNS"
	[[ ! -e $1/samples.csv ]] || read_table "$1/samples.csv" "$SAMPLES_COLUMNS"
}

# fact DIR PATH: a member of run.json, or nothing.
fact() {
	[[ -r $1/run.json ]] || return 0
	jq -r "$2 // empty | tostring | gsub(\"[[:cntrl:]]\"; \"?\")" "$1/run.json" 2>/dev/null || true
}

# The name of a directory, short and without a trailing slash.
name_of() {
	basename "$(readlink -f "$1")"
}

# host DIR: sets ticks ("insn", "tsc"), unit (words), khz (0: ticks are no time), host (a line), warning.
host() {
	local cpu kernel trust backend
	cpu=$(fact "$1" .host.cpu.model_name) kernel=$(fact "$1" .host.kernel.release)
	trust=$(fact "$1" .trust) backend=$(fact "$1" .backend)
	ticks=$(fact "$1" .clock.unit)
	ticks=${ticks:-tsc}
	unit="TSC ticks" khz=$(fact "$1" .clock.tsc_khz) warning=''
	khz=${khz:-0}
	if [[ $ticks = insn ]]; then
		unit=instructions khz=0
	fi
	host="${cpu:-unknown CPU}, Linux ${kernel:-unknown}${backend:+, $backend}"
	case $trust in
	hardware) host+=", bare metal" ;;
	nested) host+=", in a VM" ;;
	model) host+=", emulated host" ;;
	emulated) warning="KVM emulated the guests' instructions here: these are no exit costs" ;;
	esac
	case $(fact "$1" .status) in
	complete | '') ;;
	running) warning+="${warning:+; }the run is under way, or was killed" ;;
	*) warning+="${warning:+; }the run didn't come to its end" ;;
	esac
}

# metric_rows DIR METRIC: "bench median low high runs" of its proved rows with one vCPU in one VM.
metric_rows() {
	awk -F, -v m="$2" 'NR > 1 && $2 == 1 && $3 == 1 && $4 == m && $7 != "" && $12 == "ok" {
		print $1 "\t" $7 "\t" $8 "\t" $9 "\t" $6 }' "${table[$1/summary.csv]}"
}

# figures DIR: "bench median low high runs unit metric status": of each benchmark the figure that stands for it, in the
# order in which the program's comparisons choose.
figures() {
	awk -F, 'BEGIN { OFS = "\t"; n = split("latency lateness roundtrip guest process", order, " ")
			for (i = 1; i <= n; i++) rank[order[i]] = i
			rank["roundtrip"] = 0; rank["guest"] = 0.5 }
		NR > 1 && $2 == 1 && $3 == 1 && ($4 in rank) && $7 > 0 {
			if (!($1 in best) || rank[$4] < best[$1]) { best[$1] = rank[$4]; row[$1] = $1 OFS $7 OFS $8 OFS $9 OFS $6 OFS $5 OFS $4 OFS $12 } }
		END { for (b in row) print row[b] }' "${table[$1/summary.csv]}" | sort -t $'\t' -k 2,2g -k 1,1
}

value_of() { # DIR BENCH METRIC
	metric_rows "$1" "$3" | awk -F '\t' -v b="$2" '$1 == b { print $2 }'
}

# key_of WIDTH WORD...: sets how many columns and rows a key of these words takes above a picture so wide.
key_of() {
	local width=$1 word count=0
	shift
	for word; do
		[[ -z $word ]] || count=$((count + 1)) # parts without a word are not in the key
	done
	key_columns=$(printf '%s\n' "$@" | awk -v width="$width" '{ if (length($0) > m) m = length($0) } END { c = int(width / (m * 7 + 50)); print (c < 1) ? 1 : (c > 3) ? 3 : c }')
	key_rows=$(((count + key_columns - 1) / key_columns))
}

# quoted TEXT: as gnuplot reads it in single quotes.
quoted() {
	printf "'%s'" "${1//\'/\'\'}"
}

# cut_to TEXT LENGTH
cut_to() {
	if ((${#1} > $2)); then printf '%s...' "${1:0:$2-3}"; else printf '%s' "$1"; fi
}

# fit FORMAT WIDTH HEADLINE CAPTION: sets fitting: the headline and two lines of caption that are no wider.
fit() {
	local letters=$(($2 / 7 - 2)) large=$(($2 / 9 - 2)) second
	[[ $1 != dumb ]] || letters=$((columns_there - 2)) large=$((columns_there - 2))
	# Between two statements where that leaves both lines short enough, else between words.
	second=$(awk -v letters="$letters" '{ for (at = (length($0) > letters) ? letters : 0; at > 0 && substr($0, at, 2) != "; "; at--); rest = substr($0, at + 2)
		if (at && length(rest) <= letters) print rest }' <<<"$4")
	[[ -n $second ]] || second=$(fold -s -w "$letters" <<<"$4" | sed 1d | tr -d '\n')
	fitting=("$(cut_to "$3" "$large")" "${4%"$second"}" "$(cut_to "$second" "$letters")")
}

# render SCRIPT NAME WIDTH HEIGHT LINES HEADLINE CAPTION [name=number | name:text]...
render() {
	local script=$1 name=$2 width=$3 height=$4 lines=$5 headline=$6 caption=$7 format file setting
	shift 7
	for format in "${formats[@]}"; do
		file=$work/$name.$format
		[[ $format != dumb ]] || file=''
		fit "$format" "$width" "$headline" "$caption"
		{
			printf 'plots=%s; format=%s; out=%s\n' "$(quoted "$plots")" "$(quoted "$format")" "$(quoted "$file")"
			printf 'width=%d; height=%d; lines=%d; columns_there=%d\n' "$width" "$height" "$lines" "$columns_there"
			printf 'headline=%s; warning=%s\n' "$(quoted "${fitting[0]}")" "$(quoted "$warning")"
			printf 'caption=%s; more=%s\n' "$(quoted "${fitting[1]}")" "$(quoted "${fitting[2]}")"
			for setting; do
				case $setting in
				*([!:])=*) printf '%s\n' "$setting" ;;
				*) printf '%s=%s\n' "${setting%%:*}" "$(quoted "${setting#*:}")" ;;
				esac
			done
			printf 'load %s\n' "$(quoted "$plots/$script.gp")"
		} >"$work/$name.gp"
		# In the terminal without gnuplot's form feed and its blanks to the right edge.
		LC_ALL=C.UTF-8 gnuplot "$work/$name.gp" | sed 's/\f//; s/ *$//' || die "$name: gnuplot failed; see above"
		[[ -n $file ]] || continue
		is_whole "$file" || die "$name.$format: gnuplot could not write all of it: is there room in ${TMPDIR:-/tmp}?"
		[[ $format != svg ]] || own_names "$file" "$name" "$headline"
		put "$file" "$out/$name.$format"
		echo "$out/$name.$format"
	done
}

# is_whole FILE: gnuplot doesn't look at what became of its writes.
is_whole() {
	case $1 in
	*.svg) tail -c 16 "$1" | grep -q '</svg>' ;;
	*.png) tail -c 8 "$1" | grep -qa IEND ;;
	esac
}

# put FILE AS: copied whole or not at all.
put() {
	local why
	if ! why=$(cp "$1" "$2.tmp" 2>&1 && mv -f "$2.tmp" "$2" 2>&1); then
		rm -f "$2.tmp"
		die "$2: could not be written (free space there, or choose another folder with -o): ${why##*: }"
	fi
}

# gnuplot gives the parts of every picture the same ids; a page that holds several needs different ones. Who can't see
# the picture is told its headline.
own_names() { # FILE NAME HEADLINE
	local words
	words=$(sed "s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/'/\&apos;/g; s/[&\\/]/\\\&/g" <<<"$3")
	sed -i -E "s/(id=[\"'])/\1$2-/g; s/(xlink:href=[\"']#)/\1$2-/g; s/url\(#/url(#$2-/g; s/<svg /<svg role='img' aria-label='$words' /; s/<title>Gnuplot<\/title>/<title>$words<\/title>/; /^ *<desc>/d" "$1"
}
