# SPDX-License-Identifier: MIT
# Shared by all pictures. Set before: plots, out ("" is the terminal), format (svg, png, dumb), width, height (of
# svg and png, in points), lines and columns_there (of dumb), name, headline, caption, more (its second line, or ""),
# warning ("" for none).
notes = (strlen(more) ? 1 : 0) + (strlen(warning) ? 1 : 0)
if (format eq "svg") set terminal svg size width,height + (strlen(more) ? 17 : 0) dynamic enhanced font "sans-serif,10" fontscale 1.3 background "#ffffff"
if (format eq "png") set terminal pngcairo size width,height + (strlen(more) ? 17 : 0) enhanced font "sans-serif,10" background "#ffffff"
if (format eq "dumb") set terminal dumb size columns_there,lines + notes noenhanced
if (strlen(out)) set output out
set encoding utf8
set decimalsign "."
set termoption noenhanced

# Okabe and Ito's colours, which colour-blind readers tell apart: blue, vermillion, bluish green, orange, sky blue,
# reddish purple; then grey and black.
set linetype 1 lc rgb "#0072B2" lw 2 pt 7 ps 0.6
set linetype 2 lc rgb "#D55E00" lw 2 pt 5 ps 0.6
set linetype 3 lc rgb "#009E73" lw 2 pt 9 ps 0.7
set linetype 4 lc rgb "#E69F00" lw 2 pt 11 ps 0.7
set linetype 5 lc rgb "#56B4E9" lw 2 pt 13 ps 0.7
set linetype 6 lc rgb "#CC79A7" lw 2 pt 4 ps 0.7
set linetype 7 lc rgb "#999999" lw 2 pt 6 ps 0.7
set linetype 8 lc rgb "#222222" lw 2 pt 8 ps 0.7
set linetype cycle 8

# Margins in points, as the terminals disagree about the height of a character: the headline on top, the key under it,
# the picture; at the bottom the caption, and above it the warning. below(p): a bottom margin of p and what these need.
raise = strlen(more) ? 17 : 0
points(p) = (format eq "dumb" ? p/15.0/(lines + notes) : p*1.0/(height + raise))
below(p) = points(p + raise + (strlen(warning) ? 18 : 0))
set label 1000 caption at screen 0.5, screen points(15 + raise) center tc rgb "#555555" font ",10"
if (raise) set label 1003 more at screen 0.5, screen points(15) center tc rgb "#555555" font ",10"
if (strlen(warning)) set label 1001 warning at screen 0.5, screen points(34 + raise) center tc rgb "#B34700" font ",10"
set label 1002 headline at screen 0.5, screen 1-points(16) center font ",13" tc rgb "#000000"
set key at screen 0.98, screen 1-points(33) right top horizontal
set tmargin at screen 1-points(46)
set bmargin at screen below(88)
# On character terminals a row takes just one line, where `lines` is rows + 8 and `top` lines.
line_a_row(top) = (format eq "dumb" ? sprintf("set yrange [rows+1:0]; set tmargin %d; set bmargin 6 + notes", top) : "")
# A left margin for so many letters: the terminals measure words with other fonts than those that show them.
left(letters) = (format eq "dumb" ? (letters + 3.0)/columns_there : (letters*7.7 + 24)/width)
left_for(letters) = (left(letters) > 0.5 ? 0.5 : left(letters))
set border 3 lc rgb "#888888"
set tics nomirror textcolor rgb "#222222"
if (format ne "dumb") set grid xtics lt 1 lc rgb "#dddddd" lw 1 dt solid
set key textcolor rgb "#222222"
named(n) = value(sprintf("word%d", n))
