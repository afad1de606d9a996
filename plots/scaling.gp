# SPDX-License-Identifier: MIT
# The rate over the number of vCPUs, beside the line of perfect scaling; and what one operation takes. Set before:
# benches, unit, vcpus ("1, 2, 4"), word1... Data: an index a benchmark: vcpus rate latency ideal.
load plots."/style.gp"
set multiplot layout 1,2
set xlabel "vCPUs"
set logscale x 2
set logscale y
set xrange [0.9:most*1.15]
eval "set xtics (".vcpus.")"
set format y "%.0s%c"
set ylabel "operations a second, of all vCPUs (log)"
unset key
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt solid
plot for [i=1:benches] data index i-1 using 1:4 with lines lt i dt 2 lw 1, \
     for [i=1:benches] data index i-1 using 1:2 with linespoints lt i
unset label
set ylabel unit." an operation, median (log)"
set key default
set key outside right top samplen 2
plot for [i=1:benches] data index i-1 using 1:3 with linespoints lt i title named(i), \
     NaN with lines lt 8 dt 2 lw 1 title "perfect scaling (left)"
unset multiplot
