# SPDX-License-Identifier: MIT
# Reads a CSV file by the rules of harness/results/csv.c and schema.c (a byte order mark, CRLF, quotes, columns in any
# order) and prints it as the pictures' own awk reads it: LF, the columns in the order of `columns`, quotes only around
# what has a comma or a quote in it. Variables: kind ("summary.csv"), columns, cut (1: the last line has no end); in the
# environment: NAME of the file. What is malformed is refused with file, line and column.

# Words for what is wrong at this place of the record.
function bad(place, words,   lines, line_start, i) {
	lines = line_start = 0
	for (i = 1; i < place; i++) if (substr(record, i, 1) == "\n") { lines++; line_start = i }
	printf "plots/draw: %s:%d:%d: %s\n", ENVIRON["NAME"], first_line + lines, place - line_start, words >"/dev/stderr"
	failed = 1
	exit 1
}

# Sets field[] and start[], their places; the number of fields, or 0 where the quote at `opened` is never closed.
function take_apart(   n, at, rest, next_quote, text, odd) {
	for (at = 1; ; at++) {
		start[++n] = at
		text = ""
		if (substr(record, at, 1) == "\"") {
			for (at++; ; at++) {
				rest = substr(record, at)
				next_quote = index(rest, "\"")
				if (!next_quote) { opened = start[n]; return 0 }
				text = text substr(rest, 1, next_quote - 1)
				at += next_quote
				if (substr(record, at, 1) != "\"") break
				text = text "\""
			}
			if (at <= length(record) && substr(record, at, 1) != ",")
				bad(at, "text behind a closing quote: a comma or the end of the line was expected")
		} else {
			text = substr(record, at)
			if (index(text, ",")) text = substr(text, 1, index(text, ",") - 1)
			odd = match(text, /["\r]/)
			if (odd) bad(at + odd - 1, substr(text, odd, 1) == "\"" ? "a quote inside a field that isn't quoted" : "a carriage return inside a line")
			at += length(text)
		}
		field[n] = text
		if (at > length(record)) return n
	}
}

# What a terminal may show of it.
function shown(text) {
	text = substr(text, 1, 60)
	gsub(/[^ -~]/, "?", text)
	return text
}

function read_header(count,   i, number, seen) {
	for (i = 1; i <= wanted; i++) number[want[i]] = i
	for (i = 1; i <= count; i++) {
		if (!(field[i] in number))
			bad(start[i], "a " kind " has no column '" shown(field[i]) "': is this file from another program or version?")
		if (field[i] in seen) bad(start[i], "column '" field[i] "' is there twice")
		seen[field[i]]
		from[number[field[i]]] = i
	}
	for (i = 1; i <= wanted; i++) if (!(want[i] in seen)) bad(1, "column '" want[i] "' is missing")
}

BEGIN { wanted = split(columns, want, ",") }

!open { record = $0; first_line = NR; if (NR == 1) sub(/^\357\273\277/, "", record) }
open { record = record "\n" $0; if (length(record) > 1048576) bad(1, "a line longer than 1048576 bytes, or a quote that is never closed") }
open && !index($0, "\"") { next }
{
	bare = record
	sub(/\r$/, "", bare)
	if (!index(bare, "\"") && !index(bare, "\r")) {
		count = split(bare, field, ",")
		if (!count) count = 1
		quoted = 0
	} else {
		saved = record
		record = bare
		count = take_apart()
		record = count ? bare : saved
		quoted = 1
	}
	open = !count
	if (open) next
}
first_line == 1 { if (!quoted) { record = bare; take_apart() } read_header(count) }
count != wanted {
	record = bare
	take_apart()
	bad(start[count < wanted ? count : wanted], count " fields instead of the " wanted " of the header")
}
{
	line = ""
	for (i = 1; i <= wanted; i++) {
		text = field[from[i]]
		if (quoted) {
			gsub(/\r?\n/, " ", text)
			if (text ~ /[",]/) { gsub(/"/, "\"\"", text); text = "\"" text "\"" }
		}
		line = line (i > 1 ? "," : "") text
	}
	print line
}

END {
	if (failed) exit 1
	if (!NR) { first_line = 1; bad(1, "nothing there: a " kind " starts with a header line") }
	if (open) bad(opened, "the quote is never closed")
	if (cut && first_line > 1) { record = bare; bad(start[take_apart()], "the last line has no line end: the file was cut short") }
}
