// Series as pictures. In one folder: NAME.dat for each series, cases.gnuplot, which lists them, and
// history.gnuplot, a copy of reports/plots/history.gnuplot that makes NAME.png and NAME.svg of
// each. A script of that name that is in the folder already is its owner's and stays.
#ifndef WAVEGAUGE_HISTORY_PLOT_H
#define WAVEGAUGE_HISTORY_PLOT_H

#include "history_jumps.h"
#include "text.h"

enum { HISTORY_MOST_PICTURES = 200 };

// Zero-initialise but for the folder; free with history_plot_free.
struct history_plot {
    const char *folder;
    struct text list; // cases.gnuplot
    size_t count;
};

// What the files of a series are called but for their ending; NULL when there is no memory.
char *history_plot_name(const struct history_series *series);

// Writes the data of one series. EXIT_USAGE when there are too many.
bool history_plot_add(struct history_plot *plot, const struct history_series *series,
                      const struct history_jump *jumps, struct error *error);

// Writes the rest and runs gnuplot. EXIT_MISSING when it is not installed: data and script are
// there then.
bool history_plot_draw(struct history_plot *plot, struct error *error);
void history_plot_free(struct history_plot *plot);

#endif
