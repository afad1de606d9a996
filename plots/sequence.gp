# SPDX-License-Identifier: MIT
# The runs in the order in which they were made, each against the median of all runs of its benchmark: a drift or a
# mode of the machine shows as a slope or a step common to many. Set before: benches, limit (of the axis).
# Data: an index a benchmark: run percent; then the median over the benchmarks of each run.
load plots."/style.gp"
set xlabel "run, in the order of time"
set ylabel "% from its median"
set yrange [-limit:limit]
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt solid
if (runs <= 20) set xtics 1
set xrange [-0.2:runs-0.8]
set tmargin at screen 1-points(62)
if (format eq "dumb") benches_shown = 0; else benches_shown = benches
plot for [i=1:benches_shown] data index i-1 using 1:2 with lines lc rgb (benches > 40 ? "#a8707070" : "#b0b0b0") lw 1 notitle, \
     NaN with lines lc rgb "#b0b0b0" lw 1 title (format eq "dumb" ? "" : sprintf("each of %d figures", benches)), \
     data index benches using 1:2 with linespoints lt 2 pt (runs > 60 ? 0 : 5) title "their median"
