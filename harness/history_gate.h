// Is the newest run worse than those before it? Case by case, on each machine and for each kind of
// run.
//
//   fails    it passed in one of the last runs, and now it fails, crashes, takes too long or cannot
//            be judged
//   error    tolerance_ratio (the worst error over what is allowed there) is above the median of
//   the
//            last runs that passed on the same data, by more than rules.error and more than 3 *
//            1.4826 MAD of them, for kernels that do not always say the same
//   slower   timing_judge says so of the time against history_baseline.h
#ifndef WAVEGAUGE_HISTORY_GATE_H
#define WAVEGAUGE_HISTORY_GATE_H

#include "history_jumps.h"
#include "timing_ratio.h"

struct history_gate {
    struct history_rules rules;
    size_t last;                     // how many runs before the newest are looked at
    const struct history_runs *runs; // all of them
    // What was found.
    size_t cases;    // of the newest runs
    size_t compared; // of them, with a run before
    size_t fails, errors;
    size_t times[TIMING_VERDICTS];
    size_t failing; // that fail and did before, or have no run before
    size_t gone;    // not in the newest run
};

// A history_visit with a struct history_gate as context: judges the last point of a series, prints
// a line for each regression (on stdout) and counts.
bool history_gate_judge(void *context, const struct history_series *series, struct error *error);

size_t history_gate_regressions(const struct history_gate *gate);

// Which runs are judged, and the counts.
void history_gate_print_runs(const struct history_gate *gate);
void history_gate_print_summary(const struct history_gate *gate);

#endif
