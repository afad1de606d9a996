# SPDX-License-Identifier: MIT
# Every benchmark as a dot in the row of its family; the dearest of each is named. Set before: rows, letters (of the longest label), unit, low, high,
# tics, scale, tics2. Data: index 0: row median; index 1: row family median-of-family dearest text.
load plots."/style.gp"
set yrange [rows+0.7:0.3]
set logscale x
eval "set xtics (".tics.")"
set xrange [low:high]
set xlabel unit
set ytics scale 0
set lmargin at screen left_for(letters)
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#e4e4e4" lw 1 dt solid
unset key
if (scale > 0) {
	set x2range [low*scale:high*scale]
	set logscale x2
	eval "set x2tics (".tics2.")"
	set x2tics textcolor rgb "#777777"
	set tmargin at screen 1-points(70)
}
eval line_a_row(5)
if (format eq "dumb") {
	plot data index 0 using 2:1:("*") with labels left, data index 1 using 3:1:("|") with labels left, \
	     data index 1 using 4:1:("* ".strcol(5)):ytic(2) with labels left
	exit
}
plot data index 0 using 2:1 with points pt 7 ps 0.8 lc rgb "#a00072B2", \
     data index 1 using 3:($1-0.34):(0):(0.68) with vectors nohead lw 3 lc rgb "#D55E00", \
     data index 1 using 4:1:(strcol(5)):ytic(2) with labels left offset 0.7,0 font ",9" tc rgb "#444444"
