// Faster, slower, same or unclear: two timings of one thing.
//
// The ratio is new median / old median; below 1 is faster. Its 95% interval:
//   - of two runs, from the intervals of both medians by MOVER on the logarithms (Zou, Donner 2008,
//     Statistics in Medicine 27, "Construction of confidence limits about effect measures"): with
//     d = ln new - ln old,
//       lower = d - sqrt((ln new - ln new.low)^2 + (ln old.high - ln old)^2),
//       upper = d + sqrt((ln new.high - ln new)^2 + (ln old - ln old.low)^2).
//     Order statistics keep their ranks under the logarithm, so no distribution is assumed;
//   - of two versions timed in turn (old new new old), the median of the ratios of the rounds and
//     its order-statistic interval: a drift that both see alike drops out.
//
// With the threshold t (0.02: differences below 2% do not matter):
//   slower   the interval lies above 1 and the ratio is at least 1 + t
//   faster   the interval lies below 1 and the ratio is at most 1 / (1 + t)
//   same     the interval lies between 1 / (1 + t) and 1 + t
//   unclear  neither: the data do not tell; more samples or a quieter machine might
#ifndef WAVEGAUGE_TIMING_RATIO_H
#define WAVEGAUGE_TIMING_RATIO_H

#include "sample_statistics.h"

enum timing_verdict { TIMING_FASTER, TIMING_SLOWER, TIMING_SAME, TIMING_UNCLEAR, TIMING_VERDICTS };

struct timing_ratio {
    double ratio, low, high;
    bool has_interval; // both sides had one
};

// Of two runs.
struct timing_ratio timing_ratio_of(const struct sample_statistics *old,
                                    const struct sample_statistics *new);

// Of rounds: rounds[i] is the time of the new version over that of the old in round i.
bool timing_ratio_of_rounds(const double *rounds, size_t count, struct timing_ratio *ratio,
                            struct error *error);

enum timing_verdict timing_judge(const struct timing_ratio *ratio, double threshold);

const char *timing_verdict_name(enum timing_verdict verdict);

// Why, in a few words: "x1.052 (1.048 to 1.057), all above 1 and above 1.020".
void timing_explain(const struct timing_ratio *ratio, double threshold, char *text,
                    size_t capacity);

#endif
