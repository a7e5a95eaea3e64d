# What the plots of a report have in common. Each script loads it first; `folder` is where the data lie.
set encoding utf8
set datafile commentschars "#"
set border 3 linecolor rgb "#888888"
set tics nomirror out
set grid linecolor rgb "#dddddd" linetype 1 linewidth 0.5
set key outside top center horizontal Left reverse noenhanced samplen 1 width 1
set bars 0.5

# Colours that people with other colour vision tell apart (Okabe, Ito 2008), with a shape each.
set linetype 1 linecolor rgb "#0072b2" pointtype 7
set linetype 2 linecolor rgb "#d55e00" pointtype 5
set linetype 3 linecolor rgb "#009e73" pointtype 9
set linetype 4 linecolor rgb "#cc79a7" pointtype 11
set linetype 5 linecolor rgb "#b8860b" pointtype 13
set linetype 6 linecolor rgb "#56b4e9" pointtype 15
set linetype 7 linecolor rgb "#444444" pointtype 6
set linetype 8 linecolor rgb "#7a3db8" pointtype 4
set linetype cycle 8
set pointsize 0.7

png = "pngcairo size 1400,840 font 'sans,16' background rgb '#ffffff'"
svg = "svg size 900,540 font 'sans,15' background rgb '#ffffff'"
