#include "statistics.h"

#include <math.h>

enum { MAX_STEPS = 100000, SMALLEST_EXPECTED = 20 };

static double lower_by_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int n = 1; n < MAX_STEPS && term > sum * 1e-17; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(a * log(x) - x - lgamma(a));
}

static double upper_by_fraction(double a, double x)
{
    const double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, value = d;
    for (int n = 1; n < MAX_STEPS; n++) {
        double numerator = -n * (n - a);
        b += 2;
        d = numerator * d + b;
        c = b + numerator / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= c * d;
        if (fabs(c * d - 1) < 1e-16)
            break;
    }
    return value * exp(a * log(x) - x - lgamma(a));
}

double upper_incomplete_gamma(double a, double x)
{
    if (x <= 0)
        return 1;
    if (isinf(x))
        return 0;
    return x < a + 1 ? 1 - lower_by_series(a, x) : upper_by_fraction(a, x);
}

static void add_bin(struct fit *fit, double count, double expected)
{
    fit->bins++;
    fit->chi_square += (count - expected) * (count - expected) / expected;
}

struct fit goodness_of_fit(const uint64_t *counts, const double *probabilities, size_t outcomes,
                           uint64_t draws)
{
    struct fit fit = {.p_value = 1};
    double rare_count = 0, rare_expected = 0;
    for (size_t i = 0; i < outcomes; i++) {
        double expected = probabilities[i] * (double)draws;
        if (expected == 0 && counts[i] > 0)
            fit.chi_square = INFINITY;
        if (expected >= SMALLEST_EXPECTED) {
            add_bin(&fit, (double)counts[i], expected);
        } else {
            rare_count += (double)counts[i];
            rare_expected += expected;
        }
    }
    // A small remainder would be a bin of its own with the wrong distribution; it is left out.
    if (rare_expected >= SMALLEST_EXPECTED)
        add_bin(&fit, rare_count, rare_expected);
    if (fit.bins >= 2 || isinf(fit.chi_square))
        fit.p_value = upper_incomplete_gamma((double)(fit.bins > 1 ? fit.bins - 1 : 1) / 2,
                                             fit.chi_square / 2);
    return fit;
}
