# Median time of each case against its bytes. To draw it again: gnuplot time-size.gnuplot
# time-size.dat: a block for each kernel and type; then bytes, median and its 95% interval in microseconds.
if (!exists("folder")) folder = "."
load folder."/style.gnuplot"
data = folder."/time-size.dat"

set xlabel "bytes"
set ylabel "time, µs"
set logscale xy
set format x "10^{%L}"

stats data using 1 nooutput
set terminal @png
set output folder."/time-size.png"
plot for [i = 0 : STATS_blocks - 1] data index i using 1:2:3:4 with yerrorbars title columnheader(1)
set terminal @svg
set output folder."/time-size.svg"
replot
unset output
