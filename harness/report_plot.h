// The plots of a report: what they show, and their data as gnuplot reads them.
#ifndef WAVEGAUGE_REPORT_PLOT_H
#define WAVEGAUGE_REPORT_PLOT_H

#include "report.h"
#include "text.h"

struct report_plot {
    const char *name; // of the script in reports/plots, of its data and its pictures
    const char *title;
    const char *about; // how to read it, in HTML
    const char *needs; // what to give when there is nothing to show
    // The data: a block of lines for each series, its title first, two empty lines between. Nothing
    // when no case has what is shown.
    void (*append_data)(const struct report *report, struct text *data);
    const char *more_name; // of a second file of data, or NULL
    void (*append_more)(const struct report *report, struct text *data);
};

enum { REPORT_PLOT_COUNT = 6 };
extern const struct report_plot report_plots[REPORT_PLOT_COUNT];

#endif
