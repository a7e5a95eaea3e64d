#include "timing_ratio.h"

#include <math.h>
#include <stdio.h>

struct timing_ratio timing_ratio_of(const struct sample_statistics *old,
                                    const struct sample_statistics *new)
{
    double difference = log(new->median) - log(old->median);
    double below = hypot(log(new->median / new->low), log(old->high / old->median));
    double above = hypot(log(new->high / new->median), log(old->median / old->low));
    return (struct timing_ratio){.ratio = exp(difference),
                                 .low = exp(difference - below),
                                 .high = exp(difference + above),
                                 .has_interval = old->has_interval && new->has_interval};
}

bool timing_ratio_of_rounds(const double *rounds, size_t count, struct timing_ratio *ratio,
                            struct error *error)
{
    struct sample_statistics statistics;
    if (!sample_statistics_compute(rounds, count, &statistics, error))
        return false;
    *ratio = (struct timing_ratio){.ratio = statistics.median,
                                   .low = statistics.low,
                                   .high = statistics.high,
                                   .has_interval = statistics.has_interval};
    return true;
}

enum timing_verdict timing_judge(const struct timing_ratio *ratio, double threshold)
{
    const double most = 1 + threshold, least = 1 / most;
    // Written so that a NaN is unclear.
    if (!ratio->has_interval)
        return TIMING_UNCLEAR;
    if (ratio->low > 1 && ratio->ratio >= most)
        return TIMING_SLOWER;
    if (ratio->high < 1 && ratio->ratio <= least)
        return TIMING_FASTER;
    return ratio->low >= least && ratio->high <= most ? TIMING_SAME : TIMING_UNCLEAR;
}

const char *timing_verdict_name(enum timing_verdict verdict)
{
    static const char *const names[] = {[TIMING_FASTER] = "faster",
                                        [TIMING_SLOWER] = "slower",
                                        [TIMING_SAME] = "same",
                                        [TIMING_UNCLEAR] = "unclear"};
    return names[verdict];
}

static const char *reason(const struct timing_ratio *ratio, double threshold)
{
    if (!ratio->has_interval)
        return "fewer than 6 samples give no interval";
    switch (timing_judge(ratio, threshold)) {
    case TIMING_SLOWER:
        return "all of the interval above 1, the ratio past the threshold";
    case TIMING_FASTER:
        return "all of the interval below 1, the ratio past the threshold";
    case TIMING_SAME:
        return "all of the interval within the threshold";
    default:
        break;
    }
    if (ratio->low > 1 || ratio->high < 1)
        return "a difference, but it may be above or below the threshold";
    return "the interval holds no change as well as one past the threshold";
}

void timing_explain(const struct timing_ratio *ratio, double threshold, char *text, size_t capacity)
{
    snprintf(text, capacity, "x%.4f (%.4f to %.4f), threshold %.3g%%: %s", ratio->ratio, ratio->low,
             ratio->high, 100 * threshold, reason(ratio, threshold));
}
