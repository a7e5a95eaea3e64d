# Operations a second against operations per byte, under what the device can do. gnuplot roofline.gnuplot
# roofline.dat: a block for each kernel and type; then operations per byte and TFLOP/s.
# roofline-ceilings.dat: a block for each limit, with the corners of its line.
if (!exists("folder")) folder = "."
load folder."/style.gnuplot"
data = folder."/roofline.dat"
ceilings = folder."/roofline-ceilings.dat"

set xlabel "operations per byte"
set ylabel "TFLOP/s"
set logscale xy
set yrange [*:*]

stats data using 1 nooutput
series = STATS_blocks
stats ceilings using 1 nooutput
lines = STATS_blocks
set terminal @png
set output folder."/roofline.png"
plot for [i = 0 : lines - 1] ceilings index i using 1:2 with lines linecolor rgb "#888888" \
         dashtype i % 2 + 1 title columnheader(1), \
     for [i = 0 : series - 1] data index i using 1:2 with points linetype i + 1 title columnheader(1)
set terminal @svg
set output folder."/roofline.svg"
replot
unset output
