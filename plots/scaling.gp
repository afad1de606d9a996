# SPDX-License-Identifier: MIT
# The rate over the number of vCPUs, beside the line of perfect scaling; and what one operation takes. Set before:
# benches, unit, vcpus ("1, 2, 4"), rates and times (tics of the axes), rate_low, rate_high, time_low, time_high, key_columns,
# key_rows, word1... Data: an index a benchmark: vcpus rate latency ideal.
load plots."/style.gp"
set multiplot layout 1,2
set xlabel "vCPUs"
set logscale x 2
set logscale y
set xrange [0.9:most*1.15]
eval "set xtics (".vcpus.")"
if (format eq "dumb") set title "operations a second (log)"
if (format ne "dumb") set ylabel "operations a second, of all vCPUs (log)"
set yrange [rate_low:rate_high]
eval "set ytics (".rates.")"
set tmargin at screen 1-points(54 + key_rows * 17)
set rmargin 3
unset key
if (format ne "dumb") set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt solid
plot for [i=1:benches] data index i-1 using 1:4 with lines lt i dt 2 lw 1, \
     for [i=1:benches] data index i-1 using 1:2 with linespoints lt i
unset label
if (format eq "dumb") set title unit." an operation (log)"
if (format ne "dumb") set ylabel unit." an operation (log)"
set yrange [time_low:time_high]
eval "set ytics (".times.")"
set key at screen 0.98, screen 1-points(33) right top horizontal maxcols key_columns samplen 2
if (format eq "dumb") set key inside right top vertical maxcols 1
plot for [i=1:benches] data index i-1 using 1:3 with linespoints lt i title named(i), \
     NaN with lines lt 8 dt 2 lw 1 title "perfect scaling (left)"
unset multiplot
