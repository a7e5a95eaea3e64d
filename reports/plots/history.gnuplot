# Draws what `wavegauge history show -o DIR` wrote into DIR: for each case NAME.png and NAME.svg, from NAME.dat.
#
#   cd DIR && gnuplot history.gnuplot            or from elsewhere: gnuplot -e 'folder = "DIR"' DIR/history.gnuplot
#
# Edit the copy in DIR as you like: the next `history show -o DIR` leaves it as it is. cases.gnuplot lists the cases: count,
# name[], title[], and whether there is anything to draw: has_error[], has_time[].
#
# Columns of NAME.dat: 1 run, 2 date, 3 commit, 4 status, 5 worst error over what is allowed, 6 median in microseconds,
# 7 and 8 its 95% interval, 9 passed, 10 the error jumps here, 11 the time jumps here, 12 label, 13 the jump in words.

if (!exists("folder")) folder = "."
load folder."/cases.gnuplot"

set grid ytics linecolor rgb "#dddddd"
set border 3
set tics nomirror out
set xtics rotate by 60 right font ",10"
set key above right horizontal samplen 2
set bmargin 7
set lmargin 12
set rmargin 4
set offsets 0.5, 0.5, graph 0.15, graph 0.05

do for [i = 1:count] {
    data = folder."/".name[i].".dat"
    panels = has_error[i] + has_time[i]
    if (panels > 0) {
        do for [ending in "png svg"] {
            if (ending eq "png") { set terminal pngcairo size 1100, 200 + 350 * panels } else {
                set terminal svg size 760, 150 + 290 * panels font "sans,14" background rgb "white" }
            set output folder."/".name[i].".".ending
            set multiplot layout panels, 1 title title[i] noenhanced font ",12"
            if (has_error[i]) {
                set ylabel "error / allowed"
                set yrange [0:0.1<*]
                plot data using 1:5:xtic(strcol(12)) with linespoints pointtype 7 pointsize 0.5 linecolor rgb "#4575b4" notitle, \
                     data using 1:($9 == 1 ? NaN : (valid(5) ? $5 : 1)) with points pointtype 2 pointsize 1.2 linewidth 2 linecolor rgb "#d73027" title "not passed", \
                     data using 1:($10 == 1 && valid(5) ? $5 : NaN) with points pointtype 6 pointsize 2 linewidth 2 linecolor rgb "#d73027" title "jump"
            }
            if (has_time[i]) {
                set ylabel "time, microseconds"
                set yrange [*:*]
                plot data using 1:6:7:8:xtic(strcol(12)) with yerrorlines pointtype 7 pointsize 0.5 linecolor rgb "#4575b4" notitle, \
                     data using 1:($11 == 1 ? $6 : NaN) with points pointtype 6 pointsize 2 linewidth 2 linecolor rgb "#d73027" title "jump"
            }
            unset multiplot
            unset output
        }
    }
}
