// The plots of a report as files: scripts, data and pictures.
#ifndef WAVEGAUGE_REPORT_PICTURES_H
#define WAVEGAUGE_REPORT_PICTURES_H

#include "report_plot.h"

// What became of each plot.
struct report_pictures {
    bool has_data[REPORT_PLOT_COUNT]; // NAME.dat and NAME.gnuplot are there
    bool drawn[REPORT_PLOT_COUNT];    // NAME.png and NAME.svg, too
};

// Writes into FOLDER/plots, which is made, the data and the scripts of all plots that there are
// data for, and runs gnuplot on them; removes those of others. Where gnuplot is not installed or
// fails, says so on stderr and goes on. `reports`: the folder with the scripts. False when a file
// cannot be read or written.
bool report_pictures_make(const struct report *report, const char *reports, const char *folder,
                          struct report_pictures *pictures, struct error *error);

#endif
