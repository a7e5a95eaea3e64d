# Largest error of each case against the length of its sums. To draw it again: gnuplot error-length.gnuplot
# error-length.dat: a block for each kernel and type; then the terms of a sum and the largest absolute error.
if (!exists("folder")) folder = "."
load folder."/style.gnuplot"
data = folder."/error-length.dat"

set xlabel "terms that one element is the sum of"
set ylabel "largest absolute error"
set logscale x 2
set logscale y
set format y "10^{%L}"
set yrange [5e-10:*]
set xrange [1:*]

stats data using 1 nooutput
set terminal @png
set output folder."/error-length.png"
plot for [i = 0 : STATS_blocks - 1] data index i using 1:2 with points title columnheader(1)
set terminal @svg
set output folder."/error-length.svg"
replot
unset output
