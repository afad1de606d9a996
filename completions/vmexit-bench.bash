# SPDX-License-Identifier: MIT
# bash completion for vmexit-bench. Commands, options and their values come from the program's own tables, so
# that this file never lags behind.
# shellcheck shell=bash

# _vmexit_bench_values ARGUMENT CHOICES PREFIX: what may stand after an option
_vmexit_bench_values() {
	if [[ $2 != - ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${2//,/ }" -- "$3")
		return
	fi
	case $1 in
	DIR | A | B) _vmexit_bench_paths -d "$3" ;;
	FILE) _vmexit_bench_paths -f "$3" ;;
	esac
}

_vmexit_bench_paths() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# _vmexit_bench_operands OPERANDS PREFIX: what may stand alone; OPERANDS as in the usage text
_vmexit_bench_operands() {
	local ids mark='' words

	# Words in small letters are themselves: "save DIR | show FILE".
	words=$(grep -oE '(^|[ |])[a-z]+' <<<"$1" | tr -d ' |')
	if [[ -n $words ]] && ((COMP_CWORD == 2)); then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
		return
	fi
	case $1 in
	*'|'*FILE*) _vmexit_bench_paths -f "$2" ;;
	*DIR* | A* | B*) _vmexit_bench_paths -d "$2" ;;
	*PATTERN*)
		# Ids, families, and both with the "!" that takes them away.
		[[ $2 == !* ]] && mark=!
		ids=$("$program" list --format csv 2>/dev/null | tail -n +2 | cut -d , -f 1,2 | tr , '\n' | sort -u)
		mapfile -t COMPREPLY < <(compgen -P "$mark" -W "$ids" -- "${2#!}")
		;;
	esac
}

_vmexit_bench() {
	local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} before command table option

	COMPREPLY=()
	table=$("$program" --dump-options 2>/dev/null) || return
	command=${COMP_WORDS[1]}
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$(cut -f 1 <<<"$table" | sort -u) --help --version" -- "$cur")
		return
	fi

	# readline splits "--format=c" at the equals sign.
	before=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == = ]]; then
		cur=''
	elif [[ $before == = ]] && ((COMP_CWORD > 2)); then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ $before == -?* ]]; then
		option=$(awk -F '\t' -v c="$command" -v o="$before" \
			'$1 == c && ($2 == o || $3 == o) && $4 != "-" { print $4 "\t" $5 }' <<<"$table")
		if [[ -n $option ]]; then
			_vmexit_bench_values "${option%%$'\t'*}" "${option#*$'\t'}" "$cur"
			return
		fi
	fi
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W \
			"$(awk -F '\t' -v c="$command" '$1 == c && $2 ~ /^--/ { print $2 }' <<<"$table")" -- "$cur")
		return
	fi
	_vmexit_bench_operands "$(awk -F '\t' -v c="$command" '$1 == c && $2 == "-" { print $4 }' <<<"$table")" "$cur"
}

complete -F _vmexit_bench vmexit-bench
