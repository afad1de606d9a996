# SPDX-License-Identifier: MIT
# How samples are distributed: ECDF on the left, up to the 99th percentile; all of the tail (CCDF, log) on the right.
# Set before: dirs, unit, to (of the left axis), from, left_step (between tics), least (of the CCDF), wide (log axis
# on the right), right_step, word1...
# Data: an index a directory: value, share up to it, share of it and beyond.
load plots."/style.gp"
set multiplot layout 1,2
set xlabel unit." (to the 99th percentile)"
set rmargin 4
set xtics left_step
set format x "%.10g"
set tmargin at screen 1-points(dirs > 2 ? 110 : 72)
set bmargin at screen points(strlen(warning) ? 121 : 102)
set ylabel "share of samples up to here"
set yrange [0:1]
set xrange [from:to]
plot for [i=1:dirs] data index i-1 using 1:2 with @style lt i title named(i)
unset label
set logscale y
if (wide) set logscale x
if (wide) set xtics autofreq
if (!wide) set xtics right_step
if (wide) set format x "%.0s%c"
set xlabel unit.(wide ? " (log)" : "")
set ylabel "share of samples from here on (log)"
set yrange [least:1]
set xrange [*:*]
set format y "%g"
unset key
plot for [i=1:dirs] data index i-1 using 1:3 with @style lt i title named(i)
unset multiplot
