# SPDX-License-Identifier: MIT
# The runs in the order in which they were made, each against the median of all runs of its benchmark: a drift or a
# mode of the machine shows as a slope or a step common to many. Set before: benches, limit (of the axis).
# Data: an index a benchmark: run percent; then the median over the benchmarks of each run.
load plots."/style.gp"
set xlabel "run"
set ylabel "per cent from its median"
set yrange [-limit:limit]
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt solid
set xtics 1
set xrange [-0.2:runs-0.8]
set tmargin at screen 1-points(62)
plot for [i=1:benches] data index i-1 using 1:2 with lines lc rgb "#c8c8c8" lw 1 notitle, \
     NaN with lines lc rgb "#c8c8c8" lw 1 title sprintf("each of %d figures", benches), \
     data index benches using 1:2 with linespoints lt 2 title "their median"
