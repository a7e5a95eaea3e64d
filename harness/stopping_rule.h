// When enough samples were taken.
//
// Noise is the relative width of the 95% confidence interval of the median. It falls with the
// square root of the number of samples as long as these are independent, so measuring stops
//   - when the noise is at the target;
//   - when it stopped improving: from a quarter of the samples to all of them it should fall to
//     half of what it was, and at two looks in a row it fell to no less than 0.8 (a drift, or steps
//     in the clock: more of the same would say no more). Of independent samples, hardly one run in
//     a hundred stops so;
//   - when the time or the number of samples is out.
// Looks are taken at counts that grow by a quarter each time, so that looking costs little and
// chance has few occasions to stop too early.
#ifndef WAVEGAUGE_STOPPING_RULE_H
#define WAVEGAUGE_STOPPING_RULE_H

#include "sample_statistics.h"

enum stop_reason { STOP_NOT_YET, STOP_NOISE_REACHED, STOP_NOISE_STEADY, STOP_TIME, STOP_SAMPLES };

enum { MAX_LOOKS = 64, FEWEST_FOR_STEADY = 160 };

// Fill what comes first, zero the rest.
struct stopping_rule {
    double target;      // noise, 0.005 for half a percent
    size_t least, most; // samples
    double least_seconds, most_seconds;
    size_t steady_looks; // in a row, up to the last
    size_t look_count;
    struct {
        size_t count;
        double noise;
    } looks[MAX_LOOKS];
};

// Whether to stop after `count` samples that took `seconds`.
bool stopping_rule_look(struct stopping_rule *rule, const double *samples, size_t count,
                        double seconds, enum stop_reason *reason, struct error *error);

// "noise at the target", "noise no longer improving", "time out", "number of samples".
const char *stop_reason_name(enum stop_reason reason);

#endif
