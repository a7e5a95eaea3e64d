# How far the samples of each timed case lie from their median. To draw it again: gnuplot samples.gnuplot
# samples.dat: a block for each kernel; then the number of the case and, in percent of the median: least,
# lower quartile, upper quartile, most.
if (!exists("folder")) folder = "."
load folder."/style.gnuplot"
data = folder."/samples.dat"

set xlabel "timed case, in the order of the tables"
set ylabel "sample / median - 1, %"
set boxwidth 0.7
set style fill solid 0.5

stats data using 1 nooutput
set terminal @png
set output folder."/samples.png"
plot for [i = 0 : STATS_blocks - 1] data index i using 1:3:2:5:4 with candlesticks title columnheader(1)
set terminal @svg
set output folder."/samples.svg"
replot
unset output
