// What repeated timings of one thing say. No distribution is assumed: medians, quartiles, ranks.
#ifndef WAVEGAUGE_SAMPLE_STATISTICS_H
#define WAVEGAUGE_SAMPLE_STATISTICS_H

#include "error.h"

#include <stddef.h>

struct sample_statistics {
    size_t count;
    double minimum, lower_quartile, median, upper_quartile, maximum;
    double deviation; // median of |sample - median| (MAD), as it is, not scaled to a normal sigma
    // 95% confidence interval of the median. Fewer than 6 samples have none; then it is the range.
    double low, high;
    bool has_interval;
    size_t outliers; // more than 5 * 1.4826 * MAD away from the median; they are not left out
};

// The rank k (from 1) of the interval [k-th smallest, k-th largest] of n samples, or 0: the largest
// k with 2 P(B <= k - 1) <= 0.05 for B binomial (n, 1/2). It covers the median with 95% or more,
// whatever the distribution (David, Nagaraja: Order Statistics, 7.1; it is the sign test inverted).
// Samples must be independent: a drift makes it too narrow, which stopping_rule.h watches for.
size_t median_interval_rank(size_t count);

// Quantile q of sorted samples, linear between neighbours: of place q * (count - 1), from 0.
double sorted_quantile(const double *sorted, size_t count, double q);

// Of `count` > 0 samples in any order. False when there is no memory.
bool sample_statistics_compute(const double *samples, size_t count,
                               struct sample_statistics *statistics, struct error *error);

// (high - low) / median: how well the median is known.
double sample_noise(const struct sample_statistics *statistics);

#endif
