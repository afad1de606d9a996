# SPDX-License-Identifier: MIT
# Horizontal bars in parts: the ladder, the legs, the attribution. Set before: rows, letters (of the longest label),
# parts, unit, largest, key_columns, key_rows, word1... Data: index 0: row from to part text (a part's figure where there is room); index 1:
# row label total text; index 2: the parts again, as ends of lines: at row part.
load plots."/style.gp"
set yrange [rows+0.6:0.4]
set xrange [0:largest*1.13]
set xlabel unit
set format x "%.0f"
set xtics autofreq
set ytics scale 0
set lmargin at screen left_for(letters)
set key reverse Left samplen 1
if (format eq "dumb") set key at screen 0.98, screen 1-points(30) width -2
set key maxcols (format eq "dumb" ? 1 : key_columns)
set tmargin at screen 1-points(50 + key_rows * 17)
set style fill solid 1 border lc rgb "#ffffff"
part(n) = (column(4) == n ? column(2) : NaN)
# A character terminal has no room for figures in the parts. White is legible on the first colour only.
eval line_a_row(3 + parts)
if (format eq "dumb") {
	plot for [n=1:parts] data index 2 using ($3 == n ? $1 : NaN):2 with lines lt n title named(n), \
	     data index 1 using 3:1:(" ".strcol(4)):ytic(2) with labels left offset 1,0 notitle
} else {
	plot for [n=1:parts] data index 0 using (part(n)):1:2:3:($1-0.34):($1+0.34) with boxxyerror lt n title named(n), \
	     data index 0 using (($2+$3)/2):1:5:($4 == 1 ? 0xffffff : 0x222222) with labels font ",9" tc rgb variable notitle, \
	     data index 1 using 3:1:(strcol(4)):ytic(2) with labels left offset 0.7,0 font ",10" tc rgb "#222222" notitle
}
