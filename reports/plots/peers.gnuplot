# How many times as fast as each peer, against our own time. To draw it again: gnuplot peers.gnuplot
# peers.dat: a block for each kernel and type; then our median in microseconds and the peer's over it.
if (!exists("folder")) folder = "."
load folder."/style.gnuplot"
data = folder."/peers.dat"

set xlabel "our time, µs"
set ylabel "peer's time / our time"
set logscale xy
set ytics ("1/8" 0.125, "1/4" 0.25, "1/2" 0.5, "1" 1, "2" 2, "4" 4, "8" 8, "16" 16, "32" 32, "64" 64, "128" 128)
set arrow from graph 0, first 1 to graph 1, first 1 nohead linecolor rgb "#d00000" linewidth 1.5
set label "ours is faster above" at graph 0.99, first 1.12 right textcolor rgb "#d00000"

stats data using 1 nooutput
set terminal @png
set output folder."/peers.png"
plot for [i = 0 : STATS_blocks - 1] data index i using 1:2 with points title columnheader(1)
set terminal @svg
set output folder."/peers.svg"
replot
unset output
