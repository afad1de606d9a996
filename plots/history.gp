# SPDX-License-Identifier: MIT
# The history of one figure, and where it changed its level. Set before: unit, labels (a file of tics), changes (how
# many). Data: index 0: number value; index 1: number before after.
load plots."/style.gp"
set ylabel unit
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt solid
set tmargin at screen 1-points(64)
set bmargin at screen points(strlen(warning) ? 136 : 118)
set rmargin 4
set lmargin 14
set format y "%g"
set offsets graph 0.02, graph 0.02, graph 0.1, graph 0.1
load labels
if (changes) {
	plot data index 0 using 1:2 with linespoints lt 1 title "median of the runs", \
	     data index 1 using ($1-0.5):2:(0):($3-$2) with vectors nohead lt 2 lw 4 title "change of level", \
	     data index 1 using ($1-0.5):3:4 with labels offset 0,1 tc rgb "#D55E00" notitle
} else {
	plot data index 0 using 1:2 with linespoints lt 1 title "median of the runs; no change of level was found"
}
