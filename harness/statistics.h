// The one statistic that the harness judges by: Pearson's chi-square.
#ifndef WAVEGAUGE_STATISTICS_H
#define WAVEGAUGE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

// The regularised upper incomplete gamma function Q(a, x), a > 0, x >= 0, by its series for x < a +
// 1 and its continued fraction (Lentz's method) elsewhere; NIST DLMF 8.7.1 and 8.9.2.
double upper_incomplete_gamma(double a, double x);

struct fit {
    size_t bins;       // that were compared, after rare outcomes were taken together
    double chi_square; // infinite when something came out that cannot
    double p_value; // how often a right sampler is at least this far off; 1 for fewer than 2 bins
};

// counts[i] draws of an outcome of probabilities[i] (they sum to 1), out of `draws`. Outcomes
// expected fewer than 20 times are taken together, since the statistic's distribution holds for
// many only.
struct fit goodness_of_fit(const uint64_t *counts, const double *probabilities, size_t outcomes,
                           uint64_t draws);

#endif
