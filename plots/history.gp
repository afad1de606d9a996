# SPDX-License-Identifier: MIT
# The history of one figure, a line a host, and where it changed its level. Set before: unit, labels (a file of tics),
# changes (how many), hosts (how many), word1... Data: an index a host: number value; then: number before after text.
load plots."/style.gp"
set ylabel unit
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt solid
set key maxcols 1
set tmargin at screen 1-points(44 + (hosts + 1) * 17)
set xrange [*:*]
set bmargin at screen below(118)
set rmargin at screen (format eq "dumb" ? 0.95 : 0.84)
set lmargin 12
set format y "%g"
set offsets graph 0.02, graph 0.02, graph 0.1, graph 0.1
if (format eq "dumb") set lmargin 20; set xlabel "run"
if (format ne "dumb") load labels
# Vermillion is the changes'.
colour(i) = (i < 2 ? i : i + 1)
if (changes) {
	plot for [i=1:hosts] data index i-1 using 1:2 with linespoints lt colour(i) title named(i), \
	     data index hosts using ($1-0.5):2:(0):($3-$2) with vectors nohead lt 2 lw 4 title "change of level", \
	     data index hosts using ($1-0.5):($3 > $2 ? $3 : $2):4 with labels offset 0,1 tc rgb "#B34700" notitle
} else {
	plot for [i=1:hosts] data index i-1 using 1:2 with linespoints lt colour(i) title named(i), \
	     NaN with lines lt 8 lw 0 title "no change of level was found"
}
