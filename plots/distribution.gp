# SPDX-License-Identifier: MIT
# How samples are distributed: ECDF on the left, up to the 99th percentile; all of the tail (CCDF, log) on the right.
# Set before: dirs, unit, left_ and right_: _from, _to (of the axis), _wide (is it logarithmic), _step (between tics
# where it isn't), _tics (where it is); least (of the CCDF), kinds (a letter a directory: s samples, q quantiles),
# key_columns, key_rows, word1...
# Data: an index a directory: value, share up to it, share of it and beyond.
load plots."/style.gp"
set multiplot layout 1,2
sampled(i) = (kinds[i:i] eq "s")
scale(wide) = (wide ? " (log)" : "")
set xlabel (format eq "dumb" ? "" : unit.scale(left_wide)." ")."(to the 99th percentile)"
set rmargin 4
set format x "%.10g"
if (left_wide) set logscale x; eval "set xtics (".left_tics.")"
if (!left_wide) set xtics left_step
set key maxcols key_columns
if (format eq "dumb") set key inside right bottom vertical maxcols 1
set tmargin at screen 1-points(52 + key_rows * 17)
set bmargin at screen below(102)
if (format eq "dumb") set title "share of samples up to here"
if (format ne "dumb") set ylabel "share of samples up to here"
set yrange [0:1]
set xrange [left_from:left_to]
# Quantiles are joined by lines, samples by steps: up to a value that is a step after it, from a value on one before it.
plot for [i=1:dirs] data index i-1 using 1:(sampled(i) ? $2 : NaN) with steps lt i notitle, \
     for [i=1:dirs] data index i-1 using 1:(sampled(i) ? NaN : $2) with linespoints lt i notitle, \
     for [i=1:dirs] NaN with linespoints lt i pt (sampled(i) ? 0 : 4 + i) title named(i)
unset label
set logscale y
unset logscale x
if (right_wide) set logscale x; eval "set xtics (".right_tics.")"
if (!right_wide) set xtics autofreq; set xtics right_step
set xlabel unit.scale(right_wide)
if (format eq "dumb") set title "share from here on (log)"
if (format ne "dumb") set ylabel "share from here on (log)"
set yrange [least:1]
set xrange [right_from:right_to]
set format y "%g"
if (least > 0.004) set ytics (1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
unset key
plot for [i=1:dirs] data index i-1 using 1:(sampled(i) ? $3 : NaN) with fsteps lt i, \
     for [i=1:dirs] data index i-1 using 1:(sampled(i) ? NaN : $3) with linespoints lt i
unset multiplot
