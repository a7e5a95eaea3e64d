# Share of the allowed error that each case uses. To draw it again: gnuplot error-share.gnuplot
# error-share.dat: a block for each kernel, its name first; then the number of the case and the share.
if (!exists("folder")) folder = "."
load folder."/style.gnuplot"
data = folder."/error-share.dat"

set xlabel "case, in the order of the tables"
set ylabel "worst error / allowed error"
set logscale y
set yrange [5e-7:2e4]
set format y "10^{%L}"
set ytics ("exact" 1e-6, "10^{-5}" 1e-5, "10^{-4}" 1e-4, "10^{-3}" 1e-3, "0.01" 0.01, "0.1" 0.1, "1" 1, \
           "10" 10, "100" 100, "1000" 1000, "more" 1e4)
set arrow from graph 0, first 1 to graph 1, first 1 nohead linecolor rgb "#d00000" linewidth 1.5
set label "fails above" at graph 0.99, first 2.2 right textcolor rgb "#d00000"

stats data using 1 nooutput
set terminal @png
set output folder."/error-share.png"
plot for [i = 0 : STATS_blocks - 1] data index i using 1:2 with points title columnheader(1)
set terminal @svg
set output folder."/error-share.svg"
replot
unset output
