# SPDX-License-Identifier: MIT
# Benchmarks against directories: how much dearer than in the first. Set before: rows, columns, limit (of the colours),
# labels (a file of tics). Data: column row percent text dark.
load plots."/style.gp"
set yrange [rows+0.5:0.5]
set xrange [0.5:columns+0.5]
set cbrange [-limit:limit]
# Blue is cheaper, vermillion dearer, white the same.
set palette defined (-1 "#0072B2", 0 "#ffffff", 1 "#D55E00")
set colorbox user origin screen 0.9, screen 0.4 size screen 0.018, screen 0.4
set rmargin at screen 0.86
set cbtics (sprintf("%+.0f %%%%", -limit) -limit, "0" 0, sprintf("%+.0f %%%%", limit) limit)
set tics scale 0
set x2tics ()
set tmargin at screen 1-points(columns > 2 ? 120 : 62)
set bmargin at screen points(strlen(warning) ? 54 : 36)
unset xtics
unset grid
unset key
unset border
set style fill solid 1 border lc rgb "#ffffff"
load labels
plot data using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):($3 > limit ? limit : $3 < -limit ? -limit : $3) with boxxyerror lc palette, \
     data using 1:($5 > 0 ? NaN : $2):4 with labels font ",9" tc rgb "#222222", \
     data using 1:($5 > 0 ? $2 : NaN):4 with labels font ",9" tc rgb "#ffffff"
