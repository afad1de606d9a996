# SPDX-License-Identifier: MIT
# Benchmarks against directories: how much dearer than in the first. Set before: rows, letters (of the longest
# label), columns, limit (of the colours),
# labels (a file of tics), slanted (points that their slant takes). Data: column row log2-of-the-ratio text on-dark.
load plots."/style.gp"
set yrange [rows+0.5:0.5]
set xrange [0.5:columns+0.5]
set cbrange [-limit:limit]
# Blue is cheaper, vermillion dearer, white the same.
set palette defined (-1 "#0072B2", 0 "#ffffff", 1 "#D55E00")
set colorbox user origin screen 0.895, screen 0.4 size screen 0.016, screen 0.4
set rmargin at screen 0.87
set lmargin at screen left_for(letters)
ratio(x) = (x > 0.99 ? sprintf("%.3g times", 2**x) : sprintf("%+.2g %%%%", (2**x - 1) * 100))
# A limit of 1 is an integer, and half of that is none.
half = limit * 0.5
set cbtics (ratio(-limit) -limit, ratio(-half) -half, "same" 0, ratio(half) half, ratio(limit) limit)
set tics scale 0
set x2tics ()
set tmargin at screen 1-points(62 + slanted)
set bmargin at screen below(36)
unset xtics
unset grid
unset key
unset border
set style fill solid 1 border lc rgb "#ffffff"
load labels
eval line_a_row(5)
if (format eq "dumb") {
	unset colorbox
	plot data using 1:2:4 with labels
	exit
}
plot data using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):($3 > limit ? limit : $3 < -limit ? -limit : $3) with boxxyerror lc palette, \
     data using 1:($5 > 0 ? NaN : $2):4 with labels font ",9" tc rgb "#222222", \
     data using 1:($5 > 0 ? $2 : NaN):4 with labels font ",9" tc rgb "#ffffff"
