// What the history holds, case by case: a series is one case on one machine, in the order of dates.
// Machines (host, device, target) and kinds of run are never mixed.
#ifndef WAVEGAUGE_HISTORY_SERIES_H
#define WAVEGAUGE_HISTORY_SERIES_H

#include "history_runs.h"
#include "result.h"
#include "sample_statistics.h"

struct history_point {
    const struct history_run *run;
    enum status status;
    char *message; // NULL for a pass
    uint64_t seed;
    double tolerance_ratio; // infinite where a number was none
    double max_abs;
    bool hot;                      // timed with a hot cache
    struct sample_statistics time; // microseconds; count, median, low, high, has_interval. count 0:
                                   // not timed
};

struct history_series {
    const char *id; // of the case
    struct history_point *points;
    size_t count; // at least 1
};

enum { HISTORY_SHOWN_RUNS = 50 }; // unless the user says another number

// Its newest points, at most `count`; they stay the series' own.
static inline struct history_series history_series_last(const struct history_series *series,
                                                        size_t count)
{
    size_t left_out = series->count > count ? series->count - count : 0;
    return (struct history_series){series->id, series->points + left_out, series->count - left_out};
}

// Reads series and hands each to `visit`, whose false ends the reading; cases in the order in which
// they came into the history. EXIT_NOTHING when the filter leaves none.
typedef bool history_visit(void *context, const struct history_series *series, struct error *error);
bool history_series_read(const struct history_store *store, const struct history_filter *filter,
                         const struct history_runs *runs, history_visit *visit, void *context,
                         struct error *error);

#endif
