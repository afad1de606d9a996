# SPDX-License-Identifier: MIT
# Medians with their intervals, sorted. Set before: rows, letters (of the longest label), unit, low, high, tics (of the
# axis), scale (ns a unit; 0: no second axis), tics2.
# Data: row label median low high text doubtful.
load plots."/style.gp"
set yrange [rows+0.7:0.3]
set logscale x
eval "set xtics (".tics.")"
set xrange [low:high]
set xlabel unit
set ytics scale 0
set lmargin at screen left_for(letters)
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#e4e4e4" lw 1 dt solid
set tmargin at screen 1-points(anydoubt ? 60 : 40)
if (scale > 0) {
	set x2range [low*scale:high*scale]
	set logscale x2
	eval "set x2tics (".tics2.")"
	set x2tics textcolor rgb "#777777"
	set tmargin at screen 1-points(anydoubt ? 86 : 62)
}
eval line_a_row(5)
if (format eq "dumb") {
	plot data using 3:1:(($7 > 0 ? "? " : "* ").strcol(6)):ytic(2) with labels left notitle
	exit
}
plot data using ($7 > 0 ? NaN : $3):1:4:5 with xerrorbars lt 1 pt 7 ps 0.5 title (anydoubt ? "proved" : ""), \
     data using ($7 > 0 ? $3 : NaN):1:4:5 with xerrorbars lt 2 pt 6 ps 0.9 title (anydoubt ? "suspect" : ""), \
     data using 5:1:(strcol(6)):ytic(2) with labels left offset 0.7,0 font ",9" tc rgb "#444444" notitle
