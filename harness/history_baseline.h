// What the last runs say that a case takes, for `wavegauge history gate`.
//
// Of the last runs; where there is a jump among them (change_points.h), of those since the last,
// when it made the case faster or lies behind half of the runs. A case that became slower two runs
// ago has not got used to it, and a gate that is run again says the same. Of these runs:
//   - the median of their medians;
//   - around it, on the logarithm, sqrt(w^2 + b^2): w is how well one run knows its own median (the
//     median of the runs' half intervals, below and above), b how far one more run of the same
//     speed may lie off: t s sqrt(1 + 1/n), a prediction interval (Hahn, Meeker 1991, "Statistical
//     Intervals"), t of Student's distribution at 1% and n - 1 degrees of freedom. s is f *
//     1.4826 MAD of the runs' medians, which one run that went wrong does not widen; f is near 1,
//     for small samples (Rousseeuw, Verboven 2002, "Robust estimation in very small samples",
//     Computational Statistics & Data Analysis 40). Fewer than 3 runs say nothing of how far runs
//     lie apart: b = 0, and it is judged as `wavegauge compare` judges two runs.
// The new run is held against that by timing_ratio.h, as `wavegauge compare` does.
#ifndef WAVEGAUGE_HISTORY_BASELINE_H
#define WAVEGAUGE_HISTORY_BASELINE_H

#include "history_jumps.h"

// Of the points that have a time to compare with that of `like`. baseline->count, in runs, is 0
// when there are none. False when there is no memory.
bool history_baseline_compute(const struct history_point *points, size_t count,
                              const struct history_point *like, const struct history_rules *rules,
                              struct sample_statistics *baseline, struct error *error);

#endif
